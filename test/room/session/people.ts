/**
 * People in a room, each with a real `Session`, reducer and commands, in Node: the server is an object in memory that a test can make
 * hostile, and media is left out. Direct links never come up, so everything goes through the server.
 */
import type { DelegationKind, HostAuthority } from '../../../src/e2ee/admission/delegation.ts';
import type { FrameWorkerClient, StudioTotals } from '../../../src/e2ee/frames/frame-worker-client.ts';
import { deriveRoom, parseInvite, type Invite } from '../../../src/e2ee/admission/invite-token.ts';
import { createInvite } from '../../../src/invite.ts';
import { POLICIES, type Policy } from '../../../src/policy.ts';
import { declare, type Declared } from '../../../src/room/consent/declaration.ts';
import { authorityOf } from '../../../src/room/session/authority.ts';
import type { LeadChange } from '../../../src/room/session/leadership-options.ts';
import { Session } from '../../../src/room/session/session.ts';
import type { SessionOptions } from '../../../src/room/session/session-options.ts';
import type { RoomInput } from '../../../src/room/state/actions.ts';
import { effects } from '../../../src/room/state/effects.ts';
import { reduce } from '../../../src/room/state/reducer.ts';
import { isSession, type RoomState, type SessionState } from '../../../src/room/state/state.ts';
import type { Channel, ChannelEvent } from '../../../src/signaling/channel.ts';
import { until } from '../../support/until.ts';
import { CEREMONY, configuration, run } from '../states.ts';

const ORIGIN = 'https://beratung.example';

// --- what a browser has and Node has not ---------------------------------------------------------------------------

class NoStream {
  getTracks(): readonly unknown[] {
    return [];
  }
}

const noLine = () => ({
  sender: {
    track: null,
    replaceTrack: async () => undefined,
    getParameters: () => ({ encodings: [] }),
    getStats: async () => new Map(),
  },
  receiver: { track: { stop: () => undefined }, getStats: async () => new Map() },
  setCodecPreferences: () => undefined,
});

/** A connection that never connects: no offer is ever finished. */
class NoConnection extends EventTarget {
  connectionState: 'new' | 'failed' = 'new';
  readonly signalingState = 'stable';
  readonly #lines: unknown[] = [];
  constructor() {
    super();
    connections.add(this);
  }
  /** The network under it is gone. */
  fail(): void {
    this.connectionState = 'failed';
    this.dispatchEvent(new Event('connectionstatechange'));
  }
  addTransceiver(): unknown {
    const line = noLine();
    this.#lines.push(line);
    return line;
  }
  getTransceivers(): readonly unknown[] {
    return this.#lines;
  }
  getReceivers(): readonly unknown[] {
    return [];
  }
  createDataChannel(): EventTarget {
    return Object.assign(new EventTarget(), { readyState: 'connecting', close: () => undefined });
  }
  setLocalDescription(): Promise<void> {
    return new Promise(() => undefined);
  }
  getStats(): Promise<ReadonlyMap<string, unknown>> {
    return Promise.resolve(new Map());
  }
  restartIce(): void {
    this.dispatchEvent(new Event('restarted'));
  }
  close(): void {
    connections.delete(this);
    this.dispatchEvent(new Event('closed'));
  }
}

/** All that are not closed: each at the side that offers. */
export const connections = new Set<NoConnection>();

Object.assign(globalThis, {
  MediaStream: NoStream,
  RTCPeerConnection: NoConnection,
  RTCRtpReceiver: { getCapabilities: () => ({ codecs: [] }) },
});

/** Encrypts no frame; knows which epochs were installed, as the worker would. */
class Frames extends EventTarget {
  epochs: number[] = [];
  sending = -1;
  async installEpoch({ epoch }: { readonly epoch: bigint }): Promise<void> {
    this.epochs.push(Number(epoch));
  }
  async switchSender(epoch: bigint): Promise<void> {
    this.sending = Number(epoch);
  }
  reset(): void {
    this.epochs = [];
    this.sending = -1;
  }
  openLink(): void {
    // No link carries a frame.
  }
  closeLink(): void {
    // As above.
  }
  createTransform(): object {
    return {};
  }
  /** Nobody films here. */
  async studioTotals(): Promise<StudioTotals> {
    const none = { frames: 0, keyFrames: 0, bytes: 0, baseBytes: 0 };
    return { high: none, low: none };
  }
  async counters(): Promise<object> {
    const none = { encrypted: 0, unused: 0, dropped: { noKey: 0 } };
    return { audio: none, camera: none, screen: none };
  }
}

// --- the server ----------------------------------------------------------------------------------------------------

interface Seat {
  readonly id: string;
  readonly host: boolean;
  readonly who: string;
  onEvent(event: ChannelEvent): void;
}

export interface Passing {
  readonly from: string;
  readonly to: string;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** The signalling server. `passes` decides about every copy of every message: false withholds it. */
export class Server {
  passes: (passing: Passing) => boolean = () => true;
  /** `many`: a hostile one gives every host a seat. */
  hostSeats: 'one' | 'many' = 'one';
  /** The latest time since which a host led. */
  #led = 0;
  readonly seen: Passing[] = [];
  readonly #seats = new Map<string, Seat>();
  #ids = 0;

  /** @param leads the proof that a host shows; null for a guest */
  channel(who: string, leads: Leads | null, onEvent: (event: ChannelEvent) => void): Channel & TestChannel {
    let seat: Seat | null = null;
    const role = leads ? 'host' : 'guest';
    const open = (entry: 'join' | 'take-over'): void => {
      if (seat) return;
      const other = [...this.#seats.values()].find(({ host }) => host);
      if (leads && this.hostSeats === 'one') {
        const { kind, since } = leads;
        const isVoid = kind !== 'host-key' && since < this.#led;
        const asks = kind === 'stand-in' || (entry === 'join' && !(kind === 'host-key' && since > this.#led));
        if (isVoid || (other && asks)) return later(() => onEvent({ type: 'error', code: 'host-elsewhere' }));
        this.#led = Math.max(this.#led, since);
        if (other) this.#leave(other);
        later(() => other?.onEvent({ type: 'error', code: 'host-elsewhere' }));
      }
      const joined: Seat = { id: `seat ${String(this.#ids++)}`, host: role === 'host', who, onEvent };
      seat = joined;
      const peers = [...this.#seats.values()];
      this.#seats.set(joined.id, joined);
      later(() => onEvent({ type: 'online', self: joined.id, peers: peers.map(({ id, host }) => ({ id, host })) }));
      for (const peer of peers)
        later(() => peer.onEvent({ type: 'peer-joined', peer: { id: joined.id, host: joined.host } }));
    };
    const close = (): void => {
      if (seat) this.#leave(seat);
      seat = null;
    };
    return {
      open: () => open('join'),
      takeOver: () => open('take-over'),
      close,
      send: (to, data) => seat && this.#relay(seat, to, new Uint8Array(data)),
      sleep: () => {
        close();
        later(() => onEvent({ type: 'offline' }));
      },
    };
  }

  /** A hostile one: says that everyone else has left, and delivers nothing between `some` people and the others until it heals. */
  splits(some: readonly string[]): void {
    const isSame = (one: string, other: string): boolean => some.includes(one) === some.includes(other);
    this.passes = ({ from, to }) => isSame(from, to);
    for (const one of this.#seats.values())
      for (const other of this.#seats.values())
        if (!isSame(one.who, other.who))
          later(() => one.onEvent({ type: 'peer-left', peer: { id: other.id, host: other.host } }));
  }

  /** Delivers something seen before once more, to everyone but its sender. */
  replay({ from, data }: Passing): void {
    for (const seat of this.#seats.values())
      if (seat.who !== from) later(() => seat.onEvent({ type: 'message', from: 'seat of nobody', data }));
  }

  #relay(from: Seat, to: string, data: Uint8Array<ArrayBuffer>): void {
    for (const seat of this.#seats.values()) {
      if (seat === from || (to !== 'everyone' && seat.id !== to)) continue;
      const passing = { from: from.who, to: seat.who, data };
      this.seen.push(passing);
      if (this.passes(passing)) later(() => seat.onEvent({ type: 'message', from: from.id, data }));
    }
  }

  #leave(seat: Seat): void {
    this.#seats.delete(seat.id);
    for (const other of this.#seats.values())
      later(() => other.onEvent({ type: 'peer-left', peer: { id: seat.id, host: seat.host } }));
  }
}

/** What a host proves to the server. */
interface Leads {
  readonly kind: 'host-key' | DelegationKind;
  readonly since: number;
}

interface TestChannel {
  /** The network is gone: the server notices, the page stays. */
  sleep(): void;
}

const later = (step: () => void): void => void setImmediate(step);

// --- a person ------------------------------------------------------------------------------------------------------

export interface Entering {
  readonly server: Server;
  readonly invite: Invite;
  readonly name: string;
  readonly graceSeconds?: number;
  readonly policy?: Partial<Policy>;
  /** What a client of its own claims to lead with. */
  readonly claims?: { readonly authority: HostAuthority; readonly since: number };
  /** `guest`: a client of its own leads without the host's seat, from that of a guest. */
  readonly seat?: 'guest';
  /** A host on a second device, where the person chose to continue there. */
  readonly entry?: SessionOptions['entry'];
  /** From before a reload. */
  readonly before?: Person;
}

export class Person {
  readonly name: string;
  readonly inputs: RoomInput[] = [];
  /** `stale`: media would pause; `problem`: and the person would be told. */
  readonly withoutBeacon: ('stale' | 'problem')[] = [];
  readonly frames = new Frames();
  /** The session that opens when the room changes hands. */
  restarting: Promise<void> = Promise.resolve();
  remembered: SessionOptions['admitted'];
  /** All that it ever remembered of an admission, as a client of its own may keep it. */
  readonly memories: SessionOptions['admitted'][];
  /** What its tab keeps of a hand-over. */
  lead: SessionOptions['lead'];
  /** Host: what its tab keeps for a reload. */
  roomRecord: SessionOptions['room'];
  readonly #o: Entering;
  #state: RoomState;
  #session: Session | null = null;
  #channel: (Channel & TestChannel) | null = null;
  #isGone = false;
  #declared: Declared | null = null;

  private constructor(o: Entering) {
    this.#o = o;
    this.name = o.name;
    this.remembered = o.before?.remembered ?? null;
    this.memories = [...(o.before?.memories ?? [])];
    this.roomRecord = o.before?.roomRecord ?? null;
    this.lead = o.claims
      ? { role: 'host', since: o.claims.since, held: null, signed: 0, named: [] }
      : (o.before?.lead ?? null);
    const role = this.lead?.role ?? o.invite.role;
    this.#state = run([
      { type: 'configured', role, policy: POLICIES.gruppe, configuration, name: o.name },
      ...CEREMONY.slice(1),
    ]);
  }

  static async enter(o: Entering): Promise<Person> {
    const person = new Person(o);
    await person.#open(o.entry);
    return person;
  }

  get state(): RoomState {
    return this.#state;
  }

  get session(): Session {
    if (!this.#session) throw new Error(`${this.name} has no session`);
    return this.#session;
  }

  get shown(): SessionState {
    if (!isSession(this.#state)) throw new Error(`${this.name} is ${this.#state.phase}`);
    return this.#state;
  }

  /** Names of the others, in alphabetical order; empty outside a session. */
  get others(): string {
    const participants = isSession(this.#state) ? this.#state.participants : [];
    return participants
      .map(({ name }) => name)
      .sort()
      .join();
  }

  /** Names of all people about whom the host was asked, in order. */
  get asked(): readonly string[] {
    return this.inputs.flatMap((input) => (input.type === 'knocked' ? [input.knock.name] : []));
  }

  get problems(): readonly string[] {
    return this.inputs.flatMap((input) => (input.type === 'problem' ? [input.code] : []));
  }

  idOf(name: string): string {
    const found = this.shown.participants.find((participant) => participant.name === name);
    if (!found) throw new Error(`${this.name} does not see ${name}`);
    return found.id;
  }

  /** What an element calls: an input to the reducer, with the commands that follow. */
  readonly dispatch = (input: RoomInput): void => {
    // Beacons take direct links, of which none comes up here: ten seconds make every group of three stale.
    if (input.type === 'stale' || (input.type === 'problem' && input.code === 'group-stale'))
      return void this.withoutBeacon.push(input.type);
    const previous = this.#state;
    this.inputs.push(input);
    this.#state = reduce(previous, input);
    for (const command of effects(previous, this.#state)) {
      if (command.type === 'announce') this.#session?.sender.announce(command);
      else if (command.type === 'unlock') this.#session?.unlock();
      else if (command.type === 'remember') {
        if (!this.#isGone) this.roomRecord = this.#session?.roomRecord() ?? this.roomRecord;
      } else if (command.type === 'stop-session') void this.#session?.close(command.goodbye);
    }
  };

  /** Waits for these people at the door, and admits them. */
  async admits(...names: readonly string[]): Promise<void> {
    await this.sees(
      () => names.every((name) => this.shown.knocks.some((knock) => knock.name === name)),
      `${names.join()} at the door`,
    );
    // Nobody else: one who was removed in the moment before may be at the door again.
    const knocks = this.shown.knocks.filter(({ name }) => names.includes(name));
    await this.session.admit(knocks.map(({ id, hash }) => ({ id, shown: hash })));
  }

  /** Lets in everyone about whom it is asked, until these people are together with it. */
  async admitsAll(people: readonly Person[]): Promise<void> {
    await this.sees(
      () => {
        void this.#session?.admit(this.shown.knocks.map(({ id, hash }) => ({ id, shown: hash })));
        // Not by its own roster alone: that may still be the one of a room which it is about to leave.
        return areTogether([this, ...people]);
      },
      people.map(({ name }) => name).join(),
    );
  }

  async sees(holds: () => boolean, what: string): Promise<void> {
    await until(() => this.others, holds, `${this.name} to see ${what}`, { every: 20 });
  }

  /** The page is gone, without a goodbye: it crashed, or is reloading. */
  async crash(): Promise<void> {
    // From this moment on it sends nothing, and keeps nothing more.
    this.#isGone = true;
    this.#channel?.close();
    await this.restarting;
    await this.#session?.close('none');
    this.#channel?.close();
  }

  /** The network is gone, and the page stays. */
  sleep(): void {
    this.#channel?.sleep();
  }

  wake(): void {
    this.#channel?.open();
  }

  /** As `SessionOpener` does it. */
  #onLead({ lead, admitted, room, how }: LeadChange): void {
    this.lead = lead;
    this.remembered = admitted ?? this.remembered;
    // A page that is gone opens no other session, which nobody would close.
    if (how === 'keep' || this.#isGone) return;
    this.roomRecord = room;
    const before = this.#session;
    this.#session = null;
    this.dispatch({ type: 'role-changed', role: lead.role });
    void before?.close('none');
    this.restarting = this.#open(lead.role === 'host' ? 'take-over' : 'join');
  }

  async #open(entry: SessionOptions['entry'] = 'join'): Promise<void> {
    const { server, name, graceSeconds, policy, seat } = this.#o;
    const invite = { ...this.#o.invite, role: this.lead?.role ?? this.#o.invite.role };
    this.#declared ??= await declare([]);
    const keys = await deriveRoom(invite);
    const authority = this.#o.claims?.authority ?? (await authorityOf({ invite: this.#o.invite, keys }, this.lead));
    const leads: Leads = { kind: authority?.delegation?.kind ?? 'host-key', since: this.lead?.since ?? 0 };
    const isHost = invite.role === 'host' && seat !== 'guest';
    const options: SessionOptions = {
      invite,
      keys,
      name,
      policy: { ...POLICIES.gruppe, ...(graceSeconds === undefined ? {} : { graceSeconds }), ...policy },
      configuration,
      frames: this.frames as unknown as FrameWorkerClient,
      relayTerms: new Uint8Array(48),
      entry,
      admitted: this.remembered,
      authority,
      lead: this.lead,
      room: invite.role === 'host' ? this.roomRecord : null,
      codeBefore: null,
      channel: (onEvent) => (this.#channel = server.channel(name, isHost ? leads : null, onEvent)),
      now: () => Date.now(),
      state: () => (isSession(this.#state) ? this.#state : null),
      report: this.dispatch,
      declaration: () => this.#declared?.declaration ?? null,
      tracksTo: () => ({ audio: null, camera: null, screen: null }),
      viewOf: () => null,
      onConnection: () => undefined,
      onRemember: (admitted) => {
        if (this.#isGone) return;
        this.remembered = admitted;
        this.memories.push(admitted);
      },
      onRoom: (room) => {
        if (!this.#isGone) this.roomRecord = room;
      },
      onLead: (change) => this.#onLead(change),
    };
    this.#session = await Session.open(options);
  }
}

export interface Links {
  readonly host: Invite;
  readonly guest: Invite;
}

export async function links(): Promise<Links> {
  const { hostLink, guestLink } = await createInvite({ base: `${ORIGIN}/room` });
  const read = (link: string): Promise<Invite> => parseInvite(new URL(link).hash, { origin: ORIGIN });
  return { host: await read(hostLink), guest: await read(guestLink) };
}

/** A host and guests, all in. */
export async function meet(names: readonly string[], o: Pick<Entering, 'graceSeconds' | 'policy'> = {}) {
  const server = new Server();
  const { host: hostInvite, guest } = await links();
  const people: Person[] = [];
  const enter = async (name: string, before?: Person, entry?: Entering['entry']): Promise<Person> => {
    const role = name === 'Beratung' ? hostInvite : guest;
    const person = await Person.enter({
      server,
      invite: role,
      name,
      ...o,
      ...(before ? { before } : {}),
      ...(entry ? { entry } : {}),
    });
    people.push(person);
    return person;
  };
  const host = await enter('Beratung');
  const guests: Person[] = [];
  for (const name of names) guests.push(await enter(name));
  if (names.length > 0) await host.admits(...names);
  await together([host, ...guests]);
  const invites = { host: hostInvite, guest };
  /** Someone whom `close` closes too. */
  const join = async (entering: Entering): Promise<Person> => {
    const person = await Person.enter(entering);
    people.push(person);
    return person;
  };
  return {
    server,
    host,
    guests,
    enter,
    invites,
    join,
    close: () => Promise.all(people.map((person) => person.crash())),
  };
}

const namesBut = (people: readonly Person[], one: Person): string =>
  people
    .filter((person) => person !== one)
    .map(({ name }) => name)
    .sort()
    .join();

/** The epochs and safety codes that these people see, each once. */
const epochs = (people: readonly Person[]): readonly string[] => [
  ...new Set(
    people.map(({ state }) =>
      isSession(state) ? `${state.encryption?.epoch} ${state.encryption?.safetyCode.join()}` : '',
    ),
  ),
];

export const areTogether = (people: readonly Person[]): boolean =>
  people.every((person) => person.others === namesBut(people, person)) && epochs(people).length === 1;

/** Waits until these people see each other and nobody else, in one epoch under one safety code. */
export async function together(people: readonly Person[]): Promise<void> {
  for (const person of people) {
    const others = namesBut(people, person);
    await person.sees(() => person.others === others, others);
  }
  await until(
    () => epochs(people),
    (all) => all.length === 1,
    'one epoch',
    { every: 20 },
  );
}
