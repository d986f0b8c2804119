import { css } from 'lit';

export const styles = css`
  :host {
    display: flex;
    flex: 1 1 auto;
    flex-direction: column;
  }
  .stack.head {
    gap: var(--_space-1);
  }
  .check {
    display: grid;
    gap: var(--_space-4);
    grid-template-columns: minmax(0, 1fr);
    padding-block-end: var(--_space-4);
  }
  .left {
    gap: var(--_space-3);
  }
  @container (inline-size >= 36rem) {
    .check {
      align-items: start;
      gap: var(--_space-5);
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
  /* Rendered from the start, so that screen readers announce what is added. */
  .problems:empty {
    margin-block-end: calc(-1 * var(--_space-3));
  }
  .picture {
    block-size: clamp(8rem, 34dvb, 22rem);
    background: var(--_tile);
    border-radius: var(--_radius-m);
    color: var(--_on-tile);
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    overflow: clip;
    place-items: center;
    position: relative;
  }
  /* Never taller than the window, so that its text stays visible. */
  @media (max-height: 30rem) {
    .picture {
      block-size: 50dvb;
    }
  }
  .picture > * {
    grid-area: 1 / 1;
  }
  video {
    block-size: 100%;
    inline-size: 100%;
    object-fit: cover;
    object-position: 50% 35%;
    transform: scaleX(-1);
  }
  .empty {
    display: grid;
    gap: var(--_space-2);
    justify-items: center;
    padding: var(--_space-4);
    text-align: center;
  }
  .empty svg {
    block-size: 2.25rem;
    inline-size: 2.25rem;
  }
  .own-picture {
    align-self: end;
    background: rgb(12 18 17 / 72%);
    border-color: rgb(255 255 255 / 45%);
    color: #fff;
    font-size: var(--_size-s);
    justify-self: end;
    margin: var(--_space-2);
    max-inline-size: calc(100% - 2 * var(--_space-2));
    min-inline-size: 0;
    z-index: 1;
  }
  .own-picture:hover {
    background: rgb(12 18 17 / 90%);
  }
  .missing {
    align-items: center;
    color: var(--_danger);
    display: flex;
    gap: var(--_space-2);
  }
  .level-track {
    block-size: 0.75rem;
    border: 1px solid var(--_control);
    border-radius: 999px;
    display: block;
    inline-size: 100%;
    overflow: hidden;
  }
  .level-track svg {
    block-size: 100%;
    display: block;
    inline-size: 100%;
  }
  :host(:dir(rtl)) .level-track svg {
    transform: scaleX(-1);
  }
  rect.level {
    fill: var(--_good);
  }
  @media (forced-colors: active) {
    rect.level {
      fill: Highlight;
    }
  }
`;
