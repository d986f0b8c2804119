/**
 * What we send to one participant over data channels, kept until they have confirmed it (protocol.md §7): a channel that dies takes with
 * it what was under way, and nobody is told. Whatever is not confirmed goes again over the next one, in order.
 */
import type { ChannelMessage, DataMessage } from '../messages/messages.ts';

/** Messages kept; nobody writes more while a link reconnects. */
const KEPT = 64;
/** Milliseconds without a confirmation after which a person sees that a line is still under way. */
const LATE = 5_000;
/** Milliseconds without a confirmation after which everything is sent again: doubled with each time, up to the longest. */
const PATIENCE = { first: 5_000, longest: 60_000 } as const;

interface Kept {
  readonly n: number;
  readonly message: DataMessage;
  /** Of the chat line that it is. */
  readonly line: number | null;
  readonly late: ReturnType<typeof setTimeout> | undefined;
  /** Whether it was sent on the present channel. */
  sent: boolean;
}

export interface OutboxOptions {
  /** Resolves to whether the message is on the channel; a rejection counts as not. */
  deliver(message: ChannelMessage): Promise<boolean>;
  /** `late`: they have not confirmed this chat line in time, or left before. */
  onDelivery(line: number, delivery: 'confirmed' | 'late'): void;
}

export class Outbox {
  readonly #o: OutboxOptions;
  #kept: readonly Kept[] = [];
  #sending: Promise<void> = Promise.resolve();
  #patience: number = PATIENCE.first;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The last number given. */
  #n: number;
  /** The highest number that was given to a channel. */
  #highest = 0;

  /** @param above its numbers are above this one */
  constructor(o: OutboxOptions, above = 0) {
    this.#o = o;
    this.#n = above;
  }

  /** @param line id of the chat line that it is. Of anything else, only the newest of its type counts. */
  add(message: DataMessage, line: number | null = null): Promise<void> {
    const late = line === null ? undefined : setTimeout(() => this.#o.onDelivery(line, 'late'), LATE);
    const isOld = (kept: Kept): boolean => message.type !== 'chat' && kept.message.type === message.type;
    const kept = [...this.#kept.filter((one) => !isOld(one)), { n: ++this.#n, message, line, late, sent: false }];
    this.#kept = kept.slice(-KEPT);
    this.#settle(kept.slice(0, -KEPT), 'late');
    return this.flush();
  }

  /** A channel is open: what may have been lost with the one before is sent again. */
  onOpen(): Promise<void> {
    this.#patience = PATIENCE.first;
    return this.#again();
  }

  /** They have everything up to this number; of one that was never sent, nothing is believed. */
  onAck(n: number): void {
    if (n > this.#highest) return;
    const done = this.#kept.filter((kept) => kept.n <= n);
    if (done.length === 0) return;
    this.#kept = this.#kept.filter((kept) => kept.n > n);
    this.#settle(done, 'confirmed');
    this.#patience = PATIENCE.first;
    this.#wait();
  }

  /** Sends in order what was not yet sent on this channel, up to the first one that cannot be. */
  flush(): Promise<void> {
    this.#sending = this.#sending.then(async () => {
      for (;;) {
        const next = this.#kept.findIndex(({ sent }) => !sent);
        const kept = this.#kept[next];
        if (!kept) break;
        const { n, message } = kept;
        kept.sent = true;
        this.#highest = Math.max(this.#highest, n);
        if (!(await this.#o.deliver({ ...message, n, after: this.#kept[next - 1]?.n ?? 0 }).catch(() => false))) {
          kept.sent = false;
          break;
        }
      }
      this.#wait();
    });
    return this.#sending;
  }

  /** The participant has left. */
  close(): void {
    clearTimeout(this.#timer);
    this.#settle(this.#kept, 'late');
    this.#kept = [];
  }

  #settle(kept: readonly Kept[], delivery: 'confirmed' | 'late'): void {
    for (const { line, late } of kept) {
      clearTimeout(late);
      if (line !== null) this.#o.onDelivery(line, delivery);
    }
  }

  #again(): Promise<void> {
    for (const kept of this.#kept) kept.sent = false;
    return this.flush();
  }

  /** Also with the channel up: it may be lost in a change of keys, and the other end drops what would overload it. */
  #wait(): void {
    clearTimeout(this.#timer);
    if (this.#kept.length === 0) return;
    this.#timer = setTimeout(() => {
      this.#patience = Math.min(this.#patience * 2, PATIENCE.longest);
      void this.#again();
    }, this.#patience);
  }
}
