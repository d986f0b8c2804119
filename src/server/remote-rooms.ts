/**
 * Merges what other server processes hold of a room into what this one knows of it, and answers what they ask. Two
 * processes may give a seat at once; all of them settle that by the same rule, the logical clock and then the seat's id.
 */
import { fromBase64Url, toBase64Url } from '../util/base64url.ts';
import type { ServerErrorCode } from '../wire/wire.ts';
import type { Backplane, BackplaneHandler } from './backplane/backplane.ts';
import type { RoomEvent, RoomState, SeatState } from './backplane/process-messages.ts';
import type { Limits } from './limits.ts';
import { localSeats, RemoteSeat } from './remote-seat.ts';
import {
  encodeMessage,
  isCodeRoom,
  seatById,
  seatsOf,
  type RoomEntry,
  type RoomProof,
  type Seat,
  wireSeat,
} from './room-entry.ts';

/** The rooms of this process, as far as other processes change them. */
export interface RoomTable {
  find(room: string): RoomEntry | undefined;
  deletionOf(room: RoomEntry): number;
  leave(room: string, seat: Seat): void;
  settle(room: RoomEntry): void;
  notifyOthers(room: RoomEntry, about: Seat, change: 'joined' | 'left'): void;
}

export type RemoteRoomsHandler = Omit<
  BackplaneHandler,
  'usage' | 'spent' | 'onSpent' | 'led' | 'onLed' | 'onTried' | 'onAnnouncement' | 'onStatus'
>;

type WireProof = RoomState['proof'];

export function wireProof(proof: RoomProof | null): WireProof {
  return proof && { thumb: toBase64Url(proof.thumb), expires: proof.expires };
}

const readProof = ({ thumb, expires }: NonNullable<WireProof>): RoomProof => ({ thumb: fromBase64Url(thumb), expires });

export class RemoteRooms implements RemoteRoomsHandler {
  readonly #table: RoomTable;
  readonly #backplane: Backplane;
  readonly #limits: Pick<Limits, 'guests'>;

  constructor(table: RoomTable, backplane: Backplane, limits: Pick<Limits, 'guests'>) {
    this.#table = table;
    this.#backplane = backplane;
    this.#limits = limits;
  }

  stateOf(roomId: string): RoomState | null {
    const room = this.#table.find(roomId);
    if (!room) return null;
    const seats = localSeats(room).map((seat) => wireSeat(room, seat));
    const keys = { stamp: room.relay.stamp, keys: [...room.relay.keys] };
    const nonces = [...room.relay.nonces.values()].map(({ until }) => until);
    const { created, proof, led, code } = room;
    const deleted = this.#table.deletionOf(room);
    return { created, proof: wireProof(proof), led, seats, keys, nonces, code, deleted };
  }

  onState(roomId: string, process: string, state: RoomState): void {
    const room = this.#table.find(roomId);
    if (!room) return;
    this.#prove(room, state);
    room.clock = Math.max(room.clock, state.keys.stamp);
    room.relay.register(state.keys.keys, state.keys.stamp);
    const present = new Set(state.seats.map(({ id }) => id));
    for (const seat of this.#seatsOf(room, process)) if (!present.has(seat.id)) this.#remove(room, seat);
    for (const seat of state.seats) this.#add(room, process, seat);
    if (state.seats.some(({ id }) => id === room.host?.id)) this.#proveCode(room, state.proof);
  }

  onEvent(roomId: string, process: string, event: RoomEvent): void {
    const room = this.#table.find(roomId);
    if (!room) return;
    switch (event.kind) {
      case 'joined':
        this.#prove(room, event);
        this.#add(room, process, event.seat);
        return event.seat.id === room.host?.id ? this.#proveCode(room, event.proof) : undefined;
      case 'left': {
        const seat = seatById(room, event.id);
        return seat instanceof RemoteSeat && seat.process === process ? this.#remove(room, seat) : undefined;
      }
      case 'message':
        return this.#deliver(room, process, event);
      case 'later':
        return;
      case 'keys':
        room.clock = Math.max(room.clock, event.keys.stamp);
        return room.relay.register(event.keys.keys, event.keys.stamp);
    }
  }

  onProcessGone(roomId: string, process: string): void {
    const room = this.#table.find(roomId);
    if (room) for (const seat of this.#seatsOf(room, process)) this.#remove(room, seat);
  }

  /** Its people leave and, with the state that follows, come back: their browsers then send again what must arrive. */
  onLoss(roomId: string, process: string): void {
    this.onProcessGone(roomId, process);
  }

  async responds(roomId: string, seatId: string): Promise<boolean> {
    const seat = this.#local(roomId, seatId);
    return seat ? seat.responds() : false;
  }

  dismiss(roomId: string, seatId: string, code: ServerErrorCode | null): void {
    this.#local(roomId, seatId)?.dismiss(code);
  }

  #local(roomId: string, seatId: string): Seat | null {
    const room = this.#table.find(roomId);
    const seat = room && seatById(room, seatId);
    return seat && !(seat instanceof RemoteSeat) ? seat : null;
  }

  #seatsOf(room: RoomEntry, process: string): readonly RemoteSeat[] {
    return [...seatsOf(room)].filter((seat) => seat instanceof RemoteSeat).filter((seat) => seat.process === process);
  }

  /** The room id commits to both values, so that two proofs of one room never differ. */
  #prove(room: RoomEntry, { proof, led }: Pick<RoomState, 'proof' | 'led'>): void {
    room.led = Math.max(room.led, led);
    if (proof && !isCodeRoom(room.id)) room.proof ??= readProof(proof);
  }

  /** A locator commits to nothing: the proof is that of the host who answers for it now. */
  #proveCode(room: RoomEntry, proof: WireProof): void {
    if (proof && isCodeRoom(room.id)) room.proof = readProof(proof);
  }

  #add(room: RoomEntry, process: string, state: SeatState): void {
    room.clock = Math.max(room.clock, state.stamp);
    if (seatById(room, state.id)) return;
    const seat = new RemoteSeat(room.id, process, state, this.#backplane);
    if (state.role === 'host' && !this.#prevails(room, seat)) return;
    if (state.role === 'host') room.host = seat;
    else room.guests.set(seat.id, seat);
    room.emptySince = null;
    this.#table.notifyOthers(room, seat, 'joined');
    this.#bound(room);
    this.#table.settle(room);
  }

  #remove(room: RoomEntry, seat: RemoteSeat): void {
    this.#table.leave(room.id, seat);
  }

  /**
   * A host that came later knew of the earlier one and was let in; of two that came at once the smaller id stays. The
   * process of the other one comes to the same result, and dismisses it.
   */
  #prevails(room: RoomEntry, seat: RemoteSeat): boolean {
    const old = room.host;
    if (!old) return true;
    if (order(old, seat) > 0) return false;
    this.#table.leave(room.id, old);
    if (!(old instanceof RemoteSeat)) old.dismiss('host-elsewhere');
    return true;
  }

  /** Guests beyond the limit that came at once: the latest of them have no seat. */
  #bound(room: RoomEntry): void {
    if (room.guests.size <= this.#limits.guests) return;
    const guests = [...room.guests.values()].sort(order);
    for (const seat of guests.slice(this.#limits.guests)) if (!(seat instanceof RemoteSeat)) seat.dismiss('room-full');
  }

  #deliver(room: RoomEntry, process: string, { from, to, data }: Extract<RoomEvent, { kind: 'message' }>): void {
    const sender = seatById(room, from);
    // A process speaks for its own seats only.
    if (!(sender instanceof RemoteSeat) || sender.process !== process) return;
    const frame = encodeMessage(from, data);
    if (to !== 'everyone') return this.#local(room.id, to)?.deliver(frame);
    for (const seat of localSeats(room)) seat.deliver(frame);
  }
}

/** Above 0 where `one` came later, or at once with the smaller id. */
function order(one: Seat, other: Seat): number {
  if (one.stamp !== other.stamp) return one.stamp - other.stamp;
  return one.id < other.id ? 1 : -1;
}
