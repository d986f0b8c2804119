/**
 * Whether this device keeps up with its call. One that does not looks like a narrow line from outside: its packets leave
 * late, so every estimate falls, although nothing is lost. What tells them apart is how long the device takes to answer
 * its own questions, to its worker and its engine: no line is part of that. It then sends, and asks for, fewer and smaller
 * pictures, in steps; sound stays as it is, and pictures never end because of it.
 */

/**
 * `0` all; `1` no large pictures; `2` 12 small ones a second, and every second of the others'; `3` 8 a second.
 */
export type Load = 0 | 1 | 2 | 3;

/** One second of a device. */
export interface DeviceSample {
  /** Milliseconds. */
  readonly at: number;
  /** Milliseconds that worker and engine took to answer, one after the other. */
  readonly answered: number;
  /** `cpu` where the encoder itself says that the device is too slow (webrtc-stats, `qualityLimitationReason`). */
  readonly encoder: 'cpu' | 'none';
}

/**
 * Milliseconds of an answer. Measured, half of all seconds: some 15 in a call of four, 80 in one of nine that fills two
 * cores and holds its rate, 250 to 4,000 in one that does not.
 */
const ANSWER = { slow: 300, quick: 100 } as const;
/** Answers of which half count: one alone is late for many reasons, such as a page that is being drawn. */
const WINDOW = 5;
/** Answers after a step, before the next: a step takes a moment to help. */
const ENOUGH = 3;
/** Consecutive seconds in which the encoder says that it is too slow. */
const STRAINED = 4;
/** Milliseconds of quick answers before more is tried; doubled by every try that did not hold, up to the last. */
const PATIENCE = { first: 10_000, last: 80_000 } as const;
/** Milliseconds that a try has to hold. */
const HOLDS = 20_000;
/** Milliseconds for which an engine's estimates are still those of a slow device. */
const LINGERS = 20_000;

export class DeviceLoad {
  #load: Load = 0;
  #answers: number[] = [];
  #strained = 0;
  #quickSince: number | null = null;
  #patience: number = PATIENCE.first;
  #triedAt = -Infinity;
  #slowAt = -Infinity;

  get load(): Load {
    return this.#load;
  }

  /** Whether what the engine thinks of the lines says as much about this device. */
  isSlow(at: number): boolean {
    return this.#load > 0 || at - this.#slowAt < LINGERS;
  }

  /** @returns the load after this second */
  sample({ at, answered, encoder }: DeviceSample): Load {
    this.#answers = [...this.#answers, answered].slice(-WINDOW);
    this.#strained = encoder === 'cpu' ? this.#strained + 1 : 0;
    const typical =
      this.#answers.toSorted((one, other) => one - other)[Math.floor((this.#answers.length - 1) / 2)] ?? 0;
    const slow = typical > ANSWER.slow && this.#answers.length >= ENOUGH;
    // The encoder means its own work, and that ends with the large pictures.
    const strained = this.#strained >= STRAINED && this.#load === 0;
    if (slow || strained) this.#slowAt = at;
    if ((slow || strained) && this.#load < 3) this.#lower(at);
    else if (typical <= ANSWER.quick && this.#load > 0) this.#raise(at);
    else this.#quickSince = null;
    return this.#load;
  }

  #lower(at: number): void {
    if (at - this.#triedAt < HOLDS) this.#patience = Math.min(this.#patience * 2, PATIENCE.last);
    this.#change((this.#load + 1) as Load);
  }

  #raise(at: number): void {
    this.#quickSince ??= at;
    if (at - this.#quickSince < this.#patience) return;
    if (at - this.#triedAt > HOLDS + this.#patience) this.#patience = PATIENCE.first;
    this.#triedAt = at;
    this.#slowAt = at;
    this.#change((this.#load - 1) as Load);
  }

  #change(load: Load): void {
    this.#load = load;
    this.#answers = [];
    this.#strained = 0;
    this.#quickSince = null;
  }
}
