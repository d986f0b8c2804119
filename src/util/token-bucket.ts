/** A token bucket: allows `burst` tokens at once, and then refills at `perSecond`. The caller supplies the clock. */
export class TokenBucket {
  readonly #burst: number;
  readonly #perSecond: number;
  #tokens: number;
  #at: number;

  /** @param now milliseconds; the bucket starts full */
  constructor(burst: number, perSecond: number, now: number) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#tokens = burst;
    this.#at = now;
  }

  /**
   * @param now milliseconds on the same clock
   * @returns whether the tokens were available; they are taken only then
   */
  take(count: number, now: number): boolean {
    // A clock that was set back must not take tokens away.
    const passed = Math.max(0, now - this.#at) / 1000;
    this.#tokens = Math.min(this.#burst, this.#tokens + passed * this.#perSecond);
    this.#at = now;
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }
}
