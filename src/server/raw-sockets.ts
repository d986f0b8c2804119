/**
 * Connections that Node hands over with an upgrade request. It takes its listeners and timeouts off them, and does not
 * close them with the server: an error that nobody listens to would end the process, and a client that keeps its side
 * open would hold its connection for ever.
 */
import { ServerResponse, STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Milliseconds for a client to take an answer. */
const PATIENCE = 5_000;

/** Those that are no WebSocket (yet). */
export class RawSockets {
  readonly #held = new Set<Duplex>();
  /** One listener for all. */
  readonly #onClose: (this: Duplex) => void;

  constructor() {
    const held = this.#held;
    this.#onClose = function () {
      held.delete(this);
    };
  }

  /** Call at once for each that is handed over. */
  hold(socket: Duplex): void {
    this.#held.add(socket);
    socket.on('error', destroy).on('close', this.#onClose);
  }

  /** It is a WebSocket, which listens itself from now on. */
  release(socket: Duplex): void {
    this.#held.delete(socket);
    socket.off('error', destroy).off('close', this.#onClose);
  }

  refuse(socket: Duplex, status: number): void {
    const line = `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}`;
    socket.end(`${line}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
    this.expire(socket);
  }

  /** Bounds the time for an answer, unless the socket is released already. */
  expire(socket: Duplex): void {
    if (!this.#held.has(socket)) return;
    const timer = setTimeout(() => socket.destroy(), PATIENCE).unref();
    socket.once('close', () => clearTimeout(timer));
  }

  destroyAll(): void {
    for (const socket of this.#held) socket.destroy();
  }
}

function destroy(this: Duplex): void {
  this.destroy();
}

/** Answers an upgrade that nobody takes (an `Upgrade: h2c` of some clients) as Node does without a listener for upgrades. */
export function answerPlainly(
  request: IncomingMessage,
  socket: Socket,
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
): void {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  try {
    response.assignSocket(socket);
  } catch {
    // Sent before the answer to an earlier request has ended.
    return void socket.destroy();
  }
  response.once('finish', () => socket.destroySoon());
  socket
    .on('error', destroy)
    .once('end', () => socket.end())
    .once('close', () => (response.writableFinished ? undefined : request.destroy()));
  // One that reads nothing; a site that takes its time for an answer has it.
  socket.setTimeout(PATIENCE).on('timeout', () => (socket.writableLength > 0 ? socket.destroy() : undefined));
  // Else nobody would see that the client has gone.
  socket.resume();
  onRequest(request, response);
}
