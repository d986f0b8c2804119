/** protocol.md §9: a call survives the loss of signalling, and a lying server. */
import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { ServerErrors } from '../../../src/room/session/server-errors.ts';

function heard(connection: 'connected' | 'interrupted' | 'failed' | 'none', mayFollow = () => false) {
  const said: string[] = [];
  const person = { connection };
  const errors = new ServerErrors({
    state: () => ({ participants: [person] }),
    report: ({ type, code }) => void said.push(`${type} ${code}`),
    mayFollow,
  });
  return { said, person, errors };
}

describe('errors of the signalling server', () => {
  it('end the session of a waiting guest', () => {
    const { said, errors } = heard('none');
    errors.onServerError('room-full');
    assert.deepEqual(said, ['failed room-full']);
  });

  it('do not end a running call, but count as an outage until the last participant has left', () => {
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

  it('report that the host moved to another window', () => {
    const { said, errors } = heard('connected');
    errors.onServerError('host-elsewhere');
    assert.deepEqual(said, ['problem host-elsewhere']);
    errors.close();
  });

  it('leave a host that may follow another one ten seconds to see the others go, and tell it then', () => {
    mock.timers.enable({ apis: ['setInterval'] });
    try {
      const { said, person, errors } = heard('connected', () => true);
      errors.onServerError('host-elsewhere');
      mock.timers.tick(9_000);
      assert.deepEqual(said, []);
      mock.timers.tick(5_000);
      assert.deepEqual(said, ['problem host-elsewhere']);
      person.connection = 'none';
      mock.timers.tick(1_000);
      assert.deepEqual(said.slice(1), ['failed host-elsewhere']);
      errors.close();
    } finally {
      mock.timers.reset();
    }
  });

  it('and what is not fatal is shown and forgotten', () => {
    const { said, person, errors } = heard('connected');
    errors.onServerError('message-invalid');
    person.connection = 'none';
    errors.check();
    assert.deepEqual(said, ['problem message-invalid']);
  });
});
