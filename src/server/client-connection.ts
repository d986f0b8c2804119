/**
 * One WebSocket of a client: enforces its limits, parses its messages, and is its seat in a room. A server holds thousands of idle ones, so
 * a connection has no timer, listener or closure of its own.
 */
import type { Writable } from 'node:stream';
import { WebSocket, type RawData } from 'ws';
import { ConsultError } from '../errors.ts';
import { parseClientMessage, type ClientMessage, type ServerErrorCode, type ServerMessage } from '../wire/wire.ts';
import { HostCode, type CodeAttempts } from './code-room.ts';
import type { HostGate } from './host-rule.ts';
import { HostChallenge, type HostJoin } from './host-proof.ts';
import type { Hub } from './hub.ts';
import { TokenBucket } from '../util/token-bucket.ts';
import { CODE_DATA_LIMIT } from '../wire/wire-parts.ts';
import type { Limits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import { randomId } from './random-ids.ts';
import { codeRoomOf, encode, isCodeRoom, type RoomEntry, type Seat } from './room-entry.ts';
import { UnreadQueue, type BufferOwner, type SendBuffers } from './send-buffers.ts';
import { parseSend } from './send-message.ts';
import type { RelayMint } from './turn.ts';

/** What all connections share. */
export interface ServerContext {
  readonly hub: Hub;
  readonly limits: Limits;
  readonly metrics: Metrics;
  readonly mint: RelayMint;
  readonly hosts: HostGate;
  readonly codes: CodeAttempts;
  readonly buffers: SendBuffers;
  readonly now: () => number;
}

type Stage =
  | { readonly step: 'new' }
  | { readonly step: 'challenged'; readonly join: HostJoin; readonly challenge: HostChallenge }
  | { readonly step: 'proving' }
  /** The seats that other processes hold in the room are being asked for. */
  | { readonly step: 'arriving' }
  /** `code`: of a host only. */
  | { readonly step: 'seated'; readonly room: RoomEntry; readonly code: HostCode | null }
  | { readonly step: 'gone' };

// Shared, because each connection begins and ends so.
const NEW: Stage = { step: 'new' };
const GONE: Stage = { step: 'gone' };

/** RFC 6455 §7.4.1 */
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;

export interface ConnectionOptions {
  readonly context: ServerContext;
  /** Host names under which this client may have reached us. */
  readonly names: readonly string[];
  /** Keyed hash of the client's network; null for loopback. */
  readonly network: string | null;
  /** What the WebSocket is carried by, on which whole frames are written: possible because none is compressed, so that `ws` queues none itself. */
  readonly stream: Pick<Writable, 'write'>;
}

/** A WebSocket that knows its connection, so that all can share their listeners. */
export class ClientSocket extends WebSocket {
  connection: ClientConnection | null = null;
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  (this as ClientSocket).connection?.receive(data as Buffer, isBinary ? 'binary' : 'text');
}

function onPong(this: WebSocket): void {
  (this as ClientSocket).connection?.answered();
}

function onError(this: WebSocket, error: Error): void {
  (this as ClientSocket).connection?.failed(error);
}

function onClose(this: WebSocket): void {
  (this as ClientSocket).connection?.closed();
}

export class ClientConnection implements Seat, BufferOwner {
  /** 16 random bytes in base64url. */
  readonly id = randomId();
  readonly since: number;
  readonly network: string | null;
  stamp = 0;
  readonly #socket: ClientSocket;
  readonly #stream: ConnectionOptions['stream'];
  readonly #context: ServerContext;
  readonly #names: readonly string[];
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;
  #role: Seat['role'] = 'guest';
  #stage = NEW;
  /** Pings without an answer. */
  #unanswered = 0;
  // Both in whole milliseconds of `performance.now`: a clock that is set forward drops nobody.
  /** Since when the client has to take a seat, and beside the host of a code to say something. */
  #opened: number;
  #pinged: number;
  /** What the receiver has not read yet; null for nothing. */
  #unread: UnreadQueue | null = null;

  /** @param now whole milliseconds of `performance.now` */
  constructor(socket: ClientSocket, { context, names, network, stream }: ConnectionOptions, now: number) {
    const { limits } = context;
    this.#socket = socket;
    this.#stream = stream;
    this.#context = context;
    this.#names = names;
    this.network = network;
    this.since = context.now();
    this.#opened = now;
    this.#pinged = now;
    this.#messages = new TokenBucket(limits.messageBurst, limits.messagesPerSecond, this.since);
    this.#bytes = new TokenBucket(limits.byteBurst, limits.bytesPerSecond, this.since);
    socket.connection = this;
    socket.on('message', onMessage).on('pong', onPong).on('error', onError).on('close', onClose);
  }

  get role(): Seat['role'] {
    return this.#role;
  }

  get gone(): boolean {
    return this.#stage.step === 'gone';
  }

  get buffered(): number {
    return this.#socket.bufferedAmount;
  }

  receive(data: Buffer, kind: 'text' | 'binary'): void {
    const { metrics, now } = this.#context;
    if (this.#stage.step === 'gone') return;
    metrics.received(data.length);
    this.#unanswered = 0;
    const time = now();
    if (!this.#messages.take(1, time) || !this.#bytes.take(data.length, time)) return this.dismiss('too-many-messages');
    let message: ClientMessage;
    try {
      const send = kind === 'text' ? parseSend(data) : null;
      if (send) return this.#relay(send);
      if (kind === 'binary') throw new ConsultError('message-invalid', { detail: 'binary' });
      message = parseClientMessage(data.toString('utf8'));
    } catch (error: unknown) {
      return error instanceof ConsultError ? this.#refuse('message-invalid') : this.dismiss('message-invalid');
    }
    void this.#handle(message).catch(() => this.dismiss('message-invalid'));
  }

  /** The client answered a ping. */
  answered(): void {
    this.#unanswered = 0;
  }

  /** ws closes the connection; the error is counted, never logged: it may hold content. */
  failed({ code }: Error & { readonly code?: string }): void {
    this.#count(code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ? 'message-too-large' : 'message-invalid');
  }

  closed(): void {
    this.#context.buffers.closed(this);
    this.#leave();
  }

  /**
   * Closes a connection that takes no seat, or one with a code that it does not use, answers no ping or reads nothing. Call regularly.
   *
   * @param now whole milliseconds of `performance.now`
   */
  tick(now: number): void {
    const { joinWithin, codeSilence, pingEvery, stalledAfter } = this.#context.limits;
    if (this.#stage.step !== 'seated') {
      if (now - this.#opened >= joinWithin) this.dismiss('not-joined');
    } else if (this.#role === 'guest' && isCodeRoom(this.#stage.room.id)) {
      // Whoever waits for the host has nothing to say yet.
      if (!this.#stage.room.host) this.#opened = now;
      // Without an error: a device that slept comes back and continues.
      else if (now - this.#opened >= codeSilence) this.dismiss(null);
    }
    if (this.#unread && this.buffered === 0) this.#unread = null;
    if (this.#unread && this.#unread.stalledFor(this.buffered, now) >= stalledAfter) return this.drop();
    if (now - this.#pinged < pingEvery) return;
    if (this.#unanswered >= 2) return this.#socket.terminate();
    this.#pinged = now;
    this.#unanswered += 1;
    this.#socket.ping();
  }

  async #handle(message: ClientMessage): Promise<void> {
    const stage = this.#stage;
    if (message.type === 'ping') return this.#post({ type: 'pong' });
    if (message.type === 'join') return this.#join(message);
    if (message.type === 'prove') return this.#prove(stage, message);
    if (message.type === 'send') return this.#relay(message);
    if (stage.step !== 'seated') return this.#refuse('not-joined');
    // Nothing else belongs to the room of a code.
    if (isCodeRoom(stage.room.id)) return this.#refuse('message-invalid');
    switch (message.type) {
      case 'code-open':
      case 'code-close':
      case 'code-send':
        return stage.code ? this.#handleCode(stage.code, message) : this.#refuse('host-not-proven');
      case 'admitted':
        if (this.role !== 'host') return this.#refuse('host-not-proven');
        return this.#context.hub.register(stage.room, message.keys);
      case 'relay-nonce': {
        const nonce = stage.room.relay.issue(this.id, this.#context.now());
        return nonce === null ? this.#refuse('relay-refused') : this.#post({ type: 'relay-nonce', nonce });
      }
      case 'relay-request': {
        const credentials = await this.#context.mint.mint(stage.room, this.id, message);
        if (!credentials) return this.#refuse('relay-refused');
        this.#context.metrics.minted();
        return this.#post({ type: 'relay-credentials', ...credentials });
      }
    }
  }

  async #handleCode(
    code: HostCode,
    message: Extract<ClientMessage, { type: 'code-open' | 'code-close' | 'code-send' }>,
  ): Promise<void> {
    if (message.type === 'code-open') return code.open(message.locator);
    if (message.type === 'code-close') return code.close();
    // A guest may have left meanwhile.
    this.#context.metrics.relayed(code.send(message.to, message.data), message.data.length);
  }

  async #join(message: Extract<ClientMessage, { type: 'join' }>): Promise<void> {
    if (this.#stage.step !== 'new') return this.#refuse('already-joined');
    if (message.role === 'host') {
      const challenge = new HostChallenge(message, this.#names);
      this.#stage = { step: 'challenged', join: message, challenge };
      return this.#post({ type: 'challenge', nonce: challenge.nonce });
    }
    const { hub, codes } = this.#context;
    const id = message.role === 'code' ? codeRoomOf(message.locator) : message.room;
    if (message.role === 'code' && !codes.take(id, this.network)) return this.dismiss('code-busy');
    const arrival = hub.arrive(id, this);
    if (arrival) {
      this.#stage = { step: 'arriving' };
      await arrival;
      if (this.#left()) return hub.depart(id);
    }
    const room = hub.joinGuest(id, this);
    if (typeof room !== 'string') {
      this.#opened = Math.trunc(performance.now());
      return void (this.#stage = { step: 'seated', room, code: null });
    }
    hub.depart(id);
    this.dismiss(room);
  }

  async #prove(stage: Stage, message: Extract<ClientMessage, { type: 'prove' }>): Promise<void> {
    if (stage.step !== 'challenged') return this.#refuse(stage.step === 'seated' ? 'already-joined' : 'not-joined');
    const { join, challenge } = stage;
    this.#stage = { step: 'proving' };
    const proof = await challenge.verify(message);
    if (this.#left()) return;
    if (!proof) return this.dismiss('host-not-proven');
    this.#role = 'host';
    const takeover = join.takeover === true ? 'chosen' : 'ask';
    const { hub } = this.#context;
    await hub.arrive(join.room, this);
    // A room that its host has opened stays its own when the token has expired: calls outlive tokens.
    const opened = hub.find(join.room)?.proof ?? null;
    if (!opened && !(await this.#context.hosts.admits({ room: join.room, thumb: proof.thumb, token: join.token }))) {
      hub.depart(join.room);
      return this.dismiss('host-not-allowed');
    }
    const room = await hub.joinHost(join.room, this, { proof, takeover });
    if (typeof room === 'string') {
      hub.depart(join.room);
      return this.dismiss(room);
    }
    // The socket closed, or another host took the seat meanwhile.
    if (this.#left()) return hub.leave(room.id, this);
    const code = new HostCode({ hub, room, seat: this, post: (post) => this.#post(post) });
    this.#stage = { step: 'seated', room, code };
  }

  #relay({ to, data }: Extract<ClientMessage, { type: 'send' }>): void {
    if (this.#stage.step !== 'seated') return this.#refuse('not-joined');
    const { room } = this.#stage;
    const { hub, metrics, codes, now } = this.#context;
    if (isCodeRoom(room.id)) {
      if (data.length > CODE_DATA_LIMIT) return this.dismiss('message-too-large');
      if (!codes.take(room.id, this.network)) return this.dismiss('code-busy');
      this.#opened = Math.trunc(performance.now());
    }
    const receivers = hub.relay(room, this, to, data);
    if (receivers === 0 && to !== 'everyone') return this.#refuse('peer-unknown');
    metrics.relayed(receivers, data.length * receivers);
    // The first copy was counted on arrival.
    if (receivers > 1 && !this.#bytes.take(data.length * (receivers - 1), now())) this.dismiss('too-many-messages');
  }

  /** A method, because the stage changes during an `await`, which narrowed types would not show. */
  #left(): boolean {
    return this.#stage.step === 'gone';
  }

  deliver(frame: Buffer): void {
    const socket = this.#socket;
    if (socket.readyState !== WebSocket.OPEN) return;
    this.#stream.write(frame);
    const buffered = socket.bufferedAmount;
    // Nearly always the network takes a message at once.
    if (buffered > 0) this.#queued(buffered, Math.min(buffered, frame.length));
  }

  /**
   * @param buffered bytes queued now
   * @param added of them by the last message
   */
  #queued(buffered: number, added: number): void {
    this.#unread ??= new UnreadQueue(buffered - added, Math.trunc(performance.now()));
    this.#unread.add(added);
    if (buffered > this.#context.limits.bufferedBytes) this.drop();
    else this.#context.buffers.queued(this, added);
  }

  /** A close frame would only wait in the same queue. */
  drop(): void {
    this.#count('slow-consumer');
    this.#socket.terminate();
  }

  #post(message: ServerMessage): void {
    this.deliver(encode(message));
  }

  #refuse(code: ServerErrorCode): void {
    this.#count(code);
    this.#post({ type: 'error', code });
  }

  dismiss(code: ServerErrorCode | null): void {
    if (this.#stage.step === 'gone') return;
    if (code) this.#refuse(code);
    this.#socket.close(code ? POLICY_VIOLATION : TRY_AGAIN_LATER);
    this.#leave();
  }

  #count(code: ServerErrorCode | 'slow-consumer'): void {
    this.#context.metrics.refused(code);
  }

  responds(): Promise<boolean> {
    const socket = this.#socket;
    if (socket.readyState !== WebSocket.OPEN) return Promise.resolve(false);
    return new Promise((resolve) => {
      const finish = (answer: boolean) => (): void => {
        clearTimeout(timer);
        socket.off('pong', yes);
        socket.off('close', no);
        resolve(answer);
      };
      const yes = finish(true);
      const no = finish(false);
      const timer = setTimeout(no, this.#context.limits.probeWithin);
      socket.on('pong', yes);
      socket.on('close', no);
      socket.ping();
    });
  }

  #leave(): void {
    const stage = this.#stage;
    this.#stage = GONE;
    if (stage.step !== 'seated') return;
    stage.code?.close();
    this.#context.hub.leave(stage.room.id, this);
  }
}
