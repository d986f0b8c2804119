/** Data messages of one link, and a flood of them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DataReceiver } from '../../../src/room/mesh/data-receiver.ts';
import { encodeData } from '../../../src/room/messages/messages.ts';

describe('the receiver of data messages', () => {
  it('keeps 64 messages waiting for the worker and reports each further one as dropped', async () => {
    const answers: (() => void)[] = [];
    const read: string[] = [];
    const problems: string[] = [];
    const receiver = new DataReceiver({
      open: (sealed) => new Promise((resolve) => answers.push(() => resolve(sealed))),
      onData: (message) => void read.push(message.type === 'chat' ? message.text : message.type),
      onProblem: (code) => void problems.push(code),
    });
    const line = (text: string): Promise<void> => receiver.receive(encodeData({ type: 'chat', text, n: 1, after: 0 }));
    const waiting = Array.from({ length: 70 }, (_, index) => line(String(index)));
    assert.deepEqual([answers.length, problems.length], [64, 6]);
    assert.ok(problems.every((code) => code === 'message-invalid'));
    for (const answer of answers.splice(0)) answer();
    await Promise.all(waiting);
    assert.deepEqual(
      read,
      Array.from({ length: 64 }, (_, index) => String(index)),
    );
    // Later messages are received again, also after a damaged one.
    const damaged = receiver.receive(new Uint8Array(1));
    const last = line('last');
    for (const answer of answers) answer();
    await Promise.all([damaged, last]);
    assert.deepEqual([read.at(-1), problems.length], ['last', 7]);
  });

  it('reads in the order of arrival, whichever is decrypted first', async () => {
    const answers: (() => void)[] = [];
    const read: string[] = [];
    const receiver = new DataReceiver({
      open: (sealed) => new Promise((resolve) => answers.push(() => resolve(sealed))),
      onData: (message) => void read.push(message.type === 'chat' ? message.text : message.type),
      onProblem: (code) => assert.fail(code),
    });
    const both = ['long', 'short'].map((text) => receiver.receive(encodeData({ type: 'chat', text, n: 1, after: 0 })));
    for (const answer of answers.toReversed()) answer();
    await Promise.all(both);
    assert.deepEqual(read, ['long', 'short']);
  });

  it('reports nothing for what cannot be read and comes again', async () => {
    const read: string[] = [];
    const receiver = new DataReceiver({
      open: async (sealed) => (sealed.length === 1 ? null : sealed),
      onData: ({ type }) => void read.push(type),
      onProblem: (code) => assert.fail(code),
    });
    await receiver.receive(new Uint8Array(1));
    await receiver.receive(encodeData({ type: 'ack', n: 1 }));
    assert.deepEqual(read, ['ack']);
  });

  it('does not call a message invalid when the fault is ours', async (t) => {
    const error = t.mock.method(console, 'error', () => undefined);
    const fault = new TypeError('not a function');
    const problems: string[] = [];
    const receiver = new DataReceiver({
      open: async (sealed) => sealed,
      onData: () => {
        throw fault;
      },
      onProblem: (code) => void problems.push(code),
    });
    await receiver.receive(encodeData({ type: 'chat', text: 'hello', n: 1, after: 0 }));
    assert.deepEqual(problems, ['action-failed']);
    assert.deepEqual(error.mock.calls[0]?.arguments, [fault]);
  });
});
