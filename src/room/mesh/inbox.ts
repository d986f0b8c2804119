/** The numbered messages of one participant, over all their channels: each once and in order, and confirmed (protocol.md §7). */

export interface Numbers {
  readonly n: number;
  /** The number of the one that the sender keeps before it; 0 for none. */
  readonly after: number;
}

export class Inbox {
  readonly #confirm: (n: number) => Promise<boolean>;
  #last = 0;
  /** What was confirmed last; null where it may be lost. */
  #confirmed: number | null = 0;
  #confirming = false;

  /** @param confirm resolves to whether it was sent; a rejection counts as not */
  constructor(confirm: (n: number) => Promise<boolean>) {
    this.#confirm = confirm;
  }

  /** @returns whether the message is to be read: not one that was here before, nor one ahead of another that is missing */
  take({ n, after }: Numbers): boolean {
    if (after > this.#last) return false;
    const isNew = n > this.#last;
    if (isNew) this.#last = n;
    // The sender does not know that we have it.
    else this.#confirmed = null;
    void this.#tell();
    return isNew;
  }

  /** One at a time and the newest only, so that a flood of messages is no flood of confirmations. */
  async #tell(): Promise<void> {
    if (this.#confirming) return;
    this.#confirming = true;
    while (this.#confirmed !== this.#last) {
      this.#confirmed = this.#last;
      // Where it is lost, the message comes again.
      await this.#confirm(this.#last).catch(() => false);
    }
    this.#confirming = false;
  }
}
