/** The screen of a room that cannot open, or not any more. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ErrorCode, RoomState } from '../../../room/room.ts';
import { icon } from '../../../ui/icons.ts';
import type { TextKey, Texts } from '../../../ui/texts.ts';
import { renderAlternatives } from './alternatives.ts';

/** Failures that can end a call: a heading about a room that cannot open would be wrong there. */
const HEADINGS: Partial<Record<ErrorCode, TextKey>> = {
  'host-elsewhere': 'consult-room.failed.heading.elsewhere',
  'tab-duplicated': 'consult-room.failed.heading.elsewhere',
  'removed-by-host': 'consult-room.failed.heading.removed',
  'refused-by-host': 'consult-room.failed.heading.refused',
  'invite-expired': 'consult-room.failed.heading.expired',
};

export function renderFailed(
  texts: Texts,
  { code, configuration, contact }: Extract<RoomState, { phase: 'failed' }>,
  onReload: () => void,
): TemplateResult {
  const { what, advice } = texts.error(code);
  // Nothing failed: the counsellor continues in another window, and needs no other way to reach themselves.
  const elsewhere = code === 'host-elsewhere' || code === 'tab-duplicated';
  // Reloading helps neither without an invite, which is no longer in the address bar, nor after being removed or refused.
  const reloadable = !code.startsWith('invite-') && !HEADINGS[code];
  return html`
    <div class="calm">
      <h2 tabindex="-1">${texts.term(HEADINGS[code] ?? 'consult-room.failed.heading')}</h2>
      <p>${what}</p>
      <p class="lead">${advice}</p>
      ${
        reloadable
          ? html`<div class="actions">
              <button part="reload-button" @click=${onReload}>
                ${icon('refresh-cw')} ${texts.term('consult-room.failed.reload')}
              </button>
            </div>`
          : nothing
      }
      ${elsewhere ? nothing : renderAlternatives(texts, configuration ?? contact)}
    </div>
  `;
}
