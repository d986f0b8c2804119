/** The screen after the session has ended. */
import { html, nothing, type TemplateResult } from 'lit';
import type { RoomState } from '../../../room/room.ts';
import { icon } from '../../../ui/icons.ts';
import type { Texts } from '../../../ui/texts.ts';
import { renderAlternatives } from './alternatives.ts';

export function renderEnded(
  texts: Texts,
  { reason, configuration }: Extract<RoomState, { phase: 'ended' }>,
): TemplateResult {
  const unfinished = reason === 'declined-notice' || reason === 'host-lost';
  return html`
    <div class="card calm">
      <div class="sign still">${icon(unfinished ? 'door-closed' : 'check')}</div>
      <h2 tabindex="-1">${texts.term(`consult-room.ended.heading.${reason}`)}</h2>
      <p>${texts.term(`consult-room.ended.text.${reason}`)}</p>
      <p class="small">${texts.term('consult-room.ended.close')}</p>
      ${unfinished ? renderAlternatives(texts, configuration) : nothing}
    </div>
  `;
}
