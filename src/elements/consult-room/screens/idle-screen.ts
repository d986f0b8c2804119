/** The screen while the room is loading. */
import { html, type TemplateResult } from 'lit';
import type { Texts } from '../../../ui/texts.ts';

export function renderIdle(texts: Texts): TemplateResult {
  return html`
    <div class="calm">
      <h2 tabindex="-1">${texts.term('consult-room.idle.heading')}</h2>
      <p class="lead">${texts.term('consult-room.idle.text')}</p>
    </div>
  `;
}
