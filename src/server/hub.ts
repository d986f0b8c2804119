/**
 * The rooms, in memory only. A room needs no registration: its id is a hash over the host's key, so nobody can squat it
 * (protocol.md §1). The server relays opaque bytes between its seats by random ids.
 */
import { RETENTION_CAP } from '../configuration.ts';
import type { ServerErrorCode } from '../wire/wire.ts';
import { memoryBackplane, type Backplane } from './backplane/backplane.ts';
import { LedRooms } from './led-rooms.ts';
import type { Limits } from './limits.ts';
import { RelayLedger } from './relay-ledger.ts';
import { RemoteRooms, wireProof, type RoomTable } from './remote-rooms.ts';
import type { HostProof } from './host-proof.ts';
import { localSeats, RemoteSeat } from './remote-seat.ts';
import {
  encode,
  encodeMessage,
  isCodeRoom,
  seatById,
  seatsOf,
  wireSeat,
  type RoomEntry,
  type Seat,
} from './room-entry.ts';

export interface HubOptions {
  readonly limits: Pick<Limits, 'rooms' | 'guests' | 'unprovenRoomsPerNetwork' | 'codeSeatsPerNetwork'>;
  /** Milliseconds that an empty room, or one that no host has proved, is kept. */
  readonly retention: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Joins other server processes; default: none. */
  readonly backplane?: Backplane;
  /** Told whenever a client of this process takes or leaves a seat of a room. */
  readonly onPresence?: (room: RoomEntry) => void;
}

export class Hub implements RoomTable {
  readonly #limits: HubOptions['limits'];
  readonly #retention: number;
  readonly #now: () => number;
  readonly #rooms = new Map<string, RoomEntry>();
  /** Of them, those that a guest opened, by the network of that guest. */
  readonly #openedBy = new Map<string, Set<RoomEntry>>();
  /** Of all, those of spoken codes. */
  #codeRooms = 0;
  readonly #backplane: Backplane;
  readonly #onPresence: (room: RoomEntry) => void;
  /** Outlives the rooms. */
  readonly led: LedRooms;
  /** Merges what other processes say. */
  readonly remote: RemoteRooms;

  constructor({ limits, retention, now = Date.now, backplane = memoryBackplane, onPresence }: HubOptions) {
    this.#backplane = backplane;
    this.#onPresence = onPresence ?? (() => undefined);
    this.remote = new RemoteRooms(this, backplane, limits);
    this.#limits = limits;
    this.#retention = Math.min(retention, RETENTION_CAP);
    this.#now = now;
    this.led = new LedRooms(now, (led) => backplane.remember(led));
  }

  /** Without the rooms of spoken codes, which have a limit of their own, as high. */
  get size(): number {
    return this.#rooms.size - this.#codeRooms;
  }

  /** All rooms, or all rooms of codes; the oldest first. */
  *#alike(id: string): Generator<RoomEntry, void> {
    for (const room of this.#rooms.values()) if (isCodeRoom(room.id) === isCodeRoom(id)) yield room;
  }

  #isFull(id: string): boolean {
    return (isCodeRoom(id) ? this.#codeRooms : this.size) >= this.#limits.rooms;
  }

  find(roomId: string): RoomEntry | undefined {
    return this.#rooms.get(roomId);
  }

  rooms(): IterableIterator<RoomEntry> {
    return this.#rooms.values();
  }

  /**
   * Call before a join.
   *
   * @returns resolves when the seats that other processes hold in the room are known; null for at once
   */
  arrive(roomId: string, seat: Pick<Seat, 'role' | 'network'>): Promise<void> | null {
    const room = this.#open(roomId, seat);
    if (!room?.ready) return null;
    room.arriving += 1;
    return room.ready.finally(() => {
      room.arriving -= 1;
    });
  }

  /** Call where a join that arrived did not lead to a seat. */
  depart(roomId: string): void {
    const room = this.#rooms.get(roomId);
    if (room) this.settle(room);
  }

  /** @returns the room, or why the guest gets no seat */
  joinGuest(roomId: string, seat: Seat): RoomEntry | ServerErrorCode {
    const room = this.#open(roomId, seat);
    if (!room) return 'server-full';
    if (isOver(room, this.#now())) return 'room-expired';
    if (room.guests.size >= this.#limits.guests) return 'room-full';
    if (isCodeRoom(roomId) && this.#isCrowded(room, seat)) return 'code-busy';
    room.guests.set(seat.id, seat);
    this.#seated(room, seat);
    return room;
  }

  /** Whether the client network of a guest has its share of the places already. */
  #isCrowded(room: RoomEntry, { network }: Seat): boolean {
    if (network === null) return false;
    let seats = 0;
    for (const seat of room.guests.values()) if (seat.network === network) seats += 1;
    return seats >= this.#limits.codeSeatsPerNetwork;
  }

  /**
   * Call only once the host is proven. A present host that answers keeps its seat unless the person chose to take over
   * (protocol.md §9); one that does not answer is the remnant of a reload or a change of network. A delegate from before the last
   * host began to lead is void, a stand-in takes the seat only of a host that is gone, and the host key that began to lead later
   * needs to ask nobody (§13).
   */
  async joinHost(
    roomId: string,
    seat: Seat,
    { proof, takeover }: { readonly proof: HostProof; readonly takeover: 'ask' | 'chosen' },
  ): Promise<RoomEntry | ServerErrorCode> {
    if (proof.expires <= this.#now()) return 'room-expired';
    const before = this.find(roomId);
    if (before) before.arriving += 1;
    const isRoot = proof.leads === 'host-key';
    const led = (): number => Math.max(this.find(roomId)?.led ?? 0, this.led.find(roomId)?.since ?? 0);
    const isVoid = (): boolean => !isRoot && proof.since < led();
    try {
      for (let old = this.find(roomId)?.host; old; old = this.find(roomId)?.host) {
        const mayTake = (takeover === 'chosen' && proof.leads !== 'stand-in') || (isRoot && proof.since > led());
        if (isVoid() || (!mayTake && (await old.responds()))) return 'host-elsewhere';
        // Another host may have come while we waited for the answer: the loop checks again.
        if (this.find(roomId)?.host === old) this.#evict(roomId, old, mayTake ? 'host-elsewhere' : null);
      }
    } finally {
      if (before) before.arriving -= 1;
    }
    if (seat.gone) return 'not-joined';
    if (isVoid()) return 'host-elsewhere';
    const room = this.#open(roomId, seat);
    if (!room) return 'server-full';
    room.proof = { thumb: proof.thumb, expires: proof.expires };
    room.led = Math.max(room.led, proof.since);
    this.led.note(roomId, proof.since, proof.expires);
    room.host = seat;
    this.#seated(room, seat);
    return room;
  }

  /** Idempotent. */
  leave(roomId: string, seat: Seat): void {
    const room = this.#rooms.get(roomId);
    if (!room || seatById(room, seat.id) !== seat) return;
    if (room.host === seat) room.host = null;
    else room.guests.delete(seat.id);
    // A locator is nobody's: the next host to answer for it may be another. Guests read that an invite has ended.
    if (isCodeRoom(roomId) && !room.host && !isOver(room, this.#now())) room.proof = null;
    room.relay.forget(seat.id);
    this.notifyOthers(room, seat, 'left');
    if (!(seat instanceof RemoteSeat)) {
      this.#backplane.publish(room.id, { kind: 'left', id: seat.id });
      this.#onPresence(room);
    }
    this.settle(room);
  }

  /** After a seat is left: a room without seats is kept for a while; one whose seats are all elsewhere is theirs. */
  settle(room: RoomEntry): void {
    const seats = [...seatsOf(room)];
    if (seats.length === 0) return this.#emptied(room);
    if (room.arriving === 0 && seats.every((seat) => seat instanceof RemoteSeat)) this.#forget(room);
  }

  /** The host registers the leaf keys that it admitted. */
  register(room: RoomEntry, keys: readonly string[]): void {
    room.clock += 1;
    room.relay.register(keys, room.clock);
    this.#backplane.publish(room.id, { kind: 'keys', keys: { stamp: room.clock, keys: [...keys] } });
  }

  /** @returns the number of receivers; 0 where `to` is not in the room */
  relay(room: RoomEntry, from: Seat, to: string, data: string): number {
    if (isCodeRoom(room.id) && from.role === 'guest' && to !== room.host?.id) return 0;
    if (to !== 'everyone') {
      const receiver = seatById(room, to);
      if (receiver instanceof RemoteSeat)
        this.#backplane.publish(room.id, { kind: 'message', from: from.id, to, data });
      else receiver?.deliver(encodeMessage(from.id, data));
      return receiver ? 1 : 0;
    }
    const frame = encodeMessage(from.id, data);
    let [receivers, elsewhere] = [0, 0];
    for (const seat of seatsOf(room)) {
      if (seat === from) continue;
      receivers += 1;
      if (seat instanceof RemoteSeat) elsewhere += 1;
      else seat.deliver(frame);
    }
    // Once for all processes: each delivers it to its own.
    if (elsewhere > 0) this.#backplane.publish(room.id, { kind: 'message', from: from.id, to, data });
    return receivers;
  }

  /** When everything about a room is deleted at the latest, in milliseconds since the epoch [R12]. */
  deletionOf(room: RoomEntry): number {
    const cap = room.created + RETENTION_CAP;
    if (room.emptySince !== null) return Math.min(room.emptySince + this.#retention, room.proof?.expires ?? cap, cap);
    return Math.min(room.proof?.expires ?? room.created + this.#retention, cap);
  }

  /** The deletion clock. */
  sweep(): void {
    const now = this.#now();
    this.led.sweep();
    for (const room of this.#rooms.values()) {
      room.relay.sweep(now);
      if (this.deletionOf(room) > now) continue;
      this.#forget(room);
      // Guests of a room that no host has proved may reconnect, which starts a new clock.
      for (const seat of localSeats(room)) seat.dismiss(room.proof ? 'room-expired' : null);
    }
  }

  #open(roomId: string, { role, network }: Pick<Seat, 'role' | 'network'>): RoomEntry | null {
    const known = this.#rooms.get(roomId);
    if (known) return known;
    const openedBy = role === 'guest' ? network : null;
    if (openedBy !== null && this.#unprovenAnywhere(openedBy) >= this.#limits.unprovenRoomsPerNetwork) return null;
    if (this.#isFull(roomId) && !this.#makeRoomFor(roomId, role)) return null;
    const created = this.#now();
    const room: RoomEntry = {
      id: roomId,
      created,
      guests: new Map(),
      host: null,
      proof: null,
      led: 0,
      openedBy,
      emptySince: created,
      relay: new RelayLedger(),
      code: null,
      clock: 0,
      ready: null,
      arriving: 0,
    };
    this.#rooms.set(roomId, room);
    if (isCodeRoom(roomId)) this.#codeRooms += 1;
    if (openedBy !== null) {
      const opened = this.#openedBy.get(openedBy) ?? new Set();
      this.#openedBy.set(openedBy, opened.add(room));
    }
    const others = this.#backplane.enter(roomId);
    if (others)
      room.ready = others.then(() => {
        room.ready = null;
      });
    return room;
  }

  /** The only end of a room: other processes are told of each. */
  #forget(room: RoomEntry): void {
    if (this.#rooms.get(room.id) !== room) return;
    this.#rooms.delete(room.id);
    this.#backplane.leave(room.id);
    if (isCodeRoom(room.id)) this.#codeRooms -= 1;
    if (room.openedBy === null) return;
    const opened = this.#openedBy.get(room.openedBy);
    opened?.delete(room);
    if (opened?.size === 0) this.#openedBy.delete(room.openedBy);
  }

  /**
   * Drops a room to make space: an empty one, which is kept only so that its people can come back; for a proven host
   * also one that no host has proved, of the network with the most of them. Anyone can invent such rooms.
   */
  #makeRoomFor(roomId: string, role: Seat['role']): boolean {
    const victim =
      firstEmpty(this.#alike(roomId)) ?? (role === 'host' ? crowdedUnproven(this.#alike(roomId)) : undefined);
    if (!victim) return false;
    this.#forget(victim);
    for (const seat of localSeats(victim)) seat.dismiss(null);
    return true;
  }

  #unprovenAnywhere(network: string): number {
    let here = 0;
    for (const { proof } of this.#openedBy.get(network) ?? []) if (proof === null) here += 1;
    return here + this.#backplane.usageElsewhere(network).unprovenRooms;
  }

  #emptied(room: RoomEntry): void {
    room.emptySince = this.#now();
    // Without a proof there is nothing to come back to.
    if (!room.proof && room.arriving === 0) this.#forget(room);
  }

  #seated(room: RoomEntry, seat: Seat): void {
    room.emptySince = null;
    room.clock += 1;
    seat.stamp = room.clock;
    const peers = [...seatsOf(room)].filter((other) => seesOther(room, seat, other));
    seat.deliver(
      encode({ type: 'joined', you: seat.id, peers: peers.map(({ id, role }) => ({ id, host: role === 'host' })) }),
    );
    this.notifyOthers(room, seat, 'joined');
    const proof = wireProof(room.proof);
    const { led } = room;
    this.#backplane.publish(room.id, { kind: 'joined', seat: wireSeat(room, seat), proof, led });
    this.#onPresence(room);
  }

  /** Tells the clients of this process. */
  notifyOthers(room: RoomEntry, about: Seat, change: 'joined' | 'left'): void {
    const frame = encode({ type: 'peer', change, id: about.id, host: about.role === 'host' });
    for (const seat of seatsOf(room))
      if (seesOther(room, seat, about) && !(seat instanceof RemoteSeat)) seat.deliver(frame);
  }

  #evict(roomId: string, seat: Seat, code: ServerErrorCode | null): void {
    this.leave(roomId, seat);
    seat.dismiss(code);
  }
}

function firstEmpty(rooms: Iterable<RoomEntry>): RoomEntry | undefined {
  for (const room of rooms) if (room.emptySince !== null) return room;
  return undefined;
}

/** The oldest room without a proof, of the network that opened the most. */
function crowdedUnproven(rooms: Iterable<RoomEntry>): RoomEntry | undefined {
  const unproven = [...rooms].filter(({ proof }) => proof === null);
  const counts = new Map<string | null, number>();
  for (const { openedBy } of unproven) counts.set(openedBy, (counts.get(openedBy) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return unproven.find(({ openedBy }) => counts.get(openedBy) === most);
}

/** Whether `one` is told of `other`: in the room of a code, guests are not told of one another. */
function seesOther(room: RoomEntry, one: Seat, other: Seat): boolean {
  return one !== other && !(isCodeRoom(room.id) && one.role === 'guest' && other.role === 'guest');
}

const isOver = ({ proof }: RoomEntry, now: number): boolean => proof !== null && proof.expires <= now;
