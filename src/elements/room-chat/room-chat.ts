import { html, nothing, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { type ChatLine, deliveryOf, isSession, LIMITS, newSince, type RoomState } from '../../room/room.ts';
import { isComposing } from '../../ui/composing.ts';
import { ConsultElement } from '../../ui/consult-element.ts';
import { named } from '../../ui/host-mark.ts';
import { icon } from '../../ui/icons.ts';
import { privateField } from '../../ui/private-field.ts';
import { RoomController } from '../../ui/room-controller.ts';
import { draftOf, keepDraft } from './drafts.ts';
import { styles } from './room-chat.styles.ts';

interface Slice {
  readonly chat: readonly ChatLine[];
  /** Ids of those who are here, a line each: participants change every second, and these do not. */
  readonly present: string;
}

function select(state: RoomState): Slice | undefined {
  if (!isSession(state)) return undefined;
  return { chat: state.chat, present: state.participants.map(({ id }) => id).join('\n') };
}

/**
 * Text chat for everyone in the call: for a word that is hard to say, an address, or when the sound fails. Lines are encrypted
 * like media frames, stored nowhere and gone with the session; a new line makes no sound [R6].
 *
 * @tag room-chat
 * @csspart chat-input - The text field.
 * @csspart send-button - Sends the text.
 * @csspart host-mark - The mark beside the name of the counsellor.
 * @csspart again-button - Sends a line again that may not have arrived.
 * @csspart newest-button - Scrolls to the newest line; shown while earlier lines are being read.
 * @since 0.1.0
 */
export class RoomChat extends ConsultElement {
  static readonly tag: string = 'room-chat';
  static override readonly parts: readonly string[] = [
    'chat-input',
    'send-button',
    'again-button',
    'newest-button',
    'host-mark',
  ];
  static override readonly styles = [ConsultElement.styles, styles];

  readonly #room = new RoomController(this, select);
  /** The last line that was shown, and whether the log was read at its end then: only there does it follow what is written. */
  #last: number | null = null;
  #atEnd = true;
  #field: HTMLTextAreaElement | null = null;

  /** Whether there are lines below those that are being read. */
  @state() private below = false;

  protected override willUpdate(): void {
    const log = this.#log;
    if (log) this.#atEnd = isAtEnd(log);
  }

  /** Sets the focus on the field: people open the chat to write. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector('textarea')?.focus(options);
  }

  protected override updated(): void {
    this.#restoreDraft();
    const line = this.#room.value?.chat.at(-1);
    const first = this.#last === null;
    if (line?.id === (this.#last ?? undefined) && !first) {
      // What is said below it of its delivery.
      if (this.#atEnd) this.#toEnd();
      return;
    }
    this.#last = line?.id ?? 0;
    // What was written by oneself is what one wants to see.
    if (first || this.#atEnd || line?.from === 'self') this.#toEnd();
    else this.below = true;
  }

  protected override render(): TemplateResult | typeof nothing {
    const slice = this.#room.value;
    if (!slice) return nothing;
    const present = slice.present.split('\n').flatMap((id) => (id === '' ? [] : [{ id }]));
    return html`
      <section class="chat">
        <h3>${this.t('room-chat.heading')}</h3>
        <div
          class="log"
          role="log"
          translate="no"
          aria-label=${this.t('room-chat.heading')}
          tabindex="0"
          @scroll=${this.#onScroll}
        >
          ${slice.chat.length === 0 ? html`<p class="small">${this.t('room-chat.empty')}</p>` : nothing}
          ${repeat(
            slice.chat,
            ({ id }) => id,
            (line) => this.#renderLine(line, present),
          )}
        </div>
        <form @submit=${this.#onSubmit}>
          ${
            this.below
              ? html`<button part="newest-button" class="quiet newest" type="button" @click=${this.#toEnd}>
                  ${icon('message-circle')} ${this.t('room-chat.newest')}
                </button>`
              : nothing
          }
          <label class="visually-hidden" for="text">${this.t('room-chat.input')}</label>
          <textarea
            part="chat-input"
            id="text"
            rows="2"
            maxlength=${LIMITS.chat}
            placeholder=${this.t('room-chat.input')}
            @input=${this.#onInput}
            @keydown=${this.#onKeyDown}
            ${privateField()}
          ></textarea>
          <button part="send-button" class="primary" type="submit">${icon('send')} ${this.t('room-chat.send')}</button>
        </form>
      </section>
    `;
  }

  #renderLine(line: ChatLine, present: readonly { readonly id: string }[]): TemplateResult {
    const { from, name, host, text } = line;
    const own = from === 'self';
    return html`<div class="line ${own ? 'own' : ''}">
      <p class="small">${own ? html`<bdi>${this.t('room-chat.you')}</bdi>` : named(this.texts, { name, host })}</p>
      <p class="text"><bdi>${text}</bdi></p>
      ${this.#renderDelivery(line, present)}
    </div>`;
  }

  #renderDelivery(line: ChatLine, present: readonly { readonly id: string }[]): TemplateResult | typeof nothing {
    const delivery = deliveryOf(line, present);
    if (delivery === 'arrived') return nothing;
    if (delivery === 'late') return html`<p class="small">${this.t('room-chat.late')}</p>`;
    return html`
      <p class="small">${this.t('room-chat.missed')}</p>
      ${
        newSince(line, present).length > 0
          ? html`<button part="again-button" class="quiet" type="button" @click=${() => this.#resend(line)}>
              ${icon('send')} ${this.t('room-chat.again')}
            </button>`
          : nothing
      }
    `;
  }

  #resend({ id }: ChatLine): void {
    this.#room.room?.resendChat(id);
    // The button goes.
    this.#log?.focus();
  }

  /** Into the field itself, once: as its default value it would stand in the document. */
  #restoreDraft(): void {
    const { room } = this.#room;
    const field = this.renderRoot.querySelector('textarea');
    if (room && field && field !== this.#field) field.value = draftOf(room);
    this.#field = field;
  }

  get #log(): HTMLElement | null {
    return this.renderRoot.querySelector('.log');
  }

  readonly #toEnd = (): void => {
    const log = this.#log;
    if (log) log.scrollTop = log.scrollHeight;
    this.below = false;
  };

  #onScroll(): void {
    const log = this.#log;
    if (log && isAtEnd(log)) this.below = false;
  }

  #onInput({ target }: InputEvent): void {
    const { room } = this.#room;
    if (room) keepDraft(room, (target as HTMLTextAreaElement).value);
  }

  #onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    (event.target as HTMLTextAreaElement).form?.requestSubmit();
  }

  #onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    const { room } = this.#room;
    const input = this.renderRoot.querySelector('textarea');
    if (!room || !input || input.value.trim() === '') return;
    room.sendChat(input.value);
    input.value = '';
    keepDraft(room, '');
    input.focus();
  }
}

/** Whether a log is scrolled to its end, give or take part of a line. */
function isAtEnd({ scrollTop, scrollHeight, clientHeight }: HTMLElement): boolean {
  return scrollHeight - scrollTop - clientHeight < 16;
}

declare global {
  interface HTMLElementTagNameMap {
    'room-chat': RoomChat;
  }
}
