/** A room as the server knows it: seats, and what the host has proved. No names, no contents [R4]. */
import type { ServerErrorCode, ServerMessage } from '../wire/wire.ts';
import type { SeatState } from './backplane/process-messages.ts';
import type { RelayLedger } from './relay-ledger.ts';
import { textFrame } from './text-frame.ts';

/** A connection that has, or requests, a place in a room. */
export interface Seat {
  /** 16 random bytes in base64url; lives as long as the connection. */
  readonly id: string;
  readonly role: 'host' | 'guest';
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Keyed hash of the client's network; null for loopback. */
  readonly network: string | null;
  /** Reading of the room's logical clock when the seat was taken; 0 before. */
  stamp: number;
  /** @param frame a ServerMessage, encoded once for all receivers */
  deliver(frame: Buffer): void;
  /** Closes the connection, with a reason unless `code` is null. */
  dismiss(code: ServerErrorCode | null): void;
  /** Whether the client answers a ping. */
  responds(): Promise<boolean>;
  readonly gone: boolean;
}

/** What a host has proved (protocol.md §1). */
export interface RoomProof {
  /** SHA-384 of the host's SPKI, 48 bytes. */
  readonly thumb: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

export interface RoomEntry {
  /** base64url of 48 bytes; or of a code, {@link codeRoomOf}. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly guests: Map<string, Seat>;
  host: Seat | null;
  proof: RoomProof | null;
  /** The latest time since which a proven host led, in milliseconds since the epoch (protocol.md §13). */
  led: number;
  /** Network of the guest that opened it; null for a host or loopback. Counts only until a host proves the room. */
  readonly openedBy: string | null;
  /** When its last seat became empty, in milliseconds since the epoch; null while a seat is taken. */
  emptySince: number | null;
  readonly relay: RelayLedger;
  /** Locator of the spoken code for which the host, a client of this process, answers. */
  code: string | null;
  /** Logical clock (Lamport), which each seat is stamped with: two processes may give seats at once. */
  clock: number;
  /** Resolves when the seats of other processes are known; null once they are. */
  ready: Promise<void> | null;
  /** Joins that wait for it. */
  arriving: number;
}

/** The id of the room where guests with a spoken code meet the host (protocol.md §14); no other room's, by its sign. */
export const codeRoomOf = (locator: string): string => `#${locator}`;

export const isCodeRoom = (id: string): boolean => id.startsWith('#');

/** What other processes have to know of a seat. */
export function wireSeat({ id: room }: RoomEntry, { id, role, since, stamp, network }: Seat): SeatState {
  return { id, role, since, stamp, ...(isCodeRoom(room) && network !== null ? { network } : {}) };
}

/** A whole frame, for {@link Seat.deliver}. */
export const encode = (message: ServerMessage): Buffer => textFrame(JSON.stringify(message));

/**
 * `encode({ type: 'message', from, data })`, in a fraction of its time.
 *
 * @param from id of a seat
 * @param data as parsed: base64url, in which JSON escapes nothing
 */
export const encodeMessage = (from: string, data: string): Buffer =>
  textFrame(`{"type":"message","from":"${from}","data":"${data}"}`, 'latin1');

export function* seatsOf(room: RoomEntry): Generator<Seat, void> {
  if (room.host) yield room.host;
  yield* room.guests.values();
}

export function seatById(room: RoomEntry, id: string): Seat | undefined {
  return room.host?.id === id ? room.host : room.guests.get(id);
}
