/** Whose answer about the relay is missing, and a button that withdraws a granted consent [R8]. */
import { html, nothing, type TemplateResult } from 'lit';
import { awaitsEveryone, isAwaited, type SessionState } from '../../../room/room.ts';
import { icon } from '../../../ui/icons.ts';
import type { Texts } from '../../../ui/texts.ts';

/** @param parts `awaited` leaves the granted consent to the panel for security while pictures are shown */
export function renderRelayState(
  texts: Texts,
  state: SessionState,
  onWithdraw: () => void,
  parts: 'all' | 'awaited',
): TemplateResult {
  const granted = state.participants.some(({ relay }) => relay.step === 'granted');
  return html`
    ${awaitsEveryone(state) ? nothing : renderAwaited(texts, state)}
    ${
      granted && (parts === 'all' || state.phase === 'connecting')
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
