import { html, nothing, type TemplateResult } from 'lit';
import { isSession, type Participant, type Problem, type RoomState } from '../../room/room.ts';
import { ConsultElement } from '../../ui/consult-element.ts';
import { icon } from '../../ui/icons.ts';
import { RoomController } from '../../ui/room-controller.ts';
import { styles } from './recording-guard.styles.ts';

interface Slice {
  readonly participants: readonly Participant[];
  readonly problems: readonly Problem[];
}

function select(state: RoomState): Slice | undefined {
  return isSession(state) ? { participants: state.participants, problems: state.problems } : undefined;
}

/**
 * The promise that nobody records [R16]: who has made it, whether a program has tried to record, here or on another
 * participant's page, and what no web page can prevent. The promise is part of each side's declaration: nobody can declare
 * without it, and no media flows before both sides have.
 *
 * @tag recording-guard
 * @since 0.1.0
 */
export class RecordingGuard extends ConsultElement {
  static readonly tag: string = 'recording-guard';
  static override readonly styles = [ConsultElement.styles, styles];

  readonly #room = new RoomController(this, select);

  protected override render(): TemplateResult | typeof nothing {
    const slice = this.#room.value;
    if (!slice) return nothing;
    const tried = slice.problems.filter(({ code }) => code === 'recording-refused');
    return html`
      <section class="stack">
        <h3>${this.t('recording-guard.heading')}</h3>
        <p>${this.t('recording-guard.text')}</p>
        <ul class="sides">
          ${this.#renderSide('agreed', this.t('recording-guard.own'))}
          ${slice.participants.map(({ name, occupants }) => {
            const side = occupants ? 'agreed' : 'awaited';
            return this.#renderSide(side, this.t(`recording-guard.${side}`, name));
          })}
        </ul>
        ${tried.map(
          (problem) =>
            html`<p class="hint" role="status" translate="no">
              ${icon('triangle-alert')} <span>${this.texts.problem(problem).what}</span>
            </p>`,
        )}
        <p class="small">${this.t('recording-guard.limits')}</p>
        <p class="small">${this.t('recording-guard.limits.not')}</p>
      </section>
    `;
  }

  #renderSide(side: 'agreed' | 'awaited', text: string): TemplateResult {
    return html`<li class=${side} translate="no">
      ${icon(side === 'agreed' ? 'check' : 'clock')} <span>${text}</span>
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'recording-guard': RecordingGuard;
  }
}
