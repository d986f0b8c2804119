/** [R18] When a connection counts as weak. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { QualityMeter, type Quality } from '../../src/peer/quality.ts';
import { statsWith } from './stats.ts';

interface Second {
  readonly lost?: number;
  readonly frozen?: number;
  readonly theirs?: number;
  readonly roundTrip?: number;
}

/** Samples a stream of 100 packets a second. @returns what the meter reported after each second */
function measure(seconds: readonly Second[]): readonly (Quality | null)[] {
  const meter = new QualityMeter();
  let [received, lost, frozen] = [0, 0, 0];
  meter.sample([{ id: 'I', type: 'inbound-rtp', packetsReceived: 0, packetsLost: 0, freezeCount: 0 }]);
  return seconds.map((second) => {
    lost += second.lost ?? 0;
    received += 100 - (second.lost ?? 0);
    frozen += second.frozen ?? 0;
    return meter.sample([
      ...statsWith({}, {}, { currentRoundTripTime: second.roundTrip ?? 0.05 }),
      { id: 'I', type: 'inbound-rtp', packetsReceived: received, packetsLost: lost, freezeCount: frozen },
      { id: 'O', type: 'remote-inbound-rtp', fractionLost: second.theirs ?? 0 },
    ]);
  });
}
const three = (second: Second) => [second, second, second];

describe('[R18] the quality of a connection', () => {
  for (const [what, second] of [
    ['more than five of a hundred packets are lost', { lost: 6 }],
    ['the other side loses more than five of a hundred', { theirs: 0.06 }],
    ['a round trip takes more than 0.6 seconds', { roundTrip: 0.61 }],
    ['the video freezes', { frozen: 1 }],
  ] as const)
    it(`is weak when ${what} for three samples`, () => {
      assert.deepEqual(measure(three(second)), [null, null, 'weak']);
    });

  it('is good at the limits', () => {
    assert.deepEqual(measure(three({ lost: 5, theirs: 0.05, roundTrip: 0.6 })), [null, null, null]);
  });

  it('does not flicker when single samples are weak', () => {
    const flickering = [{ lost: 50 }, { lost: 50 }, {}, { lost: 50 }, { lost: 50 }, {}];
    assert.deepEqual(measure(flickering), [null, null, null, null, null, null]);
  });

  it('is good again, once, after three good samples', () => {
    assert.deepEqual(measure([...three({ lost: 9 }), ...three({}), {}]).slice(2), ['weak', null, null, 'good', null]);
  });
});
