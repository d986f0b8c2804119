/**
 * Decides when to replace a failed link: first the browser's own ICE restart, which is faster, then a new link with
 * backoff. The restart's description can be lost with the network that failed, so a restart alone may never complete.
 * Without signalling nothing can be offered, so the replacement waits until it is back.
 */
import type { Participant } from '../state/state.ts';

export interface LinkRetryOptions {
  /** Replaces the link, or requests that from the other side. */
  renew(): void;
  isOnline(): boolean;
  /** Participants besides this one whose links are not up yet: all at once take a slow device longer. Default 0. */
  othersConnecting?(): number;
  /** The link has not been up for {@link LATE}, whatever was tried. */
  onLate?(): void;
}

/** Milliseconds after which a link in this state is replaced; ICE itself fails after about 15 s (measured). */
const PATIENCE: Readonly<Record<Participant['connection'], number | null>> = {
  none: null,
  connected: null,
  connecting: 12_000,
  interrupted: 8_000,
  failed: 500,
};
/** Milliseconds without a connection after which a person reads what else helps. */
const LATE = 35_000;
/** Share of its patience that a link has more for each other that connects at the same time. */
const EACH = 0.25;
const GROWTH = 1.5;
const LONGEST = 30_000;

export class LinkRetry {
  readonly #o: LinkRetryOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Runs from the first moment without a connection. */
  #late: ReturnType<typeof setTimeout> | undefined;
  #connection: Participant['connection'] = 'none';
  #attempts = 0;
  #stopped = false;

  constructor(o: LinkRetryOptions) {
    this.#o = o;
  }

  get isUp(): boolean {
    return this.#connection === 'connected';
  }

  /** Whether a participant declined the connection: then none is created, also not at the other side's request. */
  get isStopped(): boolean {
    return this.#stopped;
  }

  /** The link's state has changed; `connecting` is a new attempt. */
  onConnection(connection: Participant['connection']): void {
    this.#connection = connection;
    if (connection === 'connected') {
      this.#attempts = 0;
      this.#endLate();
    } else if (connection !== 'none' && !this.#stopped) {
      this.#late ??= setTimeout(() => this.#o.onLate?.(), LATE);
    }
    const patience = PATIENCE[connection];
    clearTimeout(this.#timer);
    if (patience === null || this.#stopped) return;
    const others = connection === 'connecting' ? (this.#o.othersConnecting?.() ?? 0) : 0;
    const wait = Math.min(LONGEST, patience * (1 + others * EACH) * GROWTH ** this.#attempts);
    this.#timer = setTimeout(() => this.#renew(), wait);
  }

  /** Signalling is back: offers sent meanwhile were lost. */
  onOnline(): void {
    if (this.#connection === 'interrupted' || this.#connection === 'failed') this.#renew();
  }

  /** A participant declined the connection: no more attempts. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#endLate();
  }

  /** Begins again, with the shortest wait. */
  resume(): void {
    this.#attempts = 0;
    this.#endLate();
    this.#stopped = false;
  }

  close(): void {
    this.stop();
  }

  #endLate(): void {
    clearTimeout(this.#late);
    this.#late = undefined;
  }

  #renew(): void {
    clearTimeout(this.#timer);
    if (this.#stopped || !this.#o.isOnline()) return;
    this.#attempts++;
    // A request to the other side may be lost, so it is repeated.
    this.#timer = setTimeout(() => this.#renew(), LONGEST);
    this.#o.renew();
  }
}
