import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
  }
  /* The log shrinks, never the field: people must see what they are writing. */
  .chat {
    display: grid;
    gap: var(--_space-3);
    grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
    min-block-size: 0;
  }
  .log {
    align-content: start;
    display: grid;
    gap: var(--_space-3);
    /* A name without a space makes no line wider than the log. */
    grid-template-columns: minmax(0, 1fr);
    overflow-wrap: anywhere;
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
  /* A small phone, a phone held sideways, or an open keyboard: give the height to the log. */
  @media (max-height: 40rem) {
    .chat {
      gap: var(--_space-2);
      grid-template-rows: minmax(0, 1fr) auto;
    }
    h3 {
      display: none;
    }
    /* In its place beside the button that closes the panel. */
    .log > :first-child {
      margin-inline-end: var(--_close, 0px);
    }
    form {
      align-items: end;
      grid-template-columns: minmax(0, 1fr) auto;
    }
    textarea {
      block-size: var(--_target);
      resize: none;
    }
    @container (inline-size < 24rem) {
      form {
        gap: var(--_space-1);
      }
      button {
        padding-inline: 0.75em;
      }
      button svg {
        display: none;
      }
    }
  }
`;
