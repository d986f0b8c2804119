/** A second counsellor, whom the host names to lead where it is lost (protocol.md §13). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { delegateAuthority } from '../../../src/e2ee/admission/delegation.ts';
import { deriveRoom } from '../../../src/e2ee/admission/invite-token.ts';
import { leaderOf, names, overhear, roleOf, room, settle } from './changing-hands.ts';
import { together } from './people.ts';

describe('a stand-in', () => {
  it('is marked for everyone, also for one who comes later, and leads when the host is lost', async () => {
    const { host, mia, tom, enter } = await room(['Mia', 'Tom'], { graceSeconds: 2 });
    await names(host, mia, [tom]);
    assert.deepEqual([mia.shown.authority, roleOf(mia)], ['stand-in', 'guest']);
    const yara = await enter('Yara');
    await host.admits('Yara');
    await yara.sees(() => yara.shown.participants.some((p) => p.standIn && p.name === 'Mia'), 'the stand-in');
    await host.crash();
    await mia.sees(() => roleOf(mia) === 'host', 'that it leads');
    await together([mia, tom, yara]);
    assert.deepEqual([mia, tom, yara].map(leaderOf), ['self', 'Mia', 'Mia']);
    assert.deepEqual(mia.asked, []);
    // Nobody waits for a successor any more: that ends the call after twenty seconds.
    assert.deepEqual(
      [tom, yara].map(({ session }) => session.leadership.isHostLost),
      [false, false],
    );
    // The host comes back on its reloaded page.
    const back = await enter('Beratung', host);
    await back.sees(() => back.shown.signaling === 'elsewhere', 'that the room is led elsewhere');
    await back.crash();
    const chosen = await enter('Beratung', host, 'take-over');
    await chosen.sees(() => roleOf(chosen) === 'host' && chosen.shown.knocks.length === 3, 'everyone at the door');
    await chosen.session.admit(chosen.shown.knocks.map(({ id, hash }) => ({ id, shown: hash })));
    await together([chosen, mia, tom, yara]);
    assert.equal(leaderOf(mia), 'Beratung');
  });

  it('that comes too early is followed by nobody', async () => {
    const { host, mia, tom, server, invites, join } = await room(['Mia', 'Tom']);
    await names(host, mia, [tom]);
    const held = mia.lead?.held;
    assert.ok(held);
    const authority = await delegateAuthority({ ...held, roomId: (await deriveRoom(invites.guest)).roomId });
    server.hostSeats = 'many';
    const since = authority.delegation?.since ?? 0;
    const early = await join({ server, invite: invites.guest, name: 'Early', claims: { authority, since } });
    await settle(tom, [host, mia]);
    assert.deepEqual([host.others, early.others, leaderOf(tom)], ['Mia,Tom', '', 'Beratung']);
  });

  it('is not whoever repeats the delegation of another', async () => {
    const { host, mia, tom } = await room(['Mia', 'Tom']);
    const heard = overhear(mia);
    await names(host, mia, [tom]);
    const [shown] = heard.filter(({ type }) => type === 'stand-in');
    assert.ok(shown);
    tom.session.sender.send(shown, 'everyone');
    await settle(tom, [host, mia]);
    assert.deepEqual(
      host.shown.participants.filter(({ standIn }) => standIn).map(({ name }) => name),
      ['Mia'],
    );
    assert.ok(host.problems.includes('host-not-proven'));
  });

  it('is not named where the policy allows none, and the session ends without its host', async () => {
    const { host, mia, tom } = await room(['Mia', 'Tom'], { graceSeconds: 1, policy: { standIn: 'no' } });
    host.session.leadership.offer(host.idOf('Mia'), 'stand-in');
    assert.ok(host.problems.includes('hand-over-failed'));
    await host.crash();
    for (const guest of [mia, tom]) await guest.sees(() => guest.state.phase === 'ended', 'the end');
  });
});
