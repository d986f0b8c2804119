/** How far the question of the relay has come, taking the consent back, and the calm end where somebody said no [R8] [R9]. */
import { html, nothing, type TemplateResult } from 'lit';
import type { SessionState } from '../../../room/state/state.ts';
import { awaitsEveryone, isAwaited, whyUnreachable } from '../../../room/state/reachability.ts';
import { icon } from '../../../ui/icons.ts';
import type { Texts } from '../../../ui/texts.ts';
import { renderAlternatives } from './screens.ts';

/** The calm end [R9]: no is a good answer, and here is what else is possible. */
export function renderWithoutConnection(texts: Texts, state: SessionState): TemplateResult | null {
  const without = whyUnreachable(state);
  if (!without) return null;
  const { reason, when } = without;
  return html`
    <div class="card calm">
      <div class="sign still">${icon('door-closed')}</div>
      <h2 tabindex="-1">${texts.term(`consult-room.without.heading.${when}`)}</h2>
      <p>${texts.term(`consult-room.without.${reason}.${when}`)}</p>
      <p class="small">${texts.term('consult-room.without.leave')}</p>
      ${renderAlternatives(texts, state.configuration)}
    </div>
  `;
}

/** We said yes, and the others have not answered: nobody is hurried, and silence is no dead end [R9]. */
export function renderSilence(texts: Texts, state: SessionState): TemplateResult | null {
  if (!awaitsEveryone(state)) return null;
  return html`
    <div class="card calm">
      <div class="sign">${icon('clock')}</div>
      <h2 tabindex="-1">${texts.term('consult-room.relay.silent.heading')}</h2>
      ${renderAwaited(texts, state)}
      <p>${texts.term('consult-room.relay.silent')}</p>
      ${renderAlternatives(texts, state.configuration)}
    </div>
  `;
}

/** Whose answer is awaited; and what was granted can be taken back by one press. */
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

function renderAwaited(texts: Texts, { participants }: SessionState): readonly TemplateResult[] {
  return participants
    .filter(isAwaited)
    .map(
      ({ name }) =>
        html`<p class="hint">${icon('clock')} <span>${texts.term('consult-room.relay.awaited', name)}</span></p>`,
    );
}
