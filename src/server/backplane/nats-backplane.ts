/**
 * The backplane over NATS (core only, nothing is persisted): one subject a room, so that NATS forwards events only to
 * processes with people in it; presence by request; a pulse tells which processes live. Room ids are keyed hashes in
 * subjects, because NATS shows subjects to its operator [R12].
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type * as v from 'valibot';
import { ConsultError } from '../../errors.ts';
import type { ServerErrorCode } from '../../wire/wire.ts';
import type { Backplane, BackplaneHandler, NetworkUse } from './backplane.ts';
import {
  type Announcement,
  Answer,
  Broadcast,
  Direct,
  Openings,
  parse,
  Pulse,
  Question,
  type SpentToken,
  Tokens,
  type RoomEvent,
  type RoomState,
} from './process-messages.ts';
import { checkNats, connectionOptions, type NatsOptions } from './nats-options.ts';
import { ProcessTable } from './process-table.ts';
import { IncomingStream, OutgoingStream } from './streams.ts';

/** Versioned: processes of another version do not meet. */
const PREFIX = 'consult-room.1';
/** Milliseconds for the others to answer before a join proceeds without them. */
const ANSWER_WITHIN = 2_000;
/** Milliseconds after which a room is asked for again: in a cluster of NATS, interest takes a moment to spread. */
const ASK_AGAIN = 1_000;
const PULSE_EVERY = 1_000;
/** Milliseconds: beyond what the ping of a client that is asked to respond takes. */
const PROBE_MARGIN = 1_000;
/** Streams of processes that left, remembered so that their late events are recognised. */
const MOST_STREAMS = 64;

/**
 * Beats after our last event of a room at which we say once more where its stream stands. A cut that outlasts the last but one makes the
 * others end us, and they ask when we are back.
 */
const REMINDERS: ReadonlySet<number> = new Set([1, 2, 4, 8, 16]);

/** Used tokens in one message. */
const TOKENS = 1024;

interface Membership {
  readonly room: string;
  readonly hash: string;
  readonly subscriptions: Subscription[];
  readonly outgoing: OutgoingStream;
  readonly incoming: Map<string, IncomingStream>;
  readonly timers: Map<string, ReturnType<typeof setTimeout>>;
  /** Beats since our last event. */
  quiet: number;
}

interface Pending {
  readonly hash: string;
  readonly answered: Set<string>;
  readonly states: RoomState[];
  readonly known: Set<string>;
  finish(): void;
}

export interface NatsBackplaneOptions extends NatsOptions {
  /** Milliseconds that a client has to answer a ping. */
  readonly probeWithin: number;
}

export class NatsBackplane implements Backplane {
  readonly #options: NatsBackplaneOptions;
  readonly process = randomBytes(16).toString('base64url');
  readonly #subjectKey: Buffer;
  readonly networkKey: Uint8Array;
  readonly #memberships = new Map<string, Membership>();
  readonly #pending = new Map<string, Pending>();
  readonly #processes: ProcessTable;
  #entries = 0;
  #connection: NatsConnection | null = null;
  #handler: BackplaneHandler | null = null;
  #pulse: ReturnType<typeof setInterval> | undefined;
  #status: 'connected' | 'cut' = 'cut';

  /** @throws {ConsultError} `argument-invalid` */
  constructor(options: NatsBackplaneOptions) {
    checkNats(options);
    this.#options = options;
    const derive = (purpose: string): Buffer => createHmac('sha256', options.secret).update(purpose).digest();
    this.#subjectKey = derive('consult-room rooms');
    this.networkKey = derive('consult-room networks');
    this.#processes = new ProcessTable({
      onGone: (process) => this.#processGone(process),
      // Also rooms that were not shared before: both may have opened them during the cut.
      onBack: () => this.#askForAll(),
    });
  }

  get status(): 'connected' | 'cut' {
    return this.#status;
  }

  async start(handler: BackplaneHandler): Promise<void> {
    this.#handler = handler;
    const options = await connectionOptions(this.#options);
    const { connect } = await import('@nats-io/transport-node');
    const connection = await connect(options).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : 'unknown';
      throw new ConsultError('argument-invalid', { detail: `nats: not reached (${reason})`, cause: error });
    });
    this.#connection = connection;
    this.#subscribe(`pulse`, (message) => this.#onPulse(message));
    this.#subscribe(`process.${this.process}.>`, (message) => this.#onDirect(message));
    this.#subscribe('tokens', (message) => this.#onTokens(message));
    this.#subscribe('openings', (message) => this.#onOpenings(message));
    this.#turn('connected');
    this.#send('tokens', { process: this.process, ask: true, spent: [] });
    void this.#watch(connection);
    this.#pulse = setInterval(() => this.#beat(), PULSE_EVERY);
    this.#beat();
  }

  enter(room: string): Promise<void> | null {
    const hash = this.#hash(room);
    this.#entries += 1;
    const membership: Membership = {
      room,
      hash,
      subscriptions: [],
      outgoing: new OutgoingStream(this.#entries),
      incoming: new Map(),
      timers: new Map(),
      quiet: 0,
    };
    this.#memberships.set(hash, membership);
    if (!this.#connection) return null;
    membership.subscriptions.push(this.#subscribe(`room.${hash}`, (message) => this.#onBroadcast(membership, message)));
    // NATS keeps the order of one connection: events that follow the answers are not missed, and nobody asks itself.
    const answers = this.#status === 'connected' ? this.#question(hash) : null;
    membership.subscriptions.push(this.#subscribe(`who.${hash}`, (message) => this.#onQuestion(hash, message)));
    this.#later(membership, 'ask', ASK_AGAIN, () => this.#askFor(hash));
    return answers?.then(() => undefined) ?? null;
  }

  leave(room: string): void {
    const hash = this.#hash(room);
    const membership = this.#memberships.get(hash);
    if (!membership) return;
    this.#memberships.delete(hash);
    for (const timer of membership.timers.values()) clearTimeout(timer);
    for (const subscription of membership.subscriptions) subscription.unsubscribe();
    const bye = { type: 'bye', process: this.process, entry: membership.outgoing.entry } as const;
    this.#send(`room.${hash}`, bye);
  }

  publish(room: string, event: RoomEvent): void {
    const hash = this.#hash(room);
    const membership = this.#memberships.get(hash);
    if (!membership) return;
    const at = membership.outgoing.add(event, performance.now());
    membership.quiet = 0;
    // What is said during a cut is asked for afterwards.
    this.#send(`room.${hash}`, { type: 'event', process: this.process, at, event });
  }

  async probe(process: string, room: string, seat: string): Promise<boolean> {
    const timeout = this.#options.probeWithin + PROBE_MARGIN;
    const request: Direct = { type: 'probe', room: this.#hash(room), seat };
    try {
      const subject = `${PREFIX}.process.${process}.probe`;
      const answer = await this.#connection?.request(subject, JSON.stringify(request), { timeout });
      return answer ? (parse(Answer, answer.data)?.responds ?? false) : false;
    } catch {
      // Nobody listens there any more, or not in time.
      return false;
    }
  }

  dismiss(process: string, room: string, seat: string, code: ServerErrorCode | null): void {
    this.#direct(process, { type: 'dismiss', room: this.#hash(room), seat, code });
  }

  async collect(room: string): Promise<readonly RoomState[]> {
    return this.#status === 'connected' ? this.#question(this.#hash(room)) : [];
  }

  spend(spent: SpentToken): void {
    this.#send('tokens', { process: this.process, ask: false, spent: [spent] });
  }

  announce(announcement: Announcement): void {
    this.#send('openings', { process: this.process, ask: announcement.ask, rooms: [...announcement.rooms] });
  }

  processes(): readonly string[] {
    return this.#processes.alive();
  }

  usageElsewhere(network: string): NetworkUse {
    return this.#processes.usageOf(network);
  }

  async close(): Promise<void> {
    clearInterval(this.#pulse);
    for (const { room } of this.#memberships.values()) this.leave(room);
    for (const pending of this.#pending.values()) pending.finish();
    this.#handler = null;
    const connection = this.#connection;
    this.#connection = null;
    // Flushes what is queued; during a cut there is nobody to flush to.
    if (this.#status === 'connected') await connection?.drain().catch(() => undefined);
    await connection?.close();
  }

  #hash(room: string): string {
    return createHmac('sha256', this.#subjectKey).update(room).digest('base64url');
  }

  #subscribe(name: string, onMessage: (message: Msg) => void): Subscription {
    const connection = this.#connection;
    if (!connection) throw new ConsultError('argument-invalid', { detail: 'nats: not connected' });
    return connection.subscribe(`${PREFIX}.${name}`, {
      callback: (error, message) => (error === null ? onMessage(message) : undefined),
    });
  }

  /** Sends nothing during a cut: the client would queue it without a limit. */
  #send(
    name: string,
    message:
      Direct | v.InferOutput<typeof Broadcast | typeof Question | typeof Pulse | typeof Tokens | typeof Openings>,
    reply?: string,
  ): void {
    if (this.#status !== 'connected' || !this.#connection) return;
    this.#connection.publish(`${PREFIX}.${name}`, JSON.stringify(message), reply === undefined ? {} : { reply });
  }

  #direct(process: string, message: Direct): void {
    this.#send(`process.${process}.say`, message);
  }

  /** Resolves once all processes that are known to hold the room have answered, at the latest after a time limit. */
  #question(hash: string): Promise<readonly RoomState[]> {
    const token = randomBytes(9).toString('base64url');
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#pending.delete(token);
        resolve(pending.states);
      };
      const timer = setTimeout(finish, ANSWER_WITHIN);
      const pending: Pending = { hash, answered: new Set(), states: [], known: new Set(), finish };
      this.#pending.set(token, pending);
      this.#ask(hash, `answer.${token}`);
    });
  }

  #askForAll(): void {
    for (const hash of this.#memberships.keys()) this.#askFor(hash);
  }

  #askFor(hash: string): void {
    this.#ask(hash, 'answer.late');
  }

  #ask(hash: string, answer: string): void {
    const membership = this.#memberships.get(hash);
    const state = membership ? this.#handler?.stateOf(membership.room) : null;
    const held = membership && state ? { at: membership.outgoing.at, state } : null;
    this.#send(`who.${hash}`, { process: this.process, held }, `${PREFIX}.process.${this.process}.${answer}`);
  }

  #onQuestion(hash: string, message: Msg): void {
    const question = parse(Question, message.data);
    const membership = this.#memberships.get(hash);
    if (!question || !membership || question.process === this.process) return;
    if (question.held) this.#onState(membership, question.process, question.held);
    const state = this.#handler?.stateOf(membership.room);
    if (!state || message.reply === undefined || !this.#connection) return;
    const present = [...membership.incoming].filter(([, { condition }]) => condition !== 'ended');
    const answer: Direct = {
      type: 'state',
      process: this.process,
      room: hash,
      at: membership.outgoing.at,
      state,
      knows: present.map(([process]) => process).filter((process) => process !== question.process),
    };
    this.#connection.publish(message.reply, JSON.stringify(answer));
  }

  #onDirect(message: Msg): void {
    const token = message.subject.split('.').at(-1) ?? '';
    const pending = this.#pending.get(token);
    // NATS says at once that nobody holds the room.
    if (message.headers?.code === 503) return pending?.finish();
    const direct = parse(Direct, message.data);
    if (!direct) return;
    const membership = this.#memberships.get(direct.room);
    switch (direct.type) {
      case 'state':
        if (membership) this.#onState(membership, direct.process, direct);
        return this.#answered(pending, direct);
      case 'probe':
        return void this.#respond(membership, direct.seat, message);
      case 'dismiss':
        return membership && this.#handler?.dismiss(membership.room, direct.seat, direct.code);
      case 'again':
        return this.#repeat(membership, direct);
      case 'event':
        return membership && this.#stream(membership, direct.process)?.event(direct.at, direct.event);
      case 'lost':
        return membership && this.#renew(membership, direct.process);
    }
  }

  #answered(pending: Pending | undefined, answer: Extract<Direct, { type: 'state' }>): void {
    if (pending?.hash !== answer.room || pending.answered.has(answer.process)) return;
    pending.answered.add(answer.process);
    pending.states.push(answer.state);
    for (const process of answer.knows) if (process !== this.process) pending.known.add(process);
    if ([...pending.known].every((process) => pending.answered.has(process))) pending.finish();
  }

  async #respond(membership: Membership | undefined, seat: string, message: Msg): Promise<void> {
    const responds = membership ? ((await this.#handler?.responds(membership.room, seat)) ?? false) : false;
    message.respond(JSON.stringify({ responds }));
  }

  #repeat(membership: Membership | undefined, { process, room, at }: Extract<Direct, { type: 'again' }>): void {
    const events = membership?.outgoing.since(at) ?? null;
    if (!events) return this.#direct(process, { type: 'lost', process: this.process, room });
    for (const event of events) this.#direct(process, { type: 'event', process: this.process, room, ...event });
  }

  #onBroadcast(membership: Membership, message: Msg): void {
    const broadcast = parse(Broadcast, message.data);
    if (!broadcast || broadcast.process === this.process) return;
    const stream = this.#stream(membership, broadcast.process);
    if (broadcast.type === 'event') return stream?.event(broadcast.at, broadcast.event);
    if (broadcast.type === 'at') return stream?.reached(broadcast.at);
    stream?.end(broadcast.entry);
    if (stream?.condition === 'ended') this.#handler?.onProcessGone(membership.room, broadcast.process);
  }

  #onState(
    membership: Membership,
    process: string,
    { at, state }: Pick<Extract<Direct, { type: 'state' }>, 'at' | 'state'>,
  ): void {
    this.#stream(membership, process)?.state(at, state);
  }

  #stream(membership: Membership, process: string): IncomingStream | null {
    const { room, hash, incoming } = membership;
    const known = incoming.get(process);
    if (known) {
      this.#confirm(membership, process, known);
      return known;
    }
    if (incoming.size >= MOST_STREAMS) {
      const ended = [...incoming].find(([, { condition }]) => condition === 'ended');
      if (!ended) return null;
      incoming.delete(ended[0]);
    }
    const stream = new IncomingStream({
      deliver: (event) => this.#handler?.onEvent(room, process, event),
      apply: (state) => this.#handler?.onState(room, process, state),
      again: (at) => this.#direct(process, { type: 'again', process: this.process, room: hash, at }),
      ask: () => this.#askFor(hash),
    });
    incoming.set(process, stream);
    this.#processes.seen(process);
    this.#confirm(membership, process, stream);
    return stream;
  }

  /** Looks after a while whether the process has confirmed what it was believed, and repeated what was missing. */
  #confirm(membership: Membership, process: string, stream: IncomingStream): void {
    if (stream.condition === 'open' || stream.condition === 'ended' || membership.timers.has(process)) return;
    this.#later(membership, process, ANSWER_WITHIN, () => {
      // During a cut nothing can be answered; the reconnection asks.
      if (this.#status === 'cut') return;
      if (stream.condition === 'incomplete') this.#lost(membership, process);
      else if (stream.condition === 'unconfirmed') this.#gone(membership, process);
    });
  }

  #later(membership: Membership, name: string, milliseconds: number, action: () => void): void {
    const timer = setTimeout(() => {
      membership.timers.delete(name);
      action();
    }, milliseconds);
    membership.timers.set(name, timer);
  }

  /** Both sides renew: what ours sent there may be missing just as well. */
  #lost(membership: Membership, process: string): void {
    this.#renew(membership, process);
    this.#direct(process, { type: 'lost', process: this.process, room: membership.hash });
  }

  #renew(membership: Membership, process: string): void {
    const stream = membership.incoming.get(process);
    if (!stream) return;
    stream.forget();
    this.#handler?.onLoss(membership.room, process);
    this.#askFor(membership.hash);
  }

  #gone(membership: Membership, process: string): void {
    if (membership.incoming.delete(process)) this.#handler?.onProcessGone(membership.room, process);
  }

  #processGone(process: string): void {
    for (const membership of this.#memberships.values()) this.#gone(membership, process);
  }

  #beat(): void {
    const now = performance.now();
    for (const membership of this.#memberships.values()) {
      membership.outgoing.trim(now);
      membership.quiet += 1;
      if (REMINDERS.has(membership.quiet)) this.#remind(membership);
    }
    if (this.#handler) this.#send('pulse', { process: this.process, usage: this.#handler.usage() });
    this.#processes.check(this.#status);
  }

  /** A cut between two NATS loses events without a word to us; the last of them would be missed until the next. */
  #remind({ hash, outgoing }: Membership): void {
    this.#send(`room.${hash}`, { type: 'at', process: this.process, at: outgoing.at });
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

  #onOpenings(message: Msg): void {
    const openings = parse(Openings, message.data);
    if (openings && openings.process !== this.process) this.#handler?.onAnnouncement(openings.process, openings);
  }

  /** In parts: a message of NATS has a limit. */
  #tellTokens(): void {
    const all = this.#handler?.spent() ?? [];
    for (let at = 0; at < all.length; at += TOKENS)
      this.#send('tokens', { process: this.process, ask: false, spent: all.slice(at, at + TOKENS) });
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect' || type === 'staleConnection') this.#turn('cut');
      if (type !== 'reconnect') continue;
      this.#turn('connected');
      this.#processes.renew();
      this.#beat();
      this.#askForAll();
      this.#tellTokens();
      this.#send('tokens', { process: this.process, ask: true, spent: [] });
    }
  }

  #turn(status: 'connected' | 'cut'): void {
    if (this.#status === status) return;
    this.#status = status;
    this.#handler?.onStatus(status);
  }
}
