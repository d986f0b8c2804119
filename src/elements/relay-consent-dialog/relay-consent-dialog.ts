import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { type DeclaredServer, isSession, type Role, type RoomState } from '../../room/room.ts';
import { ConsultElement, type ConsultElementClass } from '../../ui/consult-element.ts';
import { icon, type IconName } from '../../ui/icons.ts';
import { PressGuard } from '../../ui/press-guard.ts';
import { OriginalText } from '../../ui/page-translation.ts';
import { RoomController } from '../../ui/room-controller.ts';
import { QuickExit } from '../quick-exit/quick-exit.ts';
import { smallExit } from '../quick-exit/small-exit.styles.ts';
import { styles } from './relay-consent-dialog.styles.ts';

interface Slice {
  /** The participant the question is about; one at a time. */
  readonly id: string;
  readonly name: string;
  /** `always`: the policy uses the relay to hide the address, and the question is worded accordingly. */
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

/** The operators of the relays, each once, however many URLs they have. */
function operatorsOf(servers: readonly DeclaredServer[]): readonly Pick<DeclaredServer, 'operator' | 'country'>[] {
  const relays = servers.filter(({ role }) => role === 'relay');
  return [...new Map(relays.map((relay) => [`${relay.country} ${relay.operator}`, relay])).values()];
}

/**
 * Asks whether a relay may be used [R8] [R9]: who runs it, what it can see, that no is a good answer, that the other side must
 * agree too and that consent can be withdrawn. Both answers have equal weight and are visible together, neither has the focus,
 * and only a person's own press answers. Several questions are asked one after the other; an obsolete one closes by itself.
 *
 * @tag relay-consent-dialog
 * @csspart accept-button - Agrees.
 * @csspart decline-button - Declines: no connection is made.
 * @since 0.1.0
 */
export class RelayConsentDialog extends ConsultElement {
  static readonly tag: string = 'relay-consent-dialog';
  /** @internal */
  static override readonly speaks = 'agreement';
  static override readonly parts: readonly string[] = ['accept-button', 'decline-button'];
  static override readonly uses: readonly ConsultElementClass[] = [QuickExit];
  static override readonly styles = [ConsultElement.styles, smallExit, styles];

  readonly #room = new RoomController(this, select);
  readonly #original = new OriginalText(this);
  /** The element that had the focus before the first question; it gets it back after the last. */
  #before: HTMLElement | null = null;
  readonly #guard = new PressGuard();

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const dialog = this.renderRoot.querySelector('dialog');
    if (!dialog) return this.#giveBack();
    if (dialog.open) return;
    this.#before ??= focused();
    dialog.showModal();
    this.#guard.rendered(this.#room.value?.id ?? '');
    dialog.querySelector<HTMLElement>('h2')?.focus();
  }

  protected override render(): TemplateResult | typeof nothing {
    const slice = this.#room.value;
    // Each question is a dialog of its own: it starts at its heading, with the focus on neither answer.
    return slice ? html`${keyed(slice.id, this.#renderDialog(slice))}` : nothing;
  }

  #renderDialog(slice: Slice): TemplateResult {
    const { id } = slice;
    const { heading, why, free } = this.#words(slice);
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
          ${this.#original.render(html`
            <h2 id="heading" tabindex="-1">${heading}</h2>
            <p id="why">${why}</p>
            ${this.#renderPoints(slice)}
            <p class="small">${free}</p>
          `)}
          ${this.#renderAltered()}
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

  #words({ name, purpose }: Slice): { readonly heading: string; readonly why: string; readonly free: string } {
    return purpose === 'always'
      ? {
          heading: this.t('relay-consent-dialog.always.heading'),
          why: this.t('relay-consent-dialog.always', name),
          free: this.t('relay-consent-dialog.always.free'),
        }
      : {
          heading: this.t('relay-consent-dialog.heading'),
          why: this.t('relay-consent-dialog.text', name),
          free: this.t('relay-consent-dialog.free'),
        };
  }

  #renderAltered(): TemplateResult | typeof nothing {
    if (!this.#original.altered) return nothing;
    return html`<p class="hint" role="alert">${icon('info')} ${this.t('agreement.altered')}</p>`;
  }

  /** The page behind a modal dialog cannot be pressed, so the dialog has a quick exit of its own. */
  #renderExit(): TemplateResult {
    const { href = 'about:blank' } = exitAround(this) ?? {};
    return html`<div class="way-out"><quick-exit class="exit" .href=${href}></quick-exit></div>`;
  }

  #points({ servers }: Slice): readonly (readonly [icon: IconName, text: string])[] {
    return [
      ...operatorsOf(servers).map(
        ({ operator, country }) =>
          ['server', this.t('relay-consent-dialog.operator', operator, this.texts.country(country))] as const,
      ),
      ['eye', this.t('relay-consent-dialog.sees')],
      ['lock', this.t('relay-consent-dialog.never')],
      ['users-round', this.t('relay-consent-dialog.both')],
      ['undo-2', this.t('relay-consent-dialog.withdraw')],
    ];
  }

  #renderPoints(slice: Slice): TemplateResult {
    return html`
      <ul class="points">
        ${this.#points(slice).map(([name, text]) => html`<li>${icon(name)} <span>${text}</span></li>`)}
      </ul>
    `;
  }

  /**
   * Escape is not an answer: the question stays until it is answered or obsolete. Browsers close a dialog anyway when the page
   * has had no user activation; `updated` then shows it again.
   */
  #onCancel(event: Event): void {
    event.preventDefault();
  }

  #answer(event: MouseEvent, id: string, answer: 'yes' | 'no'): void {
    if (!this.#guard.allows(event)) return;
    const slice = this.#room.value;
    if (answer === 'yes' && slice) {
      const { heading, why, free } = this.#words(slice);
      // A yes to other words is none; a no is one to any.
      if (!this.#original.check([heading, why, ...this.#points(slice).map(([, text]) => text), free])) return;
    }
    this.#room.room?.answerRelay(answer === 'yes', id, this.texts.shown());
  }

  /** A removed dialog loses the focus: give it back. */
  #giveBack(): void {
    const before = this.#before;
    this.#before = null;
    if (before?.isConnected && focused() === null) before.focus();
  }
}

/** The quick exit of the page around the dialog: a site's own knows where to go. */
function exitAround(element: Element): QuickExit | null {
  const root = element.getRootNode();
  if (!(root instanceof Document || root instanceof ShadowRoot)) return null;
  return root.querySelector('quick-exit') ?? (root instanceof ShadowRoot ? exitAround(root.host) : null);
}

/** The focused element across all shadow trees, or null. */
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
