/**
 * The host's beacon (protocol.md §9): in rooms of three and more the host sends one over direct links at a fixed interval. A member without
 * one that is younger than ten seconds may be isolated by a server, perhaps together with a removed member, and pauses its media. A beacon's
 * age counts, not its arrival: who forwards them could keep some back, and spend them when the host has removed it.
 */
import type { GroupContent } from '../messages/messages.ts';

export type BeaconBody = Extract<GroupContent, { type: 'beacon' }>['body'];

/** Milliseconds between two beacons. */
const INTERVAL = 2_000;
/** Milliseconds without a beacon after which the group counts as stale. */
const STALE_AFTER = 10_000;
/** Ticks with a link after which a beacon should have come: until then its absence means nothing to a person. */
const HEARD_WITHIN = 3;

/** Milliseconds by which two clocks of a device part only in its sleep, or when one of them is set. */
const PARTED = 1_000;

/**
 * Milliseconds that have passed here. A clock that stands still in sleep, or is set, must not make the host's beacons look old: the host's
 * time never runs slower than either of its clocks, a member's never faster.
 */
class Elapsed {
  readonly #choose: (one: number, other: number) => number;
  #wall = Date.now();
  #steady = performance.now();
  #passed = 0;

  constructor(role: 'host' | 'guest') {
    this.#choose = role === 'host' ? Math.max : Math.min;
  }

  now(): number {
    const [wall, steady] = [Date.now(), performance.now()];
    const [byWall, bySteady] = [wall - this.#wall, steady - this.#steady];
    const isParted = Math.abs(byWall - bySteady) > PARTED;
    this.#passed += isParted ? Math.max(0, this.#choose(byWall, bySteady)) : bySteady;
    [this.#wall, this.#steady] = [wall, steady];
    return this.#passed;
  }
}

export interface BeaconOptions {
  readonly role: 'host' | 'guest';
  /** The beacon of the present epoch; null while fewer than three people are here. */
  current(): Omit<BeaconBody, 'seq' | 'at'> | null;
  send(beacon: BeaconBody): void;
  /** Whether a beacon could come: there is a direct link to someone, or one that broke. */
  isLinked(): boolean;
  onStale(): void;
  /** Stale for a reason that a person has to know: not before the first link, as while someone decides about a relay. */
  onMissed(): void;
  onFresh(): void;
}

export class Beacon {
  readonly #o: BeaconOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  #seq = 0;
  readonly #elapsed: Elapsed;
  /** Own time of the newest beacon as if it had not been delayed. */
  #last = { seq: -1, at: 0 };
  /** Own time minus the host's, at the beacon with the shortest way of this incarnation. */
  #offset = { incarnation: -1, least: 0 };
  #stale = false;
  #missed = false;
  /** Ticks with a link, in a row. */
  #linked = 0;

  constructor(o: BeaconOptions) {
    this.#o = o;
    this.#elapsed = new Elapsed(o.role);
    this.#timer = setInterval(() => this.#tick(this.#elapsed.now()), INTERVAL);
  }

  /** Takes a beacon from the host's verified leaf; one of another epoch than ours, or one that was kept back for long, is ignored. */
  receive(beacon: BeaconBody): void {
    const own = this.#o.current();
    const matches =
      own &&
      beacon.epoch === own.epoch &&
      beacon.incarnation === own.incarnation &&
      beacon.transcript === own.transcript;
    if (!matches || beacon.seq <= this.#last.seq) return;
    const now = this.#elapsed.now();
    const offset = now - beacon.at;
    const isFirst = this.#offset.incarnation !== beacon.incarnation;
    const least = isFirst ? offset : Math.min(offset, this.#offset.least);
    this.#offset = { incarnation: beacon.incarnation, least };
    if (offset - least > STALE_AFTER) return;
    this.#last = { seq: beacon.seq, at: beacon.at + least };
    this.#become('fresh');
  }

  /** A new epoch: the host's commit counts as a beacon, and the sequence starts again. */
  renew(): void {
    this.#last = { seq: -1, at: this.#elapsed.now() };
    this.#become('fresh');
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #tick(now: number): void {
    const current = this.#o.current();
    if (!current) return this.renew();
    if (this.#o.role === 'host') return this.#o.send({ ...current, seq: this.#seq++, at: Math.round(now) });
    this.#linked = this.#o.isLinked() ? this.#linked + 1 : 0;
    if (now - this.#last.at <= STALE_AFTER) return;
    this.#become('stale');
    if (this.#missed || this.#linked < HEARD_WITHIN) return;
    this.#missed = true;
    this.#o.onMissed();
  }

  #become(state: 'fresh' | 'stale'): void {
    if (this.#stale === (state === 'stale')) return;
    this.#stale = state === 'stale';
    if (this.#stale) this.#o.onStale();
    else {
      this.#missed = false;
      this.#o.onFresh();
    }
  }
}
