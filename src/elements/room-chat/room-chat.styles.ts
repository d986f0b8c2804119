import { css } from 'lit';

export const styles = css`
  .chat {
    display: grid;
    gap: var(--_space-3);
    grid-template-rows: auto minmax(8rem, 1fr) auto;
    min-block-size: 0;
  }
  .log {
    align-content: start;
    display: grid;
    gap: var(--_space-3);
    max-block-size: 50vh;
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .line {
    justify-self: start;
    max-inline-size: 90%;
  }
  .line.own {
    justify-self: end;
  }
  .text {
    background: var(--_sunken);
    border-radius: var(--_radius-s);
    overflow-wrap: anywhere;
    padding: var(--_space-2) var(--_space-3);
    white-space: pre-wrap;
  }
  .own .text {
    background: var(--_glow);
  }
  form {
    display: grid;
    gap: var(--_space-2);
  }
  textarea {
    background: var(--_raised);
    border: 1px solid var(--_control);
    border-radius: var(--_radius-s);
    color: inherit;
    font: inherit;
    inline-size: 100%;
    padding: var(--_space-2) var(--_space-3);
    resize: vertical;
  }
`;
