/** Sealed messages over a channel whose server floods it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Seal } from '../../../src/e2ee/seal.ts';
import { toBase64Url } from '../../../src/util/base64url.ts';
import { SealedTransport } from '../../../src/room/messages/sealed-transport.ts';
import { encodeSealed, SEALED } from '../../../src/room/messages/messages.ts';
import type { ChannelEvent } from '../../../src/signaling/channel.ts';
import { openRoom } from '../../e2ee/people.ts';
import { until } from '../../support/until.ts';

type Events = ConstructorParameters<typeof SealedTransport>[0]['events'];

const none = (): void => undefined;

/** A transport over a channel whose events the test emits itself. */
async function open(events: Partial<Events>) {
  const { keys } = await openRoom();
  let emit: (event: ChannelEvent) => void = none;
  const sent: Uint8Array<ArrayBuffer>[] = [];
  const transport = new SealedTransport({
    seal: new Seal(keys),
    channel: (onEvent) => {
      emit = onEvent;
      return { open: none, takeOver: none, send: (_, data) => void sent.push(new Uint8Array(data)), close: none };
    },
    events: {
      onOnline: none,
      onOffline: none,
      onPeerJoined: none,
      onSessionLeft: none,
      onMessage: none,
      onProblem: none,
      onError: none,
      ...events,
    },
  });
  return { transport, keys, sent, emit: (event: ChannelEvent) => emit(event) };
}

describe('the sealed transport', () => {
  it('queues a bounded number of envelopes during a flood, and reads what follows it', async () => {
    const problems: string[] = [];
    const messages: string[] = [];
    let readOne: () => void = () => undefined;
    const read = new Promise<void>((resolve) => {
      readOne = resolve;
    });
    const { transport, keys, emit } = await open({
      onMessage: (_, { type }) => {
        messages.push(type);
        readOne();
      },
      onProblem: (code) => void problems.push(code),
      onError: (error) => void problems.push(String(error)),
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

  it('reports a fault of our own handler as itself, drops invalid input with its code, and reads on after both', async () => {
    const log: string[] = [];
    let thrown: Error | null = new TypeError('a fault of ours');
    const { transport, keys, emit } = await open({
      onMessage: (_, { type }) => {
        log.push(`message ${type}`);
        if (thrown) throw thrown;
      },
      onProblem: (code) => void log.push(`problem ${code}`),
      onError: (error) => void log.push(`error ${String(error)}`),
    });
    const theirs = new Seal(keys);
    const receive = async (data: Uint8Array<ArrayBuffer>, lines: number): Promise<void> => {
      emit({ type: 'message', from: 'guest', data });
      while (log.length < lines) await new Promise(setImmediate);
    };
    const seal = () => theirs.seal(SEALED.present, 'everyone', encodeSealed({ type: 'present' }));
    await receive(await seal(), 2);
    thrown = null;
    await receive(new Uint8Array(400), 3);
    // Authentic, and no message of the protocol.
    await receive(await theirs.seal(SEALED.present, 'everyone', new TextEncoder().encode('{"type":"hello"}')), 4);
    await receive(await seal(), 5);
    assert.deepEqual(log, [
      'message present',
      'error TypeError: a fault of ours',
      'problem message-invalid',
      'problem message-invalid',
      'message present',
    ]);
    await transport.close();
  });

  it('says nothing of what comes late from a connection that its sender has replaced, nor of its own echo', async () => {
    const log: string[] = [];
    const { transport, keys, sent, emit } = await open({
      onMessage: (session) => void log.push(`message ${session}`),
      onProblem: (code) => void log.push(`problem ${code}`),
    });
    const theirs = new Seal(keys);
    const seal = () => theirs.seal(SEALED.present, 'everyone', encodeSealed({ type: 'present' }));
    const [before, after, last] = [await seal(), await seal(), await seal()];
    await transport.send('everyone', { type: 'present' });
    const [ours] = sent;
    assert.ok(ours);
    for (const [from, data] of [
      ['their new seat', after],
      ['their old seat', before],
      ['our old seat', ours],
      ['their new seat', last],
    ] as const)
      emit({ type: 'message', from, data });
    await until(
      () => log.length,
      (lines) => lines >= 2,
      'the last message',
      { every: 1 },
    );
    const session = toBase64Url(theirs.session);
    assert.deepEqual(log, [`message ${session}`, `message ${session}`]);
    await transport.close();
  });

  it('reads on after more faults than envelopes may wait', async () => {
    let errors = 0;
    const problems: string[] = [];
    const { transport, keys, emit } = await open({
      onMessage: () => {
        throw new RangeError('a fault of ours');
      },
      onProblem: (code) => void problems.push(code),
      onError: () => void errors++,
    });
    const theirs = new Seal(keys);
    for (let index = 1; index <= 300; index++) {
      const data = await theirs.seal(SEALED.present, 'everyone', encodeSealed({ type: 'present' }));
      emit({ type: 'message', from: 'guest', data });
      while (errors + problems.length < index) await new Promise(setImmediate);
    }
    assert.deepEqual([errors, problems], [300, []]);
    await transport.close();
  });

  it('does not take a peer for present that left before its last message was opened, and does when it is back', async () => {
    let opened = 0;
    const { transport, keys, emit } = await open({
      onMessage: () => void opened++,
    });
    const theirs = new Seal(keys);
    const session = toBase64Url(theirs.session);
    const peer = { id: 'guest', host: false };
    const send = async (): Promise<void> => {
      const data = await theirs.seal(SEALED.present, 'everyone', encodeSealed({ type: 'present' }));
      emit({ type: 'message', from: 'guest', data });
    };
    const read = async (count: number): Promise<void> => {
      await until(
        () => opened,
        (so) => so >= count,
        'the message',
        { every: 1 },
      );
    };
    emit({ type: 'online', self: 'us', peers: [peer] });
    await send();
    emit({ type: 'peer-left', peer });
    await read(1);
    assert.equal(transport.isPresent(session), false);
    emit({ type: 'peer-joined', peer });
    await send();
    await read(2);
    assert.equal(transport.isPresent(session), true);
    await transport.close();
  });
});
