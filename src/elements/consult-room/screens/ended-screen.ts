/** The screen after the session has ended: goodbye first, then help, then the receipts, folded. */
import { html, type TemplateResult } from 'lit';
import type { RoomState } from '../../../room/room.ts';
import type { Texts } from '../../../ui/texts.ts';
import { renderAlternatives } from './alternatives.ts';

export function renderEnded(
  texts: Texts,
  { reason, configuration }: Extract<RoomState, { phase: 'ended' }>,
): TemplateResult {
  return html`
    <div class="calm">
      <h2 tabindex="-1">${texts.term(`consult-room.ended.heading.${reason}`)}</h2>
      <p>${texts.term(`consult-room.ended.text.${reason}`)}</p>
      <p class="small">${texts.term('consult-room.ended.close')}</p>
      ${renderAlternatives(texts, configuration)}
    </div>
  `;
}
