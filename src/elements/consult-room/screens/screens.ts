/** The screens of a room that ask nothing of it: loading, the steps on the way in, how it ended, why it failed. */
import { html, nothing, type TemplateResult } from 'lit';
import type { PublicConfiguration } from '../../../configuration.ts';
import type { Phase, Problem, RoomState } from '../../../room/state/state.ts';
import type { ErrorCode } from '../../../errors.ts';
import { icon, type IconName } from '../../../ui/icons.ts';
import type { TextKey, Texts } from '../../../ui/texts.ts';

type Of<P extends Phase> = Extract<RoomState, { phase: P }>;
type Rendered = TemplateResult | typeof nothing;

const STEPS = ['notice', 'devices', 'occupants'] as const;

/** Where one is on the way in: three steps, and then the room. */
export function renderSteps(texts: Texts, phase: Phase): Rendered {
  const at = STEPS.findIndex((step) => step === phase);
  if (at < 0) return nothing;
  return html`
    <ol class="steps" part="steps">
      ${STEPS.map(
        (step, index) => html`
          <li class=${index < at ? 'done' : index === at ? 'now' : ''} aria-current=${index === at ? 'step' : nothing}>
            <span class="number" aria-hidden="true">${index < at ? icon('check') : index + 1}</span>
            <span class="visually-hidden">${texts.term('consult-room.step', index + 1, STEPS.length)}:</span>
            <span class="step-name">${texts.term(`consult-room.step.${step}`)}</span>
          </li>
        `,
      )}
    </ol>
  `;
}

export function renderIdle(texts: Texts): TemplateResult {
  return html`
    <div class="card calm">
      <div class="sign still">${icon('door-closed')}</div>
      <h2 tabindex="-1">${texts.term('consult-room.idle.heading')}</h2>
      <p class="lead">${texts.term('consult-room.idle.text')}</p>
    </div>
  `;
}

/** How people are helped who get no connection [R9]. */
export function renderAlternatives(texts: Texts, configuration: PublicConfiguration | null): Rendered {
  const { telephone, email, appointment, writing, text } = configuration?.alternatives ?? {};
  if (!telephone && !email && !appointment && !writing && !text) return nothing;
  return html`
    <div class="alternatives" part="alternatives">
      <h3>${texts.term('consult-room.alternatives')}</h3>
      ${text ? html`<p>${text}</p>` : nothing}
      ${
        telephone
          ? html`<p class="way">
              ${icon('phone')} <span>${texts.term('consult-room.alternatives.telephone')}:</span>
              <a href="tel:${telephone.replaceAll(/[^+\d]/gu, '')}"><bdi>${telephone}</bdi></a>
            </p>`
          : nothing
      }
      ${
        email
          ? html`<p class="way">
              ${icon('mail')} <span>${texts.term('consult-room.alternatives.email')}:</span>
              <a href="mailto:${email}"><bdi>${email}</bdi></a>
            </p>`
          : nothing
      }
      ${appointment ? renderWay(texts.term('consult-room.alternatives.appointment'), 'calendar', appointment) : nothing}
      ${writing ? renderWay(texts.term('consult-room.alternatives.writing'), 'message-circle', writing) : nothing}
    </div>
  `;
}

/** A page of the site; following it leaves the room. */
function renderWay(label: string, name: IconName, page: string): TemplateResult {
  return html`<p class="way">${icon(name)} <a href=${page} rel="noreferrer">${label}</a></p>`;
}

export function renderEnded(texts: Texts, { reason, configuration }: Of<'ended'>): TemplateResult {
  const unfinished = reason === 'declined-notice' || reason === 'host-lost';
  return html`
    <div class="card calm">
      <div class="sign still">${icon(unfinished ? 'door-closed' : 'check')}</div>
      <h2 tabindex="-1">${texts.term(`consult-room.ended.heading.${reason}`)}</h2>
      <p>${texts.term(`consult-room.ended.text.${reason}`)}</p>
      <p class="small">${texts.term('consult-room.ended.close')}</p>
      ${unfinished ? renderAlternatives(texts, configuration) : nothing}
    </div>
  `;
}

/** Ends that can come after a call had begun: nobody stands before a door that does not open there. */
const HEADINGS: Partial<Record<ErrorCode, TextKey>> = {
  'host-elsewhere': 'consult-room.failed.heading.elsewhere',
  'removed-by-host': 'consult-room.failed.heading.removed',
  'refused-by-host': 'consult-room.failed.heading.refused',
  'invite-expired': 'consult-room.failed.heading.expired',
};

export function renderFailed(
  texts: Texts,
  { code, configuration }: Of<'failed'>,
  onReload: () => void,
): TemplateResult {
  const { what, advice } = texts.error(code);
  // Nothing failed there: the counsellor went on in another window, and needs no other way to reach themselves.
  const elsewhere = code === 'host-elsewhere';
  // The invite has left the address bar, and none comes back by loading the page anew; nor does whoever was sent away.
  const reloadable = !code.startsWith('invite-') && !HEADINGS[code];
  return html`
    <div class="card calm">
      <div class="sign still">${icon('info')}</div>
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
      ${elsewhere ? nothing : renderAlternatives(texts, configuration)}
    </div>
  `;
}

/** What went wrong beside a running session: said once, in words, until it is closed. */
export function renderProblems(texts: Texts, problems: readonly Problem[], onDismiss: (id: number) => void): Rendered {
  if (problems.length === 0) return nothing;
  return html`
    <ul class="problems" part="problems">
      ${problems.map((problem) => {
        const { id } = problem;
        const { what, advice } = texts.problem(problem);
        return html`
          <li class="problem">
            ${icon('info')}
            <div>
              <p>${what}</p>
              <p class="small">${advice}</p>
            </div>
            <button
              class="quiet"
              aria-label=${texts.term('consult-room.problem.dismiss')}
              @click=${() => onDismiss(id)}
            >
              ${icon('x')}
            </button>
          </li>
        `;
      })}
    </ul>
  `;
}
