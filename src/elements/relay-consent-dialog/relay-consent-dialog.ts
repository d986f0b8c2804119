import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { DeclaredServer } from '../../configuration.ts';
import { isSession, type Role, type RoomState } from '../../room/state/state.ts';
import { ConsultElement, type ConsultElementClass } from '../../ui/consult-element.ts';
import { icon } from '../../ui/icons.ts';
import { RoomController } from '../../ui/room-controller.ts';
import { QuickExit } from '../quick-exit/quick-exit.ts';
import { smallExit } from '../quick-exit/small-exit.styles.ts';
import { styles } from './relay-consent-dialog.styles.ts';

interface Slice {
  /** Whom the question is about; one at a time. */
  readonly id: string;
  readonly name: string;
  /** `always`: the relay is there to hide the address, and the question is turned round. */
  readonly purpose: 'ask' | 'always';
  readonly servers: readonly DeclaredServer[];
  readonly role: Role;
}

function select(state: RoomState): Slice | undefined {
  if (!isSession(state)) return undefined;
  const asked = state.participants.find(({ relay }) => relay.step === 'asked' && relay.ours === 'open');
  if (!asked) return undefined;
  const { servers } = state.configuration;
  return { id: asked.id, name: asked.name, purpose: state.policy.relay, servers, role: state.role };
}

/** Who would relay, each once, however many ways lead there. */
function operatorsOf(servers: readonly DeclaredServer[]): readonly Pick<DeclaredServer, 'operator' | 'country'>[] {
  const relays = servers.filter(({ role }) => role === 'relay');
  return [...new Map(relays.map((relay) => [`${relay.country} ${relay.operator}`, relay])).values()];
}

/** A press that falls so soon after a question appeared was meant for what stood there before, in milliseconds. */
const MEANT_FOR_SOMETHING_ELSE = 500;

/**
 * The question whether a relay may be used [R8] [R9]: who it is, what it can see, that no is a good answer, that the other side must
 * agree too and that a yes can be taken back. Both answers weigh the same and are in sight together, the focus is on neither, and nothing but a person's own press
 * answers. Several questions come one after the other; one that nobody needs any more goes by itself.
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
  /** @internal */
  static override readonly uses: readonly ConsultElementClass[] = [QuickExit];
  static override readonly styles = [ConsultElement.styles, smallExit, styles];

  readonly #room = new RoomController(this, select);
  /** Where the focus was before the first question; it goes back there after the last. */
  #before: HTMLElement | null = null;
  #shownAt = 0;

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const dialog = this.renderRoot.querySelector('dialog');
    if (!dialog) return this.#giveBack();
    if (dialog.open) return;
    this.#before ??= focused();
    dialog.showModal();
    this.#shownAt = performance.now();
    dialog.querySelector<HTMLElement>('h2')?.focus();
  }

  protected override render(): TemplateResult | typeof nothing {
    const slice = this.#room.value;
    // Another question is another dialog: it begins at its heading, with the focus on neither answer.
    return slice ? html`${keyed(slice.id, this.#renderDialog(slice))}` : nothing;
  }

  #renderDialog(slice: Slice): TemplateResult {
    const { id, name, purpose } = slice;
    const always = purpose === 'always';
    return html`
      <dialog
        aria-labelledby="heading"
        aria-describedby="why"
        closedby="none"
        @cancel=${this.#onCancel}
        @close=${() => this.requestUpdate()}
      >
        <div class="stack">
          ${slice.role === 'guest' ? this.#renderExit() : nothing}
          <h2 id="heading" tabindex="-1">
            ${this.t(always ? 'relay-consent-dialog.always.heading' : 'relay-consent-dialog.heading')}
          </h2>
          <p id="why">${this.t(always ? 'relay-consent-dialog.always' : 'relay-consent-dialog.text', name)}</p>
          ${this.#renderPoints(slice)}
          <p class="small">${this.t(always ? 'relay-consent-dialog.always.free' : 'relay-consent-dialog.free')}</p>
          <div class="answers">
            <button part="accept-button" type="button" @click=${(event: MouseEvent) => this.#answer(event, id, 'yes')}>
              ${this.t('relay-consent-dialog.accept')}
            </button>
            <button part="decline-button" type="button" @click=${(event: MouseEvent) => this.#answer(event, id, 'no')}>
              ${this.t('relay-consent-dialog.decline')}
            </button>
          </div>
        </div>
      </dialog>
    `;
  }

  /** What lies behind the question cannot be pressed: who has to be gone at once finds the way out in it. */
  #renderExit(): TemplateResult {
    const { href = 'about:blank' } = exitAround(this) ?? {};
    return html`<div class="way-out"><quick-exit class="exit" .href=${href}></quick-exit></div>`;
  }

  #renderPoints({ servers }: Slice): TemplateResult {
    return html`
      <ul class="points">
        ${operatorsOf(servers).map(
          ({ operator, country }) =>
            html`<li>
              ${icon('server')}
              <span>${this.t('relay-consent-dialog.operator', operator, this.texts.country(country))}</span>
            </li>`,
        )}
        <li>${icon('eye')} <span>${this.t('relay-consent-dialog.sees')}</span></li>
        <li>${icon('lock')} <span>${this.t('relay-consent-dialog.never')}</span></li>
        <li>${icon('users-round')} <span>${this.t('relay-consent-dialog.both')}</span></li>
        <li>${icon('undo-2')} <span>${this.t('relay-consent-dialog.withdraw')}</span></li>
      </ul>
    `;
  }

  /**
   * Escape is no answer: the question stays until it is answered or nobody needs it any more. Browsers let a dialog be closed all the
   * same when nobody has touched the page; then it is shown again.
   */
  #onCancel(event: Event): void {
    event.preventDefault();
  }

  #answer({ detail, timeStamp }: MouseEvent, id: string, answer: 'yes' | 'no'): void {
    // Presses of a pointer have a count; those of a keyboard or a screen reader had to go to the button first.
    if (detail > 0 && timeStamp - this.#shownAt < MEANT_FOR_SOMETHING_ELSE) return;
    this.#room.room?.answerRelay(answer === 'yes', id, this.texts.shown());
  }

  /** A dialog that is taken away takes the focus along. */
  #giveBack(): void {
    const before = this.#before;
    this.#before = null;
    if (before?.isConnected && focused() === null) before.focus();
  }
}

/** The quick exit that the page has beside the question: the one of the site leads where the site wants. */
function exitAround(element: Element): QuickExit | null {
  const root = element.getRootNode();
  if (!(root instanceof Document || root instanceof ShadowRoot)) return null;
  return root.querySelector('quick-exit') ?? (root instanceof ShadowRoot ? exitAround(root.host) : null);
}

/** What has the focus, in whichever shadow tree; null where nothing has. */
function focused(): HTMLElement | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element instanceof HTMLElement && element !== document.body ? element : null;
}

declare global {
  interface HTMLElementTagNameMap {
    'relay-consent-dialog': RelayConsentDialog;
  }
}
