import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SerialQueue } from '../../src/util/serial-queue.ts';

describe('SerialQueue', () => {
  it('runs one step at a time, in order', async () => {
    const queue = new SerialQueue();
    const log: string[] = [];
    const step = (name: string, turns: number) => async (): Promise<string> => {
      log.push(`${name} starts`);
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      log.push(`${name} ends`);
      return name;
    };
    assert.deepEqual(await Promise.all([queue.run(step('a', 20)), queue.run(step('b', 0))]), ['a', 'b']);
    assert.deepEqual(log, ['a starts', 'a ends', 'b starts', 'b ends']);
  });

  it('gives a failed step its error and runs the next one', async () => {
    const queue = new SerialQueue();
    const failed = queue.run(() => Promise.reject(new Error('no')));
    const next = queue.run(async () => 1);
    await assert.rejects(failed, /no/u);
    assert.equal(await next, 1);
  });
});
