/**
 * The host's beacon (protocol.md §9): in rooms of three and more the host sends one over direct links at a fixed interval. A member that
 * has received no newer one for ten seconds may be isolated by a server, perhaps together with a removed member, and pauses its media.
 */
import type { GroupContent } from '../messages/messages.ts';

export type BeaconBody = Extract<GroupContent, { type: 'beacon' }>['body'];

/** Milliseconds between two beacons. */
const INTERVAL = 2_000;
/** Milliseconds without a beacon after which the group counts as stale. */
const STALE_AFTER = 10_000;

export interface BeaconOptions {
  readonly role: 'host' | 'guest';
  /** The beacon of the present epoch; null while fewer than three people are here. */
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
    this.#timer = setInterval(() => this.#tick(performance.now()), INTERVAL);
  }

  /** Takes a beacon from the host's verified leaf; one of another epoch than ours is ignored. */
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

  /** A new epoch: the host's commit counts as a beacon, and the sequence starts again. */
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
