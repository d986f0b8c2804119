import { css } from 'lit';

export const styles = css`
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: var(--_space-2);
    justify-content: center;
  }
  .bar button {
    align-content: center;
    border-radius: var(--_radius-s);
    display: grid;
    flex: 1 1 4.75rem;
    font-size: 0.8125rem;
    gap: 0.2rem;
    justify-items: center;
    line-height: 1.2;
    max-inline-size: 7.5rem;
    min-block-size: 3.75rem;
    min-inline-size: 0;
    padding: 0.45rem 0.35rem;
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
      flex-basis: 3.9rem;
      font-size: 0.75rem;
      padding-inline: 0;
    }
  }
  /* A phone held sideways: the height belongs to the picture. */
  @media (max-height: 30rem) {
    .bar button {
      flex-basis: 4rem;
      font-size: 0.75rem;
      gap: 0;
      min-block-size: var(--_target);
      padding-block: 0.15rem;
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
