/**
 * What was written to somebody while the link was down. The line already stands in one's own chat as said, so it goes out when a
 * link is up again: in order, and to nobody else.
 */

/** More than anybody writes in the time that a link takes to come back. */
const KEPT = 64;

export class Outbox<Message> {
  readonly #deliver: (message: Message) => Promise<boolean>;
  #waiting: readonly Message[] = [];
  #sending: Promise<void> = Promise.resolve();

  /** @param deliver says whether it left; what could not be encrypted did not */
  constructor(deliver: (message: Message) => Promise<boolean>) {
    this.#deliver = deliver;
  }

  add(message: Message): Promise<void> {
    this.#waiting = [...this.#waiting, message].slice(-KEPT);
    return this.flush();
  }

  /** As far as it goes now: what comes after a message that does not leave waits behind it. */
  flush(): Promise<void> {
    this.#sending = this.#sending.then(async () => {
      for (;;) {
        const [first] = this.#waiting;
        if (first === undefined || !(await this.#deliver(first).catch(() => false))) return;
        this.#waiting = this.#waiting.filter((message) => message !== first);
      }
    });
    return this.#sending;
  }
}
