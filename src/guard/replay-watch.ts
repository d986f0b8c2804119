/** Looks for session replay recorders while a session runs [R16]: a page may start one after the room has opened. */
import { findReplayRecorders } from './replay.ts';

/** How often, in milliseconds. What a tool marks in the page it marks at its start, so this is how long it goes unnoticed. */
const EVERY = 1_000;

export class ReplayWatch {
  readonly #onChange: (runs: 'yes' | 'no') => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #ran = false;

  /** @param onChange told at each look while one runs, and once when none does any more */
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
