import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { renderResembled } from '../../ui/host-mark.ts';
import { icon } from '../../ui/icons.ts';
import { PressGuard } from '../../ui/press-guard.ts';
import { ConsultElement } from '../../ui/consult-element.ts';
import { RoomController } from '../../ui/room-controller.ts';
import { isSession, resembledName, type Knock, type RoomState, type SessionState } from '../../room/room.ts';
import { styles } from './waiting-room.styles.ts';

interface Slice {
  readonly role: SessionState['role'];
  readonly waiting: boolean;
  readonly elsewhere: boolean;
  readonly knocking: SessionState['knocking'];
  readonly knocks: readonly Knock[];
}

function select(state: RoomState): Slice | undefined {
  if (!isSession(state)) return undefined;
  const { role, phase, signaling, knocking, knocks } = state;
  return { role, waiting: phase === 'waiting', elsewhere: signaling === 'elsewhere', knocking, knocks };
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
 * @csspart refuse-button - Host: refuses a person.
 * @csspart take-over-button - Host: continues here instead of on the other device that has the room open.
 * @since 0.1.0
 */
export class WaitingRoom extends ConsultElement {
  /** @internal */
  static readonly tag: string = 'waiting-room';
  /** @internal */
  static override readonly parts: readonly string[] = ['admit-button', 'refuse-button', 'take-over-button'];
  static override readonly styles = [ConsultElement.styles, styles];

  readonly #room = new RoomController(this, select);
  readonly #guard = new PressGuard();
  #clock: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#clock = setInterval(() => this.requestUpdate(), MINUTE);
  }

  protected override updated(): void {
    this.#guard.rendered((this.#room.value?.knocks ?? []).map(({ hash }) => hash).join(' '));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#clock);
  }

  protected override render(): TemplateResult | typeof nothing {
    const slice = this.#room.value;
    if (!slice) return nothing;
    if (slice.role === 'host') return slice.elsewhere ? this.#renderElsewhere() : this.#renderHost(slice);
    return slice.waiting ? this.#renderGuest(slice.knocking) : nothing;
  }

  #renderGuest(knocking: SessionState['knocking']): TemplateResult {
    return html`
      <div class="stack guest">
        <div class="lamp">${icon(knocking === 'admitted' ? 'door-open' : 'door-closed')}</div>
        <h2 tabindex="-1">${this.t('waiting-room.guest.heading')}</h2>
        <p>${this.t(`waiting-room.guest.${knocking}`)}</p>
        <p class="small private">${icon('eye-off')} <span>${this.t('waiting-room.guest.private')}</span></p>
        <p class="small">${this.t('waiting-room.guest.leave')}</p>
      </div>
    `;
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

  #renderHost({ knocks, waiting }: Slice): TemplateResult | typeof nothing {
    if (knocks.length === 0 && !waiting) return nothing;
    // A short list during a session, the whole screen before it.
    if (!waiting)
      return html`<ul aria-label=${this.t('waiting-room.host.heading')}>
        ${this.#renderKnocks(knocks)}
      </ul>`;
    return html`
      <div class="stack">
        <h2 tabindex="-1">${this.t('waiting-room.host.heading')}</h2>
        ${
          knocks.length > 0
            ? html`<p class="lead">${this.t('waiting-room.host.count', knocks.length)}</p>
                <ul>
                  ${this.#renderKnocks(knocks)}
                </ul>`
            : html`<p class="lead">${this.t('waiting-room.host.empty')}</p>
                <p class="small">${this.t('waiting-room.host.invite')}</p>`
        }
      </div>
    `;
  }

  #renderKnocks(knocks: readonly Knock[]): unknown {
    // Keyed: a knock that is withdrawn must not move another one under the finger that presses.
    return repeat(
      knocks,
      ({ hash }) => hash,
      (knock) => this.#renderKnock(knock),
    );
  }

  #renderResembled(knock: Pick<Knock, 'id' | 'name' | 'returning'>): TemplateResult | typeof nothing {
    const state = this.#room.room?.state;
    return renderResembled(this.texts, state && isSession(state) ? resembledName(state, knock) : null);
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
