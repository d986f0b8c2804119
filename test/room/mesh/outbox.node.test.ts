/** What is written while a link is down. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Outbox } from '../../../src/room/mesh/outbox.ts';

function link() {
  const state = { up: false, arrived: [] as string[] };
  const unsent = new Outbox<{ readonly text: string }>(async ({ text }) => {
    await Promise.resolve();
    if (state.up) state.arrived.push(text);
    return state.up;
  });
  return { state, unsent };
}

describe('a chat line', () => {
  it('that is written while the link is down arrives when it is up again, once and in order', async () => {
    const { state, unsent } = link();
    await Promise.all([unsent.add({ text: 'a' }), unsent.add({ text: 'b' })]);
    assert.deepEqual(state.arrived, []);
    state.up = true;
    await Promise.all([unsent.flush(), unsent.add({ text: 'c' }), unsent.flush()]);
    assert.deepEqual(state.arrived, ['a', 'b', 'c']);
  });

  it('may say the same twice', async () => {
    const { state, unsent } = link();
    state.up = true;
    await unsent.add({ text: 'ja' });
    await unsent.add({ text: 'ja' });
    assert.deepEqual(state.arrived, ['ja', 'ja']);
  });

  it('waits with the last ones only, however long a link stays away', async () => {
    const { state, unsent } = link();
    for (let n = 0; n < 100; n++) await unsent.add({ text: String(n) });
    state.up = true;
    await unsent.flush();
    assert.deepEqual([state.arrived.length, state.arrived[0], state.arrived.at(-1)], [64, '36', '99']);
  });
});
