/** Replay window (protocol.md §7): remembers which of the last 1,024 counters of one sender were received. */
export const REPLAY_WINDOW = 1024;

export class ReplayWindow {
  readonly #seen = new Uint8Array(REPLAY_WINDOW);
  #highest = -1;

  /** Whether a counter may be accepted: not received before, and not older than the window. */
  isFresh(ctr: number): boolean {
    if (ctr > this.#highest) return true;
    return ctr > this.#highest - REPLAY_WINDOW && this.#seen[ctr % REPLAY_WINDOW] === 0;
  }

  /** Marks the counter of an authentic frame; others must not move the window. */
  mark(ctr: number): void {
    if (ctr > this.#highest) {
      const from = Math.max(this.#highest + 1, ctr - REPLAY_WINDOW + 1);
      for (let skipped = from; skipped < ctr; skipped++) this.#seen[skipped % REPLAY_WINDOW] = 0;
      this.#highest = ctr;
    }
    this.#seen[ctr % REPLAY_WINDOW] = 1;
  }
}
