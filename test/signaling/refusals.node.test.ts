/** What the channel does with each error of the server. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refusal } from '../../src/signaling/refusals.ts';

describe('a refusal of the server', () => {
  it('stops a first join into a full room', () => {
    assert.deepEqual(refusal('room-full', 'first-join'), { then: 'stop', code: 'room-full' });
  });

  it('[R6] is retried when strangers filled the room during an outage of a running call', () => {
    assert.deepEqual(refusal('room-full', 'rejoin'), { then: 'retry', code: 'signaling-unreachable' });
  });

  for (const stage of ['first-join', 'rejoin'] as const) {
    it(`stops a ${stage} that the server does not understand`, () => {
      assert.deepEqual(refusal('message-invalid', stage), { then: 'stop', code: 'signaling-rejected' });
    });

    it(`is retried when the server forgot a ${stage}`, () => {
      assert.equal(refusal('not-joined', stage).then, 'retry');
    });
  }

  it('keeps the connection when one message is refused after joining', () => {
    for (const code of ['message-invalid', 'message-too-large', 'not-joined', 'relay-refused'] as const)
      assert.equal(refusal(code, 'seated').then, 'report', code);
  });

  it('stops for good when a retry would get the same answer', () => {
    for (const code of ['host-not-proven', 'host-elsewhere', 'room-expired'] as const)
      for (const stage of ['first-join', 'rejoin', 'seated'] as const)
        assert.equal(refusal(code, stage).then, 'stop', `${code} ${stage}`);
  });

  it('is retried when the server is full or the client was too fast', () => {
    assert.deepEqual(refusal('server-full', 'seated'), { then: 'retry', code: 'signaling-busy' });
    assert.deepEqual(refusal('too-many-messages', 'seated'), { then: 'retry', code: 'signaling-unreachable' });
  });

  it('is ignored for a message to a peer who has just left', () => {
    assert.equal(refusal('peer-unknown', 'seated').then, 'ignore');
  });
});
