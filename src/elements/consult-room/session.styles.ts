/** Styles of the call: pictures, open questions above them, and the panel next to them. */
import { css } from 'lit';

export const session = css`
  .problems {
    display: grid;
    gap: var(--_space-2);
    list-style: none;
  }
  .problem {
    align-items: center;
    background: var(--_glow);
    border: 1px solid transparent;
    border-radius: var(--_radius-s);
    display: grid;
    gap: var(--_space-3);
    grid-template-columns: auto minmax(0, 1fr) auto;
    padding: var(--_space-2) var(--_space-2) var(--_space-2) var(--_space-4);
  }
  .problem > svg {
    color: var(--_accent);
  }
  .problem button {
    padding: 0;
  }

  .session .view {
    display: grid;
    gap: var(--_space-3);
    grid-template: auto minmax(14rem, 1fr) / minmax(0, 1fr);
  }
  .inbox {
    display: grid;
    grid-area: 1 / 1;
    gap: var(--_space-3);
  }
  .inbox .card {
    padding: var(--_space-3);
  }
  .stage {
    display: grid;
    grid-area: 2 / 1;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    min-block-size: 0;
    position: relative;
  }
  .aside {
    /* Nothing lies over what scrolls in here. */
    --_foot: 0px;
    background: var(--_raised);
    border: 1px solid var(--_line);
    border-radius: var(--_radius-m);
    container-type: inline-size;
    display: flex;
    flex-direction: column;
    gap: var(--_space-5);
    /* What waits for an answer stays in sight above it. */
    grid-area: 2 / 1;
    /* As tall as the pictures, and scrolls by itself: it must not push them away. */
    block-size: 0;
    min-block-size: 100%;
    overflow: auto;
    padding: var(--_space-4);
    z-index: 2;
  }
  .close {
    align-self: flex-end;
    margin: calc(-1 * var(--_space-2));
    margin-block-end: calc(-1 * var(--_space-5));
  }
  .close button {
    font-size: var(--_size-s);
    min-block-size: 2.5rem;
    padding-inline: 0.9em;
  }
  .aside > room-chat {
    flex: 1;
    min-block-size: 0;
  }
  .stage.many {
    min-block-size: 22rem;
  }
  @container (inline-size >= 60rem) {
    .session.open .view {
      grid-template-columns: minmax(0, 1fr) minmax(19rem, 24rem);
    }
    .session.open .aside {
      grid-area: 1 / 2 / -1 / 3;
    }
  }
  /* Behind a panel that covers them, pictures go on and are neither seen nor reached. */
  @container (inline-size < 60rem) {
    .open .stage {
      visibility: hidden;
    }
  }
  .panels {
    display: flex;
    flex-wrap: wrap;
    gap: var(--_space-2);
  }
  .panels button {
    font-size: var(--_size-s);
    padding-inline: 1em;
    position: relative;
  }
  .panels button[aria-expanded='true'] {
    background: var(--_glow);
    border-color: var(--_accent);
  }
  .unread {
    background: var(--_accent);
    block-size: 0.65rem;
    border: 1px solid transparent;
    border-radius: 50%;
    inline-size: 0.65rem;
    inset-block-start: 0.15rem;
    inset-inline-end: 0.35rem;
    position: absolute;
  }
  @container (inline-size < 34rem) {
    .panels {
      display: grid;
      grid-template-columns: repeat(3, minmax(0, 1fr));
      inline-size: 100%;
    }
    .panels button {
      font-size: 0.875rem;
      gap: 0.35rem;
      padding-inline: 0.25em;
    }
  }
  @container (inline-size < 24rem) {
    .panels svg {
      display: none;
    }
  }
  /* There the button that opened the panel is right above it. */
  @media (max-height: 40rem) {
    .session .view {
      grid-template-rows: auto minmax(11rem, 1fr);
    }
    .close {
      display: none;
    }
  }
  /* A phone held sideways, a small window, text twice as large: the height belongs to the pictures. */
  @media (max-height: 30rem) {
    .session.room {
      gap: var(--_space-2);
    }
    .session .view {
      grid-template-rows: auto minmax(8rem, 1fr);
    }
    .aside {
      gap: var(--_space-3);
      padding: var(--_space-2) var(--_space-3);
    }
    .panels {
      gap: var(--_space-1);
    }
    .panels button {
      font-size: 0.875rem;
      min-block-size: 2.5rem;
      padding-inline: 0.75em;
    }
    .panels svg {
      display: none;
    }
    /* Said over the pictures: each can be closed, and none may push the pictures away. */
    .session .problems {
      align-self: center;
      block-size: 0;
      inline-size: 100%;
      margin-block-end: calc(-1 * var(--_space-2));
      max-inline-size: 38rem;
      z-index: 3;
    }
    .session .problems .problem {
      box-shadow: var(--_shadow);
      padding-block: 0;
    }
    /* While the keyboard is open, the controls must not cover the field. */
    .room:has(room-chat:focus-within) .controls {
      position: static;
    }
  }
  @media (max-height: 30rem) and (max-width: 34rem) {
    /* With the keyboard open there is room for the field and two lines of what was said. */
    .room:has(room-chat:focus-within) .view {
      grid-template-rows: auto minmax(13rem, 1fr);
    }
  }
  @media (forced-colors: active) {
    .problem {
      border-color: CanvasText;
    }
  }
`;
