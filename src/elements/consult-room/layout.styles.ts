/** What every screen stands in: the line at the top, the view and the controls at the foot. */
import { css } from 'lit';

export const layout = css`
  :host {
    background: var(--_surface);
    container-type: inline-size;
    display: flex;
    flex-direction: column;
    /* As tall as what it stands in, and taller where there is more to read. */
    min-block-size: max(20rem, 100%);
  }
  .room {
    display: flex;
    flex: 1 1 auto;
    flex-direction: column;
    gap: var(--_space-4);
    padding: clamp(0.75rem, 2.5cqi, 1.5rem);
    /* Notches of phones held sideways. */
    padding-inline: max(clamp(0.75rem, 2.5cqi, 1.5rem), env(safe-area-inset-left), env(safe-area-inset-right));
  }
  .session.room {
    gap: var(--_space-3);
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
  /* The button alone; what it cannot do is said once, below the notice. */
  .exit {
    position: relative;
  }
  .exit::part(exit-hint) {
    block-size: 1px;
    clip-path: inset(50%);
    inline-size: 1px;
    inset-inline-start: 0;
    overflow: hidden;
    position: absolute;
  }
  .exit::part(exit-button) {
    background: transparent;
    border-color: var(--_danger);
    color: var(--_danger);
    font-size: var(--_size-s);
    padding-inline: 0.9em;
    white-space: nowrap;
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
`;
