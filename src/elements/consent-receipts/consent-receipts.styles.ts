import { css } from 'lit';

export const styles = css`
  .records {
    display: grid;
    gap: var(--_space-3);
    grid-template-columns: minmax(0, 1fr);
    list-style: none;
  }
  .record {
    border-block-start: 1px solid var(--_line);
    display: grid;
    gap: var(--_space-1);
    grid-template-columns: minmax(0, 1fr);
    padding-block-start: var(--_space-3);
  }
  .record > .what {
    font-weight: 620;
  }
  .state {
    align-items: center;
    display: flex;
    gap: var(--_space-2);
  }
  .given svg {
    color: var(--_good);
  }
  dl {
    display: grid;
    gap: var(--_space-2);
    grid-template-columns: minmax(0, 1fr);
  }
  dt {
    color: var(--_muted);
    font-size: var(--_size-s);
  }
  dd {
    overflow-wrap: anywhere;
  }
  .withdraw {
    display: grid;
    gap: var(--_space-2);
    justify-items: start;
  }
  /* Easy to find, no louder than leaving. */
  .withdraw button {
    border-color: var(--_danger);
    color: var(--_danger);
  }
  .withdraw button:hover {
    background: var(--_danger);
    color: var(--_on-danger);
  }

  @media print {
    .actions,
    .withdraw,
    .screen,
    summary {
      display: none;
    }
    .record {
      break-inside: avoid;
    }
  }
`;
