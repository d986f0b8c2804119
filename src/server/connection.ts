/** One WebSocket: counts what it uses, parses what it says, and holds its seat. */
import { randomBytes } from 'node:crypto';
import { WebSocket, type RawData } from 'ws';
import { ConsultError } from '../errors.ts';
import { parseClientMessage, type ClientMessage, type ServerErrorCode, type ServerMessage } from '../wire/wire.ts';
import { HostChallenge, type HostJoin } from './host-proof.ts';
import type { Hub } from './hub.ts';
import { TokenBucket } from '../util/token-bucket.ts';
import type { Limits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import { encode, type RoomEntry, type Seat } from './room-entry.ts';
import type { RelayMint } from './turn.ts';

/** What all connections share. */
export interface Desk {
  readonly hub: Hub;
  readonly limits: Limits;
  readonly metrics: Metrics;
  readonly mint: RelayMint;
  readonly now: () => number;
}

type Stage =
  | { readonly step: 'new' }
  | { readonly step: 'challenged'; readonly join: HostJoin; readonly challenge: HostChallenge }
  | { readonly step: 'proving' }
  | { readonly step: 'seated'; readonly room: RoomEntry; readonly seat: Seat }
  | { readonly step: 'gone' };

/** RFC 6455 §7.4.1 */
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;

export class Connection {
  readonly #socket: WebSocket;
  readonly #desk: Desk;
  /** Under which hosts this connection may have reached us. */
  readonly #names: readonly string[];
  readonly #id = randomBytes(16).toString('base64url');
  readonly #since: number;
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;
  #stage: Stage = { step: 'new' };
  #unanswered = 0;
  readonly #timers: readonly ReturnType<typeof setTimeout>[];

  constructor(socket: WebSocket, desk: Desk, names: readonly string[]) {
    const { limits, now } = desk;
    this.#socket = socket;
    this.#desk = desk;
    this.#names = names;
    this.#since = now();
    this.#messages = new TokenBucket(limits.messageBurst, limits.messagesPerSecond, this.#since);
    this.#bytes = new TokenBucket(limits.byteBurst, limits.bytesPerSecond, this.#since);
    this.#timers = [
      setTimeout(() => this.#stage.step !== 'seated' && this.#dismiss('not-joined'), limits.joinWithin),
      setInterval(() => this.#ping(), limits.pingEvery),
    ];
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary ? 'binary' : 'text'));
    socket.on('pong', () => (this.#unanswered = 0));
    // ws closes by itself; what is told here is counted, never logged: it may hold content.
    socket.on('error', (error: Error & { readonly code?: string }) =>
      this.#count(error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ? 'message-too-large' : 'message-invalid'),
    );
    socket.on('close', () => this.#close());
  }

  #receive(data: RawData, kind: 'text' | 'binary'): void {
    const { metrics, now } = this.#desk;
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
      return this.#tell('message-invalid');
    }
    void this.#handle(message).catch(() => this.#dismiss('message-invalid'));
  }

  async #handle(message: ClientMessage): Promise<void> {
    const stage = this.#stage;
    if (message.type === 'ping') return this.#post({ type: 'pong' });
    if (message.type === 'join') return this.#join(message);
    if (message.type === 'prove') return this.#prove(stage, message);
    if (stage.step !== 'seated') return this.#tell('not-joined');
    switch (message.type) {
      case 'send':
        return this.#relay(stage, message);
      case 'admitted':
        if (stage.seat.role !== 'host') return this.#tell('host-not-proven');
        return stage.room.relay.register(message.keys);
      case 'relay-nonce': {
        const nonce = stage.room.relay.issue(stage.seat.id, this.#desk.now());
        return nonce === null ? this.#tell('relay-refused') : this.#post({ type: 'relay-nonce', nonce });
      }
      case 'relay-request': {
        const credentials = await this.#desk.mint.mint(stage.room, stage.seat.id, message);
        if (!credentials) return this.#tell('relay-refused');
        this.#desk.metrics.minted();
        return this.#post({ type: 'relay-credentials', ...credentials });
      }
    }
  }

  #join(message: Extract<ClientMessage, { type: 'join' }>): void {
    if (this.#stage.step !== 'new') return this.#tell('already-joined');
    if (message.role === 'host') {
      const challenge = new HostChallenge(message, this.#names);
      this.#stage = { step: 'challenged', join: message, challenge };
      return this.#post({ type: 'challenge', nonce: challenge.nonce });
    }
    const seat = this.#seat('guest');
    const room = this.#desk.hub.joinGuest(message.room, seat);
    if (typeof room === 'string') this.#dismiss(room);
    else this.#stage = { step: 'seated', room, seat };
  }

  async #prove(stage: Stage, message: Extract<ClientMessage, { type: 'prove' }>): Promise<void> {
    if (stage.step !== 'challenged') return this.#tell(stage.step === 'seated' ? 'already-joined' : 'not-joined');
    const { join, challenge } = stage;
    this.#stage = { step: 'proving' };
    const proof = await challenge.verify(message);
    if (this.#left()) return;
    if (!proof) return this.#dismiss('host-not-proven');
    const seat = this.#seat('host');
    const takeover = join.takeover === true ? 'chosen' : 'ask';
    const room = await this.#desk.hub.joinHost(join.room, seat, { proof, takeover });
    if (typeof room === 'string') return this.#dismiss(room);
    // The socket closed, or another host took the seat, between the answer and this line.
    if (this.#left()) return this.#desk.hub.leave(room.id, seat);
    this.#stage = { step: 'seated', room, seat };
  }

  #relay(
    { room, seat }: Extract<Stage, { step: 'seated' }>,
    { to, data }: Extract<ClientMessage, { type: 'send' }>,
  ): void {
    const { hub, metrics, now } = this.#desk;
    const receivers = hub.relay(room, seat, to, data);
    if (receivers === 0 && to !== 'everyone') return this.#tell('peer-unknown');
    metrics.relayed(receivers, data.length * receivers);
    // The first copy was paid for on arrival.
    if (receivers > 1 && !this.#bytes.take(data.length * (receivers - 1), now())) this.#dismiss('too-many-messages');
  }

  #seat(role: Seat['role']): Seat {
    const left = (): boolean => this.#left();
    return {
      id: this.#id,
      role,
      since: this.#since,
      deliver: (encoded) => this.#deliver(encoded),
      dismiss: (code) => this.#dismiss(code),
      responds: () => this.#responds(),
      get gone() {
        return left();
      },
    };
  }

  /** Through a method, because the stage changes while an `await` lasts and a type check of it would not notice. */
  #left(): boolean {
    return this.#stage.step === 'gone';
  }

  #deliver(encoded: string): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.send(encoded);
    if (this.#socket.bufferedAmount <= this.#desk.limits.bufferedBytes) return;
    // Memory held for one who does not read is taken from those who do. A close frame would only wait in the same buffer.
    this.#count('slow-consumer');
    this.#socket.terminate();
  }

  #post(message: ServerMessage): void {
    this.#deliver(encode(message));
  }

  #tell(code: ServerErrorCode): void {
    this.#count(code);
    this.#post({ type: 'error', code });
  }

  #dismiss(code: ServerErrorCode | null): void {
    if (this.#stage.step === 'gone') return;
    if (code) this.#tell(code);
    this.#socket.close(code ? POLICY_VIOLATION : TRY_AGAIN_LATER);
    this.#leave();
  }

  #count(code: ServerErrorCode | 'slow-consumer'): void {
    this.#desk.metrics.refused(code);
  }

  #ping(): void {
    if (this.#unanswered >= 2) return this.#socket.terminate();
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
      const timer = setTimeout(no, this.#desk.limits.probeWithin);
      socket.on('pong', yes);
      socket.on('close', no);
      socket.ping();
    });
  }

  #leave(): void {
    const stage = this.#stage;
    this.#stage = { step: 'gone' };
    if (stage.step === 'seated') this.#desk.hub.leave(stage.room.id, stage.seat);
  }

  #close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#leave();
  }
}
