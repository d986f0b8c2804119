/** Sealed messages over a channel whose server floods it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Seal } from '../../../src/e2ee/seal.ts';
import { SealedTransport } from '../../../src/room/messages/sealed-transport.ts';
import { encodeSealed, SEALED } from '../../../src/room/messages/messages.ts';
import type { ChannelEvent } from '../../../src/signaling/channel.ts';
import { openRoom } from '../../e2ee/people.ts';

describe('the sealed transport', () => {
  it('queues a bounded number of envelopes during a flood, and reads what follows it', async () => {
    const { keys } = await openRoom();
    const problems: string[] = [];
    const messages: string[] = [];
    let emit: (event: ChannelEvent) => void = () => undefined;
    let readOne: () => void = () => undefined;
    const read = new Promise<void>((resolve) => {
      readOne = resolve;
    });
    const transport = new SealedTransport({
      seal: new Seal(keys),
      channel: (onEvent) => {
        emit = onEvent;
        const none = (): void => undefined;
        return { open: none, takeOver: none, send: none, close: none };
      },
      events: {
        onOnline: () => undefined,
        onOffline: () => undefined,
        onPeerJoined: () => undefined,
        onSessionLeft: () => undefined,
        onMessage: (_, { type }) => {
          messages.push(type);
          readOne();
        },
        onProblem: (code) => void problems.push(code),
        onError: (error) => void problems.push(String(error)),
      },
    });
    const flood = 2_000;
    // Of no version of the envelope: each is a problem as soon as it is looked at.
    for (let index = 0; index < flood; index++) emit({ type: 'message', from: 'server', data: new Uint8Array(400) });
    // In the task of the flood itself: what is over the bound was refused, and nothing of it kept.
    assert.ok(problems.length > flood / 2 && problems.length < flood, String(problems.length));
    // Behind everything that was kept.
    const theirs = new Seal(keys);
    const envelope = await theirs.seal(SEALED.present, 'everyone', encodeSealed({ type: 'present' }));
    while (problems.length < flood) await new Promise(setImmediate);
    emit({ type: 'message', from: 'guest', data: envelope });
    await read;
    assert.deepEqual(messages, ['present']);
    assert.equal(problems.length, flood);
    await transport.close();
  });
});
