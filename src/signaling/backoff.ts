/**
 * Exponential backoff with full jitter, so that a thousand browsers do not reconnect in the same second after a
 * restart.
 */
export interface BackoffOptions {
  /** Milliseconds; the first wait is anything between 0 and this. */
  readonly base?: number;
  /** Milliseconds; no wait is longer. */
  readonly cap?: number;
  /** From 0 to 1, 1 excluded. */
  readonly random?: () => number;
}

export class Backoff {
  readonly #base: number;
  readonly #cap: number;
  readonly #random: () => number;
  #attempt = 0;

  constructor({ base = 500, cap = 10_000, random = Math.random }: BackoffOptions = {}) {
    this.#base = base;
    this.#cap = cap;
    this.#random = random;
  }

  /** Milliseconds to wait before the next attempt. */
  next(): number {
    const ceiling = Math.min(this.#cap, this.#base * 2 ** this.#attempt);
    // The exponent stops at the cap, so that it cannot overflow in a night of attempts.
    if (ceiling < this.#cap) this.#attempt += 1;
    return this.#random() * ceiling;
  }

  /** After a success. */
  reset(): void {
    this.#attempt = 0;
  }
}
