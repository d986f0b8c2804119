/**
 * A room that is handed over, and everyone who wants something that the host key did not sign (protocol.md §13). Each test opens a room of
 * its own.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { delegateAuthority, generateDelegateKey } from '../../../src/e2ee/admission/delegation.ts';
import { generateHostKey, importHostKey } from '../../../src/e2ee/admission/host-key.ts';
import { deriveRoom } from '../../../src/e2ee/admission/invite-token.ts';
import { random } from '../../../src/e2ee/bytes.ts';
import type { GroupContent } from '../../../src/room/messages/messages.ts';
import { fromBase64Url, toBase64Url } from '../../../src/util/base64url.ts';
import {
  asks,
  claim,
  connects,
  handsOver,
  leaderOf,
  overhear,
  roleOf,
  room,
  saidLast,
  settle,
} from './changing-hands.ts';
import { together } from './people.ts';

describe('a room that is handed over', () => {
  it('has everyone in it without a question, under one host whom all see, with new keys and the same rules', async () => {
    const { host, mia, tom } = await room(['Mia', 'Tom']);
    host.dispatch({ type: 'role', id: host.idOf('Tom'), role: 'interpreter' });
    host.dispatch({ type: 'locked', locked: true });
    await mia.sees(() => mia.shown.locked && mia.shown.participants.some(({ role }) => role), 'the orders');
    const code = host.shown.encryption?.safetyCode.join();
    const asked = host.asked.length;
    await handsOver(host, mia);
    await together([host, mia, tom]);
    assert.deepEqual([host, mia, tom].map(leaderOf), ['Mia', 'self', 'Mia']);
    assert.notEqual(tom.shown.encryption?.safetyCode.join(), code);
    assert.deepEqual([host.asked.length, mia.asked], [asked, []]);
    assert.deepEqual([host, mia, tom].map(saidLast), ['handed-over Mia', 'you-lead', 'host-changed Mia']);
    assert.deepEqual([host.shown.authority, mia.shown.authority], ['host-key', 'delegation']);
    await tom.sees(() => tom.shown.interpreting && tom.shown.locked, 'the rules as they were');
  });

  it('stays with its host where the answer is no, and the host is told who said it', async () => {
    const { host, mia, tom } = await room(['Mia', 'Tom']);
    await asks(host, mia, 'now');
    assert.deepEqual(host.shown.handOver, { step: 'offered', id: host.idOf('Mia'), as: 'now' });
    await mia.session.leadership.answer('no');
    await host.sees(() => host.shown.handOver.step === 'none', 'the answer');
    assert.deepEqual(
      host.shown.problems.map(({ code, about }) => [code, about]),
      [['hand-over-declined', 'Mia']],
    );
    await settle(mia, [host, tom]);
    assert.deepEqual([host, mia, tom].map(leaderOf), ['self', 'Beratung', 'Beratung']);
  });

  it('is no longer offered once the host has taken the question back', async () => {
    const { host, mia } = await room(['Mia', 'Tom']);
    await asks(host, mia, 'now');
    host.session.leadership.withdrawOffer();
    await mia.sees(() => mia.shown.handOver.step === 'none', 'the end of the question');
    await mia.session.leadership.answer('yes');
    await settle(mia, [host]);
    assert.equal(roleOf(host), 'host');
  });

  it('admits and removes under the new host, and none of it under the old one', async () => {
    const { host, mia, tom, enter } = await room(['Mia', 'Tom']);
    await handsOver(host, mia);
    await together([host, mia, tom]);
    const yara = await enter('Yara');
    await mia.admits('Yara');
    await together([host, mia, tom, yara]);
    await host.session.remove(host.idOf('Tom'));
    host.session.signs.mute('everyone');
    await settle(host, [mia, tom, yara]);
    assert.deepEqual([mia.others, tom.shown.media.microphone], ['Beratung,Tom,Yara', true]);
    await mia.session.remove(mia.idOf('Tom'));
    await together([host, mia, yara]);
    await tom.sees(() => tom.state.phase === 'failed', 'his removal');
  });

  it('goes back to the old host when that one wishes, and what the delegate held is void', async () => {
    const { host, mia, tom, server, invites, join } = await room(['Mia', 'Tom']);
    await handsOver(host, mia);
    await together([host, mia, tom]);
    const held = mia.lead?.held;
    assert.ok(held);
    await host.session.leadership.takeBack();
    await mia.sees(() => roleOf(mia) === 'guest', 'that it is a guest');
    await together([host, mia, tom]);
    assert.deepEqual([host, mia, tom].map(leaderOf), ['self', 'Beratung', 'Beratung']);
    await mia.sees(() => mia.shown.authority === 'none', 'that it may no longer lead');
    // The delegate kept a copy, and comes with it again.
    const authority = await delegateAuthority({ ...held, roomId: (await deriveRoom(invites.guest)).roomId });
    server.hostSeats = 'many';
    const since = authority.delegation?.since ?? 0;
    const copy = await join({ server, invite: invites.guest, name: 'Mia2', claims: { authority, since } });
    await settle(tom, [host, mia]);
    assert.deepEqual([host.others, copy.others], ['Mia,Tom', '']);
  });

  it('goes back at once while the delegate’s links still stand, and the delegate is asked about by nobody', async () => {
    const { host, mia, tom } = await room(['Mia', 'Tom']);
    await handsOver(host, mia);
    await together([host, mia, tom]);
    const asked = host.asked.length;
    connects(mia, 'Beratung', 'Tom');
    await host.session.leadership.takeBack();
    await together([host, mia, tom]);
    assert.deepEqual([host, mia, tom].map(leaderOf), ['self', 'Beratung', 'Beratung']);
    assert.equal(host.asked.length, asked);
    // Each of them is told who leads, and nothing else.
    assert.deepEqual([host, mia, tom].map(saidLast), ['you-lead', 'host-changed Beratung', 'host-changed Beratung']);
    assert.ok(!mia.problems.includes('host-elsewhere'));
  });

  it('goes back where the delegate hears nothing of it, once the others have left, and asks nobody', async () => {
    const { host, mia, tom, server } = await room(['Mia', 'Tom']);
    await handsOver(host, mia);
    await together([host, mia, tom]);
    const asked = host.asked.length;
    connects(mia, 'Beratung', 'Tom');
    server.passes = ({ to }) => to !== 'Mia';
    await host.session.leadership.takeBack();
    await together([host, tom]);
    assert.equal(roleOf(mia), 'host');
    // Their pages are gone for longer than the grace time.
    for (const name of ['Beratung', 'Tom']) await mia.session.remove(mia.idOf(name));
    server.passes = () => true;
    await together([host, mia, tom]);
    assert.equal(host.asked.length, asked);
  });

  it('stays where somebody claims that it was taken back, or repeats an old claim', async () => {
    const { host, mia, tom } = await room(['Mia', 'Tom']);
    await handsOver(host, mia);
    await together([host, mia, tom]);
    const heard = overhear(host);
    await host.session.leadership.takeBack();
    await together([host, mia, tom]);
    const [said] = heard.filter((content) => content.type === 'taken-back');
    assert.ok(said?.type === 'taken-back');
    await handsOver(host, mia);
    await together([host, mia, tom]);
    const forged = { since: Date.now() + 1_000, signature: toBase64Url(random(96)) };
    tom.session.sender.send({ type: 'taken-back', body: forged }, 'everyone');
    await mia.sees(() => mia.problems.includes('host-not-proven'), 'the forgery');
    tom.session.sender.send(said, 'everyone');
    await settle(tom, [host, mia]);
    assert.deepEqual([host, mia, tom].map(leaderOf), ['Mia', 'self', 'Mia']);
  });

  it('stays with the delegate through a reload of its page, and of the old host’s', async () => {
    const { host, mia, tom, enter } = await room(['Mia', 'Tom']);
    await handsOver(host, mia);
    await together([host, mia, tom]);
    await mia.crash();
    const again = await enter('Mia', mia);
    await together([host, again, tom]);
    await host.crash();
    const old = await enter('Beratung', host);
    await together([old, again, tom]);
    assert.deepEqual([old, again, tom].map(leaderOf), ['Mia', 'self', 'Mia']);
    assert.deepEqual(again.asked, []);
  });

  it('comes back to the old host when the delegate is lost', async () => {
    const { host, mia, tom } = await room(['Mia', 'Tom'], { graceSeconds: 5 });
    await handsOver(host, mia);
    await together([host, mia, tom]);
    await mia.crash();
    await host.sees(() => roleOf(host) === 'host', 'that it leads again');
    await together([host, tom]);
    assert.equal(leaderOf(tom), 'Beratung');
  });
});

describe('a delegation that its holder keeps for later', () => {
  for (const then of ['reloads', 'removes them'] as const)
    it(`leads nobody when the host that signed it ${then}`, async () => {
      const { host, mia, tom, server, invites, join, enter } = await room(['Mia', 'Tom']);
      const heard = overhear(host);
      const own = await generateDelegateKey();
      await asks(host, mia, 'now');
      const offer = heard.find((content) => content.type === 'hand-over-offer');
      assert.ok(offer?.type === 'hand-over-offer');
      const { nonce } = offer.body;
      mia.session.sender.send({ type: 'hand-over-answer', body: { nonce, spki: toBase64Url(own.spki) } }, 'everyone');
      await host.sees(() => heard.some(({ type }) => type === 'hand-over'), 'that it has signed');
      const given = heard.find((content) => content.type === 'hand-over');
      assert.ok(given?.type === 'hand-over' && invites.host.hostSpki);
      if (then === 'reloads') await host.crash();
      else await host.session.remove(host.idOf('Mia'));
      const again = then === 'reloads' ? await enter('Beratung', host) : host;
      const rest = then === 'reloads' ? [again, mia, tom] : [again, tom];
      await together(rest);
      const { roomId } = await deriveRoom(invites.guest);
      const encoded = fromBase64Url(given.body.delegation);
      const authority = await delegateAuthority({ own, encoded, root: invites.host.hostSpki, roomId });
      const claims = { authority, since: authority.delegation?.since ?? 0 };
      const copy = await join({ server, invite: invites.guest, name: 'Copy', claims, seat: 'guest' });
      copy.session.leadership.onOutranked = () => 'settled';
      await settle(tom, [again]);
      assert.deepEqual([again, tom].map(leaderOf), ['self', 'Beratung']);
      assert.deepEqual([copy.others, copy.asked], ['', []]);
    });
});

describe('the old host on a device that knows nothing of the hand-over', () => {
  it('is shown that the room is led elsewhere, and takes it back only when the person chooses', async () => {
    const { host, mia, tom, enter } = await room(['Mia', 'Tom']);
    await handsOver(host, mia);
    await together([host, mia, tom]);
    await host.crash();
    const fresh = await enter('Beratung');
    await fresh.sees(() => fresh.shown.signaling === 'elsewhere', 'that the room is open elsewhere');
    assert.equal(leaderOf(tom), 'Mia');
    await fresh.crash();
    const chosen = await enter('Beratung', undefined, 'take-over');
    await mia.sees(() => roleOf(mia) === 'guest', 'that it is a guest');
    await chosen.sees(() => chosen.shown.knocks.length === 2 || chosen.others === 'Mia,Tom', 'both');
    await chosen.session.admit(chosen.shown.knocks.map(({ id, hash }) => ({ id, shown: hash })));
    await together([chosen, mia, tom]);
    assert.deepEqual([chosen, mia, tom].map(leaderOf), ['self', 'Beratung', 'Beratung']);
  });
});

describe('a member that delegates what it does not have', () => {
  it('offers, hands over and claims in vain', async () => {
    const { host, mia, tom, server, invites, join } = await room(['Mia', 'Tom']);
    const { privateKey } = await generateHostKey();
    const { own, delegation } = await claim(invites.guest, privateKey, 'now');
    const nonce = toBase64Url(random(16));
    mia.session.leadership.offer(mia.idOf('Tom'), 'now');
    mia.session.sender.send({ type: 'hand-over-offer', body: { nonce, as: 'now' } }, 'everyone');
    mia.session.sender.send(
      { type: 'hand-over', body: { nonce, delegation: toBase64Url(delegation.encoded) } },
      'everyone',
    );
    mia.session.sender.send(
      { type: 'stand-in', body: { delegation: toBase64Url(delegation.encoded), proof: toBase64Url(random(96)) } },
      'everyone',
    );
    server.hostSeats = 'many';
    const root = invites.host.hostSpki;
    assert.ok(root);
    const authority = { key: await importHostKey(own.pkcs8), root, delegation };
    const claims = { authority, since: delegation.since };
    const forger = await join({ server, invite: invites.guest, name: 'Mallory', claims });
    await tom.sees(() => tom.problems.includes('host-not-proven'), 'that somebody claims to be the host');
    await settle(mia, [host, tom]);
    assert.deepEqual([host, mia, tom].map(leaderOf), ['self', 'Beratung', 'Beratung']);
    assert.deepEqual([tom.shown.handOver, forger.others, host.others], [{ step: 'none' }, '', 'Mia,Tom']);
    assert.ok(host.shown.participants.every(({ standIn }) => !standIn));
  });

  it('cannot hand on as a delegate', async () => {
    const { host, mia, tom } = await room(['Mia', 'Tom']);
    await handsOver(host, mia);
    await together([host, mia, tom]);
    mia.session.leadership.offer(mia.idOf('Tom'), 'now');
    await settle(mia, [host, tom]);
    assert.ok(mia.problems.includes('hand-over-failed'));
    assert.equal(tom.shown.handOver.step, 'none');
  });
});

describe('an answer to the question', () => {
  it('counts once, from the member that was asked, under the nonce of the question', async () => {
    const { host, mia, tom } = await room(['Mia', 'Tom']);
    const heard = overhear(host);
    await asks(host, mia, 'now');
    const [offer] = heard.flatMap((content) => (content.type === 'hand-over-offer' ? [content.body] : []));
    assert.ok(offer);
    const answer = async (nonce: string): Promise<GroupContent> => ({
      type: 'hand-over-answer',
      body: { nonce, spki: toBase64Url((await generateDelegateKey()).spki) },
    });
    // Every member reads every message, so Tom knows the nonce.
    tom.session.sender.send(await answer(offer.nonce), 'everyone');
    mia.session.sender.send(await answer(toBase64Url(random(16))), 'everyone');
    await settle(tom, [host, mia]);
    await settle(mia, [host, tom]);
    assert.ok(!heard.some(({ type }) => type === 'hand-over'));
    await mia.session.leadership.answer('yes');
    mia.session.sender.send(await answer(offer.nonce), 'everyone');
    await mia.sees(() => roleOf(mia) === 'host', 'that it leads');
    await together([host, mia, tom]);
    assert.equal(heard.filter(({ type }) => type === 'hand-over').length, 1);
  });
});

describe('a hostile server', () => {
  it('that withholds the new host’s hello from one leaves that one in the old group, and never in two', async () => {
    const { host, mia, tom, server } = await room(['Mia', 'Tom']);
    await asks(host, mia, 'now');
    server.passes = ({ from, to }) => !(to === 'Tom' && from === 'Mia');
    await mia.session.leadership.answer('yes');
    await together([host, mia]);
    assert.deepEqual([leaderOf(tom), mia.others], ['Beratung', 'Beratung']);
    server.passes = () => true;
    tom.sleep();
    tom.wake();
    await together([host, mia, tom]);
    assert.equal(leaderOf(tom), 'Mia');
  });

  it('that replays everything changes nothing', async () => {
    const { host, mia, tom, server } = await room(['Mia', 'Tom']);
    await handsOver(host, mia);
    await together([host, mia, tom]);
    const epoch = mia.shown.encryption?.epoch;
    for (const passing of server.seen) server.replay(passing);
    await settle(tom, [host, mia]);
    assert.deepEqual([host, mia, tom].map(leaderOf), ['Mia', 'self', 'Mia']);
    assert.equal(mia.shown.encryption?.epoch, epoch);
  });
});
