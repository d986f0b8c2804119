interface Pause {
  readonly timer: ReturnType<typeof setTimeout>;
  /** The trailing call; null while nothing was called during the pause. */
  trailing: (() => void) | null;
}

/**
 * Throttle: runs the first call immediately and merges later ones into one trailing call, per key. So every request is answered, and
 * no flood of requests makes us send more than the server allows one connection.
 */
export class Throttle {
  readonly #interval: number;
  /** Running pauses by key; a key without calls during its pause is dropped. */
  readonly #pauses = new Map<string, Pause>();
  #closed = false;

  /** @param interval milliseconds between two calls with the same key */
  constructor(interval: number) {
    this.#interval = interval;
  }

  /** @param later the trailing call, where it differs from the first; the newest replaces earlier ones */
  run(key: string, now: () => void, later: () => void = now): void {
    if (this.#closed) return;
    const pause = this.#pauses.get(key);
    if (pause) {
      pause.trailing = later;
      return;
    }
    this.#start(key);
    now();
  }

  /** Ends the pause of a key: its trailing call is dropped, its next call runs immediately. */
  reset(key: string): void {
    clearTimeout(this.#pauses.get(key)?.timer);
    this.#pauses.delete(key);
  }

  /** Drops all trailing calls and ignores further ones. */
  close(): void {
    this.#closed = true;
    for (const key of this.#pauses.keys()) this.reset(key);
  }

  #start(key: string): void {
    this.#pauses.set(key, { timer: setTimeout(() => this.#end(key), this.#interval), trailing: null });
  }

  #end(key: string): void {
    const trailing = this.#pauses.get(key)?.trailing;
    this.#pauses.delete(key);
    if (!trailing) return;
    this.#start(key);
    trailing();
  }
}
