/** The guest's lobby, and answers that are not the host's (protocol.md §2, §12). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GuestLobby } from '../../../src/room/admission/guest-lobby.ts';
import type { SealedMessage } from '../../../src/room/messages/messages.ts';
import type { RoomInput } from '../../../src/room/state/actions.ts';
import { until } from '../../support/until.ts';
import { TestHost } from './host-lobby-fixture.ts';

type Answer = Extract<SealedMessage, { type: 'locked' }>;

async function atLockedDoor() {
  const host = await TestHost.open({ isLocked: () => true });
  const hello = host.sent[0]?.message;
  assert.ok(hello);
  const reports: RoomInput[] = [];
  const problems: string[] = [];
  const knocks: SealedMessage[] = [];
  const lobby = new GuestLobby({
    ...host.guestSide,
    name: 'Yara',
    now: () => Date.now(),
    admitted: null,
    standIns: 'takes-over',
    isHostLost: () => false,
    transport: {
      send: async (_, message) => void (message.type === 'knock' && knocks.push(message)),
      isPresent: () => true,
    },
    onNewHost: async () => undefined,
    onJoined: async () => undefined,
    report: (input) => void reports.push(input),
    onProblem: (code) => void problems.push(code),
  });
  await lobby.receive('host', hello);
  const [knock] = knocks;
  assert.ok(knock);
  await host.lobby.receive('guest', knock);
  const answer = (): Answer | undefined =>
    host.sent.flatMap(({ message }) => (message.type === 'locked' ? [message] : []))[0];
  await until(answer, (found) => found !== undefined, 'the answer');
  const locked = answer();
  assert.ok(locked);
  reports.length = 0;
  return { lobby, locked, reports, problems, hello, knocks };
}

describe('the answer of a locked room', () => {
  it('counts when the host signed it, and the knock goes out again with the next hello', async () => {
    const { lobby, locked, reports, problems, hello, knocks } = await atLockedDoor();
    await lobby.receive('host', locked);
    assert.deepEqual([reports, problems], [[{ type: 'knocking', knocking: 'locked' }], []]);
    await lobby.receive('host', hello);
    await until(
      () => knocks.length,
      (count) => count === 2,
      'the second knock',
    );
    assert.deepEqual(knocks[1], knocks[0]);
    lobby.close();
  });

  it('is dropped when it is altered, of another knock, or passed off as another answer', async () => {
    const { lobby, locked, reports, problems } = await atLockedDoor();
    const other = `${locked.ref.startsWith('A') ? 'B' : 'A'}${locked.ref.slice(1)}`;
    const signature = `${locked.signature.startsWith('A') ? 'B' : 'A'}${locked.signature.slice(1)}`;
    for (const forged of [
      { ...locked, signature },
      { ...locked, ref: other },
      { ...locked, type: 'refused' as const },
      { ...locked, type: 'failed' as const },
    ])
      await lobby.receive('host', forged);
    assert.deepEqual(reports, []);
    assert.deepEqual(
      problems,
      Array.from({ length: 4 }, () => 'host-not-proven'),
    );
    lobby.close();
  });
});
