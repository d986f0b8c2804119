/** Whom the host knows again (protocol.md §9): who went on under which key, and how often that may happen without a question. */
import { BoundedMap } from '../../util/bounded-map.ts';

/** Milliseconds between two returns of one person that nobody is asked about: each is a commit for everyone. */
const AGAIN_AFTER = 20_000;
/** Rejoins remembered. */
const KEPT = 256;

export class Rejoins {
  /** Participant id → the id under which that person went on. */
  readonly #successors = new BoundedMap<string, string>(KEPT);
  /** When somebody came in under an id without a question. */
  readonly #unasked = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether the person who is here as `id` may come back without a question; counts as having done so, as `next`. */
  mayRejoin(id: string, next: string): boolean {
    const now = this.#now();
    for (const [known, at] of this.#unasked) if (now - at >= AGAIN_AFTER) this.#unasked.delete(known);
    if (this.#unasked.has(id)) return false;
    // Under the old id as well: it stays a member's until the commit.
    this.#unasked.set(id, now).set(next, now);
    return true;
  }

  /** Somebody went on as another member. */
  recordRejoin(id: string, next: string): void {
    this.#successors.set(id, next);
    // Somebody may come back under a key of long ago.
    this.#successors.delete(next);
  }

  /** Under which id this person is here by now. */
  current(id: string): string {
    let now = id;
    for (let next = this.#successors.get(now); next !== undefined; next = this.#successors.get(now)) now = next;
    return now;
  }
}
