/** Group messages reach the state in order. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GroupReceiver, type GroupReceiverOptions } from '../../../src/room/session/group-receiver.ts';
import type { RoomInput } from '../../../src/room/state/actions.ts';
import type { KnownMember } from '../../../src/room/group/members.ts';
import type { GroupMessage } from '../../../src/room/messages/messages.ts';

/** Lets everything run that waits for nothing else. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('declarations', () => {
  it('are shown in the order of sending when the hash of an earlier one takes longer', async (t) => {
    const slow: (() => void)[] = [];
    let asked = 0;
    t.mock.method(crypto.subtle, 'digest', async () => {
      if (asked++ === 0) await new Promise<void>((resolve) => slow.push(resolve));
      return new ArrayBuffer(48);
    });
    const shown: (readonly string[])[] = [];
    const inbox = new GroupReceiver({
      members: { byLeaf: () => ({ id: 'mia', leaf: 1 }) as KnownMember },
      onHeard: () => undefined,
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
