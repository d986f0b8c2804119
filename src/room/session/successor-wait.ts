/** A guest whose host is lost waits for the next one (protocol.md §13): asks who leads, and ends the call where nobody does. */
import type { RoomInput } from '../state/actions.ts';

/** Milliseconds in which a successor has to appear, once the host is lost. */
const SUCCESSOR_WITHIN = 20_000;
/** Milliseconds between two questions for the successor's hello. */
const ASK_EVERY = 2_000;

export interface SuccessorWaitOptions {
  /** Asks who leads. */
  askForHost(): void;
  report(input: Extract<RoomInput, { type: 'ended' }>): void;
}

export class SuccessorWait {
  readonly #o: SuccessorWaitOptions;
  #asking: ReturnType<typeof setInterval> | undefined;
  #ending: ReturnType<typeof setTimeout> | undefined;

  constructor(o: SuccessorWaitOptions) {
    this.#o = o;
  }

  get isAwaited(): boolean {
    return this.#ending !== undefined;
  }

  start(): void {
    this.#asking = setInterval(() => this.#o.askForHost(), ASK_EVERY);
    this.#ending = setTimeout(() => {
      this.stop();
      this.#o.report({ type: 'ended', reason: 'host-lost' });
    }, SUCCESSOR_WITHIN);
    this.#o.askForHost();
  }

  /** The host is back, or another one leads. */
  stop(): void {
    clearInterval(this.#asking);
    clearTimeout(this.#ending);
    this.#ending = undefined;
  }
}
