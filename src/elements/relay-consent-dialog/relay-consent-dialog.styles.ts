import { css } from 'lit';

export const styles = css`
  dialog {
    background: var(--_raised);
    border: 1px solid var(--_line);
    border-radius: var(--_radius-m);
    box-shadow: var(--_shadow);
    color: var(--_text);
    max-block-size: 92dvb;
    max-inline-size: min(38rem, 94vw);
    overflow-y: auto;
    padding: clamp(1.125rem, 5vw, 2.25rem);
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
  /* The same width, colour and weight: neither answer is the one that is meant. */
  .answers {
    display: grid;
    gap: var(--_space-3);
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr));
  }
`;
