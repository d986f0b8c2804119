import { css } from 'lit';

export const styles = css`
  /* Equal cells, none narrower than its words. */
  .bar {
    display: grid;
    gap: var(--_space-2);
    grid-auto-rows: 1fr;
    grid-template-columns: repeat(auto-fit, minmax(5.25rem, 1fr));
    margin-inline: auto;
    max-inline-size: 63.5rem;
  }
  .bar:not(:has(> :nth-child(6))) {
    max-inline-size: 39.5rem;
  }
  .bar:not(:has(> :nth-child(3))) {
    max-inline-size: 20rem;
  }
  .bar button {
    align-content: center;
    border-radius: var(--_radius-s);
    display: grid;
    font-size: 0.8125rem;
    gap: 0.2rem;
    justify-items: center;
    line-height: 1.2;
    min-block-size: 3.75rem;
    min-inline-size: 0;
    padding: 0.45rem 0.2rem;
    text-align: center;
  }
  .bar svg.icon {
    block-size: 1.5rem;
    inline-size: 1.5rem;
  }
  @container (inline-size < 22rem) {
    .bar {
      gap: 0.375rem;
    }
    .bar button {
      font-size: 0.75rem;
      min-block-size: 3.25rem;
      padding: 0.25rem 0.1rem;
    }
    .bar svg.icon {
      block-size: 1.25rem;
      inline-size: 1.25rem;
    }
  }
  /* Full rows, whatever their number: five, seven without a screen to share, or eight. */
  @media (min-height: 30.01rem) {
    @container (inline-size < 46rem) {
      .bar:has(> :nth-child(8):last-child) {
        grid-template-columns: repeat(4, minmax(0, 1fr));
      }
      .bar:has(> :nth-child(7):last-child) {
        grid-template-columns: repeat(12, minmax(0, 1fr));
      }
      .bar:has(> :nth-child(7):last-child) > * {
        grid-column: span 3;
      }
      .bar:has(> :nth-child(7):last-child) > :nth-child(n + 5) {
        grid-column: span 4;
      }
    }
    @container (inline-size < 28.5rem) {
      .bar:has(> :nth-child(5):last-child) {
        grid-template-columns: repeat(6, minmax(0, 1fr));
      }
      .bar:has(> :nth-child(5):last-child) > * {
        grid-column: span 2;
      }
      .bar:has(> :nth-child(5):last-child) > :nth-child(n + 4) {
        grid-column: span 3;
      }
    }
    @container (inline-size < 22rem) {
      .bar:is(:has(> :nth-child(7):last-child), :has(> :nth-child(8):last-child)) {
        grid-template-columns: repeat(6, minmax(0, 1fr));
      }
      .bar:is(:has(> :nth-child(7):last-child), :has(> :nth-child(8):last-child)) > * {
        grid-column: span 2;
      }
      .bar:has(> :nth-child(7):last-child) > :nth-child(n + 4),
      .bar:has(> :nth-child(8):last-child) > :nth-child(n + 7) {
        grid-column: span 3;
      }
    }
  }
  /* A phone held sideways: the height belongs to the picture. */
  @media (max-height: 30rem) {
    .bar {
      gap: 0.375rem;
      grid-template-columns: repeat(auto-fit, minmax(4.375rem, 1fr));
    }
    .bar button {
      font-size: 0.75rem;
      gap: 0;
      min-block-size: var(--_target);
      padding: 0.15rem 0.1rem;
    }
    .bar svg.icon {
      block-size: 1.25rem;
      inline-size: 1.25rem;
    }
  }
  /* On is quiet; off is what people must not overlook. */
  .bar .device[aria-pressed='false'] {
    background: var(--_text);
    border-color: var(--_text);
    color: var(--_surface);
  }
  .bar .option[aria-pressed='true'] {
    background: var(--_glow);
    border-color: var(--_accent);
    color: var(--_accent);
  }
  .bar .leave {
    border-color: var(--_danger);
    color: var(--_danger);
    order: 9;
  }
  .bar .leave:hover {
    background: var(--_danger);
    color: var(--_on-danger);
  }
`;
