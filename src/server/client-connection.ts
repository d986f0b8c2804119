/** One WebSocket of a client: enforces its limits, parses its messages, and holds its seat in a room. */
import { randomBytes } from 'node:crypto';
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
import { codeRoomOf, encode, isCodeRoom, type RoomEntry, type Seat } from './room-entry.ts';
import type { BufferOwner, SendBuffers } from './send-buffers.ts';
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
  | { readonly step: 'seated'; readonly room: RoomEntry; readonly seat: Seat; readonly code: HostCode | null }
  | { readonly step: 'gone' };

/** RFC 6455 §7.4.1 */
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;

export interface ConnectionOptions {
  readonly context: ServerContext;
  /** Host names under which this client may have reached us. */
  readonly names: readonly string[];
  /** Keyed hash of the client's network; null for loopback. */
  readonly network: string | null;
}

export class ClientConnection {
  readonly #socket: WebSocket;
  readonly #context: ServerContext;
  readonly #names: readonly string[];
  readonly #network: string | null;
  readonly #id = randomBytes(16).toString('base64url');
  readonly #since: number;
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;
  #stage: Stage = { step: 'new' };
  #unanswered = 0;
  /** Messages handed to the socket and not yet taken by the network. */
  #queued = 0;
  /** When the network last took one, in milliseconds since the epoch. */
  #takenAt: number;
  readonly #buffer: BufferOwner;
  readonly #timers: readonly ReturnType<typeof setTimeout>[];

  constructor(socket: WebSocket, { context, names, network }: ConnectionOptions) {
    const { limits, now } = context;
    this.#socket = socket;
    this.#context = context;
    this.#names = names;
    this.#network = network;
    this.#since = now();
    this.#takenAt = this.#since;
    this.#buffer = {
      get buffered() {
        return socket.bufferedAmount;
      },
      drop: () => this.#dropSlow(),
    };
    this.#messages = new TokenBucket(limits.messageBurst, limits.messagesPerSecond, this.#since);
    this.#bytes = new TokenBucket(limits.byteBurst, limits.bytesPerSecond, this.#since);
    this.#timers = [
      setTimeout(() => this.#stage.step !== 'seated' && this.#dismiss('not-joined'), limits.joinWithin),
      setInterval(() => this.#ping(), limits.pingEvery),
    ];
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary ? 'binary' : 'text'));
    socket.on('pong', () => (this.#unanswered = 0));
    // ws closes the connection; the error is counted, never logged: it may hold content.
    socket.on('error', (error: Error & { readonly code?: string }) =>
      this.#count(error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ? 'message-too-large' : 'message-invalid'),
    );
    socket.on('close', () => this.#close());
  }

  #receive(data: RawData, kind: 'text' | 'binary'): void {
    const { metrics, now } = this.#context;
    if (this.#stage.step === 'gone') return;
    const size = (data as Buffer).length;
    metrics.received(size);
    this.#unanswered = 0;
    if (!this.#messages.take(1, now()) || !this.#bytes.take(size, now())) return this.#dismiss('too-many-messages');
    let message: ClientMessage;
    try {
      if (kind === 'binary') throw new ConsultError('message-invalid', { detail: 'binary' });
      message = parseClientMessage((data as Buffer).toString('utf8'));
    } catch (error: unknown) {
      if (!(error instanceof ConsultError)) throw error;
      return this.#refuse('message-invalid');
    }
    void this.#handle(message).catch(() => this.#dismiss('message-invalid'));
  }

  async #handle(message: ClientMessage): Promise<void> {
    const stage = this.#stage;
    if (message.type === 'ping') return this.#post({ type: 'pong' });
    if (message.type === 'join') return this.#join(message);
    if (message.type === 'prove') return this.#prove(stage, message);
    if (stage.step !== 'seated') return this.#refuse('not-joined');
    if (message.type === 'send') return this.#relay(stage, message);
    // Nothing else belongs to the room of a code.
    if (isCodeRoom(stage.room.id)) return this.#refuse('message-invalid');
    switch (message.type) {
      case 'code-open':
      case 'code-close':
      case 'code-send':
        return stage.code ? this.#handleCode(stage.code, message) : this.#refuse('host-not-proven');
      case 'admitted':
        if (stage.seat.role !== 'host') return this.#refuse('host-not-proven');
        return this.#context.hub.register(stage.room, message.keys);
      case 'relay-nonce': {
        const nonce = stage.room.relay.issue(stage.seat.id, this.#context.now());
        return nonce === null ? this.#refuse('relay-refused') : this.#post({ type: 'relay-nonce', nonce });
      }
      case 'relay-request': {
        const credentials = await this.#context.mint.mint(stage.room, stage.seat.id, message);
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
    const { hub } = this.#context;
    const seat = this.#seat('guest');
    const id = message.role === 'code' ? codeRoomOf(message.locator) : message.room;
    const arrival = hub.arrive(id, seat);
    if (arrival) {
      this.#stage = { step: 'arriving' };
      await arrival;
      if (this.#left()) return hub.depart(id);
    }
    const room = hub.joinGuest(id, seat);
    if (typeof room !== 'string') return void (this.#stage = { step: 'seated', room, seat, code: null });
    hub.depart(id);
    this.#dismiss(room);
  }

  async #prove(stage: Stage, message: Extract<ClientMessage, { type: 'prove' }>): Promise<void> {
    if (stage.step !== 'challenged') return this.#refuse(stage.step === 'seated' ? 'already-joined' : 'not-joined');
    const { join, challenge } = stage;
    this.#stage = { step: 'proving' };
    const proof = await challenge.verify(message);
    if (this.#left()) return;
    if (!proof) return this.#dismiss('host-not-proven');
    const seat = this.#seat('host');
    const takeover = join.takeover === true ? 'chosen' : 'ask';
    const { hub } = this.#context;
    await hub.arrive(join.room, seat);
    // A room that its host has opened stays its own when the token has expired: calls outlive tokens.
    const opened = hub.find(join.room)?.proof ?? null;
    if (!opened && !(await this.#context.hosts.admits({ room: join.room, thumb: proof.thumb, token: join.token }))) {
      hub.depart(join.room);
      return this.#dismiss('host-not-allowed');
    }
    const room = await hub.joinHost(join.room, seat, { proof, takeover });
    if (typeof room === 'string') {
      hub.depart(join.room);
      return this.#dismiss(room);
    }
    // The socket closed, or another host took the seat meanwhile.
    if (this.#left()) return hub.leave(room.id, seat);
    const code = new HostCode({ hub, room, seat, post: (post) => this.#post(post) });
    this.#stage = { step: 'seated', room, seat, code };
  }

  #relay(
    { room, seat }: Extract<Stage, { step: 'seated' }>,
    { to, data }: Extract<ClientMessage, { type: 'send' }>,
  ): void {
    const { hub, metrics, codes, now } = this.#context;
    if (isCodeRoom(room.id)) {
      if (data.length > CODE_DATA_LIMIT) return this.#dismiss('message-too-large');
      if (!codes.take(room.id, this.#network)) return this.#dismiss('code-busy');
    }
    const receivers = hub.relay(room, seat, to, data);
    if (receivers === 0 && to !== 'everyone') return this.#refuse('peer-unknown');
    metrics.relayed(receivers, data.length * receivers);
    // The first copy was counted on arrival.
    if (receivers > 1 && !this.#bytes.take(data.length * (receivers - 1), now())) this.#dismiss('too-many-messages');
  }

  #seat(role: Seat['role']): Seat {
    const left = (): boolean => this.#left();
    return {
      id: this.#id,
      role,
      since: this.#since,
      network: this.#network,
      deliver: (encoded) => this.#deliver(encoded),
      dismiss: (code) => this.#dismiss(code),
      responds: () => this.#responds(),
      get gone() {
        return left();
      },
    };
  }

  /** A method, because the stage changes during an `await`, which narrowed types would not show. */
  #left(): boolean {
    return this.#stage.step === 'gone';
  }

  #deliver(encoded: string): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#queued += 1;
    this.#socket.send(encoded, () => {
      this.#queued -= 1;
      this.#takenAt = this.#context.now();
    });
    if (this.#socket.bufferedAmount > this.#context.limits.bufferedBytes) this.#dropSlow();
    else this.#context.buffers.queued(this.#buffer);
  }

  /** A close frame would only wait in the same queue. */
  #dropSlow(): void {
    this.#count('slow-consumer');
    this.#socket.terminate();
  }

  #post(message: ServerMessage): void {
    this.#deliver(encode(message));
  }

  #refuse(code: ServerErrorCode): void {
    this.#count(code);
    this.#post({ type: 'error', code });
  }

  #dismiss(code: ServerErrorCode | null): void {
    if (this.#stage.step === 'gone') return;
    if (code) this.#refuse(code);
    this.#socket.close(code ? POLICY_VIOLATION : TRY_AGAIN_LATER);
    this.#leave();
  }

  #count(code: ServerErrorCode | 'slow-consumer'): void {
    this.#context.metrics.refused(code);
  }

  #ping(): void {
    if (this.#unanswered >= 2) return this.#socket.terminate();
    // Pings of its own keep a client counted as alive; reading nothing does not.
    const { limits, now } = this.#context;
    if (this.#queued > 0 && now() - this.#takenAt >= limits.stalledAfter) return this.#dropSlow();
    this.#unanswered += 1;
    this.#socket.ping();
  }

  #responds(): Promise<boolean> {
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
    this.#stage = { step: 'gone' };
    if (stage.step !== 'seated') return;
    stage.code?.close();
    this.#context.hub.leave(stage.room.id, stage.seat);
  }

  #close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#context.buffers.closed(this.#buffer);
    this.#leave();
  }
}
