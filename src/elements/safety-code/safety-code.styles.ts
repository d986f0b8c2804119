import { css } from 'lit';

export const styles = css`
  .state {
    align-items: center;
    color: var(--_muted);
    display: flex;
    font-weight: 600;
    gap: var(--_space-2);
  }
  .state.done {
    color: var(--_good);
  }
  .code {
    background: var(--_sunken);
    border-radius: var(--_radius-s);
    direction: ltr;
    display: grid;
    font-size: var(--_size-l);
    font-variant-numeric: tabular-nums;
    font-weight: 620;
    gap: var(--_space-2) var(--_space-4);
    grid-template-columns: repeat(3, auto);
    justify-content: center;
    letter-spacing: 0.08em;
    padding: var(--_space-4);
  }
  @container (inline-size < 18rem) {
    .code {
      column-gap: var(--_space-2);
      font-size: 1.125rem;
      letter-spacing: 0.04em;
      padding-inline: var(--_space-2);
    }
  }
  summary {
    cursor: pointer;
    font-weight: 560;
    min-block-size: 2rem;
  }
`;
