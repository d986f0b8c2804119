/**
 * The rooms that several processes hold together: what each says of a room, in order and without gaps, and who else is in it. One subject
 * a room, so that NATS forwards events only to processes with people in it; presence by request. Room ids are keyed hashes in
 * subjects, because NATS shows subjects to its operator [R12].
 */
import { randomBytes } from 'node:crypto';
import type { Msg, Subscription } from '@nats-io/transport-node';
import type { BackplaneHandler } from './backplane.ts';
import type { NatsBus } from './nats-bus.ts';
import { Broadcast, type Direct, parse, Question, type RoomEvent, type RoomState } from './process-messages.ts';
import { encodeRelayed, parseRelayed } from './relayed-message.ts';
import { IncomingStream, OutgoingStream } from './streams.ts';

/** Milliseconds for the others to answer before a join proceeds without them. */
const ANSWER_WITHIN = 2_000;
/** Milliseconds after which a room is asked for again: in a cluster of NATS, interest takes a moment to spread. */
const ASK_AGAIN = 1_000;
/** Milliseconds between two questions for what a process has not confirmed or repeated yet: a cut between two NATS loses the first. */
const CONFIRM_EVERY = 1_000;
/** Questions before it is given up. A process that is out of reach for longer ends by its pulse. */
const CONFIRM_TIMES = 5;
/** Streams of processes that left, remembered so that their late events are recognised. */
const MOST_STREAMS = 64;

/**
 * Beats after our last event of a room at which we say once more where its stream stands. A cut that outlasts the last but one makes the
 * others end us, and they ask when we are back.
 */
const REMINDERS: ReadonlySet<number> = new Set([1, 2, 4, 8, 16]);

interface Membership {
  readonly room: string;
  readonly hash: string;
  /** Of what is said to everyone in it. */
  readonly subject: string;
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

/** The other processes that hold the room, as far as is known here. */
const presentIn = ({ incoming }: Membership): readonly string[] =>
  [...incoming].filter(([, { condition }]) => condition !== 'ended').map(([process]) => process);

export interface SharedRoomsOptions {
  /** Random name of this process. */
  readonly process: string;
  readonly bus: NatsBus;
  /** Keyed hash of a room id, as in the subjects. */
  hash(room: string): string;
  /** Null before the start, and after the end. */
  handler(): BackplaneHandler | null;
  /** Another process has said something. */
  onSeen(process: string): void;
}

export class SharedRooms {
  readonly #o: SharedRoomsOptions;
  readonly #bus: NatsBus;
  readonly #process: string;
  /** By hash. */
  readonly #memberships = new Map<string, Membership>();
  /** The same by room: a message that is passed on hashes nothing. */
  readonly #byRoom = new Map<string, Membership>();
  readonly #pending = new Map<string, Pending>();
  #entries = 0;

  constructor(o: SharedRoomsOptions) {
    this.#o = o;
    this.#bus = o.bus;
    this.#process = o.process;
  }

  /** @returns the room of a hash; undefined where it is not held here */
  roomOf(hash: string): string | undefined {
    return this.#memberships.get(hash)?.room;
  }

  enter(room: string): Promise<void> | null {
    // Else the subscriptions of an earlier stay would deliver everything twice.
    this.leave(room);
    const hash = this.#o.hash(room);
    this.#entries += 1;
    const membership: Membership = {
      room,
      hash,
      subject: `room.${hash}`,
      subscriptions: [],
      outgoing: new OutgoingStream(this.#entries),
      incoming: new Map(),
      timers: new Map(),
      quiet: 0,
    };
    this.#memberships.set(hash, membership);
    this.#byRoom.set(room, membership);
    if (!this.#bus.started) return null;
    membership.subscriptions.push(
      this.#bus.subscribe(membership.subject, (message) => this.#onBroadcast(membership, message)),
    );
    // NATS keeps the order of one connection: events that follow the answers are not missed, and nobody asks itself.
    const answers = this.#bus.status === 'connected' ? this.#question(hash) : null;
    membership.subscriptions.push(this.#bus.subscribe(`who.${hash}`, (message) => this.#onQuestion(hash, message)));
    this.#later(membership, 'ask', ASK_AGAIN, () => this.#askFor(hash));
    return answers?.then(() => undefined) ?? null;
  }

  leave(room: string): void {
    const membership = this.#byRoom.get(room);
    if (!membership) return;
    const { hash, subject } = membership;
    this.#memberships.delete(hash);
    this.#byRoom.delete(room);
    for (const timer of membership.timers.values()) clearTimeout(timer);
    for (const subscription of membership.subscriptions) subscription.unsubscribe();
    const bye = { type: 'bye', process: this.#process, entry: membership.outgoing.entry } as const;
    this.#bus.send(subject, bye);
  }

  publish(room: string, event: RoomEvent): void {
    const membership = this.#byRoom.get(room);
    if (!membership) return;
    const at = membership.outgoing.add(event, performance.now());
    membership.quiet = 0;
    // What is said during a cut is asked for afterwards.
    if (event.kind === 'message') this.#bus.sendSoon(membership.subject, encodeRelayed(this.#process, at, event));
    else this.#bus.send(membership.subject, { type: 'event', process: this.#process, at, event });
  }

  async collect(room: string): Promise<readonly RoomState[]> {
    if (this.#bus.status !== 'connected') return [];
    const membership = this.#byRoom.get(room);
    // Of a room that is held here, the others are known; without any, nobody would answer, and NATS would not say so.
    const known = membership ? presentIn(membership) : [];
    if (membership && known.length === 0) return [];
    return this.#question(this.#o.hash(room), known);
  }

  /** Also rooms that were not shared before: two processes may have opened them during a cut. */
  askForAll(): void {
    for (const hash of this.#memberships.keys()) this.#askFor(hash);
  }

  /** A message to this process alone, on a subject of the given last part. */
  onDirect(direct: Exclude<Direct, { type: 'probe' | 'dismiss' }>, token: string): void {
    const membership = this.#memberships.get(direct.room);
    switch (direct.type) {
      case 'state':
        if (membership) this.#onState(membership, direct.process, direct);
        return this.#answered(this.#pending.get(token), direct);
      case 'again':
        return this.#repeat(membership, direct);
      case 'event':
        return membership && this.#stream(membership, direct.process)?.event(direct.at, direct.event);
      case 'lost':
        return membership && this.#renew(membership, direct.process);
    }
  }

  /** NATS says at once that nobody holds the room. */
  onNobody(token: string): void {
    this.#pending.get(token)?.finish();
  }

  onProcessGone(process: string): void {
    for (const membership of this.#memberships.values()) this.#gone(membership, process);
  }

  /** Call every second. */
  beat(): void {
    const now = performance.now();
    for (const membership of this.#memberships.values()) {
      membership.outgoing.trim(now);
      membership.quiet += 1;
      if (REMINDERS.has(membership.quiet)) this.#remind(membership);
    }
  }

  leaveAll(): void {
    for (const { room } of this.#memberships.values()) this.leave(room);
    for (const pending of this.#pending.values()) pending.finish();
  }

  /**
   * Resolves once all processes that are known to hold the room have answered, at the latest after a time limit.
   *
   * @param known before the first answer names more
   */
  #question(hash: string, known: readonly string[] = []): Promise<readonly RoomState[]> {
    const token = randomBytes(9).toString('base64url');
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#pending.delete(token);
        resolve(pending.states);
      };
      const timer = setTimeout(finish, ANSWER_WITHIN);
      const pending: Pending = { hash, answered: new Set(), states: [], known: new Set(known), finish };
      this.#pending.set(token, pending);
      this.#ask(hash, `answer.${token}`);
    });
  }

  #askFor(hash: string): void {
    this.#ask(hash, 'answer.late');
  }

  #ask(hash: string, answer: string): void {
    const membership = this.#memberships.get(hash);
    const state = membership ? this.#o.handler()?.stateOf(membership.room) : null;
    const held = membership && state ? { at: membership.outgoing.at, state } : null;
    this.#bus.send(`who.${hash}`, { process: this.#process, held }, `process.${this.#process}.${answer}`);
  }

  #onQuestion(hash: string, message: Msg): void {
    const question = parse(Question, message.data);
    const membership = this.#memberships.get(hash);
    if (!question || !membership || question.process === this.#process) return;
    if (question.held) this.#onState(membership, question.process, question.held);
    const state = this.#o.handler()?.stateOf(membership.room);
    if (!state) return;
    const answer: Direct = {
      type: 'state',
      process: this.#process,
      room: hash,
      at: membership.outgoing.at,
      state,
      knows: presentIn(membership).filter((process) => process !== question.process),
    };
    this.#bus.answer(message, answer);
  }

  #answered(pending: Pending | undefined, answer: Extract<Direct, { type: 'state' }>): void {
    if (pending?.hash !== answer.room || pending.answered.has(answer.process)) return;
    pending.answered.add(answer.process);
    pending.states.push(answer.state);
    for (const process of answer.knows) if (process !== this.#process) pending.known.add(process);
    if ([...pending.known].every((process) => pending.answered.has(process))) pending.finish();
  }

  #repeat(membership: Membership | undefined, { process, room, at }: Extract<Direct, { type: 'again' }>): void {
    const events = membership?.outgoing.since(at) ?? null;
    if (!events) return this.#bus.direct(process, { type: 'lost', process: this.#process, room });
    for (const event of events) this.#bus.direct(process, { type: 'event', process: this.#process, room, ...event });
  }

  #onBroadcast(membership: Membership, message: Msg): void {
    const broadcast = parseRelayed(message.data) ?? parse(Broadcast, message.data);
    if (!broadcast || broadcast.process === this.#process) return;
    const stream = this.#stream(membership, broadcast.process);
    if (broadcast.type === 'event') return stream?.event(broadcast.at, broadcast.event);
    if (broadcast.type === 'at') return stream?.reached(broadcast.at);
    stream?.end(broadcast.entry);
    if (stream?.condition === 'ended') this.#o.handler()?.onProcessGone(membership.room, broadcast.process);
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
      deliver: (event) => this.#o.handler()?.onEvent(room, process, event),
      apply: (state) => this.#o.handler()?.onState(room, process, state),
      again: (at) => this.#bus.direct(process, { type: 'again', process: this.#process, room: hash, at }),
      ask: () => this.#askFor(hash),
    });
    incoming.set(process, stream);
    this.#o.onSeen(process);
    this.#confirm(membership, process, stream);
    return stream;
  }

  /** Looks now and then whether the process has confirmed what it was believed, and repeated what was missing. */
  #confirm(membership: Membership, process: string, stream: IncomingStream, asked = 0): void {
    if (stream.condition === 'open' || stream.condition === 'ended' || membership.timers.has(process)) return;
    this.#later(membership, process, CONFIRM_EVERY, () => {
      const current = membership.incoming.get(process);
      // It ended meanwhile, and may have come back.
      if (current !== stream) return current && this.#confirm(membership, process, current);
      // During a cut nothing can be answered; the reconnection asks.
      if (this.#bus.status === 'cut' || !stream.isAwaited) return;
      if (asked < CONFIRM_TIMES) {
        stream.askAgain();
        return this.#confirm(membership, process, stream, asked + 1);
      }
      if (stream.condition === 'incomplete') this.#lost(membership, process);
      else this.#gone(membership, process);
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
    this.#bus.direct(process, { type: 'lost', process: this.#process, room: membership.hash });
  }

  #renew(membership: Membership, process: string): void {
    const stream = membership.incoming.get(process);
    if (!stream) return;
    stream.forget();
    this.#o.handler()?.onLoss(membership.room, process);
    this.#askFor(membership.hash);
  }

  #gone(membership: Membership, process: string): void {
    if (membership.incoming.delete(process)) this.#o.handler()?.onProcessGone(membership.room, process);
  }

  /** A cut between two NATS loses events without a word to us; the last of them would be missed until the next. */
  #remind({ subject, outgoing }: Membership): void {
    this.#bus.send(subject, { type: 'at', process: this.#process, at: outgoing.at });
  }
}
