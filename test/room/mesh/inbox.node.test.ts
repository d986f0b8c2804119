/** Numbers of a hostile sender; see `outbox.node.test.ts` for both ends together. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Inbox } from '../../../src/room/mesh/inbox.ts';

describe('the inbox', () => {
  it('reads nothing twice, nothing of before, and nothing ahead of what is missing', () => {
    const inbox = new Inbox(async () => true);
    const taken = [
      [5, 0],
      [5, 0],
      [4, 0],
      [9, 8],
      [7, 5],
      [7, 0],
      [1_000_000, 0],
      [8, 7],
    ].map(([n = 0, after = 0]) => inbox.take({ n, after }));
    assert.deepEqual(taken, [true, false, false, false, true, false, true, false]);
  });

  it('confirms a flood one at a time, and the newest only', async () => {
    const confirmed: number[] = [];
    const waiting: (() => void)[] = [];
    const inbox = new Inbox((n) => {
      confirmed.push(n);
      return new Promise((resolve) => waiting.push(() => resolve(true)));
    });
    for (let n = 1; n <= 1_000; n++) inbox.take({ n, after: n - 1 });
    assert.deepEqual(confirmed, [1]);
    for (let turn = 0; turn < 3; turn++) {
      waiting.shift()?.();
      await new Promise(setImmediate);
    }
    assert.deepEqual(confirmed, [1, 1_000]);
  });

  it('confirms again what comes again, also where confirming failed', async () => {
    const confirmed: number[] = [];
    const inbox = new Inbox(async (n) => {
      confirmed.push(n);
      throw new Error('no channel');
    });
    for (let turn = 0; turn < 2; turn++) {
      inbox.take({ n: 3, after: 0 });
      await new Promise(setImmediate);
    }
    assert.deepEqual(confirmed, [3, 3]);
  });
});
