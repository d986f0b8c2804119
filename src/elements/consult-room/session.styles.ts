/** Styles of the call: pictures, open questions above them, and the panel below or next to them. Always at night. */
import { css } from 'lit';
import { visuallyHidden } from '../../ui/visually-hidden.styles.ts';
import { barButton } from '../call-controls/call-controls.styles.ts';

export const session = css`
  .safe {
    align-items: center;
    color: var(--_good);
    display: inline-flex;
    flex: 0 1 auto;
    font-size: 0.875rem;
    font-weight: 600;
    gap: var(--_space-2);
    line-height: 1.25;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .safe.pending {
    color: var(--_muted);
  }
  @container (inline-size < 22rem) {
    .safe {
      font-size: 0.75rem;
    }
  }
  @container (inline-size < 16rem) {
    .safe span {
      ${visuallyHidden}
    }
  }
  .session {
    --_side: clamp(0.5rem, 2cqi, 1rem);
    color-scheme: dark;
    gap: 0;
    max-block-size: var(--_viewport, none);
  }
  .session > .top {
    min-block-size: 3.25rem;
  }
  .session .view {
    display: grid;
    gap: var(--_space-2);
    grid-template: auto minmax(8rem, 1fr) / minmax(0, 1fr);
    margin-inline: calc(-1 * max(0px, var(--_side) - 0.5rem));
  }
  .inbox {
    display: grid;
    gap: var(--_space-1) var(--_space-2);
    max-block-size: 45dvb;
    overflow-y: auto;
    padding-inline: var(--_space-1);
  }
  .inbox:not(:has(> :not(.visually-hidden))) {
    block-size: 0;
    margin-block-end: calc(-1 * var(--_space-2));
    overflow: clip;
  }
  .inbox h2 {
    font-size: var(--_size-l);
  }
  .inbox .lead {
    font-size: var(--_size-s);
  }
  .stage {
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    min-block-size: 0;
    position: relative;
  }
  .aside {
    /* Nothing covers what scrolls in here. */
    --_foot: 0px;
    /* What headings leave to the button that closes it. */
    --_close: 8.5rem;
    background: var(--_raised);
    border: 1px solid var(--_line);
    border-radius: var(--_radius-m);
    container-type: inline-size;
    display: flex;
    flex-direction: column;
    gap: var(--_space-4);
    min-block-size: 0;
    overflow: auto;
    padding: var(--_space-3);
  }
  .close {
    align-self: flex-end;
    margin: calc(-1 * var(--_space-1));
    margin-block-end: calc(-1 * var(--_space-4) - 2rem);
    z-index: 1;
  }
  .close button {
    background: var(--_raised);
    font-size: var(--_size-s);
    min-block-size: 2.75rem;
    padding-inline: 0.7em;
  }
  @container (inline-size < 22rem) {
    .aside > * {
      --_close: 3rem;
    }
    .close span {
      ${visuallyHidden}
    }
  }
  .aside > room-chat {
    flex: 1;
    min-block-size: 0;
  }
  /* On a phone the stage keeps the upper half. The panel has no height of its own: it must not push the pictures away. */
  .session.open .view {
    grid-template-rows: auto minmax(6rem, 1fr) minmax(0, 1.2fr);
  }
  .session.open .aside {
    block-size: 0;
    min-block-size: 100%;
  }
  @container (inline-size >= 60rem) {
    .session.open .view {
      grid-template: auto minmax(8rem, 1fr) / minmax(0, 1fr) minmax(19rem, 24rem);
    }
    .session.open .aside {
      grid-area: 1 / 2 / -1 / 3;
    }
  }
  .controls button[slot='bar'] {
    ${barButton}
    position: relative;
  }
  /* As the other buttons of a small phone: each word is as wide as its button at most. */
  @container (inline-size < 21rem) {
    .controls button[slot='bar'] {
      font-size: 0.65rem;
      letter-spacing: -0.015em;
      padding-inline: 0;
    }
  }
  .controls button[slot='more'] {
    font-size: var(--_size-s);
    justify-content: start;
    padding: 0.4em 0.8em;
    text-align: start;
  }
  .controls button[slot='bar'][aria-expanded='true'] {
    background: var(--_glow);
    border-color: var(--_accent);
    color: var(--_accent);
  }
  .unread {
    background: var(--_lamp);
    block-size: 0.7rem;
    border: 1px solid transparent;
    border-radius: 50%;
    inline-size: 0.7rem;
    inset-block-start: 0.35rem;
    inset-inline-end: 0.45rem;
    position: absolute;
  }
  /* While a keyboard is open, field and stage are both in sight; the controls come back with the window's height. */
  .room.typing:has(room-chat:focus-within) .controls {
    display: none;
  }
  @media (max-height: 34rem) and (orientation: portrait), (max-height: 20rem) {
    .room:has(room-chat:focus-within) .controls {
      display: none;
    }
  }
  /* A phone held sideways: the pictures get the whole height, everything else is at the end. */
  @media (orientation: landscape) and (max-height: 31.25rem) {
    .session {
      display: grid;
      gap: 0 var(--_space-2);
      grid-template: auto auto minmax(0, 1fr) / minmax(0, 1fr) auto;
      padding-block: var(--_space-2);
    }
    .session .top {
      background: none;
      grid-area: 1 / 2;
      inline-size: 4.75rem;
      justify-self: end;
      min-block-size: 0;
      padding: 0 0 var(--_space-1);
      position: static;
    }
    .session .safe {
      background: rgb(12 18 17 / 74%);
      border-radius: 0.625rem;
      inset-block-start: var(--_space-3);
      inset-inline-start: var(--_space-4);
      padding: 0.15em 0.6em;
      position: absolute;
      z-index: 5;
    }
    .session:has(.problems, .inbox > :not(.visually-hidden)) .safe {
      display: none;
    }
    .session .problems {
      grid-area: 1 / 1 / 3 / 2;
      z-index: 3;
    }
    .session .view {
      grid-area: 3 / 1;
      min-block-size: 8rem;
    }
    .session:not(:has(.problems)) .view {
      grid-area: 1 / 1 / -1 / 2;
    }
    .session .controls {
      container-type: normal;
      grid-area: 2 / 2 / -1 / 3;
      padding-block: 0;
      position: static;
    }
    .session .controls button[slot='bar'] {
      flex: 1 1 0;
      inline-size: 100%;
      max-block-size: 4rem;
      max-inline-size: none;
      min-block-size: 2.75rem;
      padding: 0.125rem;
    }
    .session.open .view {
      grid-template: auto minmax(0, 1fr) / minmax(0, 1fr) minmax(0, 19rem);
    }
    .session.open .aside {
      grid-area: 1 / 2 / -1 / 3;
      padding: var(--_space-2);
    }
  }
`;
