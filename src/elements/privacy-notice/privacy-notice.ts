import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import type { PublicConfiguration } from '../../configuration.ts';
import { buildNotice, noticeHash, type Notice } from '../../room/notice.ts';
import type { Policy } from '../../room/policy.ts';
import type { Role, RoomState } from '../../room/state.ts';
import { ConsultElement } from '../../ui/consult-element.ts';
import { icon, type IconName } from '../../ui/icons.ts';
import { RoomController } from '../../ui/room-controller.ts';
import { styles } from './privacy-notice.styles.ts';

interface Slice {
  readonly configuration: PublicConfiguration;
  readonly policy: Policy;
  readonly role: Role;
}

function select(room: RoomState): Slice | undefined {
  if (room.phase !== 'notice') return undefined;
  return { configuration: room.configuration, policy: room.policy, role: room.role };
}

/** A sign beside each main point. */
const SIGNS: Readonly<Record<Notice['summary'][number]['id'], IconName>> = {
  direct: 'arrow-left-right',
  encryption: 'lock',
  recording: 'video-off',
  storage: 'file-text',
  voluntary: 'door-open',
  servers: 'server',
};

/**
 * The information of Art. 13 GDPR, made from the site's real configuration, and the consent to it [R1] [R2]. The main points come
 * first, the whole text below them; until it is accepted nothing is connected and nothing is asked.
 *
 * Shown in phase `notice`.
 *
 * @tag privacy-notice
 * @csspart accept-button - Gives the consent.
 * @csspart decline-button - Gives none: the room ends, and nothing was connected.
 * @csspart print-button - Prints the whole text.
 * @since 0.1.0
 */
export class PrivacyNotice extends ConsultElement {
  /** @internal */
  static readonly tag: string = 'privacy-notice';
  /** @internal */
  static override readonly parts: readonly string[] = ['accept-button', 'decline-button', 'print-button'];
  static override readonly styles = [ConsultElement.styles, styles];

  readonly #room = new RoomController(this, select);

  @state() private accepting = false;

  protected override render(): TemplateResult | typeof nothing {
    const slice = this.#room.value;
    if (!slice) return nothing;
    const notice = this.#notice(slice);
    return html`
      <div class="stack" lang=${notice.lang}>
        <h2 tabindex="-1">${this.t('privacy-notice.heading')}</h2>
        <p class="lead">${this.t('privacy-notice.lead')}</p>
        ${this.#renderSummary(notice)} ${this.#renderFull(notice)}
        <p class="small">${this.t('privacy-notice.voluntary')}</p>
        <div class="actions">
          <button
            part="accept-button"
            class="primary"
            ?disabled=${this.accepting}
            @click=${() => this.#onAccept(notice)}
          >
            ${this.t('privacy-notice.accept')}
          </button>
          <button part="decline-button" @click=${() => this.#room.room?.declineNotice()}>
            ${this.t('privacy-notice.decline')}
          </button>
        </div>
      </div>
    `;
  }

  #notice({ configuration, policy, role }: Slice): Notice {
    return buildNotice({ configuration, policy, role, lang: this.texts.shown() });
  }

  #renderSummary({ summary }: Notice): TemplateResult {
    return html`
      <div class="summary">
        <h3>${this.t('privacy-notice.summary')}</h3>
        <ul class="points">
          ${summary.map(({ id, text }) => html`<li>${icon(SIGNS[id])} <span>${text}</span></li>`)}
        </ul>
      </div>
    `;
  }

  #renderFull({ sections, version, title }: Notice): TemplateResult {
    return html`
      <details>
        <summary>${this.t('privacy-notice.full')}</summary>
        <div class="sections">
          <h3>${title}</h3>
          ${sections.map(
            (section) => html`
              <section>
                <h4>${section.title}</h4>
                ${section.paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}
              </section>
            `,
          )}
          <p class="small">${this.t('privacy-notice.version', version)}</p>
          <div class="print">
            <button part="print-button" class="quiet" @click=${this.#onPrint}>
              ${icon('printer')} ${this.t('privacy-notice.print')}
            </button>
          </div>
        </div>
      </details>
    `;
  }

  async #onAccept(notice: Notice): Promise<void> {
    const { room } = this.#room;
    if (!room || this.accepting) return;
    this.accepting = true;
    try {
      const hash = await noticeHash(notice);
      const { version, lang } = notice;
      if (room.state.phase === 'notice') room.acceptNotice({ notice: { version, hash, lang }, at: Date.now() });
    } finally {
      this.accepting = false;
    }
  }

  readonly #onPrint = (): void => {
    window.print();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-notice': PrivacyNotice;
  }
}
