import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { DeclaredServer } from '../../configuration.ts';
import { isSession, type RoomState } from '../../room/state.ts';
import { ConsultElement } from '../../ui/consult-element.ts';
import { icon } from '../../ui/icons.ts';
import { RoomController } from '../../ui/room-controller.ts';
import { styles } from './relay-consent-dialog.styles.ts';

interface Slice {
  /** Whom the question is about; one at a time. */
  readonly id: string;
  readonly name: string;
  readonly always: boolean;
  readonly servers: readonly DeclaredServer[];
}

function select(state: RoomState): Slice | undefined {
  if (!isSession(state)) return undefined;
  const asked = state.participants.find(({ relay }) => relay.step === 'asked' && relay.ours === 'open');
  if (!asked) return undefined;
  const { servers } = state.configuration;
  return { id: asked.id, name: asked.name, always: state.policy.relay === 'always', servers };
}

/**
 * The question whether a relay may be used [R8] [R9]: who it is, what it can see, that no is a good answer and that the other side must
 * agree too. Both answers weigh the same, the focus is on neither, and nothing but a person's click answers.
 *
 * @tag relay-consent-dialog
 * @csspart accept-button - Agrees.
 * @csspart decline-button - Declines; then no connection is made.
 * @since 0.1.0
 */
export class RelayConsentDialog extends ConsultElement {
  /** @internal */
  static readonly tag: string = 'relay-consent-dialog';
  /** @internal */
  static override readonly parts: readonly string[] = ['accept-button', 'decline-button'];
  static override readonly styles = [ConsultElement.styles, styles];

  readonly #room = new RoomController(this, select);

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const dialog = this.renderRoot.querySelector('dialog');
    if (!dialog || dialog.open) return;
    dialog.showModal();
    dialog.querySelector<HTMLElement>('h2')?.focus();
  }

  protected override render(): TemplateResult | typeof nothing {
    const slice = this.#room.value;
    if (!slice) return nothing;
    const relays = slice.servers.filter(({ role }) => role === 'relay');
    return html`
      <dialog aria-labelledby="heading" closedby="none" @cancel=${this.#onCancel} @close=${() => this.requestUpdate()}>
        <div class="stack">
          <h2 id="heading" tabindex="-1">${this.t('relay-consent-dialog.heading')}</h2>
          <p>
            ${slice.always ? this.t('relay-consent-dialog.always', slice.name) : this.t('relay-consent-dialog.text', slice.name)}
          </p>
          <ul class="points">
            ${relays.map(
              ({ operator, country }) =>
                html`<li>
                  ${icon('server')}
                  <span>${this.t('relay-consent-dialog.operator', operator, this.texts.country(country))}</span>
                </li>`,
            )}
            <li>${icon('eye')} <span>${this.t('relay-consent-dialog.sees')}</span></li>
            <li>${icon('lock')} <span>${this.t('relay-consent-dialog.never')}</span></li>
            <li>${icon('users-round')} <span>${this.t('relay-consent-dialog.both')}</span></li>
          </ul>
          <p class="small">${this.t('relay-consent-dialog.free')}</p>
          <div class="answers">
            <button part="accept-button" @click=${() => this.#answer(slice.id, 'yes')}>
              ${this.t('relay-consent-dialog.accept')}
            </button>
            <button part="decline-button" @click=${() => this.#answer(slice.id, 'no')}>
              ${this.t('relay-consent-dialog.decline')}
            </button>
          </div>
        </div>
      </dialog>
    `;
  }

  /**
   * Escape is no answer: the question stays until it is answered or nobody needs it any more. Browsers let a dialog be closed all the
   * same when nobody has touched the page; then it is shown again.
   */
  #onCancel(event: Event): void {
    event.preventDefault();
  }

  #answer(id: string, answer: 'yes' | 'no'): void {
    this.#room.room?.answerRelay(answer === 'yes', id);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'relay-consent-dialog': RelayConsentDialog;
  }
}
