/** A quick exit inside another element: only the button, small. Its hint is in the notice. */
import { css } from 'lit';
import { visuallyHidden } from '../../ui/visually-hidden.styles.ts';

export const smallExit = css`
  .exit {
    position: relative;
  }
  .exit::part(exit-hint) {
    ${visuallyHidden}
    inset-inline-start: 0;
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
