import { css } from 'lit';

export const styles = css`
  .check {
    display: grid;
    gap: var(--_space-5);
    grid-template-columns: minmax(0, 1fr);
  }
  @container (inline-size >= 46rem) {
    .check {
      align-items: start;
      grid-template-columns: minmax(0, 11fr) minmax(0, 10fr);
    }
    .head,
    .check > .actions {
      grid-column: 1 / -1;
    }
    .check {
      grid-template-rows: auto auto 1fr;
    }
    .left,
    .forecast {
      grid-column: 1;
    }
    .right {
      grid-column: 2;
      grid-row: 2 / span 2;
    }
  }
  /* Rendered from the start, so that screen readers announce what is added. */
  .problems:empty {
    margin-block-end: calc(-1 * var(--_space-4));
  }
  .picture {
    aspect-ratio: 4 / 3;
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
      aspect-ratio: auto;
      block-size: 55dvb;
    }
  }
  .picture > * {
    grid-area: 1 / 1;
  }
  video {
    block-size: 100%;
    inline-size: 100%;
    object-fit: cover;
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
    margin: var(--_space-3);
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
