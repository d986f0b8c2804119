/** The running session: pictures, what waits for an answer above them, and the panel beside them. */
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
    background: var(--_raised);
    border: 1px solid var(--_line);
    border-radius: var(--_radius-m);
    container-type: inline-size;
    display: flex;
    flex-direction: column;
    gap: var(--_space-5);
    grid-area: 1 / 1 / -1 / -1;
    /* As tall as the pictures, and scrolls by itself: it must not push them away. */
    block-size: 0;
    min-block-size: 100%;
    overflow: auto;
    padding: var(--_space-4);
    z-index: 2;
  }
  .open .stage,
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
  .panels {
    display: flex;
    flex-wrap: wrap;
    gap: var(--_space-2);
  }
  .panels button {
    font-size: var(--_size-s);
    padding-inline: 1em;
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
  }
  .safe {
    align-items: center;
    color: var(--_good);
    display: inline-flex;
    font-size: var(--_size-s);
    font-weight: 560;
    gap: var(--_space-2);
  }
  .safe.pending {
    color: var(--_muted);
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
  @container (inline-size < 34rem) {
    .top {
      column-gap: var(--_space-2);
    }
    /* One row with the exit, if need be in two lines of small text. */
    .safe,
    .steps {
      flex: 1 1 7.5rem;
      font-size: 0.875rem;
      line-height: 1.25;
    }
    .steps {
      flex-wrap: nowrap;
    }
    .steps li {
      font-size: inherit;
    }
    .exit::part(exit-button) {
      font-size: 0.875rem;
      gap: var(--_space-1);
      padding-inline: 0.6em;
    }
  }
  @container (inline-size < 24rem) {
    .panels svg {
      display: none;
    }
  }
  @media (max-height: 30rem) {
    .session.room {
      gap: var(--_space-2);
      padding-block: var(--_space-2) 0;
    }
    .session .view {
      grid-template-rows: auto minmax(11rem, 1fr);
    }
  }
  @media (forced-colors: active) {
    .problem {
      border-color: CanvasText;
    }
  }
`;
