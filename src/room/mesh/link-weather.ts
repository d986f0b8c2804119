/**
 * What one link can carry of the studio's pictures, by its own measurements: a weak link gets fewer or smaller ones, and
 * no other link notices. Down at once, up after five good seconds, with more patience after every step that did not
 * hold. Sound comes first: its share of the way is never counted for pictures.
 */
import { number, selectedPair, type Stat } from '../../peer/path.ts';

/** From most to least; {@link LADDER} says what each means. */
export type Step = 0 | 1 | 2 | 3 | 4;
export const LADDER = ['high', 'high-base', 'low', 'low-base', 'off'] as const;
export const OFF: Step = 4;

/** One second of a link. */
export interface WeatherSample {
  /** Milliseconds. */
  readonly at: number;
  /** What the engine thinks the way carries for pictures, in bits a second; null where it does not tell. */
  readonly room: number | null;
  /** Share of our packets that the other side did not get, 0 to 1. */
  readonly lost: number;
  /** Seconds. */
  readonly roundTrip: number;
  /** Which of the two were measured since the sample before: engines do so every one to five seconds. */
  readonly measured: readonly ('lost' | 'roundTrip')[];
}

export interface Forecast {
  readonly step: Step;
  /** `wanted` where the engine should look for more room: it does not by itself while we use less than we may. */
  readonly probe: 'wanted' | 'not-wanted';
}

/** Bits a second of the sound with its headers: 32,000 of voice, in packets of 20 ms at worst. */
const SOUND = 70_000;
/** Share of lost packets from which fewer pictures help, and below which more may be tried. */
const LOSS = { bad: 0.1, good: 0.03 } as const;
/** Seconds above the shortest round trip so far: a queue has formed on the way. */
const QUEUE = { bad: 0.4, good: 0.2 } as const;
/** Consecutive bad measurements: one alone may be a moment's disturbance. */
const BAD = 2;
/**
 * Consecutive seconds without room for the least, after which a link gets no picture at all: a busy device delays packets
 * as a narrow way does, for as long as a link of a group is being set up.
 */
const STARVED = 6;
/** Share of what the least needs at which it still gets through, where not much queues and little is lost. */
const NEARLY = 0.7;
/** Seconds at the beginning of a link during which its engine still learns what the way carries. */
const LEARNING = 4;
/** Good milliseconds before the next step up; doubled by every step that did not hold, up to the last. */
const PATIENCE = { first: 5_000, last: 60_000 } as const;
/** Milliseconds that a step has to hold. */
const HOLDS = 15_000;
const PROBE_EVERY = 5_000;
/** Room above what is needed, before a step up. */
const MARGIN = 1.15;

export class LinkWeather {
  #step: Step = 0;
  #samples = 0;
  #bad = 0;
  #starved = 0;
  #shortest = Infinity;
  #goodSince: number | null = null;
  #patience: number = PATIENCE.first;
  #roseAt = -Infinity;
  #probedAt = -Infinity;

  get step(): Step {
    return this.#step;
  }

  /**
   * @param needs bits a second of each step, descending
   * @param o.floor the best step that is wanted now: where small pictures are shown, room for large ones is no question
   * @param o.least the last step before `off`: an interpreter's pictures are never halved
   * @param o.device a slow one delays packets as a narrow way does, but loses none: then only losses end pictures
   */
  sample(
    sample: WeatherSample,
    needs: readonly number[],
    o: { readonly floor: Step; readonly least: Step; readonly device: 'quick' | 'slow' },
  ): Forecast {
    this.#samples++;
    if (sample.roundTrip > 0) this.#shortest = Math.min(this.#shortest, sample.roundTrip);
    const now: Step = o.floor > this.#step ? o.floor : this.#step;
    const lower = this.#lower(now, sample, needs, o);
    if (lower > now) this.#fall(sample.at, lower);
    else if (now > o.floor && now > 0) this.#rise(sample, needs, o.least);
    else this.#goodSince = null;
    const probe = this.#probe(sample, needs, o.floor);
    return { step: this.#step > o.floor ? this.#step : o.floor, probe };
  }

  /** The step that the way can carry, as far as it is below the present one. */
  #lower(
    now: Step,
    { room, lost, roundTrip, measured }: WeatherSample,
    needs: readonly number[],
    { least, device }: { readonly least: Step; readonly device: 'quick' | 'slow' },
  ): Step {
    const bad = { lost: lost > LOSS.bad, roundTrip: roundTrip > this.#shortest + QUEUE.bad };
    const disturbed = bad.lost || bad.roundTrip;
    // Read again, one measurement is still one.
    if (measured.some((one) => bad[one])) this.#bad++;
    else if (!disturbed) this.#bad = 0;
    const need = needs[least] ?? 0;
    // An estimate alone ends no pictures: a busy device's falls too, and a narrow way also loses packets or queues them.
    const troubled = lost > LOSS.good || roundTrip > this.#shortest + QUEUE.good;
    const starves = room === null ? disturbed : (troubled && room < need * NEARLY) || (disturbed && room < need);
    const believed = device === 'quick' || lost > LOSS.bad;
    this.#starved = starves && believed ? this.#starved + 1 : 0;
    if (now === OFF) return now;
    let fits = now;
    if (room !== null && this.#samples > LEARNING)
      while (fits < OFF && room < (needs[fits] ?? 0)) fits = next(fits, least);
    if (fits === now && this.#bad >= BAD) {
      fits = next(now, least);
      this.#bad = 0;
    }
    if (fits < OFF || this.#starved >= STARVED) return fits;
    return now > least ? now : least;
  }

  #fall(at: number, step: Step): void {
    if (at - this.#roseAt < HOLDS) this.#patience = Math.min(this.#patience * 2, PATIENCE.last);
    this.#step = step;
    this.#goodSince = null;
  }

  #rise({ at, room, lost, roundTrip }: WeatherSample, needs: readonly number[], least: Step): void {
    const up = before(this.#step, least);
    const fits = room === null || room > (needs[up] ?? 0) * MARGIN;
    if (!fits || lost > LOSS.good || roundTrip > this.#shortest + QUEUE.good) {
      this.#goodSince = null;
      return;
    }
    this.#goodSince ??= at;
    if (at - this.#goodSince < this.#patience) return;
    if (at - this.#roseAt > HOLDS + this.#patience) this.#patience = PATIENCE.first;
    this.#step = up;
    this.#roseAt = at;
    this.#goodSince = null;
  }

  #probe({ at, room }: WeatherSample, needs: readonly number[], floor: Step): Forecast['probe'] {
    const missing = this.#step > floor && room !== null && room < (needs[this.#step - 1] ?? 0) * MARGIN;
    if (!missing || at - this.#probedAt < PROBE_EVERY) return 'not-wanted';
    this.#probedAt = at;
    return 'wanted';
  }
}

const next = (step: Step, least: Step): Step => (step >= least ? OFF : ((step + 1) as Step));
const before = (step: Step, least: Step): Step => (step === OFF ? least : ((step - 1) as Step));

/** Reads a second of a link from the statistics of its camera's sender. */
export class WeatherReader {
  #before: { readonly at: number; readonly target: number; readonly frames: number } | null = null;
  /** By what a measurement of either is told from the one before. */
  readonly #measured = { lost: '', roundTrip: '' };

  read(stats: readonly Stat[], at: number): WeatherSample {
    const outbound = stats.find(({ type }) => type === 'outbound-rtp');
    const remote = stats.find(({ type }) => type === 'remote-inbound-rtp');
    const pair = selectedPair(stats);
    const checked = number(pair, 'currentRoundTripTime');
    const roundTrip = checked || number(remote, 'roundTripTime');
    const available = number(pair, 'availableOutgoingBitrate');
    const grown = this.#grown(outbound, at);
    const room = available > 0 ? Math.max(0, available - SOUND) : grown;
    const reported = String(number(remote, 'timestamp'));
    const measured = this.#newOf({ lost: reported, roundTrip: checked > 0 ? checksOf(pair) : reported });
    return { at, room, lost: number(remote, 'fractionLost'), roundTrip, measured };
  }

  #newOf(now: Readonly<Record<'lost' | 'roundTrip', string>>): WeatherSample['measured'] {
    const news = (['lost', 'roundTrip'] as const).filter((one) => now[one] !== this.#measured[one]);
    Object.assign(this.#measured, now);
    return news;
  }

  /**
   * Firefox does not tell what the way carries, but what its encoder may use: the target of every frame, summed up
   * (webrtc-stats, `totalEncodedBytesTarget`).
   */
  #grown(outbound: Stat | undefined, at: number): number | null {
    const target = number(outbound, 'totalEncodedBytesTarget');
    const frames = number(outbound, 'framesEncoded');
    const before = this.#before;
    this.#before = { at, target, frames };
    if (!before || at <= before.at || frames - before.frames < 5) return null;
    return ((target - before.target) * 8_000) / (at - before.at);
  }
}

/** Changes with every connectivity check that is answered (webrtc-stats, RTCIceCandidatePairStats). */
const checksOf = (pair: Stat | undefined): string =>
  ['responsesReceived', 'totalRoundTripTime', 'currentRoundTripTime'].map((name) => number(pair, name)).join();
