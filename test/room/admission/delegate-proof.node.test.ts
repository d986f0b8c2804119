/** What a delegate’s signature is worth to a host: as proof of an earlier admission, and against a record of the room (protocol.md §9, §13). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { admitSelf, type RejoinCredentials } from '../../../src/e2ee/admission/admit-signature.ts';
import {
  createDelegation,
  delegateAuthority,
  generateDelegateKey,
  type HostAuthority,
} from '../../../src/e2ee/admission/delegation.ts';
import { createHello } from '../../../src/e2ee/admission/hello.ts';
import { random } from '../../../src/e2ee/bytes.ts';
import { Group } from '../../../src/e2ee/mls/group.ts';
import { createKeyPackage, type OwnKeyPackage } from '../../../src/e2ee/mls/key-package.ts';
import { createSuite } from '../../../src/e2ee/mls/suite.ts';
import { toBase64Url } from '../../../src/util/base64url.ts';
import { until } from '../../support/until.ts';
import { TestHost } from './host-lobby-fixture.ts';

const rootOf = ({ hostSide: { invite } }: TestHost): HostAuthority => ({
  key: invite.hostKey!,
  root: invite.hostSpki!,
  delegation: null,
});

async function delegateOf(host: TestHost, since: number): Promise<HostAuthority> {
  const { key, root } = rootOf(host);
  const { roomId } = host.guestSide.keys;
  const own = await generateDelegateKey();
  const named = { kind: 'stand-in', spki: own.spki, leafKey: random(97), since } as const;
  const { encoded } = await createDelegation({ hostKey: key, roomId, ...named });
  return delegateAuthority({ own, encoded, root, roomId });
}

/** An admission that a delegate signs for itself or a friend. */
async function minted(host: TestHost, since: number, own: OwnKeyPackage): Promise<RejoinCredentials> {
  const { roomId } = host.guestSide.keys;
  return admitSelf({ authority: await delegateOf(host, since), roomId, groupId: random(32), own });
}

/** A key package of the same leaf key, under another name. */
async function renamed({ leafKey }: OwnKeyPackage, name: string): Promise<OwnKeyPackage> {
  const suite = await createSuite();
  const keygen = async () => ({ publicKey: leafKey.publicKey, signKey: leafKey.pkcs8 });
  return createKeyPackage(name, { ...suite, signature: { ...suite.signature, keygen } });
}

describe('a proof that a delegate signed', () => {
  it('brings nobody to the door of a locked room, where the delegate did not lead the group before', async () => {
    const host = await TestHost.open({ isLocked: () => true });
    await host.knocks(await host.visitor('Tom', await minted(host, 1, await Group.prepareGuest({ name: 'Tom' }))));
    await until(
      () => host.sent.at(-1)?.message.type,
      (type) => type === 'locked',
      'the answer',
    );
    assert.deepEqual(host.asked, []);
  });

  it('counts where that delegate led it', async () => {
    const recordedAt = { since: 7, incarnation: 1 };
    const host = await TestHost.open({ isLocked: () => true, recordedAt });
    await host.knocks(await host.visitor('Tom', await minted(host, 7, await Group.prepareGuest({ name: 'Tom' }))));
    assert.deepEqual(host.asked, ['Tom']);
  });

  it('gives a member no other name without a question, which shows the name that the group knows', async () => {
    const host = await TestHost.open();
    const mia = await host.comes('Mia');
    const back = await host.visitor('Tom', await minted(host, 1, await renamed(mia.own, 'Tom')));
    await host.knocks(back);
    await host.settled();
    assert.deepEqual(host.names, ['Beratung', 'Mia']);
    const knock = host.reports.flatMap((input) => (input.type === 'knocked' ? [input.knock] : [])).at(-1);
    assert.deepEqual([knock?.name, knock?.formerName], ['Tom', 'Mia']);
  });

  it('gives nobody of the record another name, nor the place in it', async () => {
    const tom = await Group.prepareGuest({ name: 'Tom' });
    const host = await TestHost.open({
      readmitted: [{ keys: [toBase64Url(tom.leafKey.publicKey)], interpreter: false, followed: true }],
    });
    const credentials = await minted(host, 1, await renamed(tom, 'Mallory'));
    await host.knocks(await host.visitor('Mallory', credentials));
    await host.settled();
    assert.deepEqual([host.names, host.asked, host.lobby.awaited.length], [['Beratung'], ['Mallory'], 1]);
  });
});

describe('a record of the room', () => {
  const record = {
    readmitted: [{ keys: ['key'], interpreter: false, followed: true }],
    recordedAt: { since: 0, incarnation: 3_000 },
  };
  const ours = { since: 2_000, incarnation: 5_000 };

  async function hears(host: TestHost, authority: HostAuthority, incarnation: number, since = 0): Promise<number> {
    const { roomId } = host.guestSide.keys;
    const parts = { groupId: random(32), leafPublicKey: random(97), incarnation };
    const hello = await createHello({ authority, roomId, ...parts, since: authority.delegation?.since ?? since });
    await host.lobby.receive('x', {
      type: 'hello',
      hello: toBase64Url(hello.encoded),
      spki: toBase64Url(authority.root),
      ...(authority.delegation ? { delegation: toBase64Url(authority.delegation.encoded) } : {}),
    });
    assert.deepEqual(host.problems, []);
    return host.lobby.awaited.length;
  }

  it('lets nobody in once another host is known to have led after it, whatever its time', async () => {
    const root = await TestHost.open({ ...record, rank: ours });
    assert.equal(await hears(root, rootOf(root), 2_999), 1);
    assert.equal(await hears(root, rootOf(root), 5_000, 2_000), 1);
    assert.equal(await hears(root, rootOf(root), 4_000), 0);
    const between = await TestHost.open({ ...record, rank: ours });
    assert.equal(await hears(between, await delegateOf(between, 1_000), 4_000), 0);
    const above = await TestHost.open({ ...record, rank: ours, onOutranked: () => 'elsewhere' });
    assert.equal(await hears(above, await delegateOf(above, 2_001), 4_000), 0);
  });

  it('stays when the delegate is one whom the host has revoked', async () => {
    const host = await TestHost.open({ ...record, rank: ours, revoked: 1_000 });
    assert.equal(await hears(host, await delegateOf(host, 1_000), 6_000), 1);
  });
});
