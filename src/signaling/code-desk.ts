/** The host's side of a spoken code at the server (protocol.md §14): opens it again after each outage, and reads what the server says of it. */
import { fromBase64Url, toBase64Url } from '../util/base64url.ts';
import type { ClientMessage, ServerMessage } from '../wire/wire.ts';
import type { CodeEvent } from './channel.ts';

export class CodeDesk {
  readonly #post: (message: ClientMessage) => void;
  readonly #onEvent: (event: CodeEvent) => void;
  #locator: string | null = null;
  #state: 'offline' | 'online' = 'offline';

  constructor(post: (message: ClientMessage) => void, onEvent: (event: CodeEvent) => void) {
    this.#post = post;
    this.#onEvent = onEvent;
  }

  /** Kept, because a restarted server has no state. */
  open(locator: string): void {
    this.#locator = locator;
    if (this.#state === 'online') this.#post({ type: 'code-open', locator });
  }

  online(): void {
    this.#state = 'online';
    if (this.#locator !== null) this.open(this.#locator);
  }

  offline(): void {
    this.#state = 'offline';
  }

  send(to: string, data: Uint8Array): void {
    if (this.#state === 'online') this.#post({ type: 'code-send', to, data: toBase64Url(data) });
  }

  receive({ message }: Extract<ServerMessage, { type: 'code' }>): void {
    if (this.#locator === null) return;
    switch (message.type) {
      case 'joined':
        return this.#onEvent({ type: 'open' });
      case 'error':
        // Guests may have left, and an invite that has ended ends the room itself.
        return message.code === 'host-elsewhere' ? this.#onEvent({ type: 'taken' }) : undefined;
      case 'peer':
        return message.change === 'left' ? this.#onEvent({ type: 'left', from: message.id }) : undefined;
      case 'message': {
        const data = bytesOf(message.data);
        return data ? this.#onEvent({ type: 'message', from: message.from, data }) : undefined;
      }
    }
  }
}

/** @returns null for another spelling of base64url, which no guest of ours sends */
function bytesOf(data: string): Uint8Array<ArrayBuffer> | null {
  try {
    return fromBase64Url(data);
  } catch {
    return null;
  }
}
