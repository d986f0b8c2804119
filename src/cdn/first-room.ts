/** `<consult-room>` of the CDN entry: it starts with the first view and waits for the other elements where they are late. */
import { html, type TemplateResult } from 'lit';
import { dispatchConsultEvent } from '../events.ts';
import { ConsultRoom } from '../elements/consult-room/consult-room.ts';
import { renderIdle } from '../elements/consult-room/screens/idle-screen.ts';
import { PrivacyNotice } from '../elements/privacy-notice/privacy-notice.ts';
import { QuickExit } from '../elements/quick-exit/quick-exit.ts';
import { asConsultError } from '../errors.ts';
import { holdsInvite } from '../room/room.ts';
import type { ConsultElementClass } from '../ui/consult-element.ts';
import { icon } from '../ui/icons.ts';
import { loadElements } from './elements-part.ts';

/** Phases whose screens need no other element than those of the first view. */
const FIRST: readonly string[] = ['idle', 'notice', 'ended', 'failed'];

export class FirstRoom extends ConsultRoom {
  static override readonly uses: readonly ConsultElementClass[] = [PrivacyNotice, QuickExit];

  #elements: 'late' | 'loading' | 'failed' | 'there' = 'late';
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
      this.#elements = 'there';
      // Other code of the page may have been first while they were late.
      this.refuseForeign();
    } catch (error: unknown) {
      this.#elements = 'failed';
      const { code, message } = asConsultError(error, 'part-unavailable');
      dispatchConsultEvent(this, 'consult-error', { code, message });
    }
    this.requestUpdate();
  }

  #renderFailed(): TemplateResult {
    const { what, advice } = this.texts.error('part-unavailable');
    return html`
      <div class="card calm" role="alert">
        <div class="sign still">${icon('info')}</div>
        <h2 tabindex="-1">${what}</h2>
        <p class="lead">${advice}</p>
        <div class="actions">
          <button part="reload-button" @click=${() => void this.#retry()}>
            ${icon('refresh-cw')} ${this.texts.term('consult-room.failed.reload')}
          </button>
        </div>
      </div>
    `;
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
