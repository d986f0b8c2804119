/** What we write in the chat, to everyone who is there; and again, to those who came since. */
import type { Mesh } from '../mesh/mesh.ts';
import { LIMITS } from '../messages/message-limits.ts';
import type { RoomInput } from '../state/actions.ts';
import { newSince } from '../state/chat-lines.ts';
import type { ChatLine, SessionState } from '../state/state.ts';

export interface OwnChatOptions {
  readonly mesh: Pick<Mesh, 'sendDataTo'>;
  state(): SessionState | null;
  report(input: RoomInput): void;
}

export class OwnChat {
  readonly #o: OwnChatOptions;

  constructor(o: OwnChatOptions) {
    this.#o = o;
  }

  write(text: string): void {
    const line = text.trim().slice(0, LIMITS.chat);
    if (line === '') return;
    this.#o.report({ type: 'chat', from: 'self', text: line, at: Date.now() });
    const own = this.#o.state()?.chat.at(-1);
    if (own) this.#send(own, own.to ?? []);
  }

  again(line: number): void {
    const state = this.#o.state();
    const own = state?.chat.find(({ id, to }) => id === line && to);
    if (!state || !own) return;
    this.#o.report({ type: 'chat-again', line });
    this.#send(own, newSince(own, state.participants));
  }

  #send({ id, text }: ChatLine, to: readonly string[]): void {
    for (const one of to) this.#o.mesh.sendDataTo(one, { type: 'chat', text }, id);
  }
}
