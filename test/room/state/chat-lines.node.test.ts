/** Which of our chat lines have arrived, and whom they are sent to again. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { changeChat, deliveryOf, newSince } from '../../../src/room/state/chat-lines.ts';
import type { ChatLine, SessionState } from '../../../src/room/state/state.ts';
import { participant, snapshot } from '../../../src/testing/snapshots.ts';

const people = (...ids: readonly string[]) => ids.map((id) => participant({ id, name: id }));
const own = { type: 'chat', from: 'self', text: 'Hallo', at: 1 } as const;
const told = (id: string, delivery: 'late' | 'confirmed', line = 1) =>
  ({ type: 'chat-delivery', id, line, delivery }) as const;

function after(state: SessionState, ...inputs: readonly Parameters<typeof changeChat>[1][]): SessionState {
  return inputs.reduce(changeChat, state);
}
const line = ({ chat: [first] }: SessionState): ChatLine => first ?? assert.fail('no line');
const delivery = (state: SessionState): string => deliveryOf(line(state), state.participants);
const together = (...ids: readonly string[]): SessionState =>
  snapshot.active({ participants: people(...ids) }) as SessionState;

describe('a chat line of ours', () => {
  const written = after(together('mia', 'tom'), own);

  it('counts as arrived until somebody does not confirm it in time, and again when they do', () => {
    assert.equal(delivery(written), 'arrived');
    const late = after(written, told('mia', 'late'), told('mia', 'late'), told('tom', 'confirmed'));
    assert.deepEqual([delivery(late), line(late).missing], ['late', ['mia']]);
    assert.equal(delivery(after(late, told('mia', 'confirmed'))), 'arrived');
  });

  it('was missed by those who left before, and is sent again to those who came since', () => {
    const left = { ...after(written, told('mia', 'late')), participants: people('tom') };
    assert.deepEqual([delivery(left), newSince(line(left), left.participants)], ['missed', []]);
    const back = { ...left, participants: people('tom', 'mia again') };
    assert.deepEqual(newSince(line(back), back.participants), ['mia again']);
    const again = after(back, { type: 'chat-again', line: 1 });
    assert.deepEqual([delivery(again), line(again).to], ['arrived', ['mia', 'tom', 'mia again']]);
    assert.equal(delivery(after(again, told('mia again', 'late'))), 'late');
  });

  it('was missed where nobody was there', () => {
    assert.equal(delivery(after(together(), own)), 'missed');
  });

  it('and no other is marked', () => {
    const theirs = after(together('mia'), { type: 'chat', from: 'mia', text: 'Ja', at: 1 }, told('mia', 'late'));
    assert.deepEqual([delivery(theirs), line(theirs).missing], ['arrived', undefined]);
    assert.equal(delivery(after(written, told('mia', 'late', 7))), 'arrived');
  });
});
