/** protocol.md §3: knocks are opened one at a time, each once, and few per session. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { OpenedKnock } from '../../../src/e2ee/admission/knock.ts';
import { ConsultError } from '../../../src/errors.ts';
import { KnockQueue } from '../../../src/room/admission/knock-queue.ts';

/** A queue whose knocks are one byte each; a knock of `bad` is invalid. */
function stage(t: TestContext, o: { readonly bad?: number; readonly held?: boolean; readonly fault?: Error } = {}) {
  const seen = { opened: [] as number[], knocks: [] as string[], problems: [] as string[], capacity: 0 };
  const clock = { now: 0 };
  const waiting: (() => void)[] = [];
  const queue = new KnockQueue({
    open: async ({ sealed: [byte = -1] }) => {
      seen.opened.push(byte);
      if (o.held) await new Promise<void>((resolve) => waiting.push(resolve));
      if (byte === o.bad) throw new ConsultError('message-invalid');
      return { byte } as unknown as OpenedKnock;
    },
    onKnock: async (session, knock) => {
      if (o.fault) throw o.fault;
      seen.knocks.push(`${session} ${String((knock as unknown as { readonly byte: number }).byte)}`);
    },
    onProblem: (code) => seen.problems.push(code),
    onCapacity: () => (seen.capacity += 1),
    now: () => clock.now,
  });
  t.after(() => queue.close());
  const add = (session: string, byte: number): Promise<void> =>
    queue.add(session, { nonce: new Uint8Array(32), sealed: Uint8Array.of(byte) });
  return { queue, seen, clock, add, release: () => waiting.splice(0).forEach((resume) => resume()) };
}

/** Lets everything run that waits for no knock to be opened; a hash of the knock comes first. */
const settled = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
};

describe('the knock queue', () => {
  it('opens a repeated knock once, and passes it on each time', async (t) => {
    const { seen, add } = stage(t);
    await add('a', 1);
    await add('a', 1);
    assert.deepEqual([seen.opened, seen.knocks], [[1], ['a 1', 'a 1']]);
  });

  it('reports an invalid knock once when it is repeated', async (t) => {
    const { seen, add } = stage(t, { bad: 1 });
    await add('a', 1);
    await add('a', 1);
    assert.deepEqual([seen.opened, seen.knocks, seen.problems], [[1], [], ['message-invalid']]);
  });

  it('does not call a knock invalid when the fault is ours', async (t) => {
    const error = t.mock.method(console, 'error', () => undefined);
    const fault = new TypeError('not a function');
    const { seen, add } = stage(t, { fault });
    await add('a', 1);
    assert.deepEqual(seen.problems, ['action-failed']);
    assert.deepEqual(error.mock.calls[0]?.arguments, [fault]);
  });

  it('opens only the newest of several pending knocks of one session', async (t) => {
    const { seen, add, release } = stage(t, { held: true });
    const first = add('a', 1);
    await settled(() => seen.opened.length === 1);
    const later = [add('b', 2), add('b', 3), add('b', 4)];
    release();
    await settled(() => seen.opened.length === 2);
    release();
    await Promise.all([first, ...later]);
    assert.deepEqual(
      [seen.opened, seen.knocks],
      [
        [1, 4],
        ['a 1', 'b 4'],
      ],
    );
  });

  it('does not open the pending knock of a session that left', async (t) => {
    const { queue, seen, add, release } = stage(t, { held: true });
    const knocks = [add('a', 1)];
    await settled(() => seen.opened.length === 1);
    knocks.push(add('b', 2));
    queue.forget('b');
    release();
    await Promise.all(knocks);
    assert.deepEqual(seen.knocks, ['a 1']);
  });

  it('opens four knocks of one session at once, and another one every five seconds', async (t) => {
    const { seen, clock, add } = stage(t);
    for (let byte = 0; byte < 6; byte++) await add('a', byte);
    assert.deepEqual(seen.opened, [0, 1, 2, 3]);
    clock.now = 5_000;
    await add('a', 6);
    await add('a', 7);
    assert.deepEqual(seen.opened, [0, 1, 2, 3, 6]);
    // Another session has a budget of its own.
    await add('b', 8);
    assert.deepEqual(seen.opened.at(-1), 8);
  });

  it('announces capacity when a session may knock again', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { seen, add } = stage(t);
    for (let byte = 0; byte < 6; byte++) await add('a', byte);
    t.mock.timers.tick(4_999);
    assert.equal(seen.capacity, 0);
    t.mock.timers.tick(1);
    assert.equal(seen.capacity, 1);
  });

  it('announces no capacity after it is closed', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    for (const before of [4, 6]) {
      const { queue, seen, add } = stage(t);
      for (let byte = 0; byte < before; byte++) await add('a', byte);
      queue.close();
      for (let byte = before; byte < 8; byte++) await add('a', byte);
      t.mock.timers.tick(60_000);
      assert.deepEqual([seen.opened.length, seen.capacity], [4, 0]);
    }
  });

  it('drops the knocks of further sessions while 16 are pending, and announces capacity afterwards', async (t) => {
    const { seen, add, release } = stage(t, { held: true });
    const knocks = [add('first', 0)];
    await settled(() => seen.opened.length === 1);
    for (let byte = 1; byte <= 20; byte++) knocks.push(add(`session${String(byte)}`, byte));
    const progress = { done: false };
    const all = Promise.all(knocks).then(() => (progress.done = true));
    while (!progress.done) {
      if (seen.knocks.length < 17) assert.equal(seen.capacity, 0);
      release();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await all;
    assert.deepEqual([seen.knocks.length, seen.capacity], [17, 1]);
  });

  it('runs a step after the knocks that were pending before it', async (t) => {
    const { queue, seen, add } = stage(t);
    const order: string[] = [];
    const knock = add('a', 1);
    await queue.afterPending(() => order.push(...seen.knocks, 'step'));
    await knock;
    assert.deepEqual(order, ['a 1', 'step']);
  });
});
