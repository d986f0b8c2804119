import { html, nothing, svg, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { expiryOf, needsKeptKey } from '../../invite-expiry.ts';
import { ConsultElement, type ConsultElementClass } from '../../ui/consult-element.ts';
import { icon } from '../../ui/icons.ts';
import { privateField } from '../../ui/private-field.ts';
import { codeStyles, renderCode } from '../../ui/code-to-read.ts';
import { spokenCode } from '../../room/room.ts';
import type { qrPath as drawQr } from '../../appointment/qr.ts';
import { part } from '../../util/part.ts';
import { AppointmentSheet } from '../appointment-sheet/appointment-sheet.ts';
import { styles } from './room-invite.styles.ts';

const loadQr = part(() => import('../../appointment/qr.ts'));

type Kind = 'host' | 'guest' | 'public';

/**
 * The two links of a room: one for the host, one for the guests. Each can be copied and opened, and the guest link is also a QR
 * code. With the host link there is also the code that can be read out on the telephone. The secret of a link is in its fragment, which
 * browsers send to no server.
 *
 * Needs no room around it: set `hostLink` and `guestLink` to what `createInvite` returns. A counsellor whose browser keeps the host key
 * gives out its public part: set `publicPart` to what `hostPublicPart` returns, on a page of the counsellor's own.
 *
 * A sheet for the guest can be shown below and printed. Use `<appointment-sheet>` where the time of the appointment is known.
 *
 * @tag room-invite
 * @csspart link - A link, or the public part, as text.
 * @csspart copy-button - Copies a link.
 * @csspart open-button - Opens a link in a new window.
 * @csspart spoken-code - The code to be read out on the telephone; only with a host link.
 * @csspart sheet-button - Shows or hides the sheet for the guest.
 * @csspart qr - The QR code of the guest link.
 * @since 0.1.0
 */
export class RoomInvite extends ConsultElement {
  static readonly tag: string = 'room-invite';
  static override readonly parts: readonly string[] = [
    'link',
    'copy-button',
    'open-button',
    'qr',
    'sheet-button',
    'spoken-code',
  ];
  static override readonly uses: readonly ConsultElementClass[] = [AppointmentSheet];
  static override readonly styles = [ConsultElement.styles, codeStyles, styles];

  /** The link of the host; it contains the host key. */
  @property({ attribute: 'host-link' }) hostLink: string | undefined;

  /** The link for guests. */
  @property({ attribute: 'guest-link' }) guestLink: string | undefined;

  /** The public part of the host key that this browser keeps, for the people who make appointments. */
  @property({ attribute: 'public-part' }) publicPart: string | undefined;

  @state() private copied: Kind | undefined;
  @state() private failed: Kind | undefined;
  @state() private sheet: 'shown' | 'hidden' = 'hidden';
  @state() private code = '';
  @state() private qrPath: typeof drawQr | undefined;

  /** No room shows this element, so rooms do without the encoder. Where it cannot be loaded, the link is there as text. */
  override connectedCallback(): void {
    super.connectedCallback();
    loadQr().then(
      ({ qrPath }) => {
        this.qrPath = qrPath;
      },
      () => undefined,
    );
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('hostLink')) void this.#findCode(this.hostLink);
  }

  /** A link that cannot be read has none; the room says what is wrong with it. */
  async #findCode(link: string | undefined): Promise<void> {
    this.code = '';
    const code = link ? await spokenCode(link).catch(() => '') : '';
    if (link === this.hostLink) this.code = code;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.hostLink && !this.guestLink && !this.publicPart) return nothing;
    return html`
      <div class="stack">
        ${this.#renderLink('guest', this.guestLink)} ${this.#renderLink('host', this.hostLink)}
        ${this.#renderLink('public', this.publicPart)}
        <p class="visually-hidden" role="status">${this.copied ? this.t('room-invite.copied') : ''}</p>
      </div>
    `;
  }

  #renderLink(kind: Kind, link: string | undefined): TemplateResult | typeof nothing {
    if (!link) return nothing;
    return html`
      <section class="link ${kind}">
        <div class="stack words">
          <h3>${this.t(`room-invite.${kind}.heading`)}</h3>
          <p class="small">${this.#about(kind, link)} ${this.#until(link)}</p>
          <input
            part="link"
            readonly
            aria-label=${this.t(`room-invite.${kind}.heading`)}
            ${privateField()}
            .value=${link}
            @focus=${this.#onFocus}
          />
          <div class="row">
            <button
              part="copy-button"
              class=${kind === 'guest' ? 'primary' : ''}
              aria-label=${this.copied === kind ? nothing : this.t(`room-invite.copy.${kind}`)}
              @click=${() => this.#copy(kind, link)}
            >
              ${icon(this.copied === kind ? 'check' : 'copy')}
              ${this.t(this.copied === kind ? 'room-invite.copied' : 'room-invite.copy')}
            </button>
            ${kind === 'public' ? nothing : this.#renderOpen(kind, link)}
            ${kind === 'guest' ? this.#renderSheetButton() : nothing}
          </div>
          ${kind === 'guest' ? this.#renderCode() : nothing}
          ${this.failed === kind ? html`<p class="small" role="alert">${this.t('room-invite.copy.failed')}</p>` : nothing}
        </div>
        ${kind === 'guest' ? this.#renderQr(link) : nothing}
      </section>
      ${kind === 'guest' ? this.#renderSheet(link) : nothing}
    `;
  }

  #renderSheetButton(): TemplateResult {
    const shown = this.sheet === 'shown';
    return html`
      <button part="sheet-button" aria-expanded=${shown ? 'true' : 'false'} @click=${this.#onSheet}>
        ${icon('file-text')} ${this.t('room-invite.sheet')}
      </button>
    `;
  }

  /** Loaded when it is asked for. */
  #renderSheet(link: string): TemplateResult | typeof nothing {
    if (this.sheet === 'hidden') return nothing;
    return html`<appointment-sheet
      guest-link=${link}
      code=${this.hostLink && this.code !== '' ? this.code : nothing}
    ></appointment-sheet>`;
  }

  #renderOpen(kind: 'host' | 'guest', link: string): TemplateResult {
    return html`
      <a part="open-button" class="button" href=${link} target="_blank" rel="noopener noreferrer">
        ${icon('door-open')} ${this.t(`room-invite.${kind}.open`)}
      </a>
    `;
  }

  #about(kind: Kind, link: string): string {
    return this.t(kind === 'host' && needsKeptKey(link) ? 'room-invite.host.kept' : `room-invite.${kind}.text`);
  }

  #renderCode(): TemplateResult | typeof nothing {
    if (!this.hostLink || this.code === '') return nothing;
    return html`<p class="small">${this.t('room-invite.code')}</p>
      ${renderCode(this.texts, this.code)}`;
  }

  #until(link: string): string {
    const date = expiryOf(link);
    if (!date) return '';
    const format = new Intl.DateTimeFormat(this.texts.shown(), { dateStyle: 'long', timeStyle: 'short' });
    return this.t('room-invite.until', format.format(date));
  }

  #renderQr(link: string): TemplateResult | typeof nothing {
    if (!this.qrPath) return nothing;
    const { side, path } = this.qrPath(link);
    return html`
      <figure>
        <svg part="qr" class="qr" viewBox="0 0 ${side} ${side}" role="img" aria-label=${this.t('room-invite.qr')}>
          ${svg`<rect width=${side} height=${side} fill="#fff"></rect><path d=${path} fill="#000" shape-rendering="crispEdges"></path>`}
        </svg>
        <figcaption class="small">${this.t('room-invite.qr.hint')}</figcaption>
      </figure>
    `;
  }

  readonly #onSheet = (): void => {
    this.sheet = this.sheet === 'shown' ? 'hidden' : 'shown';
  };

  #onFocus(event: FocusEvent): void {
    (event.target as HTMLInputElement).select();
  }

  async #copy(kind: Kind, link: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(link);
      this.copied = kind;
      this.failed = undefined;
    } catch {
      // Not allowed here: people can copy from the field by hand.
      this.copied = undefined;
      this.failed = kind;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'room-invite': RoomInvite;
  }
}
