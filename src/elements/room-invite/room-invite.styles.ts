import { css } from 'lit';

export const styles = css`
  .link {
    background: var(--_raised);
    border: 1px solid var(--_line);
    border-radius: var(--_radius-m);
    display: grid;
    gap: var(--_space-4);
    padding: clamp(1rem, 4cqi, 1.75rem);
  }
  .words {
    align-content: start;
    min-inline-size: 0;
  }
  input {
    font-family: ui-monospace, monospace;
    font-size: 0.875rem;
    inline-size: 100%;
    text-overflow: ellipsis;
  }
  figure {
    display: grid;
    gap: var(--_space-2);
    justify-items: center;
    text-align: center;
  }
  .qr {
    border-radius: var(--_radius-s);
    inline-size: min(100%, 15rem);
  }
  @media (min-width: 46rem) {
    .guest {
      grid-template-columns: minmax(0, 1fr) auto;
    }
    .qr {
      inline-size: 13rem;
    }
  }
`;
