/** Polls for session replay recorders while a session runs [R16]: a page may start one after the room has opened. */
import { findReplayRecorders } from './replay.ts';

/** Poll interval in milliseconds: how long a recorder may stay unnoticed. */
const EVERY = 1_000;

export class ReplayWatch {
  readonly #onChange: (runs: 'yes' | 'no') => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #ran = false;

  /** @param onChange called at each poll while a recorder runs, and once when the last one is gone */
  constructor(onChange: (runs: 'yes' | 'no') => void) {
    this.#onChange = onChange;
  }

  start(): void {
    this.stop();
    this.#timer = setInterval(() => this.#look(), EVERY);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#ran = false;
  }

  #look(): void {
    const runs = findReplayRecorders().length > 0;
    if (runs || this.#ran) this.#onChange(runs ? 'yes' : 'no');
    this.#ran = runs;
  }
}
