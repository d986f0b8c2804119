/** Light and door of the house; they change within 600 ms, or at once where reduced motion is wanted. */
import { css } from 'lit';

export const scene = css`
  .scene {
    --_light: 0;
    --_door: 1;
    --_curtain: 0;
    --_figure: 0;
    --_dark: 0;
    aspect-ratio: 56 / 19;
    border-radius: var(--_radius-m);
    display: block;
    flex: none;
    inline-size: 100%;
    max-block-size: 22dvb;
    overflow: hidden;
  }
  .scene.waiting {
    --_light: 0.85;
    --_door: 0.82;
  }
  .scene.open {
    --_light: 1;
    --_door: 0.18;
  }
  .scene.someone {
    --_light: 0.9;
    --_door: 0.3;
    --_figure: 1;
  }
  .scene.break {
    --_curtain: 1;
    --_light: 0.35;
  }
  .scene.night {
    --_dark: 1;
  }
  .light {
    opacity: var(--_light);
  }
  .door {
    scale: var(--_door) 1;
    transform-origin: 306px 0;
  }
  .curtain {
    opacity: var(--_curtain);
  }
  .figure {
    opacity: var(--_figure);
  }
  .dark {
    opacity: calc(var(--_dark) * 0.62);
  }
  .dark.ground {
    opacity: calc(var(--_dark) * 0.35);
  }
  @media (prefers-reduced-motion: no-preference) {
    .scene > * {
      transition:
        opacity 600ms,
        scale 600ms;
    }
  }
  @media (forced-colors: active) {
    .scene {
      forced-color-adjust: none;
    }
  }
  @media print {
    .scene {
      display: none;
    }
  }
`;
