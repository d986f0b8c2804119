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
    padding: var(--_pad);
    padding-block-end: 0;
    --_pad: clamp(1.125rem, 5vw, 2.25rem);
  }
  dialog::backdrop {
    background: rgb(10 18 16 / 55%);
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
    padding: var(--_space-3) var(--_pad);
  }
  .answers button {
    padding-inline: 0.5em;
  }
  /* Side by side, and both in sight from the first moment: none has to be looked for. */
  @container (inline-size >= 15.5rem) {
    .answers {
      border-block-start: 1px solid var(--_line);
      grid-template-columns: repeat(2, minmax(0, 1fr));
      inset-block-end: 0;
      position: sticky;
    }
  }
  /* Where the window is very low, the text comes first. */
  @media (max-height: 20rem) {
    .answers {
      position: static;
    }
  }
`;
