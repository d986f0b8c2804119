/**
 * Signs of life (protocol.md §9): from three people on the host sends a beacon over direct links. A member that has no newer
 * one for ten seconds may be kept apart by a server, perhaps with somebody who was removed, so it pauses its own media.
 */
import type { GroupContent } from '../messages/messages.ts';

export type BeaconBody = Extract<GroupContent, { type: 'beacon' }>['body'];

const BEACON_EVERY = 2_000;
const STALE_AFTER = 10_000;

export interface BeaconOptions {
  readonly role: 'host' | 'guest';
  /** What a beacon says now; null while fewer than three people are here. */
  current(): Omit<BeaconBody, 'seq'> | null;
  send(beacon: BeaconBody): void;
  onStale(): void;
  onFresh(): void;
}

export class Beacon {
  readonly #o: BeaconOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  #seq = 0;
  #last = { seq: -1, at: performance.now() };
  #stale = false;

  constructor(o: BeaconOptions) {
    this.#o = o;
    this.#timer = setInterval(() => this.#tick(performance.now()), BEACON_EVERY);
  }

  /** A beacon from the host's verified leaf. One that does not describe our epoch is no sign of life to us. */
  receive(beacon: BeaconBody): void {
    const own = this.#o.current();
    const matches =
      own &&
      beacon.epoch === own.epoch &&
      beacon.incarnation === own.incarnation &&
      beacon.transcript === own.transcript;
    if (!matches || beacon.seq <= this.#last.seq) return;
    this.#last = { seq: beacon.seq, at: performance.now() };
    this.#become('fresh');
  }

  /** A commit of the host is a sign of life as well, and begins the count anew. */
  renew(): void {
    this.#last = { seq: -1, at: performance.now() };
    this.#become('fresh');
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #tick(now: number): void {
    const current = this.#o.current();
    if (!current) return this.renew();
    if (this.#o.role === 'host') return this.#o.send({ ...current, seq: this.#seq++ });
    if (now - this.#last.at > STALE_AFTER) this.#become('stale');
  }

  #become(state: 'fresh' | 'stale'): void {
    if (this.#stale === (state === 'stale')) return;
    this.#stale = state === 'stale';
    if (this.#stale) this.#o.onStale();
    else this.#o.onFresh();
  }
}
