import { css } from 'lit';

export const styles = css`
  summary {
    cursor: pointer;
    font-weight: 560;
    min-block-size: 2rem;
  }
  .open {
    display: grid;
    gap: var(--_space-3);
    grid-template-columns: minmax(0, 1fr);
    padding-block-start: var(--_space-2);
  }
  .held {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    list-style: none;
  }
  .held li {
    border-block-start: 1px solid var(--_line);
    display: grid;
    gap: var(--_space-1);
    grid-template-columns: minmax(0, 1fr);
    overflow-wrap: anywhere;
    padding-block: var(--_space-2);
  }
  .times {
    color: var(--_muted);
    display: grid;
    font-size: var(--_size-s);
    font-variant-numeric: tabular-nums;
  }
`;
