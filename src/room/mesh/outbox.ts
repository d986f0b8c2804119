/**
 * Messages to one participant that wait for a link. The sender's own chat already shows them as sent, so they are
 * delivered in order as soon as a link to this participant is up.
 */

/** Messages kept; nobody writes more while a link reconnects. */
const KEPT = 64;

export class Outbox<Message> {
  readonly #deliver: (message: Message) => Promise<boolean>;
  #waiting: readonly Message[] = [];
  #sending: Promise<void> = Promise.resolve();

  /** @param deliver resolves to whether the message was sent; a rejection counts as not sent */
  constructor(deliver: (message: Message) => Promise<boolean>) {
    this.#deliver = deliver;
  }

  add(message: Message): Promise<void> {
    this.#waiting = [...this.#waiting, message].slice(-KEPT);
    return this.flush();
  }

  /** Sends the waiting messages in order, up to the first one that cannot be sent. */
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
