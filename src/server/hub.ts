/**
 * The rooms, in memory only. A room needs no registration: its id is a hash over the host's key, so nobody can squat it
 * (protocol.md §1), and the server relays opaque bytes between its seats by random ids.
 */
import { RETENTION_CAP } from '../configuration.ts';
import type { ServerErrorCode } from '../wire/wire.ts';
import type { Limits } from './limits.ts';
import { RelayLedger } from './relay-ledger.ts';
import { encode, seatById, seatsOf, type RoomEntry, type RoomProof, type Seat } from './room-entry.ts';

export interface HubOptions {
  readonly limits: Pick<Limits, 'rooms' | 'guests'>;
  /** Milliseconds that a room without people, or that no host ever proved, is kept. */
  readonly retention: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

export class Hub {
  readonly #limits: HubOptions['limits'];
  readonly #retention: number;
  readonly #now: () => number;
  readonly #rooms = new Map<string, RoomEntry>();

  constructor({ limits, retention, now = Date.now }: HubOptions) {
    this.#limits = limits;
    this.#retention = Math.min(retention, RETENTION_CAP);
    this.#now = now;
  }

  get size(): number {
    return this.#rooms.size;
  }

  find(roomId: string): RoomEntry | undefined {
    return this.#rooms.get(roomId);
  }

  /** @returns the room, or why there is no seat in it */
  joinGuest(roomId: string, seat: Seat): RoomEntry | ServerErrorCode {
    const room = this.#open(roomId);
    if (!room) return 'server-full';
    if (room.proof && room.proof.expires <= this.#now()) return 'room-expired';
    if (room.guests.size >= this.#limits.guests) return 'room-full';
    room.guests.set(seat.id, seat);
    this.#welcome(room, seat);
    return room;
  }

  /**
   * Call only once the host is proven. A host that is there and answers keeps its seat unless the person chose to go on here
   * (protocol.md §9); one that does not answer was left behind by a reload or a change of network.
   */
  async joinHost(
    roomId: string,
    seat: Seat,
    { proof, takeover }: { readonly proof: RoomProof; readonly takeover: 'ask' | 'chosen' },
  ): Promise<RoomEntry | ServerErrorCode> {
    if (proof.expires <= this.#now()) return 'room-expired';
    for (let old = this.find(roomId)?.host; old; old = this.find(roomId)?.host) {
      if (takeover === 'ask' && (await old.responds())) return 'host-elsewhere';
      // Another host may have come while we waited for the answer: the loop looks again.
      if (this.find(roomId)?.host === old) this.#evict(roomId, old, takeover === 'chosen' ? 'host-elsewhere' : null);
    }
    if (seat.gone) return 'not-joined';
    const room = this.#open(roomId);
    if (!room) return 'server-full';
    room.proof = proof;
    room.host = seat;
    this.#welcome(room, seat);
    return room;
  }

  /** Twice is quiet. */
  leave(roomId: string, seat: Seat): void {
    const room = this.#rooms.get(roomId);
    if (!room || seatById(room, seat.id) !== seat) return;
    if (room.host === seat) room.host = null;
    else room.guests.delete(seat.id);
    room.relay.forget(seat.id);
    this.#tellOthers(room, seat, 'left');
    if (!room.host && room.guests.size === 0) this.#emptied(room);
  }

  /** @returns how many received it; 0 where `to` is nobody here */
  relay(room: RoomEntry, from: Seat, to: string, data: string): number {
    const encoded = encode({ type: 'message', from: from.id, data });
    if (to !== 'everyone') {
      const receiver = seatById(room, to);
      receiver?.deliver(encoded);
      return receiver ? 1 : 0;
    }
    let receivers = 0;
    for (const seat of seatsOf(room)) {
      if (seat === from) continue;
      seat.deliver(encoded);
      receivers += 1;
    }
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
    for (const room of this.#rooms.values()) {
      room.relay.sweep(now);
      if (this.deletionOf(room) > now) continue;
      this.#rooms.delete(room.id);
      // Who waits in a room that no host ever proved may come again and starts a new clock.
      for (const seat of seatsOf(room)) seat.dismiss(room.proof ? 'room-expired' : null);
    }
  }

  #open(roomId: string): RoomEntry | null {
    const known = this.#rooms.get(roomId);
    if (known) return known;
    if (this.#rooms.size >= this.#limits.rooms && !this.#makeRoom()) return null;
    const created = this.#now();
    const room: RoomEntry = {
      id: roomId,
      created,
      guests: new Map(),
      host: null,
      proof: null,
      emptySince: created,
      relay: new RelayLedger(),
    };
    this.#rooms.set(roomId, room);
    return room;
  }

  /** An empty room is kept for its people's comfort only: it goes when there is no place for those who are here. */
  #makeRoom(): boolean {
    for (const room of this.#rooms.values()) if (room.emptySince !== null) return this.#rooms.delete(room.id);
    return false;
  }

  #emptied(room: RoomEntry): void {
    room.emptySince = this.#now();
    // Without a proof there is nothing that anybody comes back to.
    if (!room.proof) this.#rooms.delete(room.id);
  }

  #welcome(room: RoomEntry, seat: Seat): void {
    room.emptySince = null;
    const peers = [...seatsOf(room)].filter((other) => other !== seat);
    seat.deliver(
      encode({ type: 'joined', you: seat.id, peers: peers.map(({ id, role }) => ({ id, host: role === 'host' })) }),
    );
    this.#tellOthers(room, seat, 'joined');
  }

  #tellOthers(room: RoomEntry, about: Seat, change: 'joined' | 'left'): void {
    const encoded = encode({ type: 'peer', change, id: about.id, host: about.role === 'host' });
    for (const seat of seatsOf(room)) if (seat !== about) seat.deliver(encoded);
  }

  #evict(roomId: string, seat: Seat, code: ServerErrorCode | null): void {
    this.leave(roomId, seat);
    seat.dismiss(code);
  }
}
