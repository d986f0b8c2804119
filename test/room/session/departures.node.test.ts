/** How participants leave, seen by the host and by guests. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { KnownMember } from '../../../src/room/group/members.ts';
import { Departures } from '../../../src/room/session/departures.ts';

const HOST = { id: 'host', leaf: 0, isHost: true } as KnownMember;
const MIA = { id: 'mia', leaf: 1, isHost: false } as KnownMember;

function open(role: 'host' | 'guest', currentId: (id: string) => string = (id) => id) {
  const log: string[] = [];
  /** Runs the step of a commit when called: until then it waits in the queue of the group. */
  let commit = (): void => undefined;
  const departures = new Departures({
    members: {
      removalOf: (id) => {
        log.push(`remove ${id}`);
        return id === 'nobody' ? null : { add: [], remove: [1] };
      },
    },
    onRemoving: (id) => void log.push(`removing ${id}`),
    mesh: { close: (ids) => void log.push(`close ${ids.join()}`) },
    hostLobby: () => (role === 'host' ? { currentId } : null),
    channel: () => ({
      commit: async (decide) => {
        commit = () => void decide();
      },
    }),
    report: (input) => void log.push(input.type === 'ended' ? `ended ${input.reason}` : input.type),
    onHostLost: () => void log.push('host lost'),
  });
  return { departures, log, commit: () => commit() };
}

describe('removing a participant', () => {
  it('closes the link before the group changes', async () => {
    const { departures, log, commit } = open('host');
    await departures.remove('mia', 'person');
    assert.deepEqual(log, ['close mia']);
    commit();
    assert.deepEqual(log, ['close mia', 'remove mia', 'removing mia']);
  });

  it('is told of in the step that makes the commit, so before anyone hears of it, and not where nobody is removed', async () => {
    const { departures, log, commit } = open('host');
    await departures.remove('nobody', 'person');
    commit();
    assert.deepEqual(log, ['close nobody', 'remove nobody']);
  });

  it('removes a person under the id that they have when the commit is made', async () => {
    let current = 'mia';
    const { departures, log, commit } = open('host', () => current);
    await departures.remove('mia', 'person');
    current = 'mia again';
    commit();
    assert.deepEqual(log, ['close mia', 'remove mia again', 'removing mia again']);
  });

  it('does not remove the rejoined person when only the old member is meant', async () => {
    const { departures, log, commit } = open('host', () => 'mia again');
    await departures.remove('mia', 'member');
    commit();
    assert.deepEqual(log, ['close mia', 'remove mia', 'removing mia']);
  });

  it('does nothing for a guest', async () => {
    const { departures, log } = open('guest');
    await departures.remove('mia', 'person');
    assert.deepEqual(log, []);
  });
});

describe('a goodbye', () => {
  it('of the host ends the room, or is the loss of the host when only its page closed', () => {
    const { departures, log } = open('guest');
    departures.onGoodbye(HOST, 'end-room');
    departures.onGoodbye(HOST, 'leave');
    assert.deepEqual(log, ['ended host-ended', 'ended host-lost']);
  });

  it('of a guest closes the link everywhere, whatever it claims, and the host removes the member', () => {
    const guest = open('guest');
    guest.departures.onGoodbye(MIA, 'end-room');
    assert.deepEqual(guest.log, ['close mia']);
    const host = open('host');
    host.departures.onGoodbye(MIA, 'leave');
    host.commit();
    assert.deepEqual(host.log, ['close mia', 'close mia', 'remove mia', 'removing mia']);
  });
});

describe('a participant who is lost', () => {
  it('is removed by the host; a guest who loses the host leaves the decision to whom it follows', () => {
    const host = open('host');
    host.departures.onLost('mia');
    assert.deepEqual(host.log, ['close mia']);
    const guest = open('guest');
    guest.departures.onLost('host');
    assert.deepEqual(guest.log, ['host lost']);
  });
});
