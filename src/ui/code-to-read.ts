/** The spoken code of a room as a host sees it (protocol.md §14): to be read out, with words for its letters. */
import { css, html, type TemplateResult } from 'lit';
import { spelled } from '../appointment/spelling.ts';
import { WRONG_CODES, type RoomCode } from '../room/room.ts';
import { icon } from './icons.ts';
import type { Texts } from './texts.ts';

export const codeStyles = css`
  .spoken-code {
    background: var(--_sunken);
    border-radius: var(--_radius-s);
    direction: ltr;
    font-size: var(--_size-l);
    font-weight: 620;
    inline-size: fit-content;
    letter-spacing: 0.08em;
    padding: var(--_space-2) var(--_space-4);
  }
`;

/** The code and how to spell it. */
export function renderCode(texts: Texts, code: string): TemplateResult {
  const words = spelled(code, texts.shown());
  return html`
    <p part="spoken-code" class="spoken-code" role="img" translate="no" aria-label=${words}>${code}</p>
    <p class="small" aria-hidden="true" translate="no">${words}</p>
  `;
}

/** Folded, because nobody needs it who has sent the link; what happened to the code is in sight. */
export function renderHostCode(texts: Texts, { text, step, wrong }: RoomCode, onRenew: () => void): TemplateResult {
  if (step === 'used-up' || step === 'unavailable')
    return html`<div class="stack">
      <p role="alert">
        ${step === 'used-up' ? texts.error('code-used-up').what : texts.term('spoken-code.unavailable')}
      </p>
      <div class="row">
        <button part="new-code-button" @click=${onRenew}>${icon('refresh-cw')} ${texts.term('spoken-code.new')}</button>
      </div>
    </div>`;
  return html`<div class="stack">
    <details ?hidden=${step === 'opening'}>
      <summary part="summary">${texts.term('spoken-code.read')}</summary>
      <div class="stack">
        <p class="small">${texts.term('spoken-code.text')}</p>
        ${renderCode(texts, text)}
      </div>
    </details>
    <p class="small" role="status">${wrong > 0 ? texts.term('spoken-code.wrong', wrong, WRONG_CODES) : ''}</p>
  </div>`;
}
