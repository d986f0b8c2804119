/** `<consult-room>` of the CDN entry: it starts with the first view and waits for the other elements where they are late. */
import { html, nothing, type TemplateResult } from 'lit';
import { dispatchConsultEvent } from '../events.ts';
import { ConsultRoom } from '../elements/consult-room/consult-room.ts';
import { VIEW_CLASSES } from '../elements/consult-room/nested-elements.ts';
import { renderIdle } from '../elements/consult-room/screens/idle-screen.ts';
import { PrivacyNotice } from '../elements/privacy-notice/privacy-notice.ts';
import { QuickExit } from '../elements/quick-exit/quick-exit.ts';
import { asConsultError, ConsultError, type ErrorCode } from '../errors.ts';
import { holdsInvite } from '../room/room.ts';
import { foreignTags, type ConsultElementClass } from '../ui/consult-element.ts';
import { icon } from '../ui/icons.ts';
import { loadElements } from './elements-part.ts';

/** Phases whose screens need no other element than those of the first view. */
const FIRST: readonly string[] = ['idle', 'notice', 'ended', 'failed'];

export class FirstRoom extends ConsultRoom {
  static override readonly uses: readonly ConsultElementClass[] = [PrivacyNotice, QuickExit];

  #elements: 'late' | 'loading' | 'failed' | 'there' = 'late';
  #failure: ErrorCode = 'part-unavailable';
  /** The address with its invite, for a reload: browsers other than Chromium remember a part that did not load. */
  #address: string | null = null;

  override connectedCallback(): void {
    if (holdsInvite()) this.#address = location.href;
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    if (this.#elements === 'there' || FIRST.includes(this.phase)) return super.render();
    if (this.#elements === 'late') void this.#load();
    return html`
      <section class="room ceremony" lang=${this.texts.shown()}>
        <div class="view">${this.#elements === 'failed' ? this.#renderFailed() : renderIdle(this.texts)}</div>
      </section>
    `;
  }

  async #load(): Promise<void> {
    this.#elements = 'loading';
    try {
      await loadElements();
      // Other code of the page may have been first while they were late.
      const foreign = foreignTags(VIEW_CLASSES);
      if (foreign.length > 0) throw new ConsultError('element-name-taken', { detail: foreign.join(', ') });
      this.#elements = 'there';
    } catch (error: unknown) {
      this.#elements = 'failed';
      const { code, message } = asConsultError(error, 'part-unavailable');
      this.#failure = code;
      // oxlint-disable-next-line no-console -- to the site's developer: what people read names no detail
      if (code === 'element-name-taken') console.error(message);
      dispatchConsultEvent(this, 'consult-error', { code, message });
    }
    this.requestUpdate();
  }

  #renderFailed(): TemplateResult {
    const { what, advice } = this.texts.error(this.#failure);
    return html`
      <div class="card calm" role="alert">
        <div class="sign still">${icon('info')}</div>
        <h2 tabindex="-1">${what}</h2>
        <p class="lead">${advice}</p>
        ${this.#failure === 'part-unavailable' ? this.#renderRetry() : nothing}
      </div>
    `;
  }

  #renderRetry(): TemplateResult {
    return html`<div class="actions">
      <button part="reload-button" @click=${() => void this.#retry()}>
        ${icon('refresh-cw')} ${this.texts.term('consult-room.failed.reload')}
      </button>
    </div>`;
  }

  /** First here, where everything said so far is kept; then by a reload. */
  async #retry(): Promise<void> {
    const loading = this.#load();
    this.requestUpdate();
    await loading;
    if (this.#elements === 'there') return;
    if (this.#address !== null) history.replaceState(history.state, '', this.#address);
    location.reload();
  }
}
