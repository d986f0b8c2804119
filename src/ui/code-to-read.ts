/** The spoken code of a room as a host sees it (protocol.md §14): to be read out, with words for its letters. */
import { css, html, type TemplateResult } from 'lit';
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

const LETTERS = 'ABCDEFGHJKMNPQRSTVWXYZ';
/** In their order: DIN 5009, and the alphabet of radio telephony (ICAO Annex 10). */
const GERMAN =
  'Aachen Berlin Chemnitz Düsseldorf Essen Frankfurt Goslar Hamburg Jena Köln München Nürnberg Potsdam Quickborn Rostock Salzwedel Tübingen Völklingen Wuppertal Xanten Ypsilon Zwickau';
const ENGLISH =
  'Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel Juliett Kilo Mike November Papa Quebec Romeo Sierra Tango Victor Whiskey X-ray Yankee Zulu';

/** `Köln 7 München, 2 Quickborn Xanten, 9 Tübingen Düsseldorf`: as people spell on the telephone. */
export function spelled(texts: Texts, code: string): string {
  const words = (texts.shown().startsWith('de') ? GERMAN : ENGLISH).split(' ');
  const word = (sign: string): string => words[LETTERS.indexOf(sign)] ?? sign;
  return code
    .split('-')
    .map((group) => Array.from(group, word).join(' '))
    .join(', ');
}

/** The code and how to spell it. */
export function renderCode(texts: Texts, code: string): TemplateResult {
  const words = spelled(texts, code);
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
      <summary>${texts.term('spoken-code.read')}</summary>
      <div class="stack">
        <p class="small">${texts.term('spoken-code.text')}</p>
        ${renderCode(texts, text)}
      </div>
    </details>
    <p class="small" role="status">${wrong > 0 ? texts.term('spoken-code.wrong', wrong, WRONG_CODES) : ''}</p>
  </div>`;
}
