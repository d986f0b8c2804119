/**
 * Limits the key frames of a studio: one receiver that asks must be healed at once, and one that asks without end must
 * not cost all others their quality. One key frame per rung serves everyone.
 */
import type { Rung } from './rungs.ts';

/** Milliseconds between two key frames of one rung, whoever asks. */
const EVERY = 300;
/** Milliseconds between two requests of one link; doubled while it keeps asking, up to the last. */
const LINK_EVERY = { first: 500, last: 3_000 } as const;

export interface Clock {
  /** Milliseconds. */
  now(): number;
  /** @returns cancels it */
  after(milliseconds: number, act: () => void): () => void;
}

export const PAGE_CLOCK: Clock = {
  now: () => performance.now(),
  after: (milliseconds, act) => {
    const timer = setTimeout(act, milliseconds);
    return () => clearTimeout(timer);
  },
};

interface Asker {
  readonly rung: Rung;
  readonly linkId: string;
  pause: number;
  grantedAt: number;
  cancel: (() => void) | null;
}

export class KeyFrameThrottle {
  readonly #request: (rung: Rung) => void;
  readonly #clock: Clock;
  readonly #askers = new Map<string, Asker>();
  readonly #requestedAt = new Map<Rung, number>();
  readonly #trailing = new Map<Rung, () => void>();

  /** @param request has the encoder of a rung make a key frame */
  constructor(request: (rung: Rung) => void, clock: Clock = PAGE_CLOCK) {
    this.#request = request;
    this.#clock = clock;
  }

  /** A link needs a key frame of this rung. */
  ask(rung: Rung, linkId: string): void {
    const key = `${rung} ${linkId}`;
    const asker = this.#askers.get(key) ?? {
      rung,
      linkId,
      pause: LINK_EVERY.first,
      grantedAt: -Infinity,
      cancel: null,
    };
    this.#askers.set(key, asker);
    if (asker.cancel) return;
    const since = this.#clock.now() - asker.grantedAt;
    if (since >= asker.pause) return this.#grant(asker, since);
    asker.cancel = this.#clock.after(asker.pause - since, () => {
      asker.cancel = null;
      this.#grant(asker, asker.pause);
    });
  }

  /** Drops what a link still waits for. */
  forget(linkId: string): void {
    for (const [key, asker] of this.#askers)
      if (asker.linkId === linkId) {
        asker.cancel?.();
        this.#askers.delete(key);
      }
  }

  close(): void {
    for (const { linkId } of this.#askers.values()) this.forget(linkId);
    for (const cancel of this.#trailing.values()) cancel();
    this.#trailing.clear();
  }

  /** @param since milliseconds since the last grant */
  #grant(asker: Asker, since: number): void {
    asker.pause = since < asker.pause * 2 ? Math.min(asker.pause * 2, LINK_EVERY.last) : LINK_EVERY.first;
    asker.grantedAt = this.#clock.now();
    this.#produce(asker.rung);
  }

  #produce(rung: Rung): void {
    if (this.#trailing.has(rung)) return;
    const since = this.#clock.now() - (this.#requestedAt.get(rung) ?? -Infinity);
    if (since >= EVERY) {
      this.#requestedAt.set(rung, this.#clock.now());
      return this.#request(rung);
    }
    const cancel = this.#clock.after(EVERY - since, () => {
      this.#trailing.delete(rung);
      this.#produce(rung);
    });
    this.#trailing.set(rung, cancel);
  }
}
