/** Progress on the way in: three steps, then the room. Bars for the eye, words for screen readers. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Phase } from '../../../room/room.ts';
import type { Texts } from '../../../ui/texts.ts';

const STEPS = ['notice', 'devices', 'occupants'] as const;

export function renderSteps(texts: Texts, phase: Phase): TemplateResult | typeof nothing {
  const at = STEPS.findIndex((step) => step === phase);
  if (at < 0) return nothing;
  return html`
    <ol class="steps" part="steps">
      ${STEPS.map(
        (step, index) => html`
          <li class=${index <= at ? 'done' : ''} aria-current=${index === at ? 'step' : nothing}>
            <span class="visually-hidden">
              ${texts.term('consult-room.step', index + 1, STEPS.length)}: ${texts.term(`consult-room.step.${step}`)}
            </span>
          </li>
        `,
      )}
    </ol>
  `;
}
