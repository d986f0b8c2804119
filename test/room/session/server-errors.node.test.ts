/** protocol.md §9: signalling gone, the call goes on; and so when it lies. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ServerErrors } from '../../../src/room/session/server-errors.ts';

function heard(connection: 'connected' | 'interrupted' | 'failed' | 'none') {
  const said: string[] = [];
  const person = { connection };
  const verdict = new ServerErrors({
    state: () => ({ participants: [person] }),
    report: ({ type, code }) => void said.push(`${type} ${code}`),
  });
  return { said, person, verdict };
}

describe('what the signalling server says against us', () => {
  it('is the end for somebody who waits', () => {
    const { said, verdict } = heard('none');
    verdict.hear('room-full');
    assert.deepEqual(said, ['failed room-full']);
  });

  it('does not end a running call: it is told as an outage, and holds once nobody is left to talk to', () => {
    const { said, person, verdict } = heard('connected');
    verdict.hear('invite-expired');
    person.connection = 'interrupted';
    verdict.look();
    assert.deepEqual(said, ['problem signaling-unreachable']);
    person.connection = 'failed';
    verdict.look();
    assert.deepEqual(said.slice(1), ['failed invite-expired']);
    verdict.close();
  });

  it('that the host went on elsewhere is told as what it is', () => {
    const { said, verdict } = heard('connected');
    verdict.hear('host-elsewhere');
    assert.deepEqual(said, ['problem host-elsewhere']);
    verdict.close();
  });

  it('and what is no verdict is told and forgotten', () => {
    const { said, person, verdict } = heard('connected');
    verdict.hear('message-invalid');
    person.connection = 'none';
    verdict.look();
    assert.deepEqual(said, ['problem message-invalid']);
  });
});
