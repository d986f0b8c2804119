/** Admissions that fail, many at once, and the repair of a group, at the host's lobby and at the guest's (protocol.md §3, §4, §9). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeKeyPackage, makeKeyPackageRef, signKeyPackage } from 'ts-mls/keyPackage.js';
import { copyBytes } from '../../../src/e2ee/bytes.ts';
import { signHost } from '../../../src/e2ee/admission/host-key.ts';
import { Group } from '../../../src/e2ee/mls/group.ts';
import type { OwnKeyPackage } from '../../../src/e2ee/mls/key-package.ts';
import { createSuite } from '../../../src/e2ee/mls/suite.ts';
import { GuestLobby } from '../../../src/room/admission/guest-lobby.ts';
import type { SealedMessage } from '../../../src/room/messages/messages.ts';
import type { RoomInput } from '../../../src/room/state/actions.ts';
import { fromBase64Url, toBase64Url } from '../../../src/util/base64url.ts';
import { openRoom } from '../../e2ee/people.ts';
import { until } from '../../support/until.ts';
import { TestHost } from './host-lobby-fixture.ts';

/** A fresh key package but for its init key, correctly signed. */
async function withInitKey(own: OwnKeyPackage, initKey: Uint8Array): Promise<OwnKeyPackage> {
  const { signature, hash } = await createSuite();
  const { signature: _, ...rest } = own.publicPackage;
  const publicPackage = await signKeyPackage({ ...rest, initKey }, own.leafKey.pkcs8, signature);
  const ref = copyBytes(await makeKeyPackageRef(publicPackage, hash));
  return { ...own, publicPackage, ref, encoded: copyBytes(encodeKeyPackage(publicPackage)) };
}

describe('an admission that cannot work', () => {
  it('is answered to the guest, and the host is told with its own code and not asked, when a knock copies a key', async () => {
    const host = await TestHost.open();
    const mia = await host.comes('Mia');
    const own = await withInitKey(
      await Group.prepareGuest({ name: 'Mallory' }),
      mia.own.publicPackage.leafNode.hpkePublicKey,
    );
    const mallory = await host.visitor('Mallory', null, undefined, own);
    await host.knocks(mallory);
    assert.deepEqual(host.asked, ['Mia']);
    assert.deepEqual(host.problems, ['admission-failed']);
    const answers = host.sent.filter(({ session }) => session === mallory.session).map(({ message }) => message.type);
    assert.deepEqual(answers, ['failed']);
    await host.comes('Tom');
    assert.deepEqual(host.names, ['Beratung', 'Mia', 'Tom']);
  });

  it('is said to the guest, and only when the host signed it', async () => {
    const { keys, invite, guestInvite, hello } = await openRoom();
    const sent: SealedMessage[] = [];
    const reports: RoomInput[] = [];
    const problems: string[] = [];
    const lobby = new GuestLobby({
      invite: guestInvite,
      keys,
      name: 'Mia',
      admitted: null,
      standIns: 'takes-over',
      isHostLost: () => false,
      now: () => Date.now(),
      transport: { send: async (_, message) => void sent.push(message), isPresent: () => true },
      report: (input) => void reports.push(input),
      onProblem: (code) => void problems.push(code),
      onNewHost: async () => undefined,
      onJoined: async () => undefined,
    });
    const encoded = toBase64Url(hello.encoded);
    await lobby.receive('host', { type: 'hello', hello: encoded, spki: toBase64Url(invite.hostSpki!) });
    const [knock] = sent.flatMap((message) => (message.type === 'knock' ? [message] : []));
    const { openKnock } = await import('../../../src/e2ee/admission/knock.ts');
    const opened = await openKnock({
      hello,
      roomId: keys.roomId,
      guestNonce: fromBase64Url(knock!.nonce),
      sealed: fromBase64Url(knock!.sealed),
      root: invite.hostSpki!,
    });
    const fields = [keys.roomId, hello.hostSession, opened.info.ref, opened.guestNonce];
    const failed = async (purpose: 'refuse' | 'admit failed'): Promise<void> =>
      lobby.receive('host', {
        type: 'failed',
        ref: toBase64Url(opened.info.ref),
        signature: toBase64Url(await signHost(invite.hostKey!, purpose, fields)),
      });
    await failed('refuse');
    assert.deepEqual(problems, ['host-not-proven']);
    await failed('admit failed');
    assert.deepEqual(reports.at(-1), { type: 'failed', code: 'admission-failed' });
    lobby.close();
  });
});

describe('many admissions at once', () => {
  it('let eight people in by messages that fit into a seal', async () => {
    const host = await TestHost.open();
    const visitors = [];
    for (let index = 0; index < 8; index++) {
      const visitor = await host.visitor(`Gast ${String(index)}`);
      await host.knocks(visitor);
      visitors.push(visitor);
    }
    await host.admits(...visitors);
    assert.equal(host.names.length, 9);
    for (const { message } of host.sent)
      if (message.type === 'welcome') assert.ok(JSON.stringify(message).length < 48_000, 'a Welcome fits');
    assert.deepEqual(host.problems, []);
  });

  it('let nobody in when the room has too few places for all of them', async () => {
    const host = await TestHost.open();
    for (let index = 0; index < 7; index++) await host.comes(`Gast ${String(index)}`);
    const [a, b] = [await host.visitor('a'), await host.visitor('b')];
    await host.knocks(a);
    await host.knocks(b);
    await host.admits(a, b);
    assert.deepEqual([host.names.length, host.problems], [8, ['room-full']]);
    await host.admits(b);
    assert.equal(host.names.at(-1), 'b');
  });
});

describe('the group that repairs another', () => {
  it('readmits its members without a question, once each, and only under their names', async () => {
    const before = await TestHost.open();
    const [mia, tom] = [await before.comes('Mia'), await before.comes('Tom')];
    const key = ({ own }: typeof mia): string => toBase64Url(own.leafKey.publicKey);
    const readmitted = [
      { keys: [key(mia)], interpreter: false, followed: true },
      { keys: [key(tom)], interpreter: false, followed: false },
    ];
    const after = await TestHost.open({ readmitted }, before);
    const again = await after.visitor('Mia', await before.credentials(mia));
    await after.knocks(again);
    const renamed = await after.visitor('Tim', await before.credentials(tom));
    await after.knocks(renamed);
    const tomAgain = await after.visitor('Tom', await before.credentials(tom));
    await after.knocks(tomAgain);
    await until(
      () => after.names.length,
      (length) => length === 3,
      'both to be in',
      { every: 5 },
    );
    assert.deepEqual(after.asked, ['Tim']);
    assert.deepEqual(
      [again, tomAgain].map(({ id }) => after.lobby.wasSplit(id)),
      [false, true],
    );
    after.lobby.onHeard({ signatureKey: again.own.leafKey.publicKey });
    const twice = await after.visitor('Mia', await before.credentials(mia));
    await after.knocks(twice);
    assert.deepEqual(after.asked, ['Tim', 'Mia']);
  });
});
