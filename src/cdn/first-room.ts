/** `<consult-room>` of the CDN entry: it starts with the first view and waits for everything else where that is late. */
import { html, nothing, type TemplateResult } from 'lit';
import { dispatchConsultEvent } from '../events.ts';
import { ConsultRoom } from '../elements/consult-room/consult-room.ts';
import { exported } from '../elements/consult-room/nested-elements.ts';
import { renderIdle } from '../elements/consult-room/screens/idle-screen.ts';
import { PrivacyNotice } from '../elements/privacy-notice/privacy-notice.ts';
import { needsExit } from '../elements/quick-exit/needs-exit.ts';
import { QuickExit } from '../elements/quick-exit/quick-exit.ts';
import { asConsultError } from '../errors.ts';
import { LateRoom } from '../room/late-room.ts';
import { holdsInvite, type RoomInterface, type RoomOptions } from '../room/room-exports.ts';
import type { ConsultElementClass } from '../ui/consult-element.ts';
import { icon } from '../ui/icons.ts';
import { untilLoaded } from '../util/until-loaded.ts';
import { whenIdle } from '../util/when-idle.ts';
import { loadRest } from './elements-part.ts';
import type { RareElementsOfRoom } from './rare-elements-of-room.ts';

/** Phases whose screens need no other element than those of the first view. */
const FIRST: readonly string[] = ['idle', 'notice', 'ended', 'failed'];

export class FirstRoom extends ConsultRoom {
  static override readonly uses: readonly ConsultElementClass[] = [PrivacyNotice, QuickExit];

  #rest: 'late' | 'loading' | 'failed' | 'there' = 'late';
  /** Null until the rest is there. */
  #rare: RareElementsOfRoom | null = null;
  #makeRoom: ((options: RoomOptions) => RoomInterface) | null = null;
  /** The room of the first view. */
  #late: LateRoom | null = null;
  /** The address with its invite, for a reload: browsers other than Chromium remember a part that did not load. */
  #address: string | null = null;

  override connectedCallback(): void {
    if (holdsInvite()) this.#address = location.href;
    super.connectedCallback();
  }

  protected override createRoom(options: RoomOptions): RoomInterface {
    if (this.#makeRoom) return this.#makeRoom(options);
    this.#late = new LateRoom(options, () => this.requestUpdate());
    whenIdle(() => (this.#rest === 'late' ? void this.#load() : undefined));
    return this.#late;
  }

  /** Whether people wait for what is late. */
  get #waits(): boolean {
    return !FIRST.includes(this.phase) || this.#late?.needed === true;
  }

  protected override render(): TemplateResult {
    // One template throughout: another would render everything again, and people would lose their place in the notice.
    if (this.#rest === 'there' || !this.#waits) return html`${this.#rare?.render() ?? nothing}${super.render()}`;
    if (this.#rest === 'late') void this.#load();
    return html`
      <section class="room ceremony" lang=${this.texts.shown()} aria-label=${this.texts.term('consult-room.label')}>
        <div class="top">${this.#renderExit()}</div>
        <div class="view">${this.#rest === 'failed' ? this.#renderFailed() : renderIdle(this.texts)}</div>
      </section>
    `;
  }

  /** Loads the rest, as often as it takes; whoever needs it meanwhile reads that a part is missing. */
  async #load(): Promise<void> {
    this.#rest = 'loading';
    await untilLoaded(
      () => this.#loadOnce(),
      (error) => {
        this.#rest = 'failed';
        const { code, message } = asConsultError(error, 'part-unavailable');
        dispatchConsultEvent(this, 'consult-error', { code, message });
        this.requestUpdate();
      },
    );
  }

  async #loadOnce(): Promise<void> {
    const { RareElementsOfRoom, Room } = await loadRest();
    if (this.#rest === 'there') return;
    this.#rare = new RareElementsOfRoom(this, this.texts);
    this.#rest = 'there';
    this.#makeRoom = (options) => new Room(options);
    // Other code of the page may have been first while they were late.
    if (!this.refuseForeign()) await this.#late?.continueWith((options) => new Room(options));
    this.requestUpdate();
  }

  /** As on every other screen. */
  #renderExit(): TemplateResult | typeof nothing {
    const { state } = this.room ?? {};
    if (!state || !needsExit(state) || this.querySelector('quick-exit')) return nothing;
    return html`<quick-exit
      class="exit"
      href=${this.exitHref ?? nothing}
      exportparts=${exported(QuickExit)}
    ></quick-exit>`;
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
    this.#rest = 'loading';
    this.requestUpdate();
    try {
      return await this.#loadOnce();
    } catch {
      // Only the browser itself forgets what it remembers.
    }
    if (this.#address !== null) history.replaceState(history.state, '', this.#address);
    location.reload();
  }
}
