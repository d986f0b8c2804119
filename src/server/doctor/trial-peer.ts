/** A participant as which the doctor tries the signalling. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { parseServerMessage, type ClientMessage, type ServerMessage } from '../../wire/wire.ts';
import { codeOf, TIMEOUT } from './page-checks.ts';

export class TrialPeer {
  readonly #socket: WebSocket;
  readonly #inbox: ServerMessage[] = [];
  #wake: () => void = () => undefined;
  #failure: string | null = null;

  constructor(url: URL, origin: string) {
    this.#socket = new WebSocket(url, { origin, handshakeTimeout: TIMEOUT, followRedirects: false });
    this.#socket.on('message', (data) => {
      try {
        this.#inbox.push(parseServerMessage((data as Buffer).toString()));
        this.#wake();
      } catch {
        // Another program's; a listener must not throw.
        this.#fail('foreign message');
      }
    });
    this.#socket.on('close', (code) => this.#fail(`closed ${String(code)}`));
    this.#socket.on('error', (error) => this.#fail(codeOf(error)));
  }

  /** @throws {Error} with a code of the system, or the status of the refusal */
  async open(): Promise<void> {
    await once(this.#socket, 'open');
  }

  say(message: ClientMessage): void {
    this.#socket.send(JSON.stringify(message));
  }

  async take<T extends ServerMessage['type']>(type: T): Promise<Extract<ServerMessage, { type: T }>> {
    const end = setTimeout(() => this.#fail('timeout'), TIMEOUT);
    try {
      for (;;) {
        const index = this.#inbox.findIndex((message) => message.type === type || message.type === 'error');
        const [found] = index < 0 ? [] : this.#inbox.splice(index, 1);
        if (found?.type === 'error') throw new Error(found.code);
        if (found) return found as Extract<ServerMessage, { type: T }>;
        if (this.#failure !== null) throw new Error(this.#failure);
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      clearTimeout(end);
    }
  }

  close(): void {
    this.#socket.terminate();
  }

  #fail(reason: string): void {
    this.#failure ??= reason;
    this.#wake();
  }
}
