/** A seat whose client is connected to another server process. */
import type { ServerErrorCode } from '../wire/wire.ts';
import type { Backplane } from './backplane/backplane.ts';
import type { SeatState } from './backplane/process-messages.ts';
import { seatsOf, type RoomEntry, type Seat } from './room-entry.ts';

export class RemoteSeat implements Seat {
  readonly id: string;
  readonly role: Seat['role'];
  readonly since: number;
  stamp: number;
  readonly network: string | null;
  readonly gone = false;
  readonly process: string;
  readonly #room: string;
  readonly #backplane: Backplane;

  constructor(room: string, process: string, { id, role, since, stamp, network }: SeatState, backplane: Backplane) {
    this.id = id;
    this.role = role;
    this.since = since;
    this.stamp = stamp;
    this.network = network ?? null;
    this.process = process;
    this.#room = room;
    this.#backplane = backplane;
  }

  /** Its own process delivers: messages travel once for all seats of a process. */
  deliver(): void {
    // Nothing to do here.
  }

  dismiss(code: ServerErrorCode | null): void {
    this.#backplane.dismiss(this.process, this.#room, this.id, code);
  }

  responds(): Promise<boolean> {
    return this.#backplane.probe(this.process, this.#room, this.id);
  }
}

export const localSeats = (room: RoomEntry): readonly Seat[] =>
  [...seatsOf(room)].filter((seat) => !(seat instanceof RemoteSeat));
