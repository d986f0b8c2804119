/** What we write in the chat, to everyone who is there; and again, to those who came since. */
import type { Mesh } from './mesh/mesh.ts';
import { LIMITS } from './messages/message-limits.ts';
import type { SessionInput } from './state/actions.ts';
import { newSince } from './state/chat-lines.ts';
import type { ChatLine, SessionState } from './state/state.ts';

export interface OwnChatOptions {
  /** @throws {ConsultError} `wrong-phase` outside of a session */
  state(): SessionState;
  dispatch(input: SessionInput): void;
  mesh(action: (mesh: Pick<Mesh, 'sendDataTo'>) => void): void;
}

export class OwnChat {
  readonly #o: OwnChatOptions;

  constructor(o: OwnChatOptions) {
    this.#o = o;
  }

  write(text: string): void {
    this.#o.state();
    const line = text.trim().slice(0, LIMITS.chat);
    if (line === '') return;
    this.#o.dispatch({ type: 'chat', from: 'self', text: line, at: Date.now() });
    const own = this.#o.state().chat.at(-1);
    if (own) this.#send(own, own.to ?? []);
  }

  again(line: number): void {
    const { chat, participants } = this.#o.state();
    const own = chat.find(({ id, to }) => id === line && to);
    if (!own) return;
    this.#o.dispatch({ type: 'chat-again', line });
    this.#send(own, newSince(own, participants));
  }

  #send({ id, text }: ChatLine, to: readonly string[]): void {
    this.#o.mesh((mesh) => {
      for (const one of to) mesh.sendDataTo(one, { type: 'chat', text }, id);
    });
  }
}
