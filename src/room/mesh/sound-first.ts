/**
 * Who waits for whose sound (protocol.md §7, "Encode once"): the pictures of a new link wait for the sound of all. Those
 * of six who meet at once take more of a device than their links, and would keep it from connecting the rest.
 */

export interface SoundFirstOptions {
  /** Links that are not up yet, and may be soon. */
  connecting(): number;
  /** Whether this device is too slow for what it does. */
  isSlow(): boolean;
}

/** Milliseconds that pictures wait at most. A slow device needs longer. */
const WAITS = { quick: 2_000, slow: 10_000 } as const;

export class SoundFirst {
  readonly #o: SoundFirstOptions;
  /** Links whose pictures wait, and when they were made. */
  readonly #waiting = new Map<string, number>();

  constructor(o: SoundFirstOptions) {
    this.#o = o;
  }

  /**
   * Asked when the pictures of a link could begin; those that are there stay while others connect.
   *
   * @param since when the link was made, in milliseconds of `performance.now()`
   * @returns whether they wait
   */
  holds(linkId: string, since: number): boolean {
    const waits = this.#must(since);
    if (waits) this.#waiting.set(linkId, since);
    else this.#waiting.delete(linkId);
    return waits;
  }

  /** Whether pictures wait that need not any more. */
  get isOver(): boolean {
    return [...this.#waiting.values()].some((since) => !this.#must(since));
  }

  forget(linkId: string): void {
    this.#waiting.delete(linkId);
  }

  #must(since: number): boolean {
    const limit = this.#o.isSlow() ? WAITS.slow : WAITS.quick;
    return performance.now() - since < limit && this.#o.connecting() > 0;
  }
}
