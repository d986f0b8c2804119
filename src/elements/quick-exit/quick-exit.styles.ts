import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    gap: var(--_space-2);
    justify-items: start;
  }
  /* Ink on paper and paper on night: easy to find, and never an alarm. */
  button,
  button:hover {
    background: var(--_text);
    border-color: var(--_text);
    color: var(--_surface);
  }
`;
