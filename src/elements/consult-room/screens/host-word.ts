/** What the host did about this person's microphone, or asks: said above the pictures, until the person chooses. */
import { html, nothing, type TemplateResult } from 'lit';
import type { RoomInterface, SessionState } from '../../../room/room.ts';
import { icon } from '../../../ui/icons.ts';
import type { Texts } from '../../../ui/texts.ts';

export function renderHostWord(
  texts: Texts,
  { hostAbout }: SessionState,
  room: RoomInterface | undefined,
): TemplateResult | typeof nothing {
  if (hostAbout === 'nothing') return nothing;
  return html`<div class="hint quality" role="group" aria-labelledby="host-word">
    ${icon(hostAbout === 'muted' ? 'mic-off' : 'mic')}
    <p id="host-word">${texts.term(`consult-room.host-word.${hostAbout}`)}</p>
    <div class="row">
      <button part="unmute-button" @click=${() => room?.setMicrophone(true)}>
        ${icon('mic')} ${texts.term('consult-room.host-word.on')}
      </button>
      <button part="stay-muted-button" @click=${() => room?.setMicrophone(false)}>
        ${texts.term('consult-room.host-word.off')}
      </button>
    </div>
  </div>`;
}
