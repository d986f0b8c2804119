/**
 * The backplane over NATS: a pulse tells which processes live and what client networks use there; tokens, openings, and which rooms have
 * changed hands, are told to all; what belongs to a room goes through {@link SharedRooms}.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { Msg } from '@nats-io/transport-node';
import type { ServerErrorCode } from '../../wire/wire.ts';
import type { Backplane, BackplaneHandler, NetworkUse } from './backplane.ts';
import { NatsBus } from './nats-bus.ts';
import { checkNats, type NatsOptions } from './nats-options.ts';
import {
  type Announcement,
  Answer,
  CodeAttempt,
  Direct,
  Led,
  type LedRoom,
  Openings,
  parse,
  Pulse,
  type RoomEvent,
  type RoomState,
  type SpentToken,
  Tokens,
} from './process-messages.ts';
import { ProcessTable } from './process-table.ts';
import { SharedRooms } from './shared-rooms.ts';

const PULSE_EVERY = 1_000;
/** Milliseconds: beyond what the ping of a client that is asked to respond takes. */
const PROBE_MARGIN = 1_000;
/** Used tokens, or rooms that have changed hands, in one message: one of NATS has a limit. */
const MOST = 1024;

export interface NatsBackplaneOptions extends NatsOptions {
  /** Milliseconds that a client has to answer a ping. */
  readonly probeWithin: number;
}

export class NatsBackplane implements Backplane {
  readonly process = randomBytes(16).toString('base64url');
  readonly networkKey: Uint8Array;
  readonly #probeWithin: number;
  readonly #subjectKey: Buffer;
  readonly #bus: NatsBus;
  readonly #rooms: SharedRooms;
  readonly #processes: ProcessTable;
  #handler: BackplaneHandler | null = null;
  #pulse: ReturnType<typeof setInterval> | undefined;

  /** @throws {ConsultError} `argument-invalid` */
  constructor(options: NatsBackplaneOptions) {
    checkNats(options);
    this.#probeWithin = options.probeWithin;
    const derive = (purpose: string): Buffer => createHmac('sha256', options.secret).update(purpose).digest();
    this.#subjectKey = derive('consult-room rooms');
    this.networkKey = derive('consult-room networks');
    this.#bus = new NatsBus(options, {
      onStatus: (status) => this.#handler?.onStatus(status),
      onReconnected: () => this.#reconnected(),
    });
    this.#rooms = new SharedRooms({
      process: this.process,
      bus: this.#bus,
      hash: (room) => this.#hash(room),
      handler: () => this.#handler,
      onSeen: (process) => this.#processes.seen(process),
    });
    this.#processes = new ProcessTable({
      onGone: (process) => this.#rooms.onProcessGone(process),
      onBack: () => this.#rooms.askForAll(),
    });
  }

  get status(): 'connected' | 'cut' {
    return this.#bus.status;
  }

  async start(handler: BackplaneHandler): Promise<void> {
    this.#handler = handler;
    await this.#bus.connect();
    this.#bus.subscribe('pulse', (message) => this.#onPulse(message));
    this.#bus.subscribe(`process.${this.process}.>`, (message) => this.#onDirect(message));
    this.#bus.subscribe('tokens', (message) => this.#onTokens(message));
    this.#bus.subscribe('led', (message) => this.#onLed(message));
    this.#bus.subscribe('codes', (message) => this.#onTried(message));
    this.#bus.subscribe('openings', (message) => this.#onOpenings(message));
    this.#bus.open();
    this.#ask();
    this.#pulse = setInterval(() => this.#beat(), PULSE_EVERY);
    this.#beat();
  }

  enter(room: string): Promise<void> | null {
    return this.#rooms.enter(room);
  }

  leave(room: string): void {
    this.#rooms.leave(room);
  }

  publish(room: string, event: RoomEvent): void {
    this.#rooms.publish(room, event);
  }

  async probe(process: string, room: string, seat: string): Promise<boolean> {
    const request: Direct = { type: 'probe', room: this.#hash(room), seat };
    const answer = await this.#bus.request(`process.${process}.probe`, request, this.#probeWithin + PROBE_MARGIN);
    return answer ? (parse(Answer, answer)?.responds ?? false) : false;
  }

  dismiss(process: string, room: string, seat: string, code: ServerErrorCode | null): void {
    this.#bus.direct(process, { type: 'dismiss', room: this.#hash(room), seat, code });
  }

  collect(room: string): Promise<readonly RoomState[]> {
    return this.#rooms.collect(room);
  }

  spend(spent: SpentToken): void {
    this.#bus.send('tokens', { process: this.process, ask: false, spent: [spent] });
  }

  remember(led: LedRoom): void {
    this.#bus.send('led', { process: this.process, ask: false, rooms: [led] });
  }

  tried(attempt: CodeAttempt): void {
    this.#bus.send('codes', { process: this.process, ...attempt });
  }

  announce({ ask, rooms }: Announcement): void {
    this.#bus.send('openings', { process: this.process, ask, rooms: [...rooms] });
  }

  processes(): readonly string[] {
    return this.#processes.alive();
  }

  usageElsewhere(network: string): NetworkUse {
    return this.#processes.usageOf(network);
  }

  async close(): Promise<void> {
    clearInterval(this.#pulse);
    this.#rooms.leaveAll();
    this.#handler = null;
    await this.#bus.close();
  }

  #hash(room: string): string {
    return createHmac('sha256', this.#subjectKey).update(room).digest('base64url');
  }

  #onDirect(message: Msg): void {
    const token = message.subject.split('.').at(-1) ?? '';
    if (message.headers?.code === 503) return this.#rooms.onNobody(token);
    const direct = parse(Direct, message.data);
    if (!direct) return;
    if (direct.type === 'probe') return void this.#respond(direct, message);
    if (direct.type !== 'dismiss') return this.#rooms.onDirect(direct, token);
    const room = this.#rooms.roomOf(direct.room);
    if (room !== undefined) this.#handler?.dismiss(room, direct.seat, direct.code);
  }

  async #respond(probe: Extract<Direct, { type: 'probe' }>, message: Msg): Promise<void> {
    const room = this.#rooms.roomOf(probe.room);
    const responds = room === undefined ? false : ((await this.#handler?.responds(room, probe.seat)) ?? false);
    message.respond(JSON.stringify({ responds }));
  }

  #beat(): void {
    this.#rooms.beat();
    if (this.#handler) this.#bus.send('pulse', { process: this.process, usage: this.#handler.usage() });
    this.#processes.check(this.status);
  }

  #onPulse(message: Msg): void {
    const pulse = parse(Pulse, message.data);
    if (pulse && pulse.process !== this.process) this.#processes.seen(pulse.process, pulse.usage);
  }

  #onTokens(message: Msg): void {
    const tokens = parse(Tokens, message.data);
    if (!tokens || !this.#handler) return;
    for (const spent of tokens.spent) this.#handler.onSpent(spent);
    if (tokens.ask) this.#tellTokens();
  }

  #onLed(message: Msg): void {
    const led = parse(Led, message.data);
    if (!led || !this.#handler) return;
    for (const room of led.rooms) this.#handler.onLed(room);
    if (led.ask) this.#tellLed();
  }

  #onTried(message: Msg): void {
    const attempt = parse(CodeAttempt, message.data);
    if (attempt && attempt.process !== this.process) this.#handler?.onTried(attempt);
  }

  #onOpenings(message: Msg): void {
    const openings = parse(Openings, message.data);
    if (openings && openings.process !== this.process) this.#handler?.onAnnouncement(openings.process, openings);
  }

  /** For what every process knows. */
  #ask(): void {
    this.#bus.send('tokens', { process: this.process, ask: true, spent: [] });
    this.#bus.send('led', { process: this.process, ask: true, rooms: [] });
  }

  #tellTokens(): void {
    const all = this.#handler?.spent() ?? [];
    for (let at = 0; at < all.length; at += MOST)
      this.#bus.send('tokens', { process: this.process, ask: false, spent: all.slice(at, at + MOST) });
  }

  #tellLed(): void {
    const all = this.#handler?.led() ?? [];
    for (let at = 0; at < all.length; at += MOST)
      this.#bus.send('led', { process: this.process, ask: false, rooms: all.slice(at, at + MOST) });
  }

  #reconnected(): void {
    this.#processes.renew();
    this.#beat();
    this.#rooms.askForAll();
    this.#tellTokens();
    this.#tellLed();
    this.#ask();
  }
}
