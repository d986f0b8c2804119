/** A second counsellor, whom the host names to lead where it is lost (protocol.md §13). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { delegateAuthority } from '../../../src/e2ee/admission/delegation.ts';
import { deriveRoom } from '../../../src/e2ee/admission/invite-token.ts';
import { leaderOf, names, overhear, roleOf, room, settle } from './changing-hands.ts';
import { together, type Links, type Person } from './people.ts';

/** What a stand-in could keep of its delegation, outside of its page. */
async function kept({ lead }: Person, { guest }: Links) {
  assert.ok(lead?.held);
  const authority = await delegateAuthority({ ...lead.held, roomId: (await deriveRoom(guest)).roomId });
  return { authority, since: authority.delegation?.since ?? 0 };
}

describe('a stand-in', () => {
  it('is marked for everyone, also for one who comes later, and leads when the host is lost', async () => {
    const { host, mia, tom, enter } = await room(['Mia', 'Tom'], { graceSeconds: 5 });
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

  it('that was removed captures neither who comes nor who reloads: the host that is there leads above it', async () => {
    const { host, mia, tom, server, invites, join, enter } = await room(['Mia', 'Tom']);
    await names(host, mia, [tom]);
    const claims = await kept(mia, invites);
    await host.session.remove(host.idOf('Mia'));
    await together([host, tom]);
    assert.ok(host.problems.includes('stand-in-ended'));
    const copy = await join({ server, invite: invites.guest, name: 'Copy', claims, seat: 'guest' });
    copy.session.leadership.onOutranked = () => 'settled';
    await tom.crash();
    const again = await enter('Tom', tom);
    const yara = await enter('Yara');
    await host.admits('Yara');
    await together([host, again, yara]);
    assert.deepEqual([host, again, yara].map(leaderOf), ['self', 'Beratung', 'Beratung']);
    assert.deepEqual([copy.others, host.asked.includes('Tom')], ['', true]);
    assert.equal(host.asked.filter((name) => name === 'Tom').length, 1);
  });

  it('that was replaced by another one and is removed then captures nobody who comes, wherever it reloaded meanwhile', async () => {
    const { host, mia, tom, server, invites, join, enter } = await room(['Mia', 'Tom']);
    const yara = await enter('Yara');
    await host.admits('Yara');
    await names(host, mia, [tom, yara]);
    const claims = await kept(mia, invites);
    await names(host, tom, [mia, yara]);
    // Both come in again with keys of their own, she first.
    await mia.crash();
    const again = await enter('Mia', mia);
    await together([host, tom, yara, again]);
    await host.crash();
    const leads = await enter('Beratung', host);
    await together([leads, tom, yara, again]);
    await leads.session.remove(leads.idOf('Yara'));
    await together([leads, tom, again]);
    assert.deepEqual([leads.problems.includes('stand-in-ended'), leads.lead?.since], [false, 0]);
    await leads.session.remove(leads.idOf('Mia'));
    await leads.sees(() => leads.problems.includes('stand-in-ended'), 'that it revokes');
    await together([leads, tom]);
    assert.ok((leads.lead?.since ?? 0) > claims.since);
    const copy = await join({ server, invite: invites.guest, name: 'Copy', claims, seat: 'guest' });
    copy.session.leadership.onOutranked = () => 'settled';
    const una = await enter('Una');
    await leads.admits('Una');
    await together([leads, tom, una]);
    assert.deepEqual([copy.others, leaderOf(una)], ['', 'Beratung']);
  });

  it('that comes too early has nobody for long: whoever follows it comes back to the host, which is there', async () => {
    const { host, mia, tom, server, invites, join, enter } = await room(['Mia', 'Tom']);
    await names(host, mia, [tom]);
    const claims = await kept(mia, invites);
    // The server hides it from the host, so that only the newcomer can tell.
    server.passes = ({ from, to }) => !(from === 'Copy' && to === 'Beratung');
    const copy = await join({ server, invite: invites.guest, name: 'Copy', claims, seat: 'guest' });
    copy.session.leadership.onOutranked = () => 'settled';
    const yara = await enter('Yara');
    await host.sees(() => host.problems.includes('stand-in-ended'), 'the claim');
    await host.admits('Yara');
    await together([host, mia, tom, yara]);
    assert.deepEqual([leaderOf(tom), leaderOf(yara)], ['Beratung', 'Beratung']);
    assert.deepEqual([copy.others, mia.shown.authority], ['', 'none']);
  });

  it('that led while the server split the room gives way to its host when the room is whole again', async () => {
    const { host, mia, tom, server, enter } = await room(['Mia', 'Tom']);
    const yara = await enter('Yara');
    await host.admits('Yara');
    await names(host, mia, [tom, yara]);
    server.hostSeats = 'many';
    server.splits(['Beratung', 'Tom']);
    // By their word, not by a short grace time: in that Tom would lose the host while it comes back on a busy processor.
    for (const person of [mia, yara]) person.session.leadership.onHostLost();
    await mia.sees(() => roleOf(mia) === 'host', 'that it leads');
    await together([mia, yara]);
    server.passes = () => true;
    for (const person of [host, mia, tom, yara]) person.sleep();
    for (const person of [host, mia, tom, yara]) person.wake();
    await host.sees(() => host.problems.includes('stand-in-ended'), 'that another one led');
    await host.admitsAll([mia, tom, yara]);
    assert.deepEqual([host, mia, yara].map(leaderOf), ['self', 'Beratung', 'Beratung']);
  });

  it('takes the place of the one named before it, who leads no more', async () => {
    const { host, mia, tom } = await room(['Mia', 'Tom'], { graceSeconds: 5 });
    await names(host, mia, [tom]);
    await names(host, tom, [mia]);
    await mia.sees(() => mia.shown.authority === 'none', 'that it is none any more');
    for (const person of [host, mia])
      assert.deepEqual(
        person.shown.participants.filter(({ standIn }) => standIn).map(({ name }) => name),
        ['Tom'],
      );
    await host.crash();
    await together([mia, tom]);
    assert.deepEqual([mia, tom].map(leaderOf), ['Tom', 'self']);
  });

  it('that is refused the seat, because its host answers the server, is the guest that it was', async () => {
    const { host, mia, tom } = await room(['Mia', 'Tom']);
    await names(host, mia, [tom]);
    // As if it missed the host, of which only the server hears.
    mia.session.leadership.onHostLost();
    await mia.sees(() => roleOf(mia) === 'guest' && mia.others === 'Beratung,Tom', 'its host');
    await together([host, mia, tom]);
    assert.deepEqual([leaderOf(mia), mia.shown.authority, host.asked.length], ['Beratung', 'stand-in', 2]);
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
