import { css } from 'lit';

export const styles = css`
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

  .calm {
    display: grid;
    gap: var(--_space-4);
    justify-items: center;
    padding-block: var(--_space-6);
    text-align: center;
  }
  /* What else is possible must not lie below the edge of the screen. */
  .calm:has(.alternatives) {
    gap: var(--_space-3);
    padding-block: var(--_space-4);
  }
  .calm:has(.alternatives) .sign {
    inline-size: 4.5rem;
  }
  .sign {
    aspect-ratio: 1;
    background: radial-gradient(circle, var(--_glow) 0 45%, transparent 72%);
    border-radius: 50%;
    color: var(--_accent);
    display: grid;
    inline-size: 7.5rem;
    place-items: center;
  }
  .sign svg.icon {
    block-size: 2.5rem;
    inline-size: 2.5rem;
    stroke-width: 1.5;
  }
  .alternatives {
    border-block-start: 1px solid var(--_line);
    display: grid;
    inline-size: 100%;
    justify-items: center;
    padding-block-start: var(--_space-3);
  }
  .way {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: var(--_space-1) var(--_space-2);
    justify-content: center;
    min-block-size: var(--_target);
  }
  .way a {
    align-items: center;
    display: inline-flex;
    min-block-size: var(--_target);
  }

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

  /* A notice or a receipt is printed for itself: no steps, no controls, no card around it. */
  @media print {
    .top,
    .foot,
    .problems,
    .controls,
    .stage,
    .inbox,
    .narrow > .calm:has(~ .kept),
    .aside > .stack > :not(consent-receipts) {
      display: none;
    }
    .room,
    .card {
      border: 0;
      padding: 0;
    }
    .narrow,
    .narrow.wide {
      max-inline-size: none;
    }
  }
`;
