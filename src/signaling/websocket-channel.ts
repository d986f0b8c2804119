/**
 * The channel to the signalling server: joins, proves the host, detects a dead connection and reconnects, until
 * closed. It carries opaque bytes, and it logs nothing.
 */
import { ConsultError, ERROR_CODES, type ErrorCode } from '../errors.ts';
import { parseServerMessage, type ClientMessage, type ServerErrorCode, type ServerMessage } from '../wire/wire.ts';
import { MESSAGE_LIMIT } from '../wire/wire-parts.ts';
import { Backoff, type BackoffOptions } from './backoff.ts';
import { fromBase64Url, toBase64Url } from '../util/base64url.ts';
import { patience } from '../util/patience.ts';
import type {
  ChannelOptions,
  CodeBroker,
  RelayBroker,
  RelayCredentials,
  RelayRequest,
  SignalingChannel,
} from './channel.ts';
import { CodeDesk } from './code-desk.ts';
import { onComeback } from './comeback.ts';
import type { DiagnosisOptions } from './diagnosis.ts';
import { LateDiagnosis } from './late-diagnosis.ts';
import { RelayRequests } from './relay-requests.ts';
import { refusal } from './refusals.ts';

/** A guest who typed a spoken code joins by its locator, and knows no room yet (protocol.md §14). */
type Joins = (ChannelOptions & { readonly locator?: never }) | CodeOptions;

interface CodeOptions extends Pick<ChannelOptions, 'onEvent'> {
  readonly locator: string;
  readonly roomId?: never;
  readonly host?: never;
}

interface Connecting {
  /** `ws:` or `wss:`; `http:` and `https:` are accepted too. */
  readonly url: string | URL;
  /** For Node before 22, which has none. */
  readonly WebSocket?: new (url: string) => WebSocket;
  readonly backoff?: BackoffOptions;
  readonly timeouts?: Partial<Timeouts>;
  readonly diagnosis?: DiagnosisOptions;
}

export type WebSocketChannelOptions = Joins & Connecting;

/** Milliseconds that a connection may be silent. */
export interface Timeouts {
  /** Between two pings. */
  readonly pingEvery: number;
  /** From a ping to its answer. */
  readonly pongWithin: number;
  /** From the first packet to a seat in the room. */
  readonly joinWithin: number;
}

const TIMEOUTS: Timeouts = { pingEvery: 15_000, pongWithin: 8_000, joinWithin: 12_000 };
/** Close code for a message over the server's limit (RFC 6455 §7.4.1). */
const TOO_BIG = 1009;

const UNANSWERED = Symbol('unanswered');

/** In compact form, as the server accepts it; what the site's function returns may be anything. */
const isToken = (token: unknown): token is string =>
  typeof token === 'string' && token.length <= 4096 && /^[\w-]+\.[\w-]+\.[\w-]+$/u.test(token);

export class WebSocketChannel implements SignalingChannel, RelayBroker, CodeBroker {
  readonly #options: WebSocketChannelOptions;
  readonly #url: URL;
  readonly #backoff: Backoff;
  readonly #timeouts: Timeouts;
  readonly #relay = new RelayRequests((message) => this.#post(message));
  readonly #code: CodeDesk;
  #socket: WebSocket | null = null;
  #state: 'closed' | 'connecting' | 'online' | 'waiting' = 'closed';
  #joinedBefore: 'first-join' | 'rejoin' = 'first-join';
  /** An outage is reported once for each cause, not once per attempt. */
  readonly #reported = new Set<ErrorCode>();
  /** Why the first join fails; null once a socket has opened, for then nothing is wrong with the site. */
  #diagnosis: LateDiagnosis | null = null;
  #takeover = false;
  /** Ends the wait for whatever is next. */
  #stopWaiting: () => void = () => undefined;
  #moving: ReturnType<typeof setTimeout> | undefined;
  #stopListening: (() => void) | null = null;

  /** @throws {ConsultError} `argument-invalid` for any other URL */
  constructor(options: WebSocketChannelOptions) {
    this.#options = options;
    this.#code = new CodeDesk(
      (message) => this.#post(message),
      (event) => options.onEvent({ type: 'code', event }),
    );
    this.#url = webSocketUrl(options.url);
    this.#backoff = new Backoff(options.backoff);
    this.#timeouts = { ...TIMEOUTS, ...options.timeouts };
  }

  open(): void {
    if (this.#state !== 'closed') return;
    this.#stopListening = onComeback(() => this.#onComeback());
    if (this.#joinedBefore === 'first-join') this.#diagnosis = new LateDiagnosis(this.#url, this.#options.diagnosis);
    this.#connect();
  }

  takeOver(): void {
    this.close();
    this.#takeover = true;
    this.open();
  }

  send(to: string, data: Uint8Array): void {
    if (this.#state !== 'online') return;
    const message = { type: 'send', to, data: toBase64Url(data) } as const;
    // The server would close the connection.
    if (message.data.length + 128 > MESSAGE_LIMIT) this.#options.onEvent({ type: 'error', code: 'message-invalid' });
    else this.#post(message);
  }

  close(): void {
    this.#stopListening?.();
    this.#stopListening = null;
    this.#endDiagnosis();
    this.#drop('closed');
  }

  admitted(keys: readonly Uint8Array[]): void {
    this.#relay.admitted(keys);
  }

  relayNonce(): Promise<Uint8Array> {
    return this.#relay.nonce();
  }

  relayCredentials(request: RelayRequest): Promise<RelayCredentials> {
    return this.#relay.credentials(request);
  }

  openCode(locator: string): void {
    this.#code.open(locator);
  }

  sendCode(to: string, data: Uint8Array): void {
    this.#code.send(to, data);
  }

  #connect(): void {
    this.#stopWaiting();
    this.#state = 'connecting';
    let socket: WebSocket;
    try {
      socket = new (this.#options.WebSocket ?? WebSocket)(this.#url.href);
    } catch {
      // Forbidden by a content security policy.
      return this.#lost(null);
    }
    this.#socket = socket;
    // Events of an abandoned socket are ignored.
    const current = (action: () => void) => () => socket === this.#socket && action();
    socket.onopen = current(() => {
      this.#endDiagnosis();
      void this.#join();
    });
    socket.onclose = (event) => current(() => this.#lost(event.code))();
    socket.onmessage = (event: MessageEvent<unknown>) => current(() => this.#receive(event.data))();
    // 'close' follows and reports the same.
    socket.onerror = () => undefined;
    this.#giveUpAfter(this.#timeouts.joinWithin);
  }

  async #join(): Promise<void> {
    const { roomId, host, locator } = this.#options;
    if (locator !== undefined) return this.#post({ type: 'join', version: 1, role: 'code', locator });
    const common = { type: 'join', version: 1, room: toBase64Url(roomId) } as const;
    if (!host) return this.#post({ ...common, role: 'guest' });
    const socket = this.#socket;
    // A backend that does not answer now may do so at the next attempt.
    const token: unknown = host.token ? await host.token().catch(() => UNANSWERED) : null;
    if (socket !== this.#socket) return;
    if (token === UNANSWERED) return this.#lost(null);
    // The server would drop the message, and nobody would learn why.
    if (token !== null && !isToken(token)) return this.#refused('host-not-allowed', 'the host token is no JWT');
    this.#post({
      ...common,
      role: 'host',
      spki: toBase64Url(host.spki),
      roomTag: toBase64Url(host.roomTag),
      expires: host.expires,
      since: host.since,
      ...(host.delegation ? { delegation: toBase64Url(host.delegation) } : {}),
      ...(this.#takeover ? { takeover: true } : {}),
      ...(token === null ? {} : { token }),
    });
  }

  #receive(data: unknown): void {
    let message: ServerMessage;
    try {
      if (typeof data !== 'string') throw new ConsultError('message-invalid', { detail: 'binary' });
      message = parseServerMessage(data);
    } catch (error: unknown) {
      if (!(error instanceof ConsultError)) throw error;
      return this.#options.onEvent({ type: 'error', code: error.code });
    }
    // Any message is a sign of life.
    if (this.#state === 'online') this.#pingLater();
    this.#handle(message);
  }

  #handle(message: ServerMessage): void {
    const { onEvent } = this.#options;
    switch (message.type) {
      case 'challenge':
        return void this.#prove(message.nonce);
      case 'joined':
        return this.#joined(message);
      case 'peer': {
        const peer = { id: message.id, host: message.host };
        return onEvent({ type: message.change === 'joined' ? 'peer-joined' : 'peer-left', peer });
      }
      case 'message':
        return this.#deliver(message);
      case 'code':
        return this.#code.receive(message);
      case 'relay-nonce':
      case 'relay-credentials':
        return this.#relay.answer(message);
      case 'error':
        return this.#refused(message.code);
      case 'moving':
        return this.#move(message.within);
      case 'pong':
    }
  }

  #deliver({ from, data }: Extract<ServerMessage, { type: 'message' }>): void {
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = fromBase64Url(data);
    } catch {
      return this.#options.onEvent({ type: 'error', code: 'message-invalid' });
    }
    this.#options.onEvent({ type: 'message', from, data: bytes });
  }

  async #prove(nonce: string): Promise<void> {
    const socket = this.#socket;
    const { host } = this.#options;
    if (!host) return this.#refused('message-invalid');
    const own = crypto.getRandomValues(new Uint8Array(32));
    // The host name under which the server was reached: a server that relays to another cannot use the proof there.
    // Host and port only, because a server behind a TLS proxy does not know its scheme.
    let signature: Uint8Array;
    try {
      signature = await host.sign(this.#url.host, fromBase64Url(nonce), own);
    } catch {
      return this.#refused('host-not-proven');
    }
    if (socket !== this.#socket) return;
    this.#post({ type: 'prove', nonce: toBase64Url(own), signature: toBase64Url(signature) });
  }

  #joined({ you, peers }: Extract<ServerMessage, { type: 'joined' }>): void {
    this.#state = 'online';
    this.#joinedBefore = 'rejoin';
    this.#takeover = false;
    this.#reported.clear();
    this.#backoff.reset();
    this.#pingLater();
    this.#relay.online();
    this.#code.online();
    this.#options.onEvent({ type: 'online', self: you, peers });
  }

  #refused(server: ServerErrorCode, detail = ''): void {
    if (server === 'relay-refused') return this.#relay.refused();
    const stage = this.#state === 'connecting' ? this.#joinedBefore : 'seated';
    const { then, code } = refusal(server, stage);
    if (then === 'ignore') return;
    if (then === 'retry') return this.#lost(null, code);
    if (then === 'stop') {
      const was = this.#state;
      this.close();
      if (was === 'online') this.#options.onEvent({ type: 'offline' });
    }
    this.#options.onEvent({ type: 'error', code, ...(detail === '' ? {} : { detail }) });
  }

  /** The connection is lost or abandoned: reports it and schedules a retry. */
  #lost(closeCode: number | null, code: ErrorCode = 'signaling-unreachable'): void {
    const was = this.#state;
    this.#drop('waiting');
    if (this.#diagnosis) return void this.#diagnose(this.#diagnosis);
    // First, because a listener may call close().
    this.#wait(this.#backoff.next(), () => this.#connect());
    if (was === 'online') this.#options.onEvent({ type: 'offline' });
    if (closeCode === TOO_BIG) this.#options.onEvent({ type: 'error', code: 'message-invalid' });
    if (this.#state === 'waiting') this.#reportOnce(code);
  }

  /** No socket has opened yet: finds out why, and retries only what may pass. */
  async #diagnose(diagnosis: LateDiagnosis): Promise<void> {
    const { code, detail, outlook } = await diagnosis.next();
    // Closed meanwhile, or the network came back and another attempt runs.
    if (this.#diagnosis !== diagnosis || this.#state !== 'waiting') return;
    if (outlook === 'settled') {
      this.close();
      return this.#options.onEvent({ type: 'error', code, detail });
    }
    this.#wait(this.#backoff.next(), () => this.#connect());
    // A fault of the site is reported when it is certain.
    if (!ERROR_CODES[code].fatal) this.#reportOnce(code, detail);
  }

  #endDiagnosis(): void {
    this.#diagnosis?.close();
    this.#diagnosis = null;
  }

  #reportOnce(code: ErrorCode, detail = ''): void {
    if (this.#reported.has(code)) return;
    this.#reported.add(code);
    this.#options.onEvent({ type: 'error', code, ...(detail === '' ? {} : { detail }) });
  }

  /**
   * The server is about to end, and this is no outage: reconnects, not all clients at once, and reports an error only
   * where that fails. One that is still joining begins again there: here its seat would end with the server, as an outage.
   */
  #move(within: number): void {
    clearTimeout(this.#moving);
    this.#moving = setTimeout(() => {
      const was = this.#state;
      this.#drop('waiting');
      if (was === 'online') this.#options.onEvent({ type: 'offline' });
      if (this.#state === 'waiting') this.#connect();
    }, Math.random() * within);
  }

  #drop(state: 'closed' | 'waiting'): void {
    this.#stopWaiting();
    clearTimeout(this.#moving);
    const socket = this.#socket;
    this.#socket = null;
    this.#state = state;
    socket?.close();
    this.#relay.offline();
    this.#code.offline();
  }

  #pingLater(): void {
    this.#wait(this.#timeouts.pingEvery, () => this.#ping());
  }

  #ping(): void {
    this.#post({ type: 'ping' });
    this.#giveUpAfter(this.#timeouts.pongWithin);
  }

  #wait(milliseconds: number, act: () => void): void {
    this.#stopWaiting();
    const timer = setTimeout(act, milliseconds);
    this.#stopWaiting = () => clearTimeout(timer);
  }

  /** The server's answer may be in the queue of a page that stood still. */
  #giveUpAfter(milliseconds: number): void {
    this.#stopWaiting();
    this.#stopWaiting = patience(milliseconds, () => this.#lost(null));
  }

  /** The network or the page came back: retries without waiting, or checks the connection. */
  #onComeback(): void {
    if (this.#state === 'waiting') this.#connect();
    else if (this.#state === 'online') this.#ping();
  }

  #post(message: ClientMessage): void {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(message));
  }
}

function webSocketUrl(given: string | URL): URL {
  const url = URL.canParse(given) ? new URL(given) : null;
  if (!url || !/^(ws|http)s?:$/u.test(url.protocol))
    throw new ConsultError('argument-invalid', { detail: 'signaling URL' });
  url.protocol = url.protocol.replace('http', 'ws');
  // A fragment may hold an invite, and RFC 6455 §3 allows none.
  url.hash = '';
  return url;
}
