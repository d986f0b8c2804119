/** A quick exit inside another element: only the button, small. Its hint is in the notice. */
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
    font-size: var(--_size-s);
    min-block-size: 2.75rem;
    padding: 0.3em 0.9em;
    white-space: nowrap;
  }
  @container (inline-size < 22rem) {
    .exit::part(exit-button) {
      font-size: 0.8125rem;
      padding-inline: 0.6em;
      white-space: normal;
    }
  }
  @media (orientation: landscape) and (max-height: 31.25rem) {
    .session .exit::part(exit-button) {
      font-size: 0.75rem;
      inline-size: 4.75rem;
      padding-inline: 0.25em;
      text-align: center;
      white-space: normal;
    }
  }
`;
