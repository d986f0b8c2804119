import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import {
  buildNotice,
  loadNoticeText,
  type Notice,
  type NoticeBlock,
  noticeFooter,
  noticeHash,
  type Policy,
  type PublicConfiguration,
  type Role,
  type RoomState,
} from '../../room/room.ts';
import { ConsultElement } from '../../ui/consult-element.ts';
import { icon, type IconName } from '../../ui/icons.ts';
import { OriginalText } from '../../ui/page-translation.ts';
import { RoomController } from '../../ui/room-controller.ts';
import { loadWith, Texts } from '../../ui/texts.ts';
import { UnfoldForPrint } from '../../ui/unfold-for-print.ts';
import { styles } from './privacy-notice.styles.ts';

loadWith('en', () => loadNoticeText('en'));

interface Slice {
  readonly configuration: PublicConfiguration;
  readonly policy: Policy;
  readonly role: Role;
}

function select(room: RoomState): Slice | undefined {
  if (room.phase !== 'notice') return undefined;
  return { configuration: room.configuration, policy: room.policy, role: room.role };
}

/** An icon for each main point. */
const SIGNS: Readonly<Record<Notice['summary'][number]['id'], IconName>> = {
  direct: 'arrow-left-right',
  encryption: 'lock',
  recording: 'video-off',
  storage: 'file-text',
  voluntary: 'door-open',
  servers: 'server',
};

/** The main points that are shown first; all of them are part of the whole text. */
const FIRST: ReadonlySet<Notice['summary'][number]['id']> = new Set(['direct', 'encryption', 'recording', 'voluntary']);

/**
 * The information of Art. 13 GDPR, generated from the site's real configuration, and the consent to it [R1] [R2]. Four main
 * points come first; the whole text unfolds in place, and consent counts only where it could be read. Until it is accepted
 * nothing is connected and no permission is requested. Printed, it is the whole text and nothing else: the same text that `consult-room-server notice` writes.
 *
 * Shown in phase `notice`.
 *
 * @tag privacy-notice
 * @csspart accept-button - Gives the consent.
 * @csspart decline-button - Declines: the room ends, and nothing was connected.
 * @csspart print-button - Prints the whole text.
 * @csspart summary - Unfolds the whole text.
 * @since 0.1.0
 */
export class PrivacyNotice extends ConsultElement {
  static readonly tag: string = 'privacy-notice';
  /** @internal */
  static override readonly speaks = 'agreement';
  static override readonly parts: readonly string[] = ['accept-button', 'decline-button', 'print-button', 'summary'];
  static override readonly styles = [ConsultElement.styles, styles];

  readonly #room = new RoomController(this, select);
  readonly #original = new OriginalText(this);
  /** In the reader's own language, also where there is no notice in it. */
  readonly #own = new Texts(this, 'any');
  #notice: Notice | null = null;
  /** Hash of the shown notice, once computed. */
  @state() private hash: string | null = null;
  @state() private unreadable = false;

  constructor() {
    super();
    new UnfoldForPrint(this);
  }
  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const slice = this.#room.value;
    const next = slice ? buildNotice({ ...slice, lang: this.texts.shown() }) : null;
    if (JSON.stringify(next) === JSON.stringify(this.#notice)) return;
    this.#notice = next;
    this.hash = null;
    if (next) void this.#take(next);
  }

  async #take(notice: Notice): Promise<void> {
    const hash = await noticeHash(notice);
    if (notice === this.#notice) this.hash = hash;
  }

  protected override render(): TemplateResult | typeof nothing {
    const notice = this.#notice;
    if (!notice) return nothing;
    return html`
      <div class="step" lang=${notice.lang}>
        <div class="stack screen">
          <h2 tabindex="-1">${this.t('privacy-notice.heading')}</h2>
          <p>${this.t('privacy-notice.operator', this.#room.value?.configuration.operator.name ?? '')}</p>
          ${this.#renderOther(notice)}
        </div>
        ${this.#original.render(html`
          <ul class="points screen">
            ${firstOf(notice).map(renderPoint)}
          </ul>
          ${this.#renderFull(notice)}
        `)}
        ${this.#original.altered ? html`<p class="hint screen" role="alert">${icon('info')} ${this.t('agreement.altered')}</p>` : nothing}
        <div class="foot two screen">
          <button part="accept-button" @click=${() => this.#onAccept(notice)}>
            ${this.t('privacy-notice.accept')}
          </button>
          <button part="decline-button" @click=${() => this.#room.room?.declineNotice()}>
            ${this.t('privacy-notice.decline')}
          </button>
          ${this.unreadable ? html`<p class="missing" role="alert">${this.t('privacy-notice.unreadable')}</p>` : nothing}
          <p class="small">${this.t('privacy-notice.voluntary')}</p>
        </div>
      </div>
    `;
  }

  /** Where the room speaks a language in which there is no notice: said in that language, because the text below is in another. */
  #renderOther({ lang }: Notice): TemplateResult | typeof nothing {
    const own = this.#own.lang();
    if (this.#own.shown() !== own || new Intl.Locale(own).language === lang) return nothing;
    const name = new Intl.DisplayNames([own], { type: 'language' }).of(lang) ?? lang;
    return html`<p class="hint screen" lang=${own} dir=${this.#own.dir()}>
      ${icon('info')} ${this.#own.term('privacy-notice.other-language', name)}
    </p>`;
  }

  /** The whole text, in the order of its hash; it unfolds in place. */
  #renderFull(notice: Notice): TemplateResult {
    return html`
      <details>
        <summary part="summary" class="screen">${this.t('privacy-notice.full', minutesToRead(notice))}</summary>
        <div class="sections">
          <div class="title">
            <h3>${notice.title}</h3>
            <p class="small">${notice.intro}</p>
          </div>
          <p class="screen">${this.t('privacy-notice.lead')}</p>
          <div class="summary">
            <h4>${notice.summaryTitle}</h4>
            <ul class="points">
              ${notice.summary.map(renderPoint)}
            </ul>
          </div>
          ${notice.sections.map(
            ({ title, body }) => html`
              <section>
                <h4>${title}</h4>
                ${body.map(renderBlock)}
              </section>
            `,
          )}
          <p class="small">${this.hash ? noticeFooter(notice, this.hash) : nothing}</p>
          <p class="small screen">${this.t('quick-exit.hint')}</p>
          <div class="screen">
            <button part="print-button" class="quiet" @click=${this.#onPrint}>
              ${icon('printer')} ${this.t('privacy-notice.print')}
            </button>
          </div>
        </div>
      </details>
    `;
  }

  /** Whether the whole text can be read here: it is one press away, and nothing on the page hides it. */
  #readable(): boolean {
    const details = this.renderRoot.querySelector('details');
    const shown = details?.open ? details : details?.querySelector('summary');
    return shown?.checkVisibility({ opacityProperty: true, visibilityProperty: true }) ?? false;
  }

  async #onAccept(notice: Notice): Promise<void> {
    // Consent to a text that a page has hidden would be none: the receipt names the hash of the whole text.
    this.unreadable = !this.#readable();
    if (this.unreadable) return;
    const hash = this.hash ?? (await noticeHash(notice));
    const { room } = this.#room;
    // Pressed twice, or the text has changed meanwhile: then this is not what the person read.
    if (room?.state.phase !== 'notice' || notice !== this.#notice) return;
    if (!this.#original.check([...firstOf(notice).map(({ text }) => text), ...linesOf(notice)])) return;
    const { version, lang } = notice;
    room.acceptNotice({ notice: { version, hash, lang }, at: Date.now() });
  }

  readonly #onPrint = (): void => {
    window.print();
  };
}

/** What stands on the page, in order. */
function linesOf({ title, intro, summaryTitle, summary, sections }: Notice): readonly string[] {
  const full = sections.flatMap((section) => [section.title, ...section.body.flat()]);
  return [title, intro, summaryTitle, ...summary.map(({ text }) => text), ...full];
}

/** The main points that stand above the whole text. */
function firstOf({ summary }: Notice): Notice['summary'] {
  return summary.filter(({ id }) => FIRST.has(id));
}

function renderPoint({ id, text }: Notice['summary'][number]): TemplateResult {
  return html`<li>${icon(SIGNS[id])} <span>${text}</span></li>`;
}

/** At 180 words a minute, an ordinary pace for a text of this kind. */
function minutesToRead(notice: Notice): number {
  return Math.max(1, Math.round(linesOf(notice).join(' ').split(/\s+/u).length / 180));
}

function renderBlock(block: NoticeBlock): TemplateResult {
  return typeof block === 'string'
    ? html`<p>${block}</p>`
    : html`<ul class="entries">
        ${block.map((entry) => html`<li>${entry}</li>`)}
      </ul>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-notice': PrivacyNotice;
  }
}
