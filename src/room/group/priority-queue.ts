/**
 * Runs one step at a time from two queues: own steps have priority over received messages, so that a flood of messages cannot delay
 * the removal of its sender. Received messages wait in order, and a limited number of them.
 */

/** Received messages that may wait: for a further application message the oldest is dropped; a further commit is dropped itself. */
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

  /** Runs an own step after all earlier ones. @returns its result, or its error */
  run<T>(step: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#own.push(() => step().then(resolve, reject));
      void this.#work();
    });
  }

  /** Runs a step for a received message once no own step waits; resolves also where the queue is full and the step is dropped. */
  take(kind: ReceivedKind, step: () => Promise<void>): Promise<void> {
    return new Promise((done) => {
      if (this.#hasRoom(kind)) this.#received.push({ kind, step, done });
      else done();
      void this.#work();
    });
  }

  /** Commits are never dropped for newer messages: without one, everything after it is unreadable. */
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
      // Never synchronously in the caller.
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
