/** The other server processes, as their pulses tell: who lives, and what client networks use there. */
import type { NetworkUse } from './backplane.ts';
import type { Usage } from './process-messages.ts';

/** Milliseconds without a pulse after which a process counts as ended. */
const SILENT = 5_000;
/** Milliseconds of a cut of our own after which nobody there counts as reachable. */
const CUT = 10_000;
/** Milliseconds between two checks that show that this process itself stood still. */
const STALLED = 2_500;
/** Milliseconds in which an ended process may come back, such as after its machine was suspended. */
const REMEMBERED = 10 * 60_000;

interface Known {
  seen: number;
  usage: Usage;
}

export class ProcessTable {
  readonly #alive = new Map<string, Known>();
  /** When they ended. */
  readonly #ended = new Map<string, number>();
  readonly #onGone: (process: string) => void;
  readonly #onBack: () => void;
  #cutSince: number | null = null;
  #checked = performance.now();

  /**
   * @param events.onGone a process counts as ended
   * @param events.onBack one that ended pulses again
   */
  constructor(events: { readonly onGone: (process: string) => void; readonly onBack: () => void }) {
    this.#onGone = events.onGone;
    this.#onBack = events.onBack;
  }

  seen(process: string, usage?: Usage): void {
    const now = performance.now();
    const known = this.#alive.get(process);
    if (known) {
      known.seen = now;
      known.usage = usage ?? known.usage;
      return;
    }
    this.#alive.set(process, { seen: now, usage: usage ?? {} });
    if (this.#ended.delete(process)) this.#onBack();
  }

  /** Our own connection is back: their pulses need a moment. */
  renew(): void {
    this.#cutSince = null;
    const now = performance.now();
    for (const known of this.#alive.values()) known.seen = now;
  }

  check(status: 'connected' | 'cut'): void {
    const now = performance.now();
    if (now - this.#checked > STALLED) for (const known of this.#alive.values()) known.seen = now;
    this.#checked = now;
    if (status === 'cut') this.#cutSince ??= now;
    const limit = status === 'cut' ? Infinity : SILENT;
    const cutOff = this.#cutSince !== null && status === 'cut' && now - this.#cutSince >= CUT;
    for (const [process, { seen }] of this.#alive) {
      if (!cutOff && now - seen < limit) continue;
      this.#alive.delete(process);
      this.#ended.set(process, now);
      this.#onGone(process);
    }
    for (const [process, at] of this.#ended) if (now - at > REMEMBERED) this.#ended.delete(process);
  }

  alive(): readonly string[] {
    return [...this.#alive.keys()];
  }

  usageOf(network: string): NetworkUse {
    let [connections, unprovenRooms] = [0, 0];
    for (const { usage } of this.#alive.values()) {
      const [theirs = 0, rooms = 0] = usage[network] ?? [];
      connections += theirs;
      unprovenRooms += rooms;
    }
    return { connections, unprovenRooms };
  }
}
