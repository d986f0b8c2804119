/**
 * Host: finds members who do not follow the group, and calls for its repair (protocol.md §9). Every host commit is checked before it is
 * sent, so this should never happen; if it does, nobody stays behind in an old epoch unseen.
 */
import type { Participant } from '../state/state.ts';

/** Milliseconds without a confirmation of the epoch: of a member with a direct connection, and of one on the channel alone. */
const CONNECTED_LIMIT = 20_000;
/** Longer than the server takes to notice a lost connection. */
const PRESENT_LIMIT = 90_000;
/** Milliseconds between two repairs: each interrupts the call for everyone. */
const REPAIR_EVERY = 120_000;
/** Milliseconds between two checks. */
const CHECK_INTERVAL = 1_000;

export interface EpochRepairOptions {
  participants(): readonly Pick<Participant, 'id' | 'connection'>[];
  /** The present epoch and the one that a member confirmed last; null outside of a group. */
  epochs(id: string): { readonly current: number; readonly confirmed: number } | null;
  /** Whether a participant is on the signalling channel now. */
  isPresent(id: string): boolean;
  /** Sends a member the commits that it has missed. */
  resend(id: string): void;
  /** @param ids the members who do not follow */
  onSplit(ids: readonly string[]): void;
}

interface Behind {
  readonly epoch: number;
  readonly since: number;
  wasResent: boolean;
}

export class EpochRepair {
  readonly #o: EpochRepairOptions;
  readonly #behind = new Map<string, Behind>();
  readonly #timer: ReturnType<typeof setInterval>;
  #repairedAt = -Infinity;

  constructor(o: EpochRepairOptions) {
    this.#o = o;
    this.#timer = setInterval(() => this.check(performance.now()), CHECK_INTERVAL);
  }

  /** @param now milliseconds of `performance.now()` */
  check(now: number): void {
    const participants = this.#o.participants();
    for (const id of this.#behind.keys()) if (!participants.some((one) => one.id === id)) this.#behind.delete(id);
    const split = participants.filter((participant) => this.#isSplit(participant, now)).map(({ id }) => id);
    if (split.length === 0 || now - this.#repairedAt < REPAIR_EVERY) return;
    this.#repairedAt = now;
    this.#behind.clear();
    this.#o.onSplit(split);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #isSplit({ id, connection }: Pick<Participant, 'id' | 'connection'>, now: number): boolean {
    const epochs = this.#o.epochs(id);
    const isConnected = connection === 'connected';
    // Who is away is no sign of a split group, and catches up later.
    if (!epochs || epochs.confirmed >= epochs.current || !(isConnected || this.#o.isPresent(id))) {
      this.#behind.delete(id);
      return false;
    }
    const known = this.#behind.get(id);
    // An earlier epoch that was confirmed meanwhile shows that the member follows.
    const behind =
      known && known.epoch >= epochs.confirmed ? known : { epoch: epochs.confirmed, since: now, wasResent: false };
    this.#behind.set(id, behind);
    const limit = isConnected ? CONNECTED_LIMIT : PRESENT_LIMIT;
    if (!behind.wasResent && now - behind.since >= limit / 2) {
      behind.wasResent = true;
      this.#o.resend(id);
    }
    return now - behind.since >= limit;
  }
}
