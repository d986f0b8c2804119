/**
 * The site's time, by which a room opens and ends. Devices' clocks can be hours off, and a room must open and end for
 * everyone at the same moment. The site's time is the `Date` header (RFC 9110 §6.6.1) of what the page loads from its
 * own origin.
 */

/** Milliseconds. A `Date` header has whole seconds and arrives late; a smaller difference is none. */
const EXACT = 30_000;
/** Milliseconds of difference that the person is warned about. */
const WRONG = 10 * 60_000;
/** Milliseconds between two checks: this soon a device notices that it slept or that its clock was set. */
const LOOK_EVERY = 20_000;
/** Milliseconds by which both clocks of the device may differ between two checks before the site is asked again. */
const JUMP = 60_000;

/** Milliseconds in which the site answers with its time. */
const ANSWER_WITHIN = 20_000;

export interface ClockSource {
  /** The device's clock, in milliseconds since the epoch. */
  now(): number;
  /** A clock that cannot be set, in milliseconds; it may stop while the device sleeps. */
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
      // A room opens without the answer.
      signal: AbortSignal.timeout(ANSWER_WITHIN),
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

  /** Asks the site for its time. Without an answer nothing changes. */
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
      // The device slept, or its clock was set: only the site knows which.
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
