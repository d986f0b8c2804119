/** The steps on the way in. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Phase } from '../../../room/room.ts';
import { icon } from '../../../ui/icons.ts';
import type { Texts } from '../../../ui/texts.ts';

const STEPS = ['notice', 'devices', 'occupants'] as const;

/** Progress on the way in: three steps, then the room. */
export function renderSteps(texts: Texts, phase: Phase): TemplateResult | typeof nothing {
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
