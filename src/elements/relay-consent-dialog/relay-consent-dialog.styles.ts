import { css } from 'lit';

export const styles = css`
  dialog {
    background: var(--_raised);
    border: 1px solid var(--_line);
    border-radius: var(--_radius-m);
    box-shadow: var(--_shadow);
    color: var(--_text);
    max-block-size: 92dvb;
    container-type: inline-size;
    inline-size: min(38rem, 94vw);
    max-inline-size: none;
    overflow-y: auto;
    padding: 0 var(--_pad);
    --_pad: clamp(1.125rem, 5vw, 2.25rem);
  }
  dialog::backdrop {
    background: rgb(10 18 16 / 55%);
  }
  .stack:not(:has(.way-out)) {
    padding-block-start: var(--_pad);
  }
  /* In sight however far the question is read, and no part of it. */
  .way-out {
    background: var(--_raised);
    display: flex;
    inset-block-start: 0;
    justify-content: flex-end;
    margin-block-end: calc(-1 * var(--_space-3));
    padding-block: var(--_space-2) var(--_space-1);
    position: sticky;
    z-index: 1;
  }
  h2:focus-visible {
    outline-offset: 0.3em;
  }
  .points {
    display: grid;
    gap: var(--_space-3);
    list-style: none;
  }
  .points li {
    display: flex;
    gap: var(--_space-3);
  }
  .points svg {
    color: var(--_good);
    flex: none;
    margin-block-start: 0.15em;
  }
  /* The same width, height, colour and weight: neither answer is the one that is meant. */
  .answers {
    background: var(--_raised);
    display: grid;
    gap: var(--_space-3);
    grid-auto-rows: 1fr;
    margin-inline: calc(-1 * var(--_pad));
    border-block-start: 1px solid var(--_line);
    inset-block-end: 0;
    padding: var(--_space-3) var(--_pad);
    position: sticky;
  }
  .answers button {
    padding-inline: 0.5em;
  }
  /* Both in sight from the first moment, so that none has to be looked for; side by side where their words fit. */
  @container (inline-size >= 23rem) {
    .answers {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
  /* Where the window is very low, the text comes first. */
  @media (max-height: 20rem) {
    .answers {
      position: static;
    }
  }
`;
