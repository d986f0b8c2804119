/** Log entries that strangers can cause as often as they like: one at once, and then one a minute with how many more there were. */
import type { Log, LogEntry } from './log.ts';

const MINUTE = 60_000;

type Counted = Extract<LogEntry, { readonly count: number }>;
/** Keeps apart what belongs to each of them. */
type Uncounted<T> = T extends unknown ? Omit<T, 'count'> : never;

interface Kept {
  readonly entry: Uncounted<Counted>;
  /** Not written yet. */
  count: number;
  readonly timer: ReturnType<typeof setInterval>;
}

export class Tally {
  readonly #log: Log;
  readonly #kept = new Map<string, Kept>();

  constructor(log: Log) {
    this.#log = log;
  }

  note(entry: Uncounted<Counted>): void {
    const key = entry.event === 'refused' ? entry.code : entry.where;
    const kept = this.#kept.get(key);
    if (kept) return void (kept.count += 1);
    this.#log({ ...entry, count: 1 });
    const timer = setInterval(() => this.#tell(key), MINUTE).unref();
    this.#kept.set(key, { entry, count: 0, timer });
  }

  /** Writes what is still to be written. */
  end(): void {
    for (const key of this.#kept.keys()) {
      this.#tell(key);
      this.#drop(key);
    }
  }

  #tell(key: string): void {
    const kept = this.#kept.get(key);
    if (!kept) return;
    if (kept.count === 0) return this.#drop(key);
    this.#log({ ...kept.entry, count: kept.count });
    kept.count = 0;
  }

  #drop(key: string): void {
    clearInterval(this.#kept.get(key)?.timer);
    this.#kept.delete(key);
  }
}
