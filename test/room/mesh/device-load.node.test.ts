/** protocol.md §7, "Load": what a device that does not keep up is told apart by, and what it gives up. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../support/property.ts';
import { DeviceLoad } from '../../../src/room/mesh/device-load.ts';

/** Milliseconds of answers, as they were measured in calls of four, and of nine that filled two cores. */
const FOUR = [60, 12, 9, 15, 74, 16, 8, 33, 6, 9, 11, 13, 7, 9, 60, 8, 245, 26];
const NINE_KEPT_UP = [90, 110, 150, 78, 95, 132, 64, 155, 70, 101, 210, 90, 86, 98];
const NINE_DID_NOT = [520, 1_390, 4_900, 1_010, 740, 306, 880, 2_240, 630, 355, 912, 413, 1_180, 290];

class Device {
  readonly load = new DeviceLoad();
  at = 0;

  /** Lets seconds pass. @returns the load after each */
  pass(answers: readonly number[], encoder: 'cpu' | 'none' = 'none'): number[] {
    return answers.map((answered) => {
      this.at += 1_000;
      return this.load.sample({ at: this.at, answered, encoder });
    });
  }
}

const seconds = (count: number, answered: number): number[] => Array.from({ length: count }, () => answered);

describe('a device', () => {
  it('that keeps up gives nothing up, even where it is full', () => {
    for (const answers of [FOUR, NINE_KEPT_UP]) assert.deepEqual(new Set(new Device().pass(answers)), new Set([0]));
  });

  it('that does not keep up gives up its pictures step by step, never in one second, and never all', () => {
    const loads = new Device().pass(NINE_DID_NOT);
    assert.deepEqual(loads.slice(0, 9), [0, 0, 1, 1, 1, 2, 2, 2, 3]);
    assert.equal(loads.at(-1), 3);
  });

  it('is not slow because of single late answers', () => {
    const device = new Device();
    assert.deepEqual(new Set(device.pass([10, 3_000, 10, 10, 10, 3_000, 900, 10, 10, 10])), new Set([0]));
    assert.equal(device.load.isSlow(device.at), false);
  });

  it('gives up large pictures where its encoder says for four seconds that it is too slow, and no more', () => {
    const device = new Device();
    assert.deepEqual(device.pass(seconds(3, 10), 'cpu'), [0, 0, 0]);
    device.pass([10]);
    assert.deepEqual(device.pass(seconds(12, 10), 'cpu').slice(2, 5), [0, 1, 1]);
    assert.ok(device.load.load <= 1);
  });

  it('tries more after ten quick seconds, one step at a time', () => {
    const device = new Device();
    device.pass(NINE_DID_NOT);
    const loads = device.pass(seconds(40, 20));
    assert.deepEqual(
      [2, 1, 0].map((load) => loads.indexOf(load)),
      [12, 23, 34],
    );
  });

  it('neither rises nor falls between quick and slow', () => {
    const device = new Device();
    device.pass(NINE_DID_NOT);
    assert.deepEqual(new Set(device.pass(seconds(120, 150))), new Set([3]));
  });

  it('waits longer after every try that did not hold, and no longer than eighty seconds', () => {
    const device = new Device();
    device.pass(seconds(9, 500));
    const waits: number[] = [];
    for (let i = 0; i < 5; i++) {
      let waited = 1;
      while (device.pass([20])[0] === 3) waited++;
      waits.push(waited);
      while (device.pass([500])[0] !== 3);
    }
    const differences = waits.map((wait) => Math.round(wait / 10) * 10);
    assert.deepEqual(differences, [10, 20, 40, 80, 80]);
  });

  it('is believed slow for twenty seconds more: its engine’s estimates are those of that time', () => {
    const device = new Device();
    device.pass(seconds(3, 500));
    device.pass(seconds(11, 20));
    assert.equal(device.load.load, 0);
    assert.deepEqual([device.load.isSlow(device.at + 19_000), device.load.isSlow(device.at + 21_000)], [true, false]);
  });

  it('changes by one step at most, whatever it answers', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(10_000), fc.constantFrom('cpu' as const, 'none' as const))), (history) => {
        const device = new Device();
        let before = 0;
        for (const [answered, encoder] of history) {
          const [load = -1] = device.pass([answered], encoder);
          assert.ok(load >= 0 && load <= 3 && Math.abs(load - before) <= 1);
          before = load;
        }
      }),
    );
  });
});
