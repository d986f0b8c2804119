import { css } from 'lit';

/** How a button of the bar looks; those in the slot are styled from outside the tree, so these are repeated for them. */
export const barButton = css`
  align-content: center;
  border-radius: 1.125rem;
  display: grid;
  flex: 1 1 3rem;
  font-size: 0.71875rem;
  gap: 0.2rem;
  hyphens: manual;
  justify-items: center;
  line-height: 1.15;
  max-inline-size: 5.25rem;
  min-block-size: 3.875rem;
  min-inline-size: min-content;
  padding: 0.25rem 0.125rem;
  text-align: center;
`;

export const styles = css`
  .bar,
  .sheet {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem;
    justify-content: center;
  }
  .bar button,
  .bar ::slotted(button) {
    ${barButton}
  }
  .bar svg.icon {
    block-size: 1.4375rem;
    inline-size: 1.4375rem;
  }
  .sheet {
    display: grid;
    gap: var(--_space-2);
    grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr));
    margin-inline: auto;
    max-block-size: 40dvb;
    max-inline-size: 48rem;
    overflow-y: auto;
    padding-block-end: var(--_space-3);
  }
  @container (inline-size >= 24rem) {
    .sheet {
      grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr));
    }
  }
  .sheet button,
  .sheet ::slotted(button) {
    font-size: var(--_size-s);
    /* A long word in large text. */
    hyphens: auto;
    justify-content: start;
    overflow-wrap: anywhere;
    padding: 0.4em min(0.8em, 2cqi);
    text-align: start;
  }
  /* On is quiet; off is what people must not overlook. */
  .bar .device[aria-pressed='false'] {
    background: var(--_text);
    border-color: var(--_text);
    color: var(--_surface);
  }
  .sheet .option[aria-pressed='true'],
  .bar .more[aria-expanded='true'] {
    background: var(--_glow);
    border-color: var(--_accent);
    color: var(--_accent);
  }
  .bar .halt {
    background: var(--_lamp);
    border-color: var(--_lamp);
    color: var(--_on-lamp);
  }
  .bar .leave {
    background: var(--_leave);
    border-color: var(--_leave);
    color: var(--_on-leave);
  }
  .bar .halt:hover,
  .bar .leave:hover {
    filter: brightness(1.12);
  }
  /* Where a thumb cannot slip from one to the other: what ends or halts stands apart. */
  @container (inline-size >= 44rem) {
    .bar .halt,
    .bar .leave {
      margin-inline-start: 0.875rem;
    }
  }
  /* Six buttons in one row on a phone, also with a wide font. */
  @container (inline-size < 25rem) {
    .bar {
      gap: 0.1875rem;
    }
    .bar button,
    .bar ::slotted(button) {
      font-size: 0.6875rem;
      letter-spacing: -0.015em;
      padding-inline: 0;
    }
  }
  @container (inline-size < 21rem) {
    .bar {
      gap: 0.125rem;
    }
    .bar button,
    .bar ::slotted(button) {
      flex-basis: 2.75rem;
      font-size: 0.65rem;
    }
    .sheet button,
    .sheet ::slotted(button) {
      font-size: 0.8125rem;
      gap: var(--_space-1);
      letter-spacing: -0.015em;
    }
  }
  /* A phone held sideways: a rail at the end, and the height belongs to the pictures. */
  @media (orientation: landscape) and (max-height: 31.25rem) {
    :host(.rail) .controls {
      block-size: 100%;
      display: flex;
      gap: var(--_space-2);
    }
    :host(.rail) .bar {
      block-size: 100%;
      flex-direction: column;
      flex-wrap: nowrap;
      inline-size: 4.75rem;
    }
    :host(.rail) .bar button,
    :host(.rail) .bar ::slotted(button) {
      flex: 1 1 0;
      inline-size: 100%;
      margin: 0;
      max-block-size: 4rem;
      max-inline-size: none;
      min-block-size: 2.75rem;
      padding: 0.125rem;
    }
    :host(.rail) .bar svg.icon {
      block-size: 1.1875rem;
      inline-size: 1.1875rem;
    }
    :host(.rail) .sheet {
      align-content: start;
      /* Many buttons scroll beside the rail instead of stretching the stage beyond the window. */
      contain: size;
      grid-template-columns: minmax(0, 1fr);
      inline-size: 12.5rem;
      max-block-size: 100%;
      padding-block-end: 0;
    }
  }
  @media (forced-colors: active) {
    .bar .halt,
    .bar .leave,
    .bar .device[aria-pressed='false'] {
      border-width: 3px;
    }
  }
`;
