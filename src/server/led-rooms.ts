/**
 * Since when rooms that changed hands are led, until their invites end (protocol.md §13): a delegate from before gets no seat, also where the
 * room itself was forgotten meanwhile. By hash: nobody finds a room by what is kept here [R12].
 */
import { createHash } from 'node:crypto';
import { RETENTION_CAP } from '../configuration.ts';
import { BoundedMap } from '../util/bounded-map.ts';
import type { LedRoom } from './backplane/process-messages.ts';

/** Rooms remembered: whoever wants one forgotten has to prove as many others, each with a later time than its first host's. */
const MOST = 65_536;

export class LedRooms {
  readonly #now: () => number;
  readonly #tell: (led: LedRoom) => void;
  readonly #rooms = new BoundedMap<string, LedRoom>(MOST);

  /** @param tell the other server processes */
  constructor(now: () => number, tell: (led: LedRoom) => void) {
    this.#now = now;
    this.#tell = tell;
  }

  /** Null for a room that never changed hands, as far as we know. */
  find(roomId: string): LedRoom | null {
    return this.#rooms.get(hashOf(roomId)) ?? null;
  }

  /**
   * A proven host leads the room.
   *
   * @param since milliseconds since the epoch; 0 for the host key at first, which changes nothing
   * @param expires of the invite, in milliseconds since the epoch
   */
  note(roomId: string, since: number, expires: number): void {
    const led: LedRoom = { room: hashOf(roomId), since, until: expires };
    if (since > 0 && this.learn(led)) this.#tell(led);
  }

  /** From another process. @returns whether it is news */
  learn({ room, since, until }: LedRoom): boolean {
    const now = this.#now();
    if (until <= now || (this.#rooms.get(room)?.since ?? 0) >= since) return false;
    this.#rooms.set(room, { room, since, until: Math.min(until, now + RETENTION_CAP) });
    return true;
  }

  /** What a new process has to know. */
  all(): readonly LedRoom[] {
    this.sweep();
    return [...this.#rooms.values()];
  }

  /** The deletion clock. */
  sweep(): void {
    const now = this.#now();
    for (const [room, { until }] of this.#rooms) if (until <= now) this.#rooms.delete(room);
  }
}

const hashOf = (roomId: string): string => createHash('sha256').update(roomId).digest('base64url');
