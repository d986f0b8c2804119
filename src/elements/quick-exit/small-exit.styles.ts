/** A quick exit inside another element: only the button, small. Its hint is shown once, below the notice. */
import { css } from 'lit';

export const smallExit = css`
  .exit {
    position: relative;
  }
  .exit::part(exit-hint) {
    block-size: 1px;
    clip-path: inset(50%);
    inline-size: 1px;
    inset-inline-start: 0;
    overflow: hidden;
    position: absolute;
  }
  .exit::part(exit-button) {
    background: transparent;
    border-color: var(--_danger);
    color: var(--_danger);
    font-size: var(--_size-s);
    padding-inline: 0.9em;
    white-space: nowrap;
  }
  @container (inline-size < 34rem) {
    .exit::part(exit-button) {
      font-size: 0.875rem;
      gap: var(--_space-1);
      padding-inline: 0.6em;
    }
  }
  @container (inline-size < 22rem) {
    .exit::part(exit-button) {
      font-size: 0.8125rem;
      padding-inline: 0.4em;
    }
  }
  @media (max-height: 30rem) {
    .exit::part(exit-button) {
      font-size: 0.875rem;
      min-block-size: 2.5rem;
    }
  }
`;
