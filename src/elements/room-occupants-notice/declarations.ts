/** What the others declared about their rooms, and who has acknowledged whom [R13]. */
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Occupants, Participant, Role } from '../../room/room.ts';
import { renderQuestion } from '../../ui/confirm.ts';
import { hostMark } from '../../ui/host-mark.ts';
import { icon } from '../../ui/icons.ts';
import type { Texts } from '../../ui/texts.ts';

export interface DeclarationActions {
  readonly acknowledge: (id: string, hash: string) => void;
  readonly takeOut: (person: Participant) => void;
  readonly remove: (id: string) => void;
}

export interface Declarations {
  readonly role: Role;
  readonly ours: Occupants | null;
  readonly others: readonly Participant[];
  /** Whom the host is asked about before they are removed. */
  readonly leaving: Participant | null;
}

export function renderDeclarations(
  texts: Texts,
  { role, ours, others, leaving }: Declarations,
  act: DeclarationActions,
): TemplateResult {
  return html`
    <div class="stack">
      <h3 tabindex="-1">${texts.term('room-occupants-notice.others')}</h3>
      <ul class="others" translate="no">
        ${repeat(
          others,
          ({ id, occupants }) => `${id} ${occupants?.hash ?? ''}`,
          (other) => html`
            <li class="other">
              ${renderTheirs(texts, other, act)} ${renderOurs(texts, other)}
              ${role === 'host' ? renderTakeOut(texts, other, act) : nothing}
            </li>
          `,
        )}
      </ul>
      ${ours ? html`<p class="small" translate="no">${renderOwn(texts, ours)}</p>` : nothing}
    </div>
    ${role === 'host' ? renderLeaving(texts, leaving, act) : nothing}
  `;
}

function renderLeaving(texts: Texts, leaving: Participant | null, act: DeclarationActions): TemplateResult {
  const { id = '', name = '' } = leaving ?? {};
  return renderQuestion({
    part: 'take-out-dialog',
    heading: texts.term('room-occupants-notice.take-out.heading', name),
    text: texts.term('room-occupants-notice.take-out.text'),
    yes: texts.term('room-occupants-notice.take-out.confirm'),
    no: texts.term('room-occupants-notice.take-out.cancel'),
    act: () => act.remove(id),
  });
}

function renderTheirs(texts: Texts, other: Participant, act: DeclarationActions): TemplateResult {
  const { id, name, occupants, acknowledged, media } = other;
  const mark = hostMark(texts, other);
  if (media.paused === 'someone-came-in')
    return html`<p class="said">${texts.term('room-occupants-notice.theirs.someone-came-in', name)}${mark}</p>`;
  if (!occupants) return html`<p>${texts.term('room-occupants-notice.theirs.awaited', name)}${mark}</p>`;
  const said =
    occupants.people.length === 0
      ? texts.term('room-occupants-notice.theirs.alone', name)
      : texts.term('room-occupants-notice.theirs.people', name, texts.list(occupants.people));
  return html`
    <p class="said">${said}${mark}</p>
    <p class="small">${texts.term('room-occupants-notice.theirs.rules')}</p>
    ${
      acknowledged.byUs
        ? html`<p class="small state done">${icon('check')} ${texts.term('room-occupants-notice.acknowledged')}</p>`
        : html`<button
            part="acknowledge-button"
            class="primary"
            aria-label=${texts.term('room-occupants-notice.acknowledge.label', name)}
            @click=${() => act.acknowledge(id, occupants.hash)}
          >
            ${texts.term('room-occupants-notice.acknowledge')}
          </button>`
    }
  `;
}

function renderOurs(texts: Texts, { name, acknowledged }: Participant): TemplateResult {
  return acknowledged.byThem
    ? html`<p class="small state done">
        ${icon('check')} ${texts.term('room-occupants-notice.ours.acknowledged', name)}
      </p>`
    : html`<p class="small state">${icon('clock')} ${texts.term('room-occupants-notice.ours.awaited', name)}</p>`;
}

function renderTakeOut(texts: Texts, other: Participant, act: DeclarationActions): TemplateResult {
  return html`<button
    part="take-out-button"
    class="quiet"
    aria-label=${texts.term('room-occupants-notice.take-out.label', other.name)}
    @click=${() => act.takeOut(other)}
  >
    ${icon('door-open')} ${texts.term('room-occupants-notice.take-out')}
  </button>`;
}

function renderOwn(texts: Texts, { people }: Occupants): TemplateResult {
  return html`
    <span class="label">${texts.term('room-occupants-notice.ours')}</span>
    ${
      people.length === 0
        ? texts.term('room-occupants-notice.ours.alone')
        : texts.term('room-occupants-notice.ours.people', texts.list(people))
    }
  `;
}
