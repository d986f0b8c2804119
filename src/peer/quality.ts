/**
 * Quality of a connection: measured and shown, never acted upon. When it is weak, people choose: smaller video, audio
 * only, or stop [R18].
 */
import { number, selectedPair, type Stat } from './path.ts';

export type Quality = 'good' | 'weak';

/** Share of lost packets beyond which people notice. */
const LOSS = 0.05;
/** Seconds beyond which people notice (ITU-T G.114). */
const ROUND_TRIP = 0.6;
/** Consecutive samples that must agree before the quality changes, so that it does not flicker. */
const SAMPLES = 3;

interface Totals {
  readonly received: number;
  readonly lost: number;
  readonly frozen: number;
}

export class QualityMeter {
  #before: Totals | null = null;
  #reported: Quality = 'good';
  #against = 0;

  /** @returns the quality where it changed, otherwise null */
  sample(stats: readonly Stat[]): Quality | null {
    const now = totals(stats);
    const before = this.#before;
    this.#before = now;
    if (!before) return null;
    const received = now.received - before.received;
    const lost = now.lost - before.lost;
    // What the other side receives counts too: a sender must know that its picture arrives badly (RFC 3550 §6.4.1,
    // fraction lost).
    const theirs = Math.max(
      0,
      ...stats.filter(({ type }) => type === 'remote-inbound-rtp').map((s) => number(s, 'fractionLost')),
    );
    const share = received + lost > 0 ? lost / (received + lost) : 0;
    const roundTrip = number(selectedPair(stats), 'currentRoundTripTime');
    const seen: Quality =
      share > LOSS || theirs > LOSS || roundTrip > ROUND_TRIP || now.frozen > before.frozen ? 'weak' : 'good';
    this.#against = seen === this.#reported ? 0 : this.#against + 1;
    if (this.#against < SAMPLES) return null;
    this.#against = 0;
    this.#reported = seen;
    return seen;
  }
}

function totals(stats: readonly Stat[]): Totals {
  const inbound = stats.filter(({ type }) => type === 'inbound-rtp');
  const sum = (name: string): number => inbound.reduce((total, stat) => total + number(stat, name), 0);
  return { received: sum('packetsReceived'), lost: sum('packetsLost'), frozen: sum('freezeCount') };
}
