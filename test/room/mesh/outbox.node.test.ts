/** Messages that are sent while a link is down. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Outbox } from '../../../src/room/mesh/outbox.ts';

function link() {
  const state = { up: false, arrived: [] as string[] };
  const outbox = new Outbox<{ readonly text: string }>(async ({ text }) => {
    await Promise.resolve();
    if (state.up) state.arrived.push(text);
    return state.up;
  });
  return { state, outbox };
}

describe('the outbox', () => {
  it('delivers messages once and in order when the link is up again', async () => {
    const { state, outbox } = link();
    await Promise.all([outbox.add({ text: 'a' }), outbox.add({ text: 'b' })]);
    assert.deepEqual(state.arrived, []);
    state.up = true;
    await Promise.all([outbox.flush(), outbox.add({ text: 'c' }), outbox.flush()]);
    assert.deepEqual(state.arrived, ['a', 'b', 'c']);
  });

  it('delivers two equal messages as two', async () => {
    const { state, outbox } = link();
    state.up = true;
    await outbox.add({ text: 'ja' });
    await outbox.add({ text: 'ja' });
    assert.deepEqual(state.arrived, ['ja', 'ja']);
  });

  it('keeps only the newest messages when a link stays down', async () => {
    const { state, outbox } = link();
    for (let n = 0; n < 100; n++) await outbox.add({ text: String(n) });
    state.up = true;
    await outbox.flush();
    assert.deepEqual([state.arrived.length, state.arrived[0], state.arrived.at(-1)], [64, '36', '99']);
  });
});
