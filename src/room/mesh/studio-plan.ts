/**
 * Which pictures of our camera each participant gets, and so what the studio encodes: by what they show, by what their
 * link carries, and never fewer of an interpreter than a sign language needs (EN 301 549 §6.5).
 */
import type { CameraRoute, Rung, StudioTotals } from '../../e2ee/frames/frame-worker-client.ts';
import type { RungSettings, StudioPlan } from '../../peer/studio.ts';
import type { ViewSize } from '../state/state.ts';
import { LADDER, OFF, type Step } from './link-weather.ts';

const HIGH: RungSettings = { height: 360, rate: 30, bitrate: 600_000 };
const LOW: RungSettings = { height: 180, rate: 15, bitrate: 180_000 };
/** Signs need 20 pictures a second at 320×180 wherever they arrive: a few more, so that a lost one is none too few. */
const LOW_INTERPRETER: RungSettings = { height: 180, rate: 25, bitrate: 280_000 };

/** Share of a rung's bytes in its lower temporal layer, until it was measured. */
const BASE = 0.62;
/** Of headers, on top of the frames. */
const OVERHEAD = 1.08;

export const floorOf = (view: ViewSize): Step => (view === 'large' ? 0 : view === 'small' ? 2 : OFF);

/** The last step before `off`. */
export const leastOf = (role: 'interpreter' | 'other'): Step => (role === 'interpreter' ? 2 : 3);

export function routeOf(step: Step): CameraRoute & { readonly kind: 'studio' } {
  const name = LADDER[step];
  if (name === 'off') return { kind: 'studio', rung: 'off', layers: 'all' };
  const [rung, layers] = name.split('-') as [Rung, 'base' | undefined];
  return { kind: 'studio', rung, layers: layers ?? 'all' };
}

export function planOf(needed: ReadonlySet<Rung>, role: 'interpreter' | 'other'): StudioPlan {
  return {
    high: needed.has('high') ? HIGH : null,
    low: needed.has('low') ? (role === 'interpreter' ? LOW_INTERPRETER : LOW) : null,
  };
}

/** Measures what each step of the ladder costs, in bits a second. */
export class StepCosts {
  readonly #costs: Record<Rung, { all: number; base: number }>;
  #before: { readonly at: number; readonly totals: StudioTotals } | null = null;

  constructor(plan: StudioPlan = planOf(new Set(['high', 'low']), 'other')) {
    const cost = ({ bitrate }: RungSettings = LOW) => ({ all: bitrate, base: bitrate * BASE });
    this.#costs = { high: cost(plan.high ?? HIGH), low: cost(plan.low ?? LOW) };
  }

  /** @param at milliseconds */
  measure(totals: StudioTotals, at: number): void {
    const before = this.#before;
    this.#before = { at, totals };
    if (!before || at <= before.at) return;
    for (const rung of ['high', 'low'] as const) {
      const [then, now] = [before.totals[rung], totals[rung]];
      if (now.frames - then.frames < 5) continue;
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
