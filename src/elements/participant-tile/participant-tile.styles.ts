import { css } from 'lit';
import { visuallyHidden } from '../../ui/visually-hidden.styles.ts';

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
    border-radius: var(--_radius-m);
    color: var(--_on-tile);
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    overflow: clip;
    position: relative;
  }
  .tile > * {
    grid-area: 1 / 1;
  }
  /* A ring of light and a sign on the plate for who speaks; nothing blinks. */
  .speaking::after {
    border: 3px solid var(--consult-color-speaking, var(--_lamp));
    border-radius: inherit;
    content: '';
    inset: 0;
    pointer-events: none;
    position: absolute;
  }
  video {
    block-size: 100%;
    inline-size: 100%;
    min-block-size: 0;
    object-fit: cover;
    /* Faces are above the middle. */
    object-position: 50% 35%;
    place-self: center;
  }
  .screen video {
    object-fit: contain;
    object-position: center;
  }
  .self.camera video {
    transform: scaleX(-1);
  }
  .dark video {
    visibility: hidden;
  }
  .instead,
  .ask {
    align-content: safe center;
    display: grid;
    gap: var(--_space-2);
    justify-items: center;
    min-block-size: 0;
    overflow-y: auto;
    padding: var(--_space-3);
    text-align: center;
  }
  .instead {
    padding-block-end: 2.75rem;
  }
  .ask {
    background: var(--_raised);
    color: var(--_text);
  }
  .instead p,
  .ask p {
    font-size: var(--_size-s);
    line-height: 1.3;
    overflow-wrap: anywhere;
    text-wrap: balance;
  }
  .ask .said {
    font-weight: 600;
  }
  .ask .rules {
    color: var(--_muted);
    font-size: 0.8125rem;
  }
  /* In sight however long the names are; the words scroll behind it. */
  .ask button {
    font-size: min(var(--_size-s), max(10px, 9cqi));
    hyphens: auto;
    inset-block-end: 0;
    max-inline-size: 100%;
    min-block-size: 2.75rem;
    overflow-wrap: anywhere;
    padding: 0.3em min(0.9em, 4cqi);
    position: sticky;
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
    font-family: var(--_font-heading);
    font-size: 0.42em;
    line-height: 1;
  }
  .plate {
    align-items: center;
    align-self: end;
    background: rgb(12 18 17 / 74%);
    border-radius: 0.625rem;
    color: #fff;
    display: inline-flex;
    /* Twice as large where the tile has the room for a name. */
    font-size: min(0.875rem, max(14px, 11cqi));
    font-weight: 600;
    gap: 0.4em;
    justify-self: start;
    line-height: 1.3;
    margin: var(--_space-2);
    max-inline-size: calc(100% - 2 * var(--_space-2));
    min-inline-size: 0;
    padding: 0.2em 0.65em;
    position: relative;
    z-index: 1;
  }
  .plate svg {
    block-size: 1.1em;
    display: block;
    inline-size: 1.1em;
  }
  /* A name is read in two lines rather than cut; a longer one gets shorter, the mark does not. */
  .plate bdi {
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    display: -webkit-box;
    hyphens: auto;
    min-inline-size: 0;
    overflow: hidden;
    overflow-wrap: anywhere;
  }
  .plate .host-mark {
    flex: none;
    font-weight: 500;
  }
  .host-mark svg {
    display: none;
  }
  .sign {
    color: var(--_lamp);
    flex: none;
  }
  /* In the corner where neither a face nor the plate is, and without a ground of its own, so that it covers no watermark. */
  .pin {
    align-self: end;
    background: none;
    border-color: transparent;
    color: #fff;
    filter: drop-shadow(0 0 3px rgb(0 0 0 / 80%));
    justify-self: end;
    min-block-size: 2.75rem;
    min-inline-size: 2.75rem;
    opacity: 0;
    padding: 0;
    place-content: center;
    position: relative;
    z-index: 1;
  }
  /* The plate with a mark may reach to the other side of a small tile. */
  .tile:has(.host-mark) .pin {
    margin-block-end: calc(1.875rem + var(--_space-2));
  }
  /* A long name ends before the pin. */
  @container (block-size >= 9.5rem) and (inline-size >= 9.5rem) {
    .tile:has(.pin):not(:has(.host-mark)) .plate {
      max-inline-size: calc(100% - 2.75rem - 2 * var(--_space-2));
    }
  }
  .tile:hover .pin,
  .pin:focus-visible,
  .pin[aria-pressed='true'] {
    opacity: 1;
  }
  .pin[aria-pressed='true'] svg {
    fill: currentcolor;
  }
  @media (hover: none) {
    .pin {
      opacity: 0.75;
    }
  }
  /* Three bars, as of a level: more than a colour marks the speaker. */
  .voice {
    block-size: 0.75rem;
    border-inline: 3px solid var(--_lamp);
    display: block;
    flex: none;
    inline-size: 0.875rem;
    position: relative;
  }
  .voice::before {
    background: var(--_lamp);
    block-size: 140%;
    content: '';
    inline-size: 3px;
    inset-block-start: -20%;
    inset-inline-start: calc(50% - 1.5px);
    position: absolute;
  }
  @container (block-size < 9.5rem) or (inline-size < 9.5rem) {
    .initial,
    .ask .rules,
    .pin {
      display: none;
    }
  }
  /* Beside a name in words there is no room for the mark in words: it stays for screen readers. */
  @container (inline-size < 15rem) {
    .plate .host-mark {
      border: 0;
      color: var(--_lamp);
      font-size: inherit;
      padding: 0;
    }
    .host-mark svg {
      display: block;
    }
    .plate .host-mark span {
      ${visuallyHidden}
    }
  }
  /* Several are confirmed at once: the rules stand above their tiles, and the answer needs the room. */
  @container (block-size < 11rem) {
    .ask .rules {
      display: none;
    }
  }
  @container (block-size < 8rem) {
    .instead,
    .ask {
      gap: var(--_space-1);
      padding: var(--_space-1);
    }
    .instead {
      padding-block-end: 2.25rem;
    }
    .instead p,
    .ask p {
      font-size: 0.8125rem;
    }
    .plate {
      font-size: min(0.8125rem, max(13px, 11cqi));
      margin: var(--_space-1);
      max-inline-size: calc(100% - 2 * var(--_space-1));
    }
  }
  /* In a strip every pixel of the width is the name's. */
  @container (inline-size < 9.5rem) {
    .plate {
      gap: 0.25em;
      line-height: 1.15;
      margin: 2px;
      max-inline-size: calc(100% - 4px);
      padding-inline: 0.4em;
    }
    .plate bdi {
      -webkit-line-clamp: 3;
    }
  }
  /* Five on a small phone: an answer lower than elsewhere covers no words, and as wide as the tile it has its own whole. */
  @container (block-size < 8rem) and (inline-size < 7rem) {
    .ask {
      gap: 0;
      padding: 2px;
    }
    .ask p {
      font-size: 0.75rem;
      line-height: 1.2;
      text-wrap: wrap;
    }
    .ask .host-mark {
      border: 0;
      color: var(--_lamp);
      padding: 0;
    }
    .ask button {
      inline-size: 100%;
      min-block-size: 1.5rem;
      padding: 0;
    }
  }
  .mark {
    color: rgb(255 255 255 / 54%);
    display: flex;
    font-size: 0.75rem;
    forced-color-adjust: none;
    gap: 0.4em;
    inset-block-start: 0.5rem;
    inset-inline-end: 0.75rem;
    max-inline-size: 70cqi;
    pointer-events: none;
    position: absolute;
    /* Seen on light and on dark. */
    text-shadow: 0 0 2px rgb(0 0 0 / 55%);
    user-select: none;
    white-space: nowrap;
  }
  .mark.top-start {
    inset-inline: 0.75rem auto;
  }
  .mark.bottom-end {
    inset-block: auto 0.5rem;
  }
  @container (inline-size < 16rem) {
    .mark.bottom-end {
      inset-block: 0.5rem auto;
    }
  }
  /* A long name is cut, the time is not. */
  .mark bdi {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  @media print {
    .mark {
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
      border: 1px solid CanvasText;
    }
    .speaking::after {
      border: 4px solid Highlight;
    }
    .plate {
      background: Canvas;
      border: 1px solid CanvasText;
      color: CanvasText;
    }
    /* A forced colour may be that of the picture. */
    .pin {
      background: Canvas;
    }
    .voice {
      border-color: Highlight;
    }
    .voice::before {
      background: Highlight;
      forced-color-adjust: none;
    }
  }
`;
