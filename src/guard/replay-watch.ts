/** Polls for session replay recorders while a session runs [R16]: a page may start one after the room has opened. */
import { findReplayRecorders, type ReplayRecorder } from './replay.ts';

/** Poll interval in milliseconds: how long a recorder may stay unnoticed. */
const EVERY = 1_000;

export class ReplayWatch {
  readonly #onChange: (recorders: readonly ReplayRecorder[]) => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #ran = false;

  /** @param onChange called at each poll while a recorder runs, and once with none when the last one is gone */
  constructor(onChange: (recorders: readonly ReplayRecorder[]) => void) {
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
    const recorders = findReplayRecorders();
    const runs = recorders.length > 0;
    if (runs || this.#ran) this.#onChange(recorders);
    this.#ran = runs;
  }
}
