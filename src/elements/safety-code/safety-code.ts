import { html, nothing, type TemplateResult } from 'lit';
import { type Encryption, isSession, type RoomState } from '../../room/room.ts';
import { ConsultElement } from '../../ui/consult-element.ts';
import { icon } from '../../ui/icons.ts';
import { RoomController } from '../../ui/room-controller.ts';
import { styles } from './safety-code.styles.ts';

interface Slice {
  readonly encryption: Encryption;
  readonly names: string;
  readonly count: number;
}

/** Shows the code only when others are there: a code with oneself proves nothing. */
function select(state: RoomState): Slice | undefined {
  if (!isSession(state) || !state.encryption || state.participants.length === 0) return undefined;
  // One string, so that a speaking participant does not cause a re-render.
  const names = JSON.stringify(state.participants.map(({ name }) => name));
  return { encryption: state.encryption, names, count: state.participants.length + 1 };
}

/**
 * The safety code: thirty digits that are equal on every side only if all are in one group with the same keys, with nobody in
 * between. People read it to each other; the names and the number of people are part of what they compare.
 *
 * @tag safety-code
 * @csspart code - The digits.
 * @csspart compared-button - Marks the codes as compared and equal, or undoes it.
 * @csspart summary - Unfolds what to do where the codes differ.
 * @since 0.1.0
 */
export class SafetyCode extends ConsultElement {
  static readonly tag: string = 'safety-code';
  static override readonly parts: readonly string[] = ['code', 'compared-button', 'summary'];
  static override readonly styles = [ConsultElement.styles, styles];

  readonly #room = new RoomController(this, select);

  protected override render(): TemplateResult | typeof nothing {
    const slice = this.#room.value;
    if (!slice) return nothing;
    const { compared, safetyCode } = slice.encryption;
    const names = JSON.parse(slice.names) as string[];
    return html`
      <section class="stack">
        <h3>${this.t('safety-code.heading')}</h3>
        <p class="state ${compared ? 'done' : ''}" role="status">
          ${icon(compared ? 'shield-check' : 'lock')}
          ${this.t(compared ? 'safety-code.compared' : 'safety-code.not-compared')}
        </p>
        <p class="small">${this.t('safety-code.text')}</p>
        <p part="code" class="code" role="img" translate="no" aria-label=${this.#spoken(safetyCode)}>
          ${safetyCode.map((group) => html`<span>${group}</span>`)}
        </p>
        <p class="small" translate="no">
          ${this.t('safety-code.people', slice.count, this.texts.list([...names, this.t('safety-code.you')]))}
        </p>
        <div class="row">
          <button part="compared-button" @click=${() => this.#room.room?.setCompared(!compared)}>
            ${icon('check')} ${this.t(compared ? 'safety-code.undo' : 'safety-code.confirm')}
          </button>
        </div>
        <details>
          <summary part="summary">${this.t('safety-code.differ.summary')}</summary>
          <p class="small">${this.t('safety-code.differ.text')}</p>
        </details>
      </section>
    `;
  }

  /** Digit by digit, with a pause between groups: five-digit numbers cannot be compared by ear. */
  #spoken(groups: readonly string[]): string {
    return groups.map((group) => Array.from(group).join(' ')).join(', ');
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'safety-code': SafetyCode;
  }
}
