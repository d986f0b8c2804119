/**
 * What one process says of a room, as a stream of numbered events. NATS may lose events in a cut, deliver them late or
 * twice: the receiver drops doubles, waits for what is missing, and asks for it again.
 */
import type { Position, RoomEvent, RoomState } from './process-messages.ts';

/** Milliseconds that an event can be asked for again; a cut that lasts longer ends in a loss. */
const KEPT = 20_000;
/** Events and characters kept of one room. */
const MOST_EVENTS = 512;
const MOST_CHARACTERS = 1024 * 1024;

interface Kept {
  readonly number: number;
  readonly event: RoomEvent;
  readonly time: number;
  readonly size: number;
}

export class OutgoingStream {
  readonly entry: number;
  #number = 0;
  /** The oldest are dropped from the front, which is moved only now and then: a full list is not copied for each event. */
  #kept: Kept[] = [];
  #first = 0;
  #size = 0;

  constructor(entry: number) {
    this.entry = entry;
  }

  get at(): Position {
    return { entry: this.entry, number: this.#number };
  }

  /** @param now milliseconds on any clock */
  add(event: RoomEvent, now: number): Position {
    this.#number += 1;
    const size = event.kind === 'message' ? event.data.length : 256;
    this.#kept.push({ number: this.#number, event, time: now, size });
    this.#size += size;
    this.trim(now);
    return this.at;
  }

  trim(now: number): void {
    for (let oldest = this.#kept[this.#first]; oldest; oldest = this.#kept[++this.#first]) {
      const tooMany = this.#kept.length - this.#first > MOST_EVENTS || this.#size > MOST_CHARACTERS;
      if (!tooMany && now - oldest.time < KEPT) break;
      this.#size -= oldest.size;
    }
    if (this.#first === 0 || (this.#first < MOST_EVENTS && this.#first < this.#kept.length)) return;
    this.#kept = this.#kept.slice(this.#first);
    this.#first = 0;
  }

  /** @returns null where the events are no longer held */
  since({ entry, number }: Position): readonly { readonly at: Position; readonly event: RoomEvent }[] | null {
    if (entry !== this.entry) return null;
    const found = this.#kept.slice(this.#first).filter((one) => one.number >= number);
    if (number <= this.#number && found[0]?.number !== number) return null;
    return found.map((one) => ({ at: { entry, number: one.number }, event: one.event }));
  }
}

export interface IncomingHandler {
  deliver(event: RoomEvent): void;
  apply(state: RoomState): void;
  /** Asks for all events from this position on. */
  again(at: Position): void;
  /** The stream is not known: asks for its state. */
  ask(): void;
}

/** Events held while earlier ones are missing. */
const MOST_HELD = 512;

export class IncomingStream {
  readonly #handler: IncomingHandler;
  #at: Position | null = null;
  /** A process that is believed on its first event could be one that left: its state has to confirm it. */
  #confirmed = false;
  readonly #early = new Map<number, RoomEvent>();
  #state: { readonly number: number; readonly state: RoomState } | null = null;

  constructor(handler: IncomingHandler) {
    this.#handler = handler;
  }

  /** `open`: as far as we know it; `unconfirmed` and `incomplete`: an answer is awaited. */
  get condition(): 'unknown' | 'unconfirmed' | 'incomplete' | 'open' | 'ended' {
    if (!this.#at) return 'unknown';
    if (this.#at.number === Infinity) return 'ended';
    if (this.#early.size > 0 || this.#state !== null) return 'incomplete';
    return this.#confirmed ? 'open' : 'unconfirmed';
  }

  get isAwaited(): boolean {
    return this.condition === 'unconfirmed' || this.condition === 'incomplete';
  }

  /** The question, or the answer, may have been lost. */
  askAgain(): void {
    if (this.condition === 'unconfirmed') this.#handler.ask();
    else this.#askForMissing();
  }

  event({ entry, number }: Position, event: RoomEvent): void {
    if (this.#at && entry < this.#at.entry) return;
    if (!this.#at || entry > this.#at.entry) {
      this.forget();
      this.#handler.ask();
      // The first event of a stay needs no state before it.
      if (number !== 1) return;
      this.#at = { entry, number: 0 };
    }
    if (number <= this.#at.number || this.#early.size >= MOST_HELD) return;
    // Nearly always it is the next one, and nothing else waits.
    if (number === this.#at.number + 1 && this.#early.size === 0 && this.#state === null) {
      this.#at = { entry, number };
      return this.#handler.deliver(event);
    }
    const before = this.condition;
    this.#early.set(number, event);
    this.#drain();
    if (before !== 'incomplete') this.#askForMissing();
  }

  /** @param at the position of the last event that the state includes */
  state(at: Position, state: RoomState): void {
    // Late or doubled.
    if (this.#at && (at.entry < this.#at.entry || (at.entry === this.#at.entry && at.number < this.#at.number))) return;
    if (!this.#at || at.entry > this.#at.entry) {
      this.forget();
      this.#at = at;
    }
    const before = this.condition;
    this.#confirmed = true;
    this.#state = { number: at.number, state };
    this.#drain();
    if (before !== 'incomplete') this.#askForMissing();
  }

  /** @param at the position of the last event that there is: what we lack up to it was lost */
  reached({ entry, number }: Position): void {
    if (this.#at && (entry < this.#at.entry || (entry === this.#at.entry && number <= this.#at.number))) return;
    if (entry === this.#at?.entry) this.#handler.again({ entry, number: this.#at.number + 1 });
    else this.#handler.ask();
  }

  /** The process has left: whatever of this stay still comes is late or doubled. */
  end(entry: number): void {
    if (this.#at && entry < this.#at.entry) return;
    this.forget();
    this.#at = { entry, number: Infinity };
  }

  /** Gives up what is missing; the next state starts afresh. */
  forget(): void {
    this.#at = null;
    this.#confirmed = false;
    this.#early.clear();
    this.#state = null;
  }

  #drain(): void {
    for (;;) {
      const at = this.#at;
      if (!at) return;
      if (this.#state && this.#state.number <= at.number) {
        const { state } = this.#state;
        this.#state = null;
        this.#handler.apply(state);
        continue;
      }
      const next = this.#early.get(at.number + 1);
      if (!next) return;
      this.#early.delete(at.number + 1);
      this.#at = { entry: at.entry, number: at.number + 1 };
      this.#handler.deliver(next);
    }
  }

  #askForMissing(): void {
    if (this.#at && this.condition === 'incomplete')
      this.#handler.again({ entry: this.#at.entry, number: this.#at.number + 1 });
  }
}
