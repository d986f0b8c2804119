/** One room as the server knows it: seats, and what the host proved about itself. No names, no keys, no contents [R4]. */
import type { ServerErrorCode, ServerMessage } from '../wire/wire.ts';
import type { RelayLedger } from './relay-ledger.ts';

/** One connection that has, or asks for, a place in a room. */
export interface Seat {
  /** 16 random bytes in base64url; lives as long as the connection. */
  readonly id: string;
  readonly role: 'host' | 'guest';
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** @param encoded a ServerMessage as JSON: written once, however many receive it */
  deliver(encoded: string): void;
  /** Says why, if there is something to say, and closes. */
  dismiss(code: ServerErrorCode | null): void;
  /** Whether somebody is still at the other end, asked by a ping. */
  responds(): Promise<boolean>;
  readonly gone: boolean;
}

/** What a host showed and proved (protocol.md §1). */
export interface RoomProof {
  /** SHA-384 of the host's SPKI, 48 bytes. */
  readonly thumb: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

export interface RoomEntry {
  /** base64url of 48 bytes. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly guests: Map<string, Seat>;
  host: Seat | null;
  proof: RoomProof | null;
  /** When its last seat became empty, in milliseconds since the epoch; null while somebody is in. */
  emptySince: number | null;
  readonly relay: RelayLedger;
}

export const encode = (message: ServerMessage): string => JSON.stringify(message);

export function* seatsOf(room: RoomEntry): Generator<Seat, void> {
  if (room.host) yield room.host;
  yield* room.guests.values();
}

export function seatById(room: RoomEntry, id: string): Seat | undefined {
  return room.host?.id === id ? room.host : room.guests.get(id);
}
