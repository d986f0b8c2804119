import { css } from 'lit';

export const styles = css`
  :host {
    block-size: 100%;
    container-type: size;
    inline-size: 100%;
    min-block-size: 0;
    min-inline-size: 0;
  }
  .tile {
    background: var(--_tile);
    block-size: 100%;
    border: 2px solid transparent;
    border-radius: var(--_radius-m);
    color: var(--_on-tile);
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    overflow: clip;
    position: relative;
    transition: border-color var(--_duration);
  }
  .tile > * {
    grid-area: 1 / 1;
  }
  /* One line of light around who speaks; nothing blinks. */
  .speaking {
    border-color: var(--consult-color-speaking, #f2b964);
  }
  video {
    block-size: 100%;
    inline-size: 100%;
    min-block-size: 0;
    object-fit: cover;
  }
  .screen video {
    object-fit: contain;
  }
  .self.camera video {
    transform: scaleX(-1);
  }
  .dark video {
    visibility: hidden;
  }
  .instead {
    align-content: center;
    display: grid;
    gap: var(--_space-2);
    justify-items: center;
    min-block-size: 0;
    padding: var(--_space-3);
    padding-block-end: 3.25rem;
    text-align: center;
  }
  .initial {
    align-items: center;
    background: color-mix(in oklab, var(--_on-tile) 12%, transparent);
    block-size: 1em;
    border: 1px solid color-mix(in oklab, var(--_on-tile) 22%, transparent);
    border-radius: 50%;
    display: flex;
    font-size: clamp(2.75rem, 24cqmin, 6.5rem);
    inline-size: 1em;
    justify-content: center;
  }
  .initial span {
    font-size: 0.42em;
    font-weight: 560;
    line-height: 1;
  }
  .instead p {
    font-size: var(--_size-s);
    text-wrap: balance;
  }
  .bar {
    align-items: center;
    align-self: end;
    display: flex;
    flex-wrap: wrap;
    font-size: var(--_size-s);
    gap: var(--_space-1) var(--_space-2);
    padding: var(--_space-2);
    z-index: 1;
  }
  .chip {
    align-items: center;
    background: rgb(12 18 17 / 74%);
    border-radius: 999px;
    color: #fff;
    display: inline-flex;
    gap: 0.4em;
    line-height: 1.3;
    max-inline-size: 100%;
    padding: 0.3em 0.75em;
  }
  .chip svg {
    block-size: 1.1em;
    inline-size: 1.1em;
  }
  .chip bdi {
    font-weight: 560;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .chip.relay,
  .chip.weak {
    background: #f2b964;
    color: #2b1a02;
  }
  @container (block-size < 9.5rem) {
    .initial {
      display: none;
    }
  }
  @container (block-size < 7rem) {
    .instead {
      padding: var(--_space-1);
      padding-block-end: 2.5rem;
    }
    .instead p {
      font-size: 0.8125rem;
      line-height: 1.25;
    }
  }
  @container (inline-size < 10rem) {
    .bar {
      font-size: 0.8125rem;
      gap: var(--_space-1);
      padding: var(--_space-1);
    }
  }
  @container (inline-size < 15rem) {
    .chip.path:not(.relay) {
      display: none;
    }
  }
  /* Each goes back and forth in its own half, over some minutes; where motion is unwelcome it changes its place in few steps. */
  .marks {
    container-type: size;
    direction: ltr;
    overflow: clip;
    pointer-events: none;
    position: relative;
  }
  .drift {
    animation:
      along 97s linear infinite alternate,
      across 61s linear infinite alternate;
    block-size: 50%;
    display: grid;
    inline-size: 100%;
    inset-block-start: 0;
    position: absolute;
  }
  .second {
    animation-delay:
      -70s,
      -20s;
    inset-block-start: 50%;
  }
  .mark {
    align-self: start;
    color: rgb(255 255 255 / 30%);
    font-size: clamp(0.6875rem, 4.5cqmin, 1.125rem);
    font-weight: 560;
    display: flex;
    gap: 0.4em;
    inline-size: fit-content;
    max-inline-size: 70cqi;
    padding: 0.4em 0.8em;
    /* Seen on light and on dark. */
    text-shadow: 0 0 2px rgb(0 0 0 / 38%);
    user-select: none;
    white-space: nowrap;
  }
  /* A long name is cut, the time is not. */
  .mark bdi {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  @keyframes along {
    from {
      translate: 0 0;
    }
    to {
      translate: 30cqi 0;
    }
  }
  @keyframes across {
    from {
      transform: translateY(0);
    }
    to {
      transform: translateY(calc(50cqb - 2.5rem));
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .drift {
      animation-timing-function: steps(5, jump-none), steps(3, jump-none);
    }
  }
  @media print {
    .marks {
      display: none;
    }
  }
  .sound {
    align-self: center;
    justify-self: center;
    z-index: 1;
  }
  @media (forced-colors: active) {
    .tile {
      border-color: CanvasText;
    }
    .speaking {
      border: 4px solid Highlight;
    }
    .chip {
      background: Canvas;
      border: 1px solid CanvasText;
      color: CanvasText;
    }
  }
`;
