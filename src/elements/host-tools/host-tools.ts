import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { state } from 'lit/decorators.js';
import { isSession, type ParticipantRole, type Policy, type RoomCode, type RoomState } from '../../room/room.ts';
import { renderQuestion } from '../../ui/confirm.ts';
import { ConsultElement } from '../../ui/consult-element.ts';
import { icon } from '../../ui/icons.ts';
import { PressGuard } from '../../ui/press-guard.ts';
import { RoomController } from '../../ui/room-controller.ts';
import { codeStyles, renderHostCode } from '../../ui/code-to-read.ts';
import { styles } from './host-tools.styles.ts';

/** What the tools need to know of one participant; no change of a picture or a voice is in it. */
interface Person {
  readonly id: string;
  readonly name: string;
  readonly microphone: boolean;
  readonly role: ParticipantRole | null;
  readonly hand: boolean;
  readonly break: boolean;
  readonly standIn: boolean;
}

interface Slice {
  /** `handed-over`: we hold the host link, and another person leads. */
  readonly lead: 'ours' | 'delegated' | 'handed-over';
  readonly standIns: Policy['standIn'];
  /** The id of the person who was asked to lead, and has not answered. */
  readonly asked: string | null;
  /** As JSON, so that the tools render only when one of them changes. */
  readonly people: string;
  readonly locked: boolean;
  readonly code: RoomCode | null;
}

function select(room: RoomState): Slice | undefined {
  if (!isSession(room) || (room.role !== 'host' && room.authority !== 'host-key')) return undefined;
  const people = room.participants.map((p): Person => ({
    id: p.id,
    name: p.name,
    microphone: p.media.microphone,
    role: p.role,
    hand: p.hand,
    break: p.break,
    standIn: p.standIn,
  }));
  const { authority, code, handOver, locked, policy, role } = room;
  return {
    people: JSON.stringify(people),
    locked,
    code,
    lead: role === 'guest' ? 'handed-over' : authority === 'delegation' ? 'delegated' : 'ours',
    standIns: policy.standIn,
    asked: handOver.step === 'offered' ? handOver.id : null,
  };
}

/**
 * The counsellor's tools: lock the room, mute one or everyone, name an interpreter or a stand-in, hand the room over, remove a person, end
 * for everyone; and who raised a hand or needs a break. A host who handed the room over can take it back here. Shows nothing to other
 * guests. Nobody can turn on another's microphone: the tools can only ask.
 *
 * @tag host-tools
 * @csspart lock-button - Locks the room, and unlocks it.
 * @csspart mute-everyone-button - Turns everyone's microphone off.
 * @csspart end-button - Ends the session for everyone, after a question.
 * @csspart end-dialog - The question before the end.
 * @csspart mute-button - Turns one participant's microphone off.
 * @csspart ask-unmute-button - Asks one participant to turn the microphone on.
 * @csspart interpreter-button - Makes a participant interpreter, or no longer.
 * @csspart hand-over-button - Asks a participant to lead the room, after a question.
 * @csspart stand-in-button - Asks a participant to lead where the host is lost, after a question.
 * @csspart hand-over-dialog - The question before either.
 * @csspart withdraw-offer-button - Takes back what was asked and not answered yet.
 * @csspart take-back-button - Takes back a room that was handed over.
 * @csspart spoken-code - The code to be read out on the telephone.
 * @csspart new-code-button - Makes another code, where this one was typed wrong too often.
 * @csspart remove-button - Removes a participant, after a question.
 * @csspart remove-dialog - The question before a removal.
 * @csspart confirm-button - Carries out what the question is about.
 * @csspart cancel-button - Changes nothing.
 * @csspart summary - Unfolds the spoken code.
 * @since 0.1.0
 */
export class HostTools extends ConsultElement {
  static readonly tag: string = 'host-tools';
  static override readonly parts: readonly string[] = [
    'lock-button',
    'mute-everyone-button',
    'end-button',
    'end-dialog',
    'mute-button',
    'ask-unmute-button',
    'interpreter-button',
    'hand-over-button',
    'stand-in-button',
    'hand-over-dialog',
    'withdraw-offer-button',
    'take-back-button',
    'remove-button',
    'remove-dialog',
    'spoken-code',
    'new-code-button',
    'confirm-button',
    'cancel-button',
    'summary',
  ];
  static override readonly styles = [ConsultElement.styles, codeStyles, styles];

  readonly #room = new RoomController(this, select);
  readonly #guard = new PressGuard();

  /** Whom the question is about. */
  @state() private removing: Pick<Person, 'id' | 'name'> | null = null;
  @state() private naming: (Pick<Person, 'id' | 'name'> & { readonly as: 'hand-over' | 'stand-in' }) | null = null;

  protected override updated(): void {
    this.#guard.rendered(this.#people.map(({ id }) => id).join());
  }

  get #people(): readonly Person[] {
    const slice = this.#room.value;
    return slice ? (JSON.parse(slice.people) as Person[]) : [];
  }

  protected override render(): TemplateResult | typeof nothing {
    const slice = this.#room.value;
    if (!slice) return nothing;
    if (slice.lead === 'handed-over') return this.#renderTakeBack();
    const people = this.#people;
    return html`
      <section class="stack">
        <h3>${this.t('host-tools.heading')}</h3>
        ${this.#renderRoom(slice, people)} ${this.#renderAsked(slice, people)}
        ${people.length > 0 ? this.#renderPeople(slice, people) : nothing}
        ${slice.code ? renderHostCode(this.texts, slice.code, () => this.#room.room?.renewCode()) : nothing}
        ${this.#renderEnd()}
      </section>
      ${this.#renderQuestions()}
    `;
  }

  #renderRoom({ locked }: Slice, people: readonly Person[]): TemplateResult {
    return html`<div class="stack room">
      <div class="tool">
        <button
          part="lock-button"
          aria-pressed=${locked ? 'true' : 'false'}
          aria-describedby="lock"
          @click=${() => this.#room.room?.lock(!locked)}
        >
          ${icon(locked ? 'lock' : 'lock-open')} ${this.t('host-tools.lock')}
        </button>
        <p class="small" id="lock">${this.t(locked ? 'host-tools.lock.on' : 'host-tools.lock.off')}</p>
      </div>
      ${
        people.length > 0
          ? html`<div class="tool">
              <button
                part="mute-everyone-button"
                aria-describedby="mute"
                ?disabled=${people.every(({ microphone }) => !microphone)}
                @click=${() => this.#room.room?.muteEveryone()}
              >
                ${icon('mic-off')} ${this.t('host-tools.mute-everyone')}
              </button>
              <p class="small" id="mute">${this.t('host-tools.mute-everyone.text')}</p>
            </div>`
          : nothing
      }
    </div>`;
  }

  #renderEnd(): TemplateResult {
    return html`<div class="tool">
      <button part="end-button" class="danger" aria-haspopup="dialog" @click=${() => this.#ask('end')}>
        ${icon('log-out')} ${this.t('host-tools.end')}
      </button>
    </div>`;
  }

  #renderPeople(slice: Slice, people: readonly Person[]): TemplateResult {
    // Keyed: one who leaves must not move another one's buttons under the finger that presses.
    return html`<ul class="people" aria-label=${this.t('host-tools.people')}>
      ${repeat(
        people,
        ({ id }) => id,
        (person) => this.#renderPerson(slice, person),
      )}
    </ul>`;
  }

  #renderTakeBack(): TemplateResult {
    return html`<section class="stack">
      <h3>${this.t('host-tools.heading')}</h3>
      <div class="tool">
        <button
          part="take-back-button"
          aria-describedby="take-back"
          @click=${this.#guarded(() => this.#room.room?.takeOver())}
        >
          ${icon('undo-2')} ${this.t('host-tools.take-back')}
        </button>
        <p class="small" id="take-back">${this.t('host-tools.take-back.text')}</p>
      </div>
    </section>`;
  }

  #renderAsked({ asked }: Slice, people: readonly Person[]): TemplateResult | typeof nothing {
    const person = people.find(({ id }) => id === asked);
    if (!person) return nothing;
    return html`<div class="tool" role="status">
      <p translate="no">${this.t('host-tools.hand-over.asked', person.name)}</p>
      <button part="withdraw-offer-button" @click=${() => this.#room.room?.withdrawHandOver()}>
        ${icon('x')} ${this.t('host-tools.hand-over.withdraw')}
      </button>
    </div>`;
  }

  #renderLeading({ lead, standIns, asked }: Slice, { id, name, standIn }: Person): TemplateResult | typeof nothing {
    // A delegate cannot hand on what it was given.
    if (lead !== 'ours') return nothing;
    const mayAsk = { 'hand-over': asked === null, 'stand-in': asked === null && !standIn };
    // Not `disabled`: the button that was pressed would lose the focus.
    const question = (as: 'hand-over' | 'stand-in') =>
      this.#guarded(() => (mayAsk[as] ? void this.#askToName({ id, name, as }) : undefined));
    return html`<button
        part="hand-over-button"
        aria-haspopup="dialog"
        aria-label=${this.t('host-tools.hand-over.label', name)}
        aria-disabled=${asked !== null}
        @click=${question('hand-over')}
      >
        ${icon('handshake')} ${this.t('host-tools.hand-over')}
      </button>
      ${
        standIns === 'no'
          ? nothing
          : html`<button
              part="stand-in-button"
              aria-haspopup="dialog"
              aria-pressed=${standIn ? 'true' : 'false'}
              aria-label=${this.t('host-tools.stand-in.label', name)}
              aria-disabled=${asked !== null || standIn}
              @click=${question('stand-in')}
            >
              ${icon('umbrella')} ${this.t('host-tools.stand-in')}
            </button>`
      }`;
  }

  #renderPerson(slice: Slice, person: Person): TemplateResult {
    const { id, name, microphone, role } = person;
    const interpreting = role === 'interpreter';
    return html`<li translate="no">
      <p class="name">
        <bdi>${name}</bdi>
        ${this.#renderSigns(person)}
      </p>
      <div class="each">
        <button
          part=${microphone ? 'mute-button' : 'ask-unmute-button'}
          aria-label=${this.t(microphone ? 'host-tools.mute.label' : 'host-tools.ask-unmute.label', name)}
          @click=${this.#guarded(() => (microphone ? this.#room.room?.mute(id) : this.#room.room?.askToUnmute(id)))}
        >
          ${icon(microphone ? 'mic-off' : 'mic')} ${this.t(microphone ? 'host-tools.mute' : 'host-tools.ask-unmute')}
        </button>
        <button
          part="interpreter-button"
          aria-pressed=${interpreting ? 'true' : 'false'}
          aria-label=${this.t('host-tools.interpreter.label', name)}
          @click=${this.#guarded(() => this.#room.room?.setRole(id, interpreting ? null : 'interpreter'))}
        >
          ${icon('languages')} ${this.t('host-tools.interpreter')}
        </button>
        ${this.#renderLeading(slice, person)}
        <button
          part="remove-button"
          aria-haspopup="dialog"
          aria-label=${this.t('host-tools.remove.label', name)}
          @click=${this.#guarded(() => void this.#askToRemove({ id, name }))}
        >
          ${icon('user-round-minus')} ${this.t('host-tools.remove')}
        </button>
      </div>
    </li>`;
  }

  #renderSigns(person: Person): TemplateResult {
    return html`${
      person.break ? html`<span class="sign break">${icon('coffee')} ${this.t('host-tools.break')}</span>` : nothing
    }
    ${person.hand ? html`<span class="sign">${icon('hand')} ${this.t('host-tools.hand')}</span>` : nothing}`;
  }

  #renderQuestions(): TemplateResult {
    const name = this.removing?.name ?? '';
    const as = this.naming?.as ?? 'hand-over';
    return html`
      <div class="end">
        ${renderQuestion({
          part: 'end-dialog',
          heading: this.t('host-tools.end.heading'),
          text: this.t('host-tools.end.text'),
          yes: this.t('host-tools.end.confirm'),
          no: this.t('host-tools.cancel'),
          act: () => this.#room.room?.endForEveryone(),
        })}
      </div>
      <div class="remove">
        ${renderQuestion({
          part: 'remove-dialog',
          heading: this.t('host-tools.remove.heading', name),
          text: this.t('host-tools.remove.text'),
          yes: this.t('host-tools.remove.confirm'),
          no: this.t('host-tools.cancel'),
          act: () => this.removing && this.#room.room?.remove(this.removing.id),
        })}
      </div>
      <div class="name-leader">
        ${renderQuestion({
          part: 'hand-over-dialog',
          heading: this.t(`host-tools.${as}.heading`, this.naming?.name ?? ''),
          text: this.t(`host-tools.${as}.text`),
          yes: this.t('host-tools.hand-over.confirm'),
          no: this.t('host-tools.cancel'),
          act: () => this.#name(),
        })}
      </div>
    `;
  }

  #guarded(act: () => void): (event: MouseEvent) => void {
    return (event) => {
      if (this.#guard.allows(event)) act();
    };
  }

  async #askToRemove(person: Pick<Person, 'id' | 'name'>): Promise<void> {
    this.removing = person;
    await this.updateComplete;
    this.#ask('remove');
  }

  async #askToName(naming: NonNullable<HostTools['naming']>): Promise<void> {
    this.naming = naming;
    await this.updateComplete;
    this.#ask('name-leader');
  }

  #name(): void {
    const { naming } = this;
    if (naming?.as === 'hand-over') this.#room.room?.handOver(naming.id);
    else if (naming) this.#room.room?.nameStandIn(naming.id);
  }

  #ask(question: 'end' | 'remove' | 'name-leader'): void {
    this.renderRoot.querySelector<HTMLDialogElement>(`.${question} dialog`)?.showModal();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'host-tools': HostTools;
  }
}
