/** The screen of a call: pictures, open questions above them, and a panel next to them. */
import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import { isRegrouping, type RoomInterface, type SessionState, whyUnreachable } from '../../../room/room.ts';
import { icon, type IconName } from '../../../ui/icons.ts';
import type { TextKey, Texts } from '../../../ui/texts.ts';
import { ParticipantGrid } from '../../participant-grid/participant-grid.ts';
import { WaitingRoom } from '../../waiting-room/waiting-room.ts';
import { DirectOffer } from '../direct-offer.ts';
import { QualityChoice } from '../quality-choice.ts';
import { EscapeController } from '../../../ui/escape.ts';
import type { CallControls } from '../../call-controls/call-controls.ts';
import { renderHandOverWord } from './hand-over-word.ts';
import { renderHostWord } from './host-word.ts';
import { renderRelayState } from './relay-state.ts';
import { renderSidePanel, type Panel } from './side-panel.ts';
import type { Slots } from '../slots.ts';
import { exported } from '../nested-elements.ts';

/** CSS pixels from which on a panel is next to the pictures, as in `session.styles.ts`: 60rem. */
const WIDE = 960;

/** The panels that the sheet of the controls opens; the chat has a button in the bar. */
const MORE: readonly (readonly [panel: Panel, icon: IconName])[] = [
  ['people', 'users-round'],
  ['devices', 'headphones'],
  ['security', 'shield-check'],
];

export class SessionView {
  readonly #host: LitElement;
  readonly #texts: Texts;
  readonly #slots: Slots;
  readonly #quality: QualityChoice;
  readonly #direct: DirectOffer;
  #panel: Panel | null = null;
  /** Whether the call has run before: then it continues, and does not begin. */
  #hasRun = false;
  /** Id of the last chat line seen in the open panel. */
  #read = 0;

  constructor(host: LitElement, texts: Texts, slots: Slots) {
    this.#host = host;
    this.#texts = texts;
    this.#slots = slots;
    this.#quality = new QualityChoice(host, texts);
    this.#direct = new DirectOffer(host, texts);
    new EscapeController(
      host,
      () => this.open,
      () => this.#onClose(),
    );
  }

  /** Whether a panel is open. */
  get open(): boolean {
    return this.#panel !== null;
  }

  /** Whether the chat is open. */
  get reading(): boolean {
    return this.#panel === 'chat';
  }

  close(): void {
    this.#panel = null;
    this.#read = 0;
    this.#hasRun = false;
  }

  render(state: SessionState, room: RoomInterface | undefined): TemplateResult {
    if (this.reading) this.#read = state.chat.at(-1)?.id ?? 0;
    this.#hasRun ||= state.phase === 'active' || isRegrouping(state);
    return html`
      <div class="inbox">
        ${this.#renderHeading(state)} ${renderHandOverWord(this.#texts, state, room)}
        ${renderHostWord(this.#texts, state, room)} ${this.#quality.render(state, room)}
        ${this.#direct.render(state, room)}
        ${renderRelayState(this.#texts, state, () => room?.withdrawRelay(), 'awaited')}
        ${state.knocks.length > 0 ? html`<waiting-room exportparts=${exported(WaitingRoom)}></waiting-room>` : nothing}
      </div>
      <div class="stage">
        ${this.#slots.render('stage', () =>
          isRegrouping(state)
            ? nothing
            : html`<participant-grid exportparts=${exported(ParticipantGrid)}></participant-grid>`,
        )}
      </div>
      ${this.#panel ? renderSidePanel(this.#texts, this.#panel, state, { room, close: this.#onClose }) : nothing}
    `;
  }

  /** Before the first picture the heading says what is awaited; in a call it is for screen readers. */
  #renderHeading(state: SessionState): TemplateResult {
    const term = (key: TextKey): string => this.#texts.term(key);
    if (state.phase === 'active')
      return html`<h2 class="visually-hidden" tabindex="-1">${term('consult-room.session.heading')}</h2>`;
    if (state.phase === 'paused')
      return html`<h2 tabindex="-1">${term('consult-room.paused.heading.someone-came-in')}</h2>
        <p class="lead">${term('consult-room.paused.text.someone-came-in')}</p>`;
    if (isRegrouping(state))
      return html`<h2 tabindex="-1">${term('consult-room.connecting.heading.again')}</h2>
        <p class="lead">
          ${term(state.knocking === 'locked' ? 'waiting-room.guest.locked' : 'consult-room.regrouping.text')}
        </p>`;
    return html`<h2 tabindex="-1">${term(`consult-room.connecting.heading${this.#hasRun ? '.again' : ''}`)}</h2>
      ${
        // With one other person the tile says it all.
        state.participants.length > 1 ? html`<p class="lead">${term('consult-room.connecting.text')}</p>` : nothing
      }`;
  }

  /** Encryption status of the whole room. */
  renderStatus(state: SessionState): TemplateResult {
    const { encryption, participants } = state;
    const running = encryption !== null && participants.every((p) => p.encryption === 'running');
    return html`
      ${
        participants.length === 0 || whyUnreachable(state)
          ? nothing
          : html`<span class="safe ${running ? '' : 'pending'}">
              ${icon(running ? 'lock' : 'key-round')}
              <span>${this.#texts.term(running ? 'consult-room.encrypted' : 'consult-room.encrypting')}</span>
            </span>`
      }
    `;
  }

  /** For the slots of the controls: the chat in the bar, the other panels in the sheet. */
  renderPanelButtons(state: SessionState): TemplateResult {
    return html`
      <button
        slot="bar"
        part="chat-button"
        aria-expanded=${this.#panel === 'chat' ? 'true' : 'false'}
        aria-controls="panel"
        @click=${() => this.#toggle('chat')}
      >
        ${icon('message-circle')} <span>${this.#texts.term('consult-room.panel.chat')}</span>
        ${
          this.#unread(state)
            ? html`<span class="unread"
                ><span class="visually-hidden">${this.#texts.term('consult-room.panel.unread')}</span></span
              >`
            : nothing
        }
      </button>
      ${MORE.map(
        ([panel, name]) => html`
          <button
            slot="more"
            part="${panel}-button"
            aria-expanded=${this.#panel === panel ? 'true' : 'false'}
            aria-controls="panel"
            @click=${() => this.#toggle(panel)}
          >
            ${icon(name)} <span>${this.#texts.term(`consult-room.panel.${panel}`)}</span>
          </button>
        `,
      )}
    `;
  }

  /** The sheet of the controls and a panel do not share the little space of a phone. */
  onMore(): void {
    if (this.open && !this.#wide()) this.#close();
  }

  #unread({ chat }: SessionState): boolean {
    return !this.reading && chat.some(({ id, from }) => id > this.#read && from !== 'self');
  }

  /** Returns the focus to the button that opened the panel, because the close button disappears. */
  readonly #onClose = (): void => {
    const opener = this.#host.renderRoot.querySelector<HTMLElement>(`[part="${this.#panel ?? ''}-button"]`);
    this.#close();
    // A button of the folded sheet cannot take the focus; the one of the sheet does.
    if (opener?.checkVisibility()) opener.focus();
    else this.#controls()?.focusMore();
  };

  #close(): void {
    this.#panel = null;
    this.#host.requestUpdate();
  }

  #controls(): CallControls | null {
    return this.#host.renderRoot.querySelector<CallControls>('call-controls');
  }

  #wide(): boolean {
    return this.#host.clientWidth >= WIDE;
  }

  async #toggle(panel: Panel): Promise<void> {
    this.#panel = this.#panel === panel ? null : panel;
    this.#controls()?.closeMore();
    this.#host.requestUpdate();
    if (this.#panel === null) return;
    await this.#host.updateComplete;
    const content = this.#host.renderRoot.querySelector<LitElement>('.aside room-chat');
    if (!content) return this.#host.renderRoot.querySelector<HTMLElement>('.aside')?.focus();
    // People open the chat to write. In the CDN folder it comes when it is opened.
    await customElements.whenDefined(content.localName);
    await content.updateComplete;
    if (this.reading) content.focus();
  }
}
