/**
 * One step at a time from two queues: what we do ourselves goes before what came in, so that a flood of messages does not hold up the
 * removal of whoever sends it. What came in waits in order and within bounds.
 */

/** Received messages that wait: application messages, of which the oldest is dropped for a newer one, and commits. */
const APPLICATIONS_WAIT = 256;
const COMMITS_WAIT = 64;

export type ReceivedKind = 'application' | 'commit';

interface Waiting {
  readonly kind: ReceivedKind;
  readonly step: () => Promise<void>;
  readonly done: () => void;
}

export class PriorityQueue {
  readonly #own: (() => Promise<void>)[] = [];
  #received: Waiting[] = [];
  #running = false;

  /** Runs an own step after all earlier ones, and gives its result. */
  run<T>(step: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#own.push(() => step().then(resolve, reject));
      void this.#work();
    });
  }

  /** Runs a step for a received message when nothing of our own is to be done; settles as well when there is no room for it. */
  take(kind: ReceivedKind, step: () => Promise<void>): Promise<void> {
    return new Promise((done) => {
      if (this.#hasRoom(kind)) this.#received.push({ kind, step, done });
      else done();
      void this.#work();
    });
  }

  /** Commits are never displaced: without one, all that follows it is unreadable. */
  #hasRoom(kind: ReceivedKind): boolean {
    const same = this.#received.filter((waiting) => waiting.kind === kind);
    if (same.length < (kind === 'commit' ? COMMITS_WAIT : APPLICATIONS_WAIT)) return true;
    if (kind === 'commit') return false;
    same[0]?.done();
    this.#received = this.#received.filter((waiting) => waiting !== same[0]);
    return true;
  }

  async #work(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      // Not in the caller's own step: whoever asks for one goes on first.
      await Promise.resolve();
      for (;;) {
        const own = this.#own.shift();
        const received = own ? undefined : this.#received.shift();
        if (!own && !received) return;
        await own?.();
        await received?.step().catch(() => undefined);
        received?.done();
      }
    } finally {
      this.#running = false;
    }
  }
}
