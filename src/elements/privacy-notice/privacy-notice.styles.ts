import { css } from 'lit';

export const styles = css`
  .summary {
    background: var(--_sunken);
    border-radius: var(--_radius-s);
    display: grid;
    gap: var(--_space-3);
    padding: var(--_space-4);
  }
  .points {
    display: grid;
    gap: var(--_space-3);
    list-style: none;
  }
  .points li {
    display: grid;
    gap: var(--_space-3);
    grid-template-columns: auto minmax(0, 1fr);
  }
  .points svg {
    color: var(--_good);
    margin-block-start: 0.1em;
  }
  @container (inline-size >= 44rem) {
    .points {
      gap: var(--_space-3) var(--_space-5);
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
  details {
    border-block: 1px solid var(--_line);
  }
  summary {
    color: var(--_accent);
  }
  .sections {
    display: grid;
    gap: var(--_space-4);
    padding-block-end: var(--_space-4);
  }
  section {
    display: grid;
    gap: var(--_space-2);
  }
  @media print {
    .actions,
    .print,
    summary {
      display: none;
    }
  }
`;
