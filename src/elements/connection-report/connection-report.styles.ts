import { css } from 'lit';

export const styles = css`
  .paths {
    display: grid;
    gap: var(--_space-2);
    list-style: none;
  }
  .paths li {
    display: flex;
    gap: var(--_space-2);
  }
  .paths svg {
    color: var(--_good);
    flex: none;
    margin-block-start: 0.15em;
  }
  summary {
    cursor: pointer;
    font-weight: 560;
    min-block-size: 2rem;
  }
  dl {
    display: grid;
    font-size: var(--_size-s);
    gap: var(--_space-1);
    margin-block: var(--_space-2) var(--_space-3);
  }
  dl div {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--_space-3);
    justify-content: space-between;
  }
  dt {
    color: var(--_muted);
  }
  dd {
    font-variant-numeric: tabular-nums;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
`;
