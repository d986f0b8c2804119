/**
 * When a link is begun anew: the browser's own ICE restart comes first and is quicker, but its description can be lost with the
 * network that failed, and then nothing moves any more. So a link that stays down is replaced, again and again with growing
 * patience, while people wait; without signalling there is nobody to tell, and it waits for that.
 */
import type { Participant } from '../state/state.ts';

export interface LinkRetryOptions {
  /** Begins the link anew, or asks the other side to. */
  renew(): void;
  isOnline(): boolean;
}

/** Milliseconds after which a link in this state is replaced; ICE by itself gives up after some 15 s (measured). */
const PATIENCE: Readonly<Record<Participant['connection'], number | null>> = {
  none: null,
  connected: null,
  connecting: 12_000,
  interrupted: 8_000,
  failed: 500,
};
const GROWTH = 1.5;
const LONGEST = 30_000;

export class LinkRetry {
  readonly #o: LinkRetryOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #connection: Participant['connection'] = 'none';
  #attempts = 0;
  #stopped = false;

  constructor(o: LinkRetryOptions) {
    this.#o = o;
  }

  get isUp(): boolean {
    return this.#connection === 'connected';
  }

  /** Whether people decided against a connection: then none is made, whoever asks for one. */
  get isStopped(): boolean {
    return this.#stopped;
  }

  /** The link's state, whenever it changes; `connecting` is a new attempt. */
  onConnection(connection: Participant['connection']): void {
    this.#connection = connection;
    if (connection === 'connected') this.#attempts = 0;
    const patience = PATIENCE[connection];
    clearTimeout(this.#timer);
    if (patience === null || this.#stopped) return;
    const wait = Math.min(LONGEST, patience * GROWTH ** this.#attempts);
    this.#timer = setTimeout(() => this.#renew(), wait);
  }

  /** Signalling is back: what was tried meanwhile never arrived. */
  onOnline(): void {
    if (this.#connection === 'interrupted' || this.#connection === 'failed') this.#renew();
  }

  /** People decided that there is to be no connection: nothing is tried any more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  resume(): void {
    this.#stopped = false;
  }

  close(): void {
    this.stop();
  }

  #renew(): void {
    clearTimeout(this.#timer);
    if (this.#stopped || !this.#o.isOnline()) return;
    this.#attempts++;
    // Where the other side is asked to begin, and does not hear it, it is asked again.
    this.#timer = setTimeout(() => this.#renew(), LONGEST);
    this.#o.renew();
  }
}
