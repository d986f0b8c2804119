/**
 * Tells the operator, once per cause, which setting helps. Refused pages and proxies would otherwise fail in silence.
 */
import type { AdviceCode, Log } from './log.ts';

/** Causes reported until the next start: strangers can invent origins, and must not fill the log. */
const CAUSES = 16;

export class Advisor {
  readonly #log: Log;
  readonly #given = new Set<string>();

  constructor(log: Log) {
    this.#log = log;
  }

  give(code: AdviceCode, words: string): void {
    const key = `${code} ${words}`;
    if (this.#given.has(key) || this.#given.size >= CAUSES) return;
    this.#given.add(key);
    this.#log({ event: 'advice', code, words });
  }
}
