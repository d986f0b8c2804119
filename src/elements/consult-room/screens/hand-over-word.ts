/** The host asks this person to lead the room: said above the pictures, until the person answers or the host takes it back. */
import { html, nothing, type TemplateResult } from 'lit';
import type { RoomInterface, SessionState } from '../../../room/room.ts';
import { icon } from '../../../ui/icons.ts';
import type { Texts } from '../../../ui/texts.ts';

export function renderHandOverWord(
  texts: Texts,
  { handOver }: SessionState,
  room: RoomInterface | undefined,
): TemplateResult | typeof nothing {
  if (handOver.step !== 'asked') return nothing;
  return html`<div class="hint quality" role="group" aria-labelledby="hand-over-word" aria-describedby="hand-over-text">
    ${icon(handOver.as === 'now' ? 'handshake' : 'umbrella')}
    <p><strong id="hand-over-word">${texts.term(`consult-room.hand-over.${handOver.as}`)}</strong></p>
    <p id="hand-over-text">${texts.term(`consult-room.hand-over.${handOver.as}.text`)}</p>
    <div class="row">
      <button part="lead-button" @click=${() => room?.answerHandOver(true, handOver.id)}>
        ${icon('check')} ${texts.term('consult-room.hand-over.accept')}
      </button>
      <button part="not-lead-button" @click=${() => room?.answerHandOver(false, handOver.id)}>
        ${texts.term('consult-room.hand-over.decline')}
      </button>
    </div>
  </div>`;
}
