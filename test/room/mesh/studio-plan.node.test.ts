/** What links' own encoders make, where there is no studio. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OFF } from '../../../src/room/mesh/link-weather.ts';
import { ownLimits } from '../../../src/room/mesh/studio-plan.ts';

describe('the own encoder of a link', () => {
  const group = { others: 3, role: 'other', load: 0, rest: [2, 2, 2] } as const;
  const two = { ...group, others: 1, rest: [2] } as const;

  it('makes what a studio would, and no higher rate than all may have', () => {
    assert.deepEqual(ownLimits(0, group), { height: 360, rate: 30, bitrate: 600_000 });
    assert.deepEqual(ownLimits(2, group), { height: 180, rate: 15, bitrate: 180_000 });
    assert.deepEqual(ownLimits(3, { ...group, rest: [2, OFF, 3] }), ownLimits(2, group));
  });

  it('takes no pictures from one who shows us large for another who does not', () => {
    assert.equal((ownLimits(2, { ...group, rest: [0, 2] }) as { rate: number }).rate, 30);
  });

  it('makes nothing where nobody looks', () => {
    assert.deepEqual([ownLimits(OFF, group), ownLimits(OFF, { ...two, load: 3 })], ['off', 'off']);
  });

  it('is limited less for two people', () => {
    assert.equal(ownLimits(0, two), null);
    assert.deepEqual(ownLimits(2, two), ownLimits(0, group));
    assert.deepEqual(ownLimits(3, { ...two, rest: [3] }), ownLimits(2, group));
  });

  it('makes less the slower the device is, for two people too, but an interpreter keeps all small pictures', () => {
    for (const o of [group, two])
      assert.deepEqual(
        ([1, 2, 3] as const).map((load) => (ownLimits(2, { ...o, load }) as { rate: number }).rate),
        [15, 12, 8],
      );
    const sign = { height: 180, rate: 25, bitrate: 280_000 };
    assert.deepEqual(ownLimits(2, { ...group, role: 'interpreter', load: 3 }), sign);
    assert.deepEqual(ownLimits(2, { ...group, role: 'interpreter' }), sign);
  });
});
