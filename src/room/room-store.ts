/**
 * The state of a room and the only way to change it: inputs go through the reducer one at a time; each step yields the
 * commands and events that follow from it.
 */
import type { RoomClock } from './setup/room-clock.ts';
import type { RoomInput } from './state/actions.ts';
import { effects, type Command } from './state/effects.ts';
import { INITIAL, reduce } from './state/reducer.ts';
import { eventsBetween, type RoomEventInit } from './state/room-events.ts';
import type { RoomState } from './state/state.ts';

export interface RoomStoreOptions {
  /** Called after each step, before its commands. */
  onStep(previous: RoomState, next: RoomState): void;
  /** Carries out one command of a step. */
  run(command: Command): void;
  /** Called after each step with the events that follow from it. */
  emit(events: readonly RoomEventInit[]): void;
}

export class RoomStore {
  readonly #o: RoomStoreOptions;
  readonly #inputs: RoomInput[] = [];
  readonly #stop = new AbortController();
  #state: RoomState = INITIAL;
  #reducing = false;
  #cancelExpiry: (() => void) | null = null;

  constructor(o: RoomStoreOptions) {
    this.#o = o;
  }

  get state(): RoomState {
    return this.#state;
  }

  /** Aborted once the room was discarded or ended before it opened; from then on inputs are ignored. */
  get stopped(): AbortSignal {
    return this.#stop.signal;
  }

  stop(): void {
    this.#stop.abort();
    this.#cancelExpiry?.();
  }

  /** @param time milliseconds since the epoch, of the site: the room fails then with `invite-expired`, on every side */
  expireAt(time: number, clock: RoomClock): void {
    this.#cancelExpiry = clock.at(time, () => this.dispatch({ type: 'failed', code: 'invite-expired' }));
  }

  /** Queues an input: a service that reports while a step runs has to wait for its end. */
  dispatch(input: RoomInput): void {
    if (this.stopped.aborted) return;
    this.#inputs.push(input);
    if (this.#reducing) return;
    this.#reducing = true;
    try {
      for (let next = this.#inputs.shift(); next; next = this.#inputs.shift()) this.#step(next);
    } finally {
      // A service that throws must not leave a room that ignores every input, including `leave`.
      this.#reducing = false;
    }
  }

  #step(input: RoomInput): void {
    const previous = this.#state;
    const next = reduce(previous, input);
    if (next === previous) return;
    this.#state = Object.freeze(next);
    if (next.phase === 'ended' || next.phase === 'failed') this.#cancelExpiry?.();
    this.#o.onStep(previous, next);
    for (const command of effects(previous, next)) this.#o.run(command);
    this.#o.emit(eventsBetween(previous, next));
  }
}
