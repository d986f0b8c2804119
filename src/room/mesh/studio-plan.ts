/**
 * Which pictures of our camera each participant gets, and so what the studio encodes: by what they show, by what their
 * link carries, and never fewer of an interpreter than a sign language needs (EN 301 549 §6.5).
 */
import type { CameraRoute, Rung, StudioTotals } from '../../e2ee/frames/frame-worker-client.ts';
import type { PictureLimits } from '../../peer/picture-limits.ts';
import type { StudioPlan } from '../../peer/studio.ts';
import type { ViewSize } from '../state/state.ts';
import type { Load } from './device-load.ts';
import { LADDER, OFF, type Step } from './link-weather.ts';

const HIGH: PictureLimits = { height: 360, rate: 30, bitrate: 600_000 };
const LOW: PictureLimits = { height: 180, rate: 15, bitrate: 180_000 };
/** Signs need 20 pictures a second at 320×180 wherever they arrive: a few more, so that a lost one is none too few. */
const LOW_INTERPRETER: PictureLimits = { height: 180, rate: 25, bitrate: 280_000 };

/** What a device that is too slow encodes instead, by its load. */
const LOW_UNDER: Readonly<Record<Load, PictureLimits>> = {
  0: LOW,
  1: LOW,
  2: { ...LOW, rate: 12, bitrate: 150_000 },
  3: { ...LOW, rate: 8, bitrate: 110_000 },
};

/** Share of a rung's bytes in its lower temporal layer, until it was measured. */
const BASE = 0.62;
/** Of headers, on top of the frames. */
const OVERHEAD = 1.08;

const FLOORS: Readonly<Record<ViewSize, Step>> = { large: 0, small: 2, few: 3, none: OFF };

/** @param load of our own device: from 1 on it makes no large pictures */
export function floorOf(view: ViewSize, role: 'interpreter' | 'other', load: Load): Step {
  const wanted = FLOORS[view];
  const best: Step = load > 0 && wanted < 2 ? 2 : wanted;
  const least = leastOf(role);
  return best < OFF && best > least ? least : best;
}

/** What we say to others of a size in which we show them, so that a device under load gets less from them. */
export function viewUnder(load: Load, view: ViewSize): ViewSize {
  if (load > 0 && view === 'large') return load > 1 ? 'few' : 'small';
  return load > 1 && view === 'small' ? 'few' : view;
}

/** The last step before `off`. */
export const leastOf = (role: 'interpreter' | 'other'): Step => (role === 'interpreter' ? 2 : 3);

export function routeOf(step: Step): CameraRoute & { readonly kind: 'studio' } {
  const name = LADDER[step];
  if (name === 'off') return { kind: 'studio', rung: 'off', layers: 'all' };
  const [rung, layers] = name.split('-') as [Rung, 'base' | undefined];
  return { kind: 'studio', rung, layers: layers ?? 'all' };
}

export function planOf(needed: ReadonlySet<Rung>, role: 'interpreter' | 'other', load: Load = 0): StudioPlan {
  return {
    high: needed.has('high') ? HIGH : null,
    low: needed.has('low') ? (role === 'interpreter' ? LOW_INTERPRETER : LOW_UNDER[load]) : null,
  };
}

/**
 * What the own encoder of a link makes, where there is no studio: the same for the same views, but for two people, where
 * one encoder is none too many, a step more.
 *
 * @param o.others number of other participants
 * @param o.rest steps of all links: in Chromium a camera gives all its encoders the lowest rate that one of them may have
 * @returns null where nothing limits it
 */
export function ownLimits(
  step: Step,
  o: {
    readonly others: number;
    readonly role: 'interpreter' | 'other';
    readonly load: Load;
    readonly rest: readonly Step[];
  },
): PictureLimits | 'off' | null {
  if (step === OFF) return 'off';
  const { high, low } = planOf(new Set(['high', 'low']), o.role, o.load);
  const best: Step = o.load === 0 && o.others === 1 ? 3 : 2;
  const limits = step < best ? (o.others === 1 && step < 2 ? null : high) : low;
  const isRateShared = o.rest.every((one) => one >= best);
  return limits && !isRateShared ? { ...limits, rate: HIGH.rate } : limits;
}

/** Measures what each step of the ladder costs, in bits a second. */
export class StepCosts {
  readonly #costs: Record<Rung, { all: number; base: number }>;
  #before: { readonly at: number; readonly totals: StudioTotals } | null = null;

  constructor(plan: StudioPlan = planOf(new Set(['high', 'low']), 'other')) {
    const cost = ({ bitrate }: PictureLimits = LOW) => ({ all: bitrate, base: bitrate * BASE });
    this.#costs = { high: cost(plan.high ?? HIGH), low: cost(plan.low ?? LOW) };
  }

  /** @param at milliseconds */
  measure(totals: StudioTotals, at: number): void {
    const before = this.#before;
    this.#before = { at, totals };
    if (!before || at <= before.at) return;
    for (const rung of ['high', 'low'] as const) {
      const [then, now] = [before.totals[rung], totals[rung]];
      if (now.frames - then.frames < 3) continue;
      const bits = (bytes: number): number => (bytes * 8_000) / (at - before.at);
      const cost = this.#costs[rung];
      // Slowly, so that one key frame is no bad weather.
      cost.all += 0.25 * (bits(now.bytes - then.bytes) - cost.all);
      cost.base += 0.25 * (bits(now.baseBytes - then.baseBytes) - cost.base);
    }
  }

  /** Of each step, descending; the last is `off`. */
  get steps(): readonly number[] {
    const { high, low } = this.#costs;
    return [high.all, high.base, low.all, low.base].map((cost) => cost * OVERHEAD).concat(0);
  }
}
