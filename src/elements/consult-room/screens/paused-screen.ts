/** The screens of a pause of one's own: a break, a recorder on this page, “someone came in” here. */
import { html, type TemplateResult } from 'lit';
import type { RoomInterface, RoomState } from '../../../room/room.ts';
import { icon } from '../../../ui/icons.ts';
import type { Texts } from '../../../ui/texts.ts';

type Paused = Extract<RoomState, { phase: 'paused' }>;

export function renderPaused(texts: Texts, { reason }: Paused, room: RoomInterface | undefined): TemplateResult {
  if (reason !== 'privacy')
    return html`<div class="calm">
      <h2 tabindex="-1">${texts.term(`consult-room.paused.heading.${reason}`)}</h2>
      <p>${texts.term(`consult-room.paused.text.${reason}`)}</p>
    </div>`;
  return html`
    <div class="step">
      <div class="calm">
        <h2 tabindex="-1">${texts.term('consult-room.paused.heading.privacy')}</h2>
        <p>${texts.term('consult-room.paused.text.privacy')}</p>
      </div>
      <div class="foot">
        <button part="resume-button" class="primary" @click=${() => room?.resume()}>
          ${icon('play')} ${texts.term('consult-room.paused.resume')}
        </button>
      </div>
    </div>
  `;
}
