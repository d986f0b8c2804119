import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { renderResembled } from '../../ui/host-mark.ts';
import { property, state } from 'lit/decorators.js';
import { icon } from '../../ui/icons.ts';
import { PressGuard } from '../../ui/press-guard.ts';
import { privateField } from '../../ui/private-field.ts';
import { ConsultElement } from '../../ui/consult-element.ts';
import { RoomController } from '../../ui/room-controller.ts';
import {
  isRegrouping,
  isSession,
  resembledName,
  type Knock,
  type RoomCode,
  type RoomState,
  type SessionState,
} from '../../room/room.ts';
import { codeStyles, renderHostCode } from '../../ui/code-to-read.ts';
import { styles } from './waiting-room.styles.ts';

interface Slice {
  readonly role: SessionState['role'];
  readonly waiting: boolean;
  readonly elsewhere: boolean;
  readonly knocking: SessionState['knocking'];
  readonly knocks: readonly Knock[];
  readonly operator: string;
  /** Whether the camera runs already; null without one. */
  readonly camera: boolean | null;
  readonly code: RoomCode | null;
}

function select(state: RoomState): Slice | undefined {
  if (!isSession(state)) return undefined;
  const { role, phase, signaling, knocking, knocks, configuration, devices, media, code } = state;
  return {
    role,
    waiting: phase === 'waiting' && !isRegrouping(state),
    elsewhere: signaling === 'elsewhere',
    knocking,
    knocks,
    operator: configuration.operator.name,
    camera: devices.camera ? media.camera : null,
    code,
  };
}

/** How often “has been waiting for 3 minutes” is updated, in milliseconds. */
const MINUTE = 60_000;

/**
 * Guests wait here until they are let in; hosts see who is waiting. A waiting person has no key: nobody sees or hears them,
 * and they see and hear nobody [R13].
 *
 * Shows nothing to a guest who is in. During a session the host sees a short list.
 *
 * @tag waiting-room
 * @csspart admit-button - Host: lets a person in.
 * @csspart admit-all-button - Host: lets everyone in who is waiting, except those whose name needs a look.
 * @csspart guest-link-button - Host: copies the link for guests.
 * @csspart guest-link - Host: the link, where the browser does not allow copying.
 * @csspart refuse-button - Host: refuses a person.
 * @csspart spoken-code - Host: the code to be read out on the telephone.
 * @csspart new-code-button - Host: makes another code, where this one was typed wrong too often.
 * @csspart take-over-button - Host: continues here instead of on the other device that has the room open.
 * @csspart summary - Host: unfolds the spoken code.
 * @since 0.1.0
 */
export class WaitingRoom extends ConsultElement {
  static readonly tag: string = 'waiting-room';
  static override readonly parts: readonly string[] = [
    'admit-button',
    'admit-all-button',
    'refuse-button',
    'take-over-button',
    'guest-link-button',
    'guest-link',
    'spoken-code',
    'new-code-button',
    'summary',
  ];
  static override readonly styles = [ConsultElement.styles, codeStyles, styles];

  /** The appointed time (ISO 8601), where the site knows it: the room itself does not. */
  @property() appointment: string | undefined;

  readonly #room = new RoomController(this, select);
  readonly #guard = new PressGuard();
  /** Host: the link for guests, once it is known. */
  @state() private link: string | null = null;
  @state() private copied: 'no' | 'done' | 'failed' = 'no';
  #clock: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#clock = setInterval(() => this.requestUpdate(), MINUTE);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#clock);
  }

  protected override updated(): void {
    const slice = this.#room.value;
    this.#guard.rendered((slice?.knocks ?? []).map(({ hash }) => hash).join(' '));
    if (slice?.role === 'host' && slice.waiting && this.link === null) void this.#findLink();
  }

  async #findLink(): Promise<void> {
    this.link = (await this.#room.room?.guestLink()) ?? '';
  }

  protected override render(): TemplateResult | typeof nothing {
    const slice = this.#room.value;
    if (!slice) return nothing;
    if (slice.role === 'host') return slice.elsewhere ? this.#renderElsewhere() : this.#renderHost(slice);
    return slice.waiting ? this.#renderGuest(slice) : nothing;
  }

  #renderGuest({ knocking, operator, camera }: Slice): TemplateResult {
    return html`
      <div class="guest">
        <h2 tabindex="-1">${this.t('waiting-room.guest.heading')}</h2>
        <p>${this.t(`waiting-room.guest.${knocking}`)}</p>
        <p class="small"><bdi>${operator}</bdi></p>
        ${this.#renderAppointment()}
        <p class="small private">
          ${icon('eye-off')}
          <span>
            ${this.t('waiting-room.guest.private')}
            ${camera === null ? nothing : this.t(`waiting-room.guest.camera.${camera ? 'on' : 'off'}`)}
          </span>
        </p>
      </div>
    `;
  }

  /** The appointed time, where the site has given it, and the time now. */
  #renderAppointment(): TemplateResult | typeof nothing {
    const at = this.appointment ? Date.parse(this.appointment) : Number.NaN;
    if (Number.isNaN(at)) return nothing;
    const format = new Intl.DateTimeFormat(this.texts.shown(), { timeStyle: 'short' });
    return html`<p class="small">
      ${this.t('waiting-room.appointment', format.format(at), format.format(Date.now()))}
    </p>`;
  }

  #renderElsewhere(): TemplateResult {
    return html`
      <div class="stack">
        <h2 tabindex="-1">${this.t('waiting-room.elsewhere.heading')}</h2>
        <p class="lead">${this.t('waiting-room.elsewhere.text')}</p>
        <p class="small">${this.t('waiting-room.elsewhere.others')}</p>
        <div class="row">
          <button part="take-over-button" class="primary" @click=${() => this.#room.room?.takeOver()}>
            ${icon('door-open')} ${this.t('waiting-room.elsewhere.take-over')}
          </button>
        </div>
      </div>
    `;
  }

  #renderHost({ knocks, waiting, code }: Slice): TemplateResult | typeof nothing {
    if (knocks.length === 0 && !waiting) return nothing;
    // A short list during a session, the whole screen before it.
    if (!waiting) return this.#renderKnocks(knocks);
    return html`
      <div class="stack">
        <h2 tabindex="-1">${this.t('waiting-room.host.heading')}</h2>
        ${this.#renderAppointment()}
        ${
          knocks.length > 0
            ? html`<p class="lead">${this.t('waiting-room.host.count', knocks.length)}</p>
                ${this.#renderKnocks(knocks)}`
            : html`<p class="lead">${this.t('waiting-room.host.empty')}</p>`
        }
        ${this.#renderGuestLink()}
        ${code ? renderHostCode(this.texts, code, () => this.#room.room?.renewCode()) : nothing}
      </div>
    `;
  }

  /** The host's own link contains all that the guests' needs, so nobody has to go and look for it. */
  #renderGuestLink(): TemplateResult | typeof nothing {
    if (!this.link) return nothing;
    return html`<div class="link">
      <p class="small">${this.t('waiting-room.host.invite')}</p>
      ${
        this.copied === 'failed'
          ? html`<input
              part="guest-link"
              readonly
              aria-label=${this.t('waiting-room.host.link')}
              ${privateField()}
              .value=${this.link}
            />`
          : html`<button part="guest-link-button" @click=${this.#onCopy}>
              ${icon(this.copied === 'done' ? 'check' : 'copy')}
              ${this.t(this.copied === 'done' ? 'room-invite.copied' : 'waiting-room.host.copy')}
            </button>`
      }
      <p class="visually-hidden" role="status">${this.copied === 'done' ? this.t('room-invite.copied') : ''}</p>
    </div>`;
  }

  readonly #onCopy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(this.link ?? '');
      this.copied = 'done';
    } catch {
      // Not allowed here: people can copy from a field by hand.
      this.copied = 'failed';
    }
  };

  #renderKnocks(knocks: readonly Knock[]): TemplateResult {
    // A name that needs a look is not let in by a press that is meant for everyone.
    const plain = knocks.filter((knock) => knock.formerName === undefined && this.#resembled(knock) === null);
    return html`
      ${
        plain.length > 1
          ? html`<div class="row">
              <button part="admit-all-button" @click=${(event: MouseEvent) => this.#admitAll(event, plain)}>
                ${icon('door-open')}
                ${this.t(plain.length === knocks.length ? 'waiting-room.admit-all' : 'waiting-room.admit-others')}
              </button>
            </div>`
          : nothing
      }
      <ul aria-label=${this.t('waiting-room.host.heading')}>
        ${
          // Keyed: a knock that is withdrawn must not move another one under the finger that presses.
          repeat(
            knocks,
            ({ hash }) => hash,
            (knock) => this.#renderKnock(knock),
          )
        }
      </ul>
    `;
  }

  /** Those who were shown when the button was pressed, and nobody who has come since. */
  #admitAll(event: MouseEvent, knocks: readonly Knock[]): void {
    if (!this.#guard.allows(event)) return;
    this.#room.room?.admitAll(knocks);
  }

  #renderResembled(knock: Pick<Knock, 'id' | 'name' | 'returning'>): TemplateResult | typeof nothing {
    return renderResembled(this.texts, this.#resembled(knock));
  }

  #resembled(knock: Pick<Knock, 'id' | 'name' | 'returning'>): string | null {
    const state = this.#room.room?.state;
    return state && isSession(state) ? resembledName(state, knock) : null;
  }

  #returning(formerName: string | undefined): string {
    return formerName === undefined
      ? this.t('waiting-room.returning')
      : this.t('waiting-room.returning.renamed', formerName);
  }

  #renderKnock({ id, name, since, returning, formerName, hash }: Knock): TemplateResult {
    const minutes = this.texts.minutesSince(since, Date.now());
    return html`
      <li>
        <div class="who">
          <p class="name"><bdi>${name}</bdi></p>
          ${this.#renderResembled({ id, name, returning })}
          <p class="small">
            ${minutes === 0 ? this.t('waiting-room.since.now') : this.t('waiting-room.since.minutes', minutes)}
          </p>
          ${returning ? html`<p class="small" translate="no">${this.#returning(formerName)}</p>` : nothing}
        </div>
        <div class="row">
          <button
            part="admit-button"
            class="primary"
            aria-label=${this.t('waiting-room.admit.label', name)}
            @click=${(event: MouseEvent) => (this.#guard.allows(event) ? this.#room.room?.admit(id, hash) : undefined)}
          >
            ${icon('door-open')} ${this.t('waiting-room.admit')}
          </button>
          <button
            part="refuse-button"
            aria-label=${this.t('waiting-room.refuse.label', name)}
            @click=${(event: MouseEvent) => (this.#guard.allows(event) ? this.#room.room?.refuse(id, hash) : undefined)}
          >
            ${this.t('waiting-room.refuse')}
          </button>
        </div>
      </li>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'waiting-room': WaitingRoom;
  }
}
