/**
 * People who rejoin after a reload (protocol.md §9): by which keys each is known, under which participant id each of them continues, and
 * how often one may rejoin without the host being asked.
 */
import { BoundedMap } from '../../util/bounded-map.ts';

/** Milliseconds between two rejoins of one person without asking the host: each is a commit for everyone. */
const REJOIN_EVERY = 20_000;
/** Rejoins remembered, counted. */
const KEPT = 256;

export class Rejoins {
  /** Participant id → the id under which that person continues. */
  readonly #successors = new BoundedMap<string, string>(KEPT);
  /** Participant id → when that person rejoined without the host being asked. */
  readonly #automatic = new Map<string, number>();
  /**
   * Leaf key of a member who has come back and was not heard in the group yet → the one that it proved, both in base64url. A page that
   * is gone before its Welcome came knows no later one.
   */
  readonly #unheard = new Map<string, string>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether the member `id` may rejoin as `next` without the host being asked. A yes counts as a rejoin. */
  mayRejoin(id: string, next: string): boolean {
    for (const known of this.#automatic.keys()) if (this.pauseOf(known) === 0) this.#automatic.delete(known);
    if (this.#automatic.has(id)) return false;
    const now = this.#now();
    // Also under the old id, which stays a member's until the commit.
    this.#automatic.set(id, now).set(next, now);
    return true;
  }

  /** Milliseconds until the member `id` may rejoin without the host being asked. */
  pauseOf(id: string): number {
    const at = this.#automatic.get(id);
    return at === undefined ? 0 : Math.max(0, at + REJOIN_EVERY - this.#now());
  }

  /** The member `id` has been replaced by the member `next`. */
  recordRejoin(id: string, next: string): void {
    this.#successors.set(id, next);
    // A person may rejoin under an earlier key; a cycle would have no end.
    this.#successors.delete(next);
  }

  /** A member came in with the leaf key `present`, by a proof of the leaf key `proven`. */
  recordProof(present: string, proven: string): void {
    this.#unheard.set(present, proven);
  }

  /** A member has its Welcome, or is gone. */
  onHeard(present: string): void {
    this.#unheard.delete(present);
  }

  /** The leaf keys by which the member with the leaf key `present` is known. */
  keysOf(present: string): readonly string[] {
    const proven = this.#unheard.get(present);
    return proven === undefined ? [present] : [present, proven];
  }

  /** The current participant id of the person who was once `id`. */
  current(id: string): string {
    let latest = id;
    for (let next = this.#successors.get(latest); next !== undefined; next = this.#successors.get(latest))
      latest = next;
    return latest;
  }
}
