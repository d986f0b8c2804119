/** Own steps before received messages, within limits. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PriorityQueue } from '../../../src/room/group/priority-queue.ts';

/** A step that waits for its release. */
function gate() {
  let release = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { opened, release: () => release() };
}

describe('the priority queue', () => {
  it('runs own steps before received messages, each kind in order and one at a time', async () => {
    const queue = new PriorityQueue();
    const log: string[] = [];
    const blocked = gate();
    const step = (name: string) => async (): Promise<void> => void log.push(name);
    const first = queue.run(() => blocked.opened);
    const all = [
      queue.take('application', step('a message')),
      queue.take('commit', step('a commit')),
      queue.run(step('own 1')),
      queue.run(step('own 2')),
    ];
    assert.deepEqual(log, []);
    blocked.release();
    await Promise.all([first, ...all]);
    assert.deepEqual(log, ['own 1', 'own 2', 'a message', 'a commit']);
  });

  it('never runs a step synchronously in the caller', async () => {
    const queue = new PriorityQueue();
    let ran = false;
    const done = queue.run(async () => {
      ran = true;
    });
    assert.equal(ran, false);
    await done;
    assert.equal(ran, true);
  });

  it('passes the result or the error of an own step to its caller, and continues', async () => {
    const queue = new PriorityQueue();
    const failed = queue.run(async () => {
      throw new TypeError('no');
    });
    const later = queue.run(async () => 7);
    await assert.rejects(failed, TypeError);
    assert.equal(await later, 7);
  });

  it('drops the oldest application message when 256 wait, and resolves its promise', async () => {
    const queue = new PriorityQueue();
    const blocked = gate();
    const first = queue.run(() => blocked.opened);
    const ran: number[] = [];
    const taken = Array.from({ length: 258 }, (_, index) =>
      queue.take('application', async () => void ran.push(index)),
    );
    await taken[0];
    await taken[1];
    blocked.release();
    await Promise.all([first, ...taken]);
    assert.deepEqual([ran.length, ran[0], ran.at(-1)], [256, 2, 257]);
  });

  it('drops the newest commit when 64 wait, whatever the flood of messages', async () => {
    const queue = new PriorityQueue();
    const blocked = gate();
    const first = queue.run(() => blocked.opened);
    const commits: number[] = [];
    const taken = Array.from({ length: 65 }, (_, index) => queue.take('commit', async () => void commits.push(index)));
    const flood = Array.from({ length: 300 }, () => queue.take('application', async () => undefined));
    blocked.release();
    await Promise.all([first, ...taken, ...flood]);
    assert.deepEqual([commits.length, commits.at(-1)], [64, 63]);
  });
});
