/** Receivers who do not read, or too slowly: tells them apart, and bounds the memory that they can make the server hold together. */

export interface BufferOwner {
  /** Bytes queued for this receiver. */
  readonly buffered: number;
  /** Drops the connection. */
  drop(): void;
}

export class SendBuffers {
  readonly #limit: number;
  readonly #owners = new Set<BufferOwner>();
  /** No more than this many bytes are queued: those counted last, and all that was queued since. */
  #atMost = 0;

  /** @param limit bytes queued for all receivers together */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Call after each message queued: drops the receivers with the most queued bytes while the limit is exceeded.
   *
   * @param bytes of the message and its frame; queues are counted only once messages of this size may have filled them
   */
  queued(owner: BufferOwner, bytes: number): void {
    this.#owners.add(owner);
    this.#atMost += bytes;
    while (this.#atMost > this.#limit) {
      const largest = this.#count();
      if (this.#atMost <= this.#limit || !largest) return;
      this.#owners.delete(largest);
      largest.drop();
    }
  }

  closed(owner: BufferOwner): void {
    this.#owners.delete(owner);
  }

  /** @returns the receiver with the most queued bytes; null where all queues are empty */
  #count(): BufferOwner | null {
    let [total, most]: [number, number] = [0, 0];
    let largest: BufferOwner | null = null;
    for (const one of this.#owners) {
      const { buffered } = one;
      total += buffered;
      if (buffered === 0) this.#owners.delete(one);
      if (buffered > most) [most, largest] = [buffered, one];
    }
    this.#atMost = total;
    return largest;
  }
}

/** The queue of a receiver that lags behind: tells one that reads slowly from one that reads nothing. */
export class UnreadQueue {
  /** Bytes queued if none had been taken since. */
  #bytes: number;
  #since: number;

  /**
   * @param bytes queued already
   * @param now milliseconds on any clock
   */
  constructor(bytes: number, now: number) {
    this.#bytes = bytes;
    this.#since = now;
  }

  /** @param bytes queued in addition */
  add(bytes: number): void {
    this.#bytes += bytes;
  }

  /**
   * @param buffered bytes queued now
   * @returns milliseconds for which the receiver was not seen to take any
   */
  stalledFor(buffered: number, now: number): number {
    if (buffered < this.#bytes) {
      this.#bytes = buffered;
      this.#since = now;
    }
    return now - this.#since;
  }
}
