import { css } from 'lit';

export const styles = css`
  input {
    font-family: ui-monospace, monospace;
    font-size: var(--_size-l);
    letter-spacing: 0.1em;
    max-inline-size: 16rem;
    text-transform: uppercase;
  }
  .wrong {
    color: var(--_danger);
    font-weight: 600;
  }
`;
