/** Whose answer about the relay is missing, and a button that withdraws a granted consent [R8]. */
import { html, nothing, type TemplateResult } from 'lit';
import { awaitsEveryone, isAwaited, type SessionState } from '../../../room/room.ts';
import { icon } from '../../../ui/icons.ts';
import type { Texts } from '../../../ui/texts.ts';

export function renderRelayState(texts: Texts, state: SessionState, onWithdraw: () => void): TemplateResult {
  return html`
    ${awaitsEveryone(state) ? nothing : renderAwaited(texts, state)}
    ${
      state.participants.some(({ relay }) => relay.step === 'granted')
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

export function renderAwaited(texts: Texts, { participants }: SessionState): readonly TemplateResult[] {
  return participants
    .filter(isAwaited)
    .map(
      ({ name }) =>
        html`<p class="hint" translate="no">
          ${icon('clock')} <span>${texts.term('consult-room.relay.awaited', name)}</span>
        </p>`,
    );
}
