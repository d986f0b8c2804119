/**
 * Asks the server for relay credentials (protocol.md §10). The wire has no request numbers: one question of a kind is open
 * at a time, the next waits.
 */
import { ConsultError } from '../errors.ts';
import type { ClientMessage, ServerMessage } from '../wire/wire.ts';
import { fromBase64Url, toBase64Url } from '../util/base64url.ts';
import type { RelayCredentials, RelayRequest } from './channel.ts';

type Answer = Extract<ServerMessage, { type: 'relay-nonce' | 'relay-credentials' }>;

interface Question {
  readonly message: ClientMessage;
  readonly expects: Answer['type'];
  resolve(answer: Answer): void;
  reject(error: ConsultError): void;
}

/** Milliseconds after which an unanswered question is given up. */
const ANSWER_WITHIN = 10_000;

export class RelayDesk {
  readonly #post: (message: ClientMessage) => void;
  #questions: Question[] = [];
  #keys: readonly Uint8Array[] | null = null;
  #state: 'offline' | 'online' = 'offline';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(post: (message: ClientMessage) => void) {
    this.#post = post;
  }

  /** Kept and said again after each outage: a restarted server knows nothing. */
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

  /** What was asked is not answered any more. */
  offline(): void {
    this.#state = 'offline';
    clearTimeout(this.#timer);
    const open = this.#questions;
    this.#questions = [];
    for (const question of open) question.reject(new ConsultError('signaling-unreachable'));
  }

  /**
   * @returns 32 bytes
   * @throws {ConsultError} `signaling-unreachable`, `relay-credentials-refused`
   */
  async nonce(): Promise<Uint8Array> {
    const answer = await this.#ask({ type: 'relay-nonce' }, 'relay-nonce');
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
    const answer = await this.#ask(message, 'relay-credentials');
    if (answer.type !== 'relay-credentials') throw new ConsultError('message-invalid');
    const { urls, username, credential, expires } = answer;
    return { urls, username, credential, expires };
  }

  answer(answer: Answer): void {
    if (this.#questions[0]?.expects !== answer.type) return;
    this.#next()?.resolve(answer);
  }

  refused(): void {
    this.#next()?.reject(new ConsultError('relay-credentials-refused'));
  }

  #ask(message: ClientMessage, expects: Answer['type']): Promise<Answer> {
    if (this.#state === 'offline') return Promise.reject(new ConsultError('signaling-unreachable'));
    return new Promise((resolve, reject) => {
      this.#questions.push({ message, expects, resolve, reject });
      if (this.#questions.length === 1) this.#say();
    });
  }

  #say(): void {
    const [question] = this.#questions;
    if (!question) return;
    this.#post(question.message);
    this.#timer = setTimeout(() => this.#next()?.reject(new ConsultError('signaling-unreachable')), ANSWER_WITHIN);
  }

  #next(): Question | undefined {
    clearTimeout(this.#timer);
    const done = this.#questions.shift();
    this.#say();
    return done;
  }
}
