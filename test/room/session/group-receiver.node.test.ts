/** What the others say comes in order, and no faster than it is read. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DataReceiver } from '../../../src/room/mesh/data-receiver.ts';
import { GroupReceiver, type GroupReceiverOptions } from '../../../src/room/session/group-receiver.ts';
import type { RoomInput } from '../../../src/room/state/actions.ts';
import type { KnownMember } from '../../../src/room/group/members.ts';
import { encodeData, type GroupMessage } from '../../../src/room/messages/messages.ts';

/** Until whatever needs nobody else has been done. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('declarations', () => {
  it('are shown in the order in which they were said, however long each one’s hash takes', async (t) => {
    const slow: (() => void)[] = [];
    let asked = 0;
    t.mock.method(crypto.subtle, 'digest', async () => {
      if (asked++ === 0) await new Promise<void>((resolve) => slow.push(resolve));
      return new ArrayBuffer(48);
    });
    const shown: (readonly string[])[] = [];
    const inbox = new GroupReceiver({
      members: { byLeaf: () => ({ id: 'mia', leaf: 1 }) as KnownMember },
      report: (input: RoomInput) => void (input.type === 'their-occupants' && shown.push(input.occupants.people)),
    } as Partial<Record<keyof GroupReceiverOptions, unknown>> as GroupReceiverOptions);
    const say = (...people: string[]): void =>
      inbox.receive(1, {
        type: 'declaration',
        body: { people, closed: true, noRecording: true, nonce: 'n' },
        to: 'everyone',
        link: '',
        seq: 0,
      } satisfies GroupMessage);
    say();
    say('meine Schwester');
    await turn();
    for (const go of slow) go();
    await turn();
    assert.deepEqual(shown, [[], ['meine Schwester']]);
  });
});

describe('a flood of data on a direct link', () => {
  it('keeps 64 waiting for the worker, and says of each more that it was dropped', async () => {
    const answers: (() => void)[] = [];
    const read: string[] = [];
    const problems: string[] = [];
    const inbox = new DataReceiver({
      open: (sealed) => new Promise((resolve) => answers.push(() => resolve(sealed))),
      onData: (message) => void read.push(message.text),
      onProblem: (code) => void problems.push(code),
    });
    const line = (text: string): Promise<void> => inbox.take(encodeData({ type: 'chat', text }));
    const waiting = Array.from({ length: 70 }, (_, index) => line(String(index)));
    assert.deepEqual([answers.length, problems.length], [64, 6]);
    assert.ok(problems.every((code) => code === 'message-invalid'));
    for (const answer of answers.splice(0)) answer();
    await Promise.all(waiting);
    assert.deepEqual(
      read,
      Array.from({ length: 64 }, (_, index) => String(index)),
    );
    // And what comes when there is room again is read, also after something that could not be.
    const damaged = inbox.take(new Uint8Array(1));
    const last = line('last');
    for (const answer of answers) answer();
    await Promise.all([damaged, last]);
    assert.deepEqual([read.at(-1), problems.length], ['last', 7]);
  });
});
