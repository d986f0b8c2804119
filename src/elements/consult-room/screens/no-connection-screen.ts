/** The screen when nobody can be reached: a direct connection failed and there is no relay, or someone declined it [R9]. */
import { html, nothing, type TemplateResult } from 'lit';
import { type SessionState, whyUnreachable } from '../../../room/room.ts';
import type { Texts } from '../../../ui/texts.ts';
import { renderAlternatives } from './alternatives.ts';

/** Null while someone can be reached. */
export function renderNoConnection(texts: Texts, state: SessionState): TemplateResult | null {
  const without = whyUnreachable(state);
  if (!without) return null;
  const { reason, when } = without;
  return html`
    <div class="calm">
      <h2 tabindex="-1">${texts.term(`consult-room.without.heading.${when}`)}</h2>
      <p>${texts.term(`consult-room.without.${reason}.${when}`)}</p>
      ${
        reason === 'no-relay' || reason === 'blocked'
          ? html`<p class="lead">${texts.term('consult-room.without.try')}</p>`
          : nothing
      }
      <p class="small">${texts.term('consult-room.without.leave')}</p>
      ${renderAlternatives(texts, state.configuration)}
    </div>
  `;
}
