/** What every screen stands in: the line at the top, the view and the controls at the foot. */
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
    --_foot: 0px;
    display: flex;
    flex: 1 1 auto;
    flex-direction: column;
    gap: var(--_space-4);
    min-block-size: 20rem;
    padding: clamp(0.75rem, 2.5cqi, 1.5rem);
    /* Notches of phones held sideways. */
    padding-inline: max(clamp(0.75rem, 2.5cqi, 1.5rem), env(safe-area-inset-left), env(safe-area-inset-right));
  }
  /* In a page with a header and a footer nothing else gives a call its height. */
  .session.room {
    gap: var(--_space-3);
    min-block-size: min(40rem, 75vh);
  }
  .room:has(.controls) {
    --_foot: 5.5rem;
  }
  .top {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: var(--_space-2) var(--_space-4);
    justify-content: space-between;
  }
  .ceremony .top {
    inline-size: 100%;
    margin-inline: auto;
    max-inline-size: 56rem;
  }
  .top > ::slotted(*),
  .exit {
    margin-inline-start: auto;
  }
  .foot {
    align-self: center;
    max-inline-size: 56rem;
    text-align: center;
  }
  .view {
    display: flex;
    flex: 1 1 auto;
    flex-direction: column;
    min-block-size: 0;
  }
  /* The way out stays in sight, however long the page gets. */
  .controls {
    background: var(--_surface);
    inset-block-end: 0;
    padding-block: var(--_space-2);
    position: sticky;
    z-index: 3;
  }
  .narrow {
    align-self: center;
    container-type: inline-size;
    inline-size: 100%;
    margin-block: auto;
    max-inline-size: 42rem;
  }
  .narrow.wide {
    max-inline-size: 56rem;
  }
  .consent {
    align-self: center;
    inline-size: 100%;
    max-inline-size: 42rem;
  }
  .consent > summary {
    color: var(--_muted);
    font-size: var(--_size-s);
  }
  .consent > consent-receipts {
    padding-block: var(--_space-4);
  }
  .kept {
    margin-block-start: var(--_space-4);
  }
  [tabindex='-1']:focus {
    outline: none;
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

  .steps {
    display: flex;
    flex: 1 1 auto;
    flex-wrap: wrap;
    gap: var(--_space-2) var(--_space-4);
    list-style: none;
  }
  .steps li {
    align-items: center;
    color: var(--_muted);
    display: inline-flex;
    font-size: var(--_size-s);
    gap: var(--_space-2);
  }
  .steps .number {
    align-items: center;
    block-size: 1.75rem;
    border: 1px solid var(--_control);
    border-radius: 50%;
    display: inline-flex;
    flex: none;
    font-variant-numeric: tabular-nums;
    inline-size: 1.75rem;
    justify-content: center;
  }
  .steps .now {
    color: var(--_text);
    font-weight: 620;
  }
  .steps .now .number {
    background: var(--_accent);
    border-color: var(--_accent);
    color: var(--_on-accent);
  }
  .steps .done .number {
    border-color: var(--_good);
    color: var(--_good);
  }
  .steps .number svg {
    block-size: 1rem;
    inline-size: 1rem;
  }
  @container (inline-size < 34rem) {
    .steps li:not(.now) .step-name {
      display: none;
    }
    .steps {
      gap: var(--_space-2);
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
  }
  /* The controls in two rows, and in three. */
  @container (inline-size < 48rem) {
    .room:has(.controls) {
      --_foot: 10rem;
    }
  }
  @container (inline-size < 24rem) {
    .room:has(.controls) {
      --_foot: 13.5rem;
    }
  }
  /* Two words and the way out stay in one row on the narrowest phones. */
  @container (inline-size < 22rem) {
    .safe,
    .steps {
      flex-basis: 7rem;
    }
    .safe {
      font-size: 0.8125rem;
      gap: var(--_space-1);
    }
  }
  @media (max-height: 30rem) {
    .room {
      gap: var(--_space-2);
      padding-block: var(--_space-2) 0;
    }
    .top {
      gap: var(--_space-1) var(--_space-3);
    }
    .safe {
      flex: 1 1 7.5rem;
      font-size: 0.875rem;
      line-height: 1.25;
    }
    .controls {
      padding-block: var(--_space-1);
    }
    @container (inline-size < 48rem) {
      .steps li:not(.now) .step-name {
        display: none;
      }
    }
  }
`;
