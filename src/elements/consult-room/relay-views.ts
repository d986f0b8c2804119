/** How far the question of the relay has come, taking the consent back, and the calm end where somebody said no [R8] [R9]. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Participant, SessionState } from '../../room/state.ts';
import { icon } from '../../ui/icons.ts';
import type { Texts } from '../../ui/texts.ts';
import { renderAlternatives } from './views.ts';

/** Asked and answered no, or taken back, and no direct path has come up. */
function isWithout({ relay, connection }: Participant): boolean {
  return (relay.step === 'declined' || relay.step === 'withdrawn') && connection !== 'connected';
}

/** Said only where nobody at all can be reached; with others in the room the tile of the one tells it. */
export function renderWithoutConnection(texts: Texts, state: SessionState): TemplateResult | null {
  const { participants, configuration } = state;
  if (participants.length === 0 || !participants.every(isWithout)) return null;
  const step = participants.some(({ relay }) => relay.step === 'withdrawn') ? 'withdrawn' : 'declined';
  return html`
    <div class="card calm">
      <div class="sign still">${icon('door-closed')}</div>
      <h2 tabindex="-1">${texts.term('consult-room.without.heading')}</h2>
      <p>${texts.term(`consult-room.without.${step}`)}</p>
      <p class="small">${texts.term('consult-room.without.leave')}</p>
      ${renderAlternatives(texts, configuration)}
    </div>
  `;
}

/** Whose answer is awaited; and what was granted can be taken back by one press. */
export function renderRelayState(texts: Texts, { participants }: SessionState, onWithdraw: () => void): TemplateResult {
  const awaited = participants.filter(({ relay }) => relay.step === 'asked' && relay.ours === 'yes');
  const granted = participants.some(({ relay }) => relay.step === 'granted');
  return html`
    ${awaited.map(({ name }) => html`<p class="hint">${icon('clock')} <span>${texts.term('consult-room.relay.awaited', name)}</span></p>`)}
    ${
      granted
        ? html`<div class="hint">
            ${icon('server')}
            <p>${texts.term('consult-room.relay.granted')}</p>
            <div>
              <button part="withdraw-button" @click=${onWithdraw}>${texts.term('consult-room.relay.withdraw')}</button>
            </div>
          </div>`
        : nothing
    }
  `;
}
