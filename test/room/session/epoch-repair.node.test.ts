import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { EpochRepair } from '../../../src/room/session/epoch-repair.ts';

type Connection = 'connected' | 'connecting';

describe('EpochRepair', () => {
  let repair: EpochRepair;
  let splits: (readonly string[])[] = [];
  let resent: string[] = [];
  let epochs: Record<string, { current: number; confirmed: number }> = {};
  let people: { id: string; connection: Connection }[] = [];
  let present: readonly string[] = [];

  beforeEach(() => {
    [splits, resent, present] = [[], [], []];
    people = [
      { id: 'mia', connection: 'connected' },
      { id: 'tom', connection: 'connected' },
    ];
    epochs = { mia: { current: 3, confirmed: 3 }, tom: { current: 3, confirmed: 2 } };
    repair = new EpochRepair({
      participants: () => people,
      epochs: (id) => epochs[id] ?? null,
      isPresent: (id) => present.includes(id),
      resend: (id) => void resent.push(id),
      onSplit: (ids) => void splits.push(ids),
    });
  });
  afterEach(() => repair.close());

  /** A check every second. */
  const run = (from: number, to: number): void => {
    for (let now = from; now <= to; now += 1_000) repair.check(now);
  };

  it('resends the commits once, and then calls for a repair, when a connected member confirms nothing', () => {
    run(0, 9_000);
    assert.deepEqual([resent, splits], [[], []]);
    run(10_000, 19_000);
    assert.deepEqual([resent, splits], [['tom'], []]);
    run(20_000, 20_000);
    assert.deepEqual([resent, splits], [['tom'], [['tom']]]);
  });

  it('does nothing when everyone confirms in time, however many epochs pass', () => {
    run(0, 15_000);
    epochs['tom'] = { current: 4, confirmed: 3 };
    run(16_000, 30_000);
    epochs['tom'] = { current: 4, confirmed: 4 };
    run(31_000, 300_000);
    assert.deepEqual(splits, []);
  });

  it('does nothing when the member is away', () => {
    people[1] = { id: 'tom', connection: 'connecting' };
    run(0, 300_000);
    assert.deepEqual([resent, splits], [[], []]);
  });

  it('waits longer when the member is on the channel alone', () => {
    people[1] = { id: 'tom', connection: 'connecting' };
    present = ['tom'];
    run(0, 89_000);
    assert.deepEqual(splits, []);
    run(90_000, 90_000);
    assert.deepEqual(splits, [['tom']]);
  });

  it('repairs no more than every two minutes', () => {
    run(0, 139_000);
    assert.equal(splits.length, 1);
    run(140_000, 140_000);
    assert.equal(splits.length, 2);
  });
});
