import { html, nothing, type TemplateResult } from 'lit';
import { type ChatLine, isSession, LIMITS, type RoomState } from '../../room/room.ts';
import { ConsultElement } from '../../ui/consult-element.ts';
import { icon } from '../../ui/icons.ts';
import { RoomController } from '../../ui/room-controller.ts';
import { styles } from './room-chat.styles.ts';

interface Slice {
  readonly chat: readonly ChatLine[];
}

function select(state: RoomState): Slice | undefined {
  return isSession(state) ? { chat: state.chat } : undefined;
}

/**
 * Text chat for everyone in the call: for a word that is hard to say, an address, or when the sound fails. Lines are encrypted
 * like media frames, stored nowhere and gone with the session; a new line makes no sound [R6].
 *
 * @tag room-chat
 * @csspart chat-input - The text field.
 * @csspart send-button - Sends the text.
 * @since 0.1.0
 */
export class RoomChat extends ConsultElement {
  /** @internal */
  static readonly tag: string = 'room-chat';
  /** @internal */
  static override readonly parts: readonly string[] = ['chat-input', 'send-button'];
  static override readonly styles = [ConsultElement.styles, styles];

  readonly #room = new RoomController(this, select);

  protected override updated(): void {
    // Scroll to the newest line.
    const log = this.renderRoot.querySelector('.log');
    if (log) log.scrollTop = log.scrollHeight;
  }

  protected override render(): TemplateResult | typeof nothing {
    const slice = this.#room.value;
    if (!slice) return nothing;
    return html`
      <section class="chat">
        <h3>${this.t('room-chat.heading')}</h3>
        <div class="log" role="log" aria-label=${this.t('room-chat.heading')} tabindex="0">
          ${slice.chat.length === 0 ? html`<p class="small">${this.t('room-chat.empty')}</p>` : nothing}
          ${slice.chat.map((line) => this.#renderLine(line))}
        </div>
        <form @submit=${this.#onSubmit}>
          <label class="visually-hidden" for="text">${this.t('room-chat.input')}</label>
          <textarea
            part="chat-input"
            id="text"
            rows="2"
            maxlength=${LIMITS.chat}
            placeholder=${this.t('room-chat.input')}
            @keydown=${this.#onKeyDown}
          ></textarea>
          <button part="send-button" class="primary" type="submit">${icon('send')} ${this.t('room-chat.send')}</button>
        </form>
      </section>
    `;
  }

  #renderLine({ from, name, text }: ChatLine): TemplateResult {
    const own = from === 'self';
    return html`<div class="line ${own ? 'own' : ''}">
      <p class="small"><bdi>${own ? this.t('room-chat.you') : name}</bdi></p>
      <p class="text"><bdi>${text}</bdi></p>
    </div>`;
  }

  #onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    (event.target as HTMLTextAreaElement).form?.requestSubmit();
  }

  #onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    const input = this.renderRoot.querySelector('textarea');
    if (!input || input.value.trim() === '') return;
    this.#room.room?.sendChat(input.value);
    input.value = '';
    input.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'room-chat': RoomChat;
  }
}
