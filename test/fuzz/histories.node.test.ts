/**
 * protocol.md §4, §5: random histories of joins, departures, returns, removals, duplicates and lost commits of up to nine people, a
 * hostile member among them. All end in one epoch with one secret. With cheap cryptography: it is the group's logic that is tested.
 */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { performance } from 'node:perf_hooks';
import { fc } from '../support/property.ts';
import { counters, History, STEPS, type Step } from './histories.ts';
import { GROUP_LIMIT } from '../../src/e2ee/mls/group-config.ts';
import { runs } from './fuzz.ts';

const step: fc.Arbitrary<Step> = fc.record({
  // Joining is more likely, or no history would reach nine.
  kind: fc.oneof(
    { weight: 2, arbitrary: fc.constant('join' as const) },
    { weight: 5, arbitrary: fc.constantFrom(...STEPS) },
  ),
  who: fc.nat(8),
  other: fc.nat(8),
});

describe('fuzz: histories of a group', () => {
  let histories = 0;

  const report = (): void => {
    const seconds = Math.round(performance.now() / 1000);
    console.log(`${String(histories)} histories in ${String(seconds)} s: ${JSON.stringify(counters)}`);
  };
  after(report);

  it('end with every honest member in one epoch with one secret', { timeout: 14_400_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async (steps) => {
        histories++;
        const history = await History.begin();
        for (const one of steps) await history.step(one);
        await history.check();
        if (histories % 1_000 === 0) report();
      }),
      runs(250, 2),
    );
    assert.ok(counters.joins > histories && counters.removals > 0 && counters.refused > 0);
    // As few as someone asks for may all stay small.
    if (histories >= 250) assert.equal(counters.largest, GROUP_LIMIT, 'some history reaches a full room');
  });
});
