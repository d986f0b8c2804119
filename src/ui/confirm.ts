/** Asks before something that cannot be undone, in a native dialog that handles focus and Escape. */
import { html, type TemplateResult } from 'lit';

export interface Question {
  /** CSS part of the dialog; different for each question in a root, as screen readers find the heading by it. */
  readonly part: string;
  readonly heading: string;
  readonly text: string;
  /** The action in words, never just “OK”. */
  readonly yes: string;
  readonly no: string;
  readonly act: () => void;
}

/** Open it with `showModal()`; the focus is on the answer that changes nothing. The answers are the parts `confirm-button` and `cancel-button`. */
export function renderQuestion({ part, heading, text, yes, no, act }: Question): TemplateResult {
  return html`
    <dialog part=${part} aria-labelledby="${part}-heading">
      <form method="dialog" class="stack">
        <h2 id="${part}-heading" translate="no">${heading}</h2>
        <p>${text}</p>
        <div class="actions">
          <button part="cancel-button" value="no" autofocus>${no}</button>
          <button part="confirm-button" value="yes" class="danger" @click=${act}>${yes}</button>
        </div>
      </form>
    </dialog>
  `;
}
