/** Bounds the memory that receivers who do not read can make the server hold, over all connections together. */

export interface BufferOwner {
  /** Bytes queued for this receiver. */
  readonly buffered: number;
  /** Drops the connection. */
  drop(): void;
}

export class SendBuffers {
  readonly #limit: number;
  readonly #owners = new Set<BufferOwner>();

  /** @param limit bytes queued for all receivers together */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Call after each message queued: drops the receivers with the most queued bytes while the limit is exceeded. */
  queued(owner: BufferOwner): void {
    if (owner.buffered > 0) this.#owners.add(owner);
    for (;;) {
      let [total, largest]: [number, BufferOwner | null] = [0, null];
      for (const one of this.#owners) {
        total += one.buffered;
        if (one.buffered === 0) this.#owners.delete(one);
        else if (!largest || one.buffered > largest.buffered) largest = one;
      }
      if (total <= this.#limit || !largest) return;
      this.#owners.delete(largest);
      largest.drop();
    }
  }

  closed(owner: BufferOwner): void {
    this.#owners.delete(owner);
  }
}
