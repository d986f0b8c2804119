/** The screen after this person agreed to a relay and before the others answer: silence is no dead end [R9]. */
import { html, type TemplateResult } from 'lit';
import { awaitsEveryone, type SessionState } from '../../../room/room.ts';
import type { Texts } from '../../../ui/texts.ts';
import { renderAlternatives } from './alternatives.ts';
import { renderAwaited } from './relay-state.ts';

/** Null unless everyone else still has to answer. */
export function renderRelayPending(texts: Texts, state: SessionState): TemplateResult | null {
  if (!awaitsEveryone(state)) return null;
  return html`
    <div class="calm">
      <h2 tabindex="-1">${texts.term('consult-room.relay.silent.heading')}</h2>
      ${renderAwaited(texts, state)}
      <p>${texts.term('consult-room.relay.silent')}</p>
      ${renderAlternatives(texts, state.configuration)}
    </div>
  `;
}
