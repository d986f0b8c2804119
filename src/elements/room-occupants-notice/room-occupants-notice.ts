import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import {
  isSession,
  type Occupants,
  type Participant,
  type Phase,
  type Policy,
  type Role,
  type RoomState,
} from '../../room/room.ts';
import { isComposing } from '../../ui/composing.ts';
import { ConsultElement } from '../../ui/consult-element.ts';
import { icon } from '../../ui/icons.ts';
import { OriginalText } from '../../ui/page-translation.ts';
import { privateField } from '../../ui/private-field.ts';
import { RoomController } from '../../ui/room-controller.ts';
import { SOMEONE_CAME_IN_KEY } from '../../ui/shortcut.ts';
import { renderDeclarations } from './declarations.ts';
import { EMPTY, finish, fits, without, write, type Draft } from './draft.ts';
import { styles } from './room-occupants-notice.styles.ts';
import { renderStatement, statementLines } from './statement.ts';

interface Slice {
  readonly phase: Phase;
  readonly role: Role;
  readonly policy: Policy;
  /** Someone came in here: the declaration is out of date. */
  readonly again: boolean;
  readonly ours: Occupants | null;
  readonly others: readonly Participant[];
}

const NOBODY: readonly Participant[] = [];

function select(room: RoomState): Slice | undefined {
  if (room.phase === 'occupants')
    return {
      phase: room.phase,
      role: room.role,
      policy: room.policy,
      again: false,
      ours: room.declared,
      others: NOBODY,
    };
  if (!isSession(room)) return undefined;
  const again = room.media.paused === 'someone-came-in';
  return {
    phase: room.phase,
    role: room.role,
    policy: room.policy,
    again,
    ours: room.occupants,
    others: room.participants,
  };
}

/**
 * Each side names everyone in its room and states that the room is closed and that nobody records; every other side
 * acknowledges; only then does media flow [R13] [R14] [R16].
 *
 * Asks in phase `occupants` and again after “someone came in”, there behind a neutral cover that tells a visitor nothing. During
 * a session it lists what the others declared.
 *
 * @tag room-occupants-notice
 * @csspart occupants-input - Who else is in the room; commas or Enter separate names.
 * @csspart continue-button - Makes the declaration; its label says what is declared.
 * @csspart company-button - Says that someone else is in the room; then the field appears.
 * @csspart uncover-button - Lifts the neutral cover after “someone came in”.
 * @csspart acknowledge-button - Acknowledges another side's declaration.
 * @csspart take-out-button - Host: removes a person from the room.
 * @csspart take-out-dialog - Asks before removing a person.
 * @csspart host-mark - The mark beside the name of the counsellor.
 * @csspart add-button - Adds the name that was typed.
 * @csspart take-off-button - Takes a name off the list.
 * @csspart confirm-button - Carries out what the question is about.
 * @csspart cancel-button - Changes nothing.
 * @csspart summary - Unfolds the rules of a group.
 * @since 0.1.0
 */
export class RoomOccupantsNotice extends ConsultElement {
  static readonly tag: string = 'room-occupants-notice';
  /** @internal */
  static override readonly speaks = 'agreement';
  static override readonly parts: readonly string[] = [
    'occupants-input',
    'continue-button',
    'company-button',
    'uncover-button',
    'acknowledge-button',
    'take-out-button',
    'take-out-dialog',
    'host-mark',
    'add-button',
    'take-off-button',
    'confirm-button',
    'cancel-button',
    'summary',
  ];
  static override readonly styles = [ConsultElement.styles, styles];

  /**
   * The key for “someone came in” that the text names; keep it equal to that of `<call-controls>`, which listens for it.
   *
   * @default 'F8'
   */
  @property({ attribute: 'someone-came-in-key' }) someoneCameInKey: string = SOMEONE_CAME_IN_KEY;

  readonly #room = new RoomController(this, select);
  readonly #original = new OriginalText(this);
  /** Whose declaration was just acknowledged: its button disappears with the focus. */
  #acknowledged: string | null = null;

  @state() private draft: Draft = EMPTY;

  /** Whether the person said that they are not alone: only then there is a field. */
  @state() private company = false;

  /** Whether the neutral cover still hides the question after “someone came in”. */
  @state() private covered = true;

  /** Last change of the list in words, because screen readers do not announce a changed list. */
  @state() private changed = '';

  /** The person the host is asked about. */
  @state() private leaving: Participant | null = null;

  /** Moves the focus to the next person to acknowledge, or back to the heading; never to the top of the page. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const { again = false, phase } = this.#room.value ?? {};
    if (again || phase === 'occupants') return;
    this.covered = true;
    this.company = false;
  }

  protected override updated(): void {
    const other = this.#room.value?.others.find(({ id }) => id === this.#acknowledged);
    if (!other?.acknowledged.byUs) return;
    this.#acknowledged = null;
    if (document.activeElement !== document.body) return;
    const further = this.renderRoot.querySelector<HTMLElement>('[part="acknowledge-button"]');
    if (further) further.focus();
    else this.focus();
  }

  protected override render(): TemplateResult | typeof nothing {
    const slice = this.#room.value;
    if (!slice) return nothing;
    if (slice.phase === 'occupants' || slice.again) return this.#renderForm(slice);
    return slice.others.length > 0 ? this.#renderOthers(slice) : nothing;
  }

  #renderForm(slice: Slice): TemplateResult {
    const { again } = slice;
    if (again && this.covered) return this.#renderCover();
    const { people } = finish(this.draft);
    const possible = fits(people);
    return html`
      <form class="step" @submit=${this.#onSubmit} novalidate>
        <h2 tabindex="-1">${this.t(`room-occupants-notice.${again ? 'again.heading' : 'heading'}`)}</h2>
        ${again ? html`<p>${this.t('room-occupants-notice.again.lead')}</p>` : nothing}
        ${this.company ? this.#renderField(possible) : nothing}
        ${this.#original.render(renderStatement(this.texts, slice))}
        ${this.#original.altered ? html`<p class="hint" role="alert">${icon('info')} ${this.t('agreement.altered')}</p>` : nothing}
        ${again ? nothing : this.#renderLater()}
        <div class="foot answers">
          ${
            // Another button, not one that fades from one colour to the other.
            keyed(
              this.company,
              html`<button
                part="continue-button"
                class=${this.company ? 'primary' : ''}
                type="submit"
                translate="no"
                ?disabled=${!possible}
              >
                ${this.#answer(slice, people)}
              </button>`,
            )
          }
          ${
            this.company
              ? nothing
              : html`<button part="company-button" type="button" @click=${this.#onCompany}>
                  ${this.t(`room-occupants-notice.company${again ? '.again' : ''}`)}
                </button>`
          }
        </div>
      </form>
    `;
  }

  /** What the continue button declares. */
  #answer({ again }: Slice, people: readonly string[]): string {
    if (people.length === 0) return this.t(`room-occupants-notice.continue.alone${again ? '.again' : ''}`);
    const named = this.texts.list([...people, this.t('room-occupants-notice.me')]);
    return this.t('room-occupants-notice.continue.people', named);
  }

  /** The first thing on the screen after “someone came in”: it tells the visitor nothing [R14]. */
  #renderCover(): TemplateResult {
    return html`
      <div class="step">
        <h2 tabindex="-1">${this.t('room-occupants-notice.cover')}</h2>
        <div class="foot">
          <button part="uncover-button" class="primary" @click=${this.#onUncover}>
            ${this.t('room-occupants-notice.uncover')}
          </button>
        </div>
      </div>
    `;
  }

  #renderField(possible: boolean): TemplateResult {
    return html`
      <div class="field">
        <label for="occupants">${this.t('room-occupants-notice.input')}</label>
        ${this.#renderInput(possible)}
        <p class="small" id="hint">
          ${this.t(possible ? 'room-occupants-notice.hint' : 'room-occupants-notice.limit')}
        </p>
        ${this.#renderPeople()}
        <p class="visually-hidden" role="status" translate="no">${this.changed}</p>
      </div>
    `;
  }

  #renderLater(): TemplateResult {
    const key = this.someoneCameInKey;
    return html`<p class="small">
      ${this.t('room-occupants-notice.later')}
      ${key === '' ? nothing : html`<span class="key">${this.t('room-occupants-notice.later.key', key)}</span>`}
    </p>`;
  }

  #renderInput(possible: boolean): TemplateResult {
    return html`
      <div class="entry">
        <input
          part="occupants-input"
          id="occupants"
          enterkeyhint="done"
          aria-describedby="hint"
          aria-invalid=${possible ? 'false' : 'true'}
          .value=${this.draft.writing}
          @input=${this.#onInput}
          @keydown=${this.#onKeyDown}
          ${privateField()}
        />
        <button part="add-button" type="button" ?hidden=${this.draft.writing.trim() === ''} @click=${this.#onAdd}>
          ${icon('plus')} ${this.t('room-occupants-notice.add')}
        </button>
      </div>
    `;
  }

  #renderPeople(): TemplateResult | typeof nothing {
    if (this.draft.people.length === 0) return nothing;
    return html`
      <ul class="people" aria-label=${this.t('room-occupants-notice.list')}>
        ${this.draft.people.map(
          (name) => html`
            <li class="person">
              <bdi>${name}</bdi>
              <button
                part="take-off-button"
                type="button"
                class="quiet"
                aria-label=${this.t('room-occupants-notice.remove', name)}
                @click=${() => this.#onRemove(name)}
              >
                ${icon('x')}
              </button>
            </li>
          `,
        )}
      </ul>
    `;
  }

  #renderOthers(slice: Slice): TemplateResult | typeof nothing {
    return renderDeclarations(
      this.texts,
      { ...slice, leaving: this.leaving },
      {
        acknowledge: (id, hash) => {
          this.#acknowledged = id;
          this.#room.room?.acknowledgeOccupants(id, hash);
        },
        takeOut: (person) => void this.#onTakeOut(person),
        remove: (id) => this.#room.room?.remove(id),
      },
    );
  }

  async #onCompany(): Promise<void> {
    this.company = true;
    await this.updateComplete;
    this.#focusInput();
  }

  async #onUncover(): Promise<void> {
    this.covered = false;
    await this.updateComplete;
    this.focus();
  }

  async #onTakeOut(person: Participant): Promise<void> {
    this.leaving = person;
    await this.updateComplete;
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  #onInput(event: InputEvent): void {
    // Not while an input method composes: a separator may be part of the composition.
    const text = (event.target as HTMLInputElement).value;
    this.#change(event.isComposing ? { ...this.draft, writing: text } : write(this.draft, text));
  }

  #onKeyDown(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    if (event.key === 'Enter' && this.draft.writing.trim() !== '') {
      event.preventDefault();
      this.#onAdd();
    }
  }

  #onAdd(): void {
    this.#change(finish(this.draft));
    this.#focusInput();
  }

  #onRemove(name: string): void {
    this.#change(without(this.draft, name));
    this.#focusInput();
  }

  #change(draft: Draft): void {
    const { people } = this.draft;
    const added = draft.people.filter((name) => !people.includes(name));
    const removed = people.filter((name) => !draft.people.includes(name));
    this.draft = draft;
    if (added.length > 0) this.changed = this.t('room-occupants-notice.added', this.texts.list(added));
    if (removed.length > 0) this.changed = this.t('room-occupants-notice.removed', this.texts.list(removed));
  }

  #focusInput(): void {
    this.renderRoot.querySelector('input')?.focus();
  }

  #onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    const { room, value: slice } = this.#room;
    const { people } = finish(this.draft);
    if (!room || !slice || !fits(people)) return;
    if (!this.#original.check(statementLines(this.texts, slice))) return;
    if (slice.phase === 'occupants') room.acceptRules(this.texts.shown());
    room.declareOccupants(people);
    if (slice.phase === 'occupants') room.join();
    this.draft = EMPTY;
    this.changed = '';
    this.company = false;
    this.covered = true;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'room-occupants-notice': RoomOccupantsNotice;
  }
}
