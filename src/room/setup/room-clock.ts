/**
 * The time by which a room opens and ends: that of the site. Devices' clocks are hours off at times, and two people must neither be let in
 * nor sent away at different moments. The site's time is the `Date` header (RFC 9110 §6.6.1) of what the page loads from its own origin.
 */

/** Milliseconds. A `Date` header has whole seconds and arrives late; a smaller difference is none. */
const EXACT = 30_000;
/** Milliseconds from which on a person is told that their clock is wrong. */
const WRONG = 10 * 60_000;
/** Milliseconds between two looks at the clock: a device that slept, or whose clock was set, notices it this soon. */
const LOOK_EVERY = 20_000;
/** Milliseconds by which both clocks of the device may part between two looks before the site is asked again. */
const JUMP = 60_000;

export interface ClockSource {
  /** The device's clock, in milliseconds since the epoch. */
  now(): number;
  /** A clock that nobody can set, in milliseconds; it may stop while the device sleeps. */
  steady(): number;
  /** Asks the site for its time; null where it does not answer. */
  ask(): Promise<Response | null>;
}

/** Asks for the head of the page itself: no other address, and nothing that the site did not serve already. */
const DEVICE: ClockSource = {
  now: () => Date.now(),
  steady: () => performance.now(),
  ask: () =>
    fetch(location.href.split('#', 1)[0] ?? '', {
      method: 'HEAD',
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
    }).catch(() => null),
};

export class RoomClock {
  readonly #source: ClockSource;
  /** Milliseconds by which the site's clock is ahead of the device's. */
  #ahead = 0;

  constructor(source: ClockSource = DEVICE) {
    this.#source = source;
  }

  /** Milliseconds since the epoch, as the site counts them. */
  readonly now = (): number => this.#source.now() + this.#ahead;

  /** Whether the device's clock is so wrong that a person should know. */
  get isWrong(): boolean {
    return Math.abs(this.#ahead) >= WRONG;
  }

  /** Takes the time from an answer of the page's own origin. */
  read({ headers }: Response): void {
    const time = Date.parse(headers.get('Date') ?? '');
    if (Number.isNaN(time)) return;
    // A cache may have kept the answer (RFC 9111 §5.1).
    const age = Number(headers.get('Age') ?? 0) * 1000;
    const ahead = time + (Number.isFinite(age) ? age : 0) - this.#source.now();
    this.#ahead = Math.abs(ahead) < EXACT ? 0 : ahead;
  }

  /** Asks the site for its time. Without an answer the clock goes on as before. */
  async set(): Promise<void> {
    const response = await this.#source.ask();
    if (response) this.read(response);
  }

  /**
   * Calls a function at a time of the site.
   *
   * @param time milliseconds since the epoch
   * @returns cancels the call
   */
  at(time: number, act: () => void): () => void {
    let timer: ReturnType<typeof setTimeout>;
    let cancelled = false;
    const wait = (): void => {
      const [now, steady] = [this.#source.now(), this.#source.steady()];
      const left = Math.max(0, time - this.now());
      timer = setTimeout(() => void look(now, steady), Math.min(left, LOOK_EVERY));
    };
    const look = async (now: number, steady: number): Promise<void> => {
      // Slept, or set: only the site can tell which.
      const parted = Math.abs(this.#source.now() - now - (this.#source.steady() - steady));
      if (parted > JUMP) await this.set();
      if (cancelled) return;
      if (this.now() >= time) act();
      else wait();
    };
    wait();
    return () => {
      cancelled = true;
      clearTimeout(timer);
    };
  }
}
