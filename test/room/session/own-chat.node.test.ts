/** Whom our chat lines go to. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OwnChat } from '../../../src/room/session/own-chat.ts';
import type { SessionInput } from '../../../src/room/state/actions.ts';
import { reduceSession } from '../../../src/room/state/session-reducer.ts';
import type { SessionState } from '../../../src/room/state/state.ts';
import { participant, snapshot } from '../../../src/testing/snapshots.ts';

const people = (...ids: readonly string[]) => ids.map((id) => participant({ id, name: id }));

function open() {
  const sent: unknown[] = [];
  let state = snapshot.active({ participants: people('mia', 'tom') }) as SessionState;
  const chat = new OwnChat({
    state: () => state,
    report: (input) => void (state = reduceSession(state, input as SessionInput)),
    mesh: { sendDataTo: (...one) => void sent.push(one) },
  });
  const set = (changes: Partial<SessionState>): void => void (state = { ...state, ...changes } as SessionState);
  return { chat, sent, set, state: () => state };
}

describe('what we write', () => {
  it('is trimmed, cut, and sent to each who is there as the line that is shown', () => {
    const { chat, sent, state } = open();
    chat.write('  ');
    chat.write(` ${'x'.repeat(5_000)} `);
    const message = { type: 'chat', text: 'x'.repeat(4_000) };
    assert.deepEqual(sent, [
      ['mia', message, 1],
      ['tom', message, 1],
    ]);
    assert.deepEqual(
      state().chat.map(({ id, text }) => [id, text]),
      [[1, message.text]],
    );
  });

  it('goes again to those who came since, once', () => {
    const { chat, sent, set } = open();
    chat.write('Hallo');
    sent.length = 0;
    set({ participants: people('tom', 'mia again') });
    chat.again(1);
    chat.again(1);
    assert.deepEqual(sent, [['mia again', { type: 'chat', text: 'Hallo' }, 1]]);
  });

  it('is not what others wrote', () => {
    const { chat, sent, set } = open();
    set({ chat: [{ id: 1, from: 'mia', name: 'Mia', host: false, text: 'Ja', at: 1 }] });
    chat.again(1);
    chat.again(7);
    assert.deepEqual(sent, []);
  });
});
