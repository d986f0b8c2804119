/** Layout of every screen: the bar at the top, the house, the view, and the controls at the foot. */
import { css } from 'lit';

export const layout = css`
  :host {
    background: var(--_surface);
    container-type: inline-size;
    display: flex;
    flex-direction: column;
    /* As tall as its parent. Not within max(): in Firefox a percentage of an indefinite height voids all of it. */
    min-block-size: 100%;
  }
  .room {
    /* How much of the window's foot the controls cover: what has the focus is scrolled above them (WCAG 2.4.11). */
    --_foot: 6rem;
    --_side: clamp(0.75rem, 5cqi, 1.25rem);
    background: var(--_surface);
    color: var(--_text);
    display: flex;
    flex: 1 1 auto;
    flex-direction: column;
    min-block-size: 20rem;
    padding-inline: max(var(--_side), env(safe-area-inset-left)) max(var(--_side), env(safe-area-inset-right));
  }
  /* In a page with a header and a footer nothing else gives a call its height. */
  .session.room {
    min-block-size: min(40rem, 75vh, var(--_viewport, 75vh));
  }
  .ceremony {
    gap: var(--_space-3);
  }
  .ceremony :is(.top, .house, .problems, .view, .consent, .controls) {
    inline-size: 100%;
    margin-inline: auto;
    max-inline-size: 37.5rem;
  }
  .top {
    align-items: center;
    background: var(--_surface);
    display: flex;
    gap: var(--_space-2) var(--_space-3);
    inset-block-start: 0;
    justify-content: space-between;
    min-block-size: 3.75rem;
    padding-block: max(0.375rem, env(safe-area-inset-top)) 0.375rem;
    position: sticky;
    z-index: 4;
  }
  .top > ::slotted(*),
  .exit {
    margin-inline-start: auto;
  }
  .top > ::slotted(quick-exit),
  .exit {
    flex: none;
  }
  .view {
    display: flex;
    flex: 1 1 auto;
    flex-direction: column;
    min-block-size: 0;
  }
  .narrow {
    container-type: inline-size;
    display: flex;
    flex: 1 1 auto;
    flex-direction: column;
    gap: var(--_space-4);
    inline-size: 100%;
  }
  .narrow > slot[name] {
    display: contents;
  }
  .card {
    box-shadow: none;
  }
  /* The way out stays in sight, however long the page gets. */
  .controls {
    background: var(--_surface);
    container-type: inline-size;
    inset-block-end: 0;
    padding-block: var(--_space-2) max(var(--_space-2), env(safe-area-inset-bottom));
    position: sticky;
    z-index: 3;
  }
  .controls svg.icon {
    block-size: 1.4375rem;
    inline-size: 1.4375rem;
  }
  .consent > summary {
    color: var(--_muted);
    font-size: var(--_size-s);
    inline-size: fit-content;
  }
  .consent > consent-receipts {
    padding-block: var(--_space-4);
  }
  .kept {
    text-align: start;
  }

  .steps {
    display: flex;
    gap: 0.375rem;
    list-style: none;
  }
  .steps li {
    background: var(--_control);
    block-size: 0.375rem;
    border-radius: 0.1875rem;
    inline-size: 1.375rem;
    opacity: 0.55;
  }
  .steps .done {
    background: var(--_accent);
    opacity: 1;
  }

  /* A narrow phone, or text twice as large: the way out comes first, the rest of the bar gets what is left. */
  @container (inline-size < 22rem) {
    .top {
      column-gap: var(--_space-2);
    }
    .steps li {
      inline-size: 0.875rem;
    }
  }
  @container (inline-size < 16rem) {
    .room {
      --_side: 0.5rem;
    }
    .steps li {
      inline-size: 0.5rem;
    }
  }
  /* A phone held sideways: the house stands beside the text, and the controls are a rail. */
  @media (orientation: landscape) and (max-height: 31.25rem) {
    .room {
      --_foot: 4.5rem;
    }
    .ceremony {
      display: grid;
      gap: 0 var(--_space-4);
      grid-template: auto auto minmax(0, 1fr) auto / minmax(0, 12rem) minmax(0, 1fr) auto;
    }
    .ceremony :is(.top, .house, .problems, .view, .consent, .controls) {
      max-inline-size: none;
    }
    .ceremony .top {
      grid-area: 1 / 1 / 2 / 3;
      min-block-size: 3.25rem;
    }
    .ceremony .problems {
      grid-area: 2 / 1 / 3 / 3;
    }
    .ceremony .house {
      align-self: start;
      grid-area: 3 / 1;
      inset-block-start: 3.5rem;
      position: sticky;
    }
    .ceremony .house .scene {
      aspect-ratio: 1;
      max-block-size: none;
    }
    .ceremony .view {
      grid-area: 3 / 2;
    }
    .ceremony .consent {
      grid-area: 4 / 2;
    }
    .ceremony .controls {
      align-self: start;
      block-size: 100dvb;
      container-type: normal;
      grid-area: 1 / 3 / -1 / 4;
      inline-size: auto;
      inset-block-start: 0;
    }
  }
  @media (forced-colors: active) {
    .steps li {
      border: 1px solid;
      opacity: 1;
    }
    .steps .done {
      background: Highlight;
      forced-color-adjust: none;
    }
  }
`;
