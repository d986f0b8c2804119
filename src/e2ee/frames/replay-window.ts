/** Replay window (protocol.md §7): which counters of one sender have been seen, for the 1,024 up to the highest. */
export const REPLAY_WINDOW = 1024;

export class ReplayWindow {
  readonly #seen = new Uint8Array(REPLAY_WINDOW);
  #highest = -1;

  /** Whether a counter may still be accepted: not seen, and not so old that nobody knows. */
  isFresh(ctr: number): boolean {
    if (ctr > this.#highest) return true;
    return ctr > this.#highest - REPLAY_WINDOW && this.#seen[ctr % REPLAY_WINDOW] === 0;
  }

  /** Marks a counter whose frame was authentic; others must not move the window. */
  mark(ctr: number): void {
    if (ctr > this.#highest) {
      const from = Math.max(this.#highest + 1, ctr - REPLAY_WINDOW + 1);
      for (let skipped = from; skipped < ctr; skipped++) this.#seen[skipped % REPLAY_WINDOW] = 0;
      this.#highest = ctr;
    }
    this.#seen[ctr % REPLAY_WINDOW] = 1;
  }
}
