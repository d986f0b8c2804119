/**
 * Tells the operator, once per cause, which setting helps. Refused pages and proxies would otherwise fail in silence.
 */
import type { AdviceCode, Log } from './log.ts';

/** Causes of one code that are reported until the next start. */
const CAUSES = 64;
/** The same where strangers can invent them: they must neither fill the log nor silence what else is wrong. */
const INVENTED = 4;
const INVENTABLE: ReadonlySet<AdviceCode> = new Set(['host-unknown', 'origin-refused']);

export class Advisor {
  readonly #log: Log;
  readonly #given = new Map<AdviceCode, Set<string>>();

  constructor(log: Log) {
    this.#log = log;
  }

  give(code: AdviceCode, words: string): void {
    const given = this.#given.get(code) ?? new Set();
    if (given.has(words) || given.size >= (INVENTABLE.has(code) ? INVENTED : CAUSES)) return;
    this.#given.set(code, given.add(words));
    this.#log({ event: 'advice', code, words });
  }
}
