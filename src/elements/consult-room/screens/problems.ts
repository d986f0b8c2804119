/** Problems that do not end the session. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Problem } from '../../../room/room.ts';
import { icon } from '../../../ui/icons.ts';
import type { Texts } from '../../../ui/texts.ts';

/** Problems that do not end the session, shown until the person dismisses them. */
export function renderProblems(
  texts: Texts,
  problems: readonly Problem[],
  onDismiss: (id: number) => void,
): TemplateResult | typeof nothing {
  if (problems.length === 0) return nothing;
  return html`
    <ul class="problems" part="problems">
      ${problems.map((problem) => {
        const { id } = problem;
        const { what, advice } = texts.problem(problem);
        return html`
          <li class="problem" translate=${problem.about === undefined ? nothing : 'no'}>
            ${icon('info')}
            <div>
              <p>${what}</p>
              <p class="small">${advice}</p>
            </div>
            <button
              part="dismiss-button"
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
