/** protocol.md §9: signalling gone, the call goes on; and so when it lies. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ServerErrors } from '../../../src/room/session/server-errors.ts';

function heard(connection: 'connected' | 'interrupted' | 'failed' | 'none') {
  const said: string[] = [];
  const person = { connection };
  const errors = new ServerErrors({
    state: () => ({ participants: [person] }),
    report: ({ type, code }) => void said.push(`${type} ${code}`),
  });
  return { said, person, errors };
}

describe('what the signalling server says against us', () => {
  it('is the end for somebody who waits', () => {
    const { said, errors } = heard('none');
    errors.onServerError('room-full');
    assert.deepEqual(said, ['failed room-full']);
  });

  it('does not end a running call: it is told as an outage, and holds once nobody is left to talk to', () => {
    const { said, person, errors } = heard('connected');
    errors.onServerError('invite-expired');
    person.connection = 'interrupted';
    errors.check();
    assert.deepEqual(said, ['problem signaling-unreachable']);
    person.connection = 'failed';
    errors.check();
    assert.deepEqual(said.slice(1), ['failed invite-expired']);
    errors.close();
  });

  it('that the host went on elsewhere is told as what it is', () => {
    const { said, errors } = heard('connected');
    errors.onServerError('host-elsewhere');
    assert.deepEqual(said, ['problem host-elsewhere']);
    errors.close();
  });

  it('and what is not fatal is shown and forgotten', () => {
    const { said, person, errors } = heard('connected');
    errors.onServerError('message-invalid');
    person.connection = 'none';
    errors.check();
    assert.deepEqual(said, ['problem message-invalid']);
  });
});
