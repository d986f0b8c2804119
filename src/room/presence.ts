/**
 * Who is lost: neither connected directly nor seen on the signalling channel for the policy's grace time. A reload or a dead
 * spot is shorter than that; a closed laptop is not (protocol.md §9).
 */

export interface PresenceOptions {
  readonly graceSeconds: number;
  /** Ids to watch, and whether each is there in some way now. */
  watched(): readonly { readonly id: string; readonly present: boolean }[];
  onLost(id: string): void;
}

/** How often it is looked, in milliseconds. */
const LOOK_EVERY = 1_000;

export class Presence {
  readonly #o: PresenceOptions;
  readonly #lastSeen = new Map<string, number>();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(o: PresenceOptions) {
    this.#o = o;
    this.#timer = setInterval(() => this.#look(performance.now()), LOOK_EVERY);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(now: number): void {
    const watched = this.#o.watched();
    for (const id of this.#lastSeen.keys()) if (!watched.some((one) => one.id === id)) this.#lastSeen.delete(id);
    for (const { id, present } of watched) {
      if (present || !this.#lastSeen.has(id)) this.#lastSeen.set(id, now);
      else if (now - (this.#lastSeen.get(id) ?? now) > this.#o.graceSeconds * 1000) {
        this.#lastSeen.delete(id);
        this.#o.onLost(id);
      }
    }
  }
}
