/**
 * Requests relay credentials from the server (protocol.md §10), one request at a time: the wire has no request
 * numbers.
 */
import { ConsultError } from '../errors.ts';
import type { ClientMessage, ServerMessage } from '../wire/wire.ts';
import { fromBase64Url, toBase64Url } from '../util/base64url.ts';
import type { RelayCredentials, RelayRequest } from './channel.ts';

type Answer = Extract<ServerMessage, { type: 'relay-nonce' | 'relay-credentials' }>;

interface PendingRequest {
  readonly message: ClientMessage;
  readonly expects: Answer['type'];
  resolve(answer: Answer): void;
  reject(error: ConsultError): void;
}

/** Milliseconds after which an unanswered request fails. */
const TIMEOUT = 10_000;

export class RelayRequests {
  readonly #post: (message: ClientMessage) => void;
  #pending: PendingRequest[] = [];
  #keys: readonly Uint8Array[] | null = null;
  #state: 'offline' | 'online' = 'offline';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(post: (message: ClientMessage) => void) {
    this.#post = post;
  }

  /** Kept and resent after each outage: a restarted server has no state. */
  admitted(keys: readonly Uint8Array[]): void {
    this.#keys = keys;
    if (this.#state === 'online') this.#register();
  }

  online(): void {
    this.#state = 'online';
    this.#register();
  }

  #register(): void {
    if (this.#keys) this.#post({ type: 'admitted', keys: this.#keys.map(toBase64Url) });
  }

  /** Fails all pending requests. */
  offline(): void {
    this.#state = 'offline';
    clearTimeout(this.#timer);
    const open = this.#pending;
    this.#pending = [];
    for (const request of open) request.reject(new ConsultError('signaling-unreachable'));
  }

  /**
   * @returns 32 bytes
   * @throws {ConsultError} `signaling-unreachable`, `relay-credentials-refused`
   */
  async nonce(): Promise<Uint8Array> {
    const answer = await this.#request({ type: 'relay-nonce' }, 'relay-nonce');
    if (answer.type !== 'relay-nonce') throw new ConsultError('message-invalid');
    return fromBase64Url(answer.nonce);
  }

  /** @throws {ConsultError} `signaling-unreachable`, `relay-credentials-refused` */
  async credentials(request: RelayRequest): Promise<RelayCredentials> {
    const { keys, nonces, text, serverNonce, signatures } = request;
    const two = (pair: readonly [Uint8Array, Uint8Array]): [string, string] => [
      toBase64Url(pair[0]),
      toBase64Url(pair[1]),
    ];
    const message = {
      type: 'relay-request',
      keys: two(keys),
      nonces: two(nonces),
      text: toBase64Url(text),
      serverNonce: toBase64Url(serverNonce),
      signatures: two(signatures),
    } as const;
    const answer = await this.#request(message, 'relay-credentials');
    if (answer.type !== 'relay-credentials') throw new ConsultError('message-invalid');
    const { username, credential, expires } = answer;
    return { username, credential, expires };
  }

  answer(answer: Answer): void {
    if (this.#pending[0]?.expects !== answer.type) return;
    this.#next()?.resolve(answer);
  }

  refused(): void {
    this.#next()?.reject(new ConsultError('relay-credentials-refused'));
  }

  #request(message: ClientMessage, expects: Answer['type']): Promise<Answer> {
    if (this.#state === 'offline') return Promise.reject(new ConsultError('signaling-unreachable'));
    return new Promise((resolve, reject) => {
      this.#pending.push({ message, expects, resolve, reject });
      if (this.#pending.length === 1) this.#send();
    });
  }

  #send(): void {
    const [request] = this.#pending;
    if (!request) return;
    this.#post(request.message);
    this.#timer = setTimeout(() => this.#next()?.reject(new ConsultError('signaling-unreachable')), TIMEOUT);
  }

  #next(): PendingRequest | undefined {
    clearTimeout(this.#timer);
    const done = this.#pending.shift();
    this.#send();
    return done;
  }
}
