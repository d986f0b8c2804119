/** A question before something that cannot be taken back, in the browser's own dialog: focus, Escape and the rest are its. */
import { html, type TemplateResult } from 'lit';

export interface Question {
  /** Of the dialog, for styling and for finding it. */
  readonly part: string;
  readonly heading: string;
  readonly text: string;
  /** What is done, in words; never only «OK». */
  readonly yes: string;
  readonly no: string;
  readonly act: () => void;
}

/** Open it by `showModal()`; the focus is on the answer that changes nothing. */
export function renderQuestion({ part, heading, text, yes, no, act }: Question): TemplateResult {
  return html`
    <dialog part=${part} aria-labelledby="question">
      <form method="dialog" class="stack">
        <h2 id="question">${heading}</h2>
        <p>${text}</p>
        <div class="actions">
          <button value="no" autofocus>${no}</button>
          <button value="yes" class="danger" @click=${act}>${yes}</button>
        </div>
      </form>
    </dialog>
  `;
}
