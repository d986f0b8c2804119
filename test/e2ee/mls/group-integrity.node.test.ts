/** protocol.md §4, §5: honest histories that must work, and key packages that would split a group, with the real suite. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Proposal } from 'ts-mls';
import { joinGroup } from 'ts-mls/clientState.js';
import { createCommit } from 'ts-mls/createCommit.js';
import { ratchetTreeFromExtension } from 'ts-mls/groupInfo.js';
import { encodeKeyPackage, signKeyPackage } from 'ts-mls/keyPackage.js';
import { signLeafNodeKeyPackage } from 'ts-mls/leafNode.js';
import { decodeMlsMessage, encodeMlsMessage } from 'ts-mls/message.js';
import { accumulatePskSecret } from 'ts-mls/pskIndex.js';
import type { RatchetTree } from 'ts-mls/ratchetTree.js';
import { decryptGroupInfo, decryptGroupSecrets } from 'ts-mls/welcome.js';
import { join } from '../../../src/e2ee/admission/join.ts';
import { copyBytes, random, utf8, type Bytes } from '../../../src/e2ee/bytes.ts';
import { Group } from '../../../src/e2ee/mls/group.ts';
import { CLIENT_CONFIG, roomPsk } from '../../../src/e2ee/mls/group-config.ts';
import { ROOM_PSK_ID } from '../../../src/e2ee/mls/message-filter.ts';
import { readKeyPackage, type OwnKeyPackage } from '../../../src/e2ee/mls/key-package.ts';
import { createSuite } from '../../../src/e2ee/mls/suite.ts';
import { ConsultError } from '../../../src/errors.ts';
import { part, PATIENCE } from '../../../src/util/part.ts';
import { codeOf, joinOptions, knock, letIn, openRoom, sign, type Host } from '../people.ts';

/** A key package with keys of the attacker's choice, correctly signed. */
async function signed(
  { publicPackage, leafKey }: OwnKeyPackage,
  keys: { readonly hpkePublicKey?: Uint8Array; readonly initKey?: Uint8Array } = {},
): Promise<Bytes> {
  const { signature } = await createSuite();
  const { signature: _leaf, ...leaf } = publicPackage.leafNode;
  const { signature: _package, ...rest } = publicPackage;
  const leafNode = await signLeafNodeKeyPackage(
    { ...leaf, signaturePublicKey: leafKey.publicKey, hpkePublicKey: keys.hpkePublicKey ?? leaf.hpkePublicKey },
    leafKey.pkcs8,
    signature,
  );
  const changed = { ...rest, leafNode, initKey: keys.initKey ?? rest.initKey };
  return copyBytes(encodeKeyPackage(await signKeyPackage(changed, leafKey.pkcs8, signature)));
}

/** The ratchet tree in a Welcome, as its joiner reads it. */
async function treeOf(host: Host, own: OwnKeyPackage, bytes: Bytes): Promise<RatchetTree> {
  const suite = await createSuite();
  const message = decodeMlsMessage(bytes, 0)?.[0];
  assert.equal(message?.wireformat, 'mls_welcome');
  const { welcome } = message;
  const key = await suite.hpke.importPrivateKey(own.privatePackage.initPrivateKey);
  const secrets = await decryptGroupSecrets(key, own.ref, welcome, suite.hpke);
  const psk = await roomPsk(host.keys, host.group.groupId);
  const [pskSecret] = await accumulatePskSecret(secrets!.psks, psk, suite, new Uint8Array(suite.kdf.size));
  const info = await decryptGroupInfo(welcome, secrets!.joinerSecret, pskSecret, suite);
  return ratchetTreeFromExtension(info!)!;
}

const secretOf = async (group: Group): Promise<string> => (await group.secrets()).frameBaseKey.join();

/** Members by name; every change reaches all of them. */
class Room {
  readonly host: Host;
  readonly members = new Map<string, Group>();
  readonly packages = new Map<string, OwnKeyPackage>();

  constructor(host: Host) {
    this.host = host;
  }

  async add(name: string, replaces?: string): Promise<void> {
    const guest = await knock(this.host, name);
    const remove = replaces === undefined ? [] : [this.members.get(replaces)!.ownLeaf];
    const change = await this.host.group.change({ add: [guest.opened.keyPackage], remove });
    if (replaces !== undefined) this.members.delete(replaces);
    await this.deliver(change.commit);
    this.members.set(name, await join(joinOptions(this.host, guest, await sign(this.host, guest, change))));
    this.packages.set(name, guest.own);
  }

  async remove(name: string): Promise<void> {
    const change = await this.host.group.change({ add: [], remove: [this.members.get(name)!.ownLeaf] });
    this.members.delete(name);
    await this.deliver(change.commit);
  }

  async deliver(commit: Bytes): Promise<void> {
    for (const [name, group] of this.members) {
      const [received] = await group.receive(commit);
      assert.equal(received?.kind, 'epoch', name);
    }
  }

  async isWhole(): Promise<void> {
    const secret = await secretOf(this.host.group);
    for (const [name, group] of this.members) assert.equal(await secretOf(group), secret, name);
  }
}

async function roomOf(...names: readonly string[]): Promise<Room> {
  const room = new Room(await openRoom());
  for (const name of names) await room.add(name);
  return room;
}

describe('a group', () => {
  it('takes people in again when somebody has left a room of six and more', async () => {
    const room = await roomOf('a', 'b', 'c', 'd', 'e');
    for (const [leaves, joins] of [
      ['a', 'f'],
      ['c', 'g'],
      ['e', 'h'],
    ] as const) {
      await room.remove(leaves);
      await room.add(joins);
      await room.add(`${joins}2`);
      await room.isWhole();
    }
  });

  it('takes several people in by one commit, before and after departures', async () => {
    const room = await roomOf('a', 'b', 'c');
    await room.remove('a');
    const guests = [await knock(room.host, 'd'), await knock(room.host, 'e'), await knock(room.host, 'f')];
    const change = await room.host.group.change({ add: guests.map(({ opened }) => opened.keyPackage), remove: [] });
    await room.deliver(change.commit);
    for (const guest of guests)
      room.members.set(
        guest.opened.info.name,
        await join(joinOptions(room.host, guest, await sign(room.host, guest, change))),
      );
    await room.isWhole();
  });

  it('refuses a returning member whose leaf copies another member’s key, and goes on', async () => {
    const room = await roomOf('victim', 'other', 'mallory');
    const { hpkePublicKey } = room.packages.get('victim')!.publicPackage.leafNode;
    const { epoch } = room.host.group;
    for (const evil of [
      await signed(await Group.prepareGuest({ name: 'mallory' }), { hpkePublicKey }),
      await signed(await Group.prepareGuest({ name: 'mallory' }), { initKey: hpkePublicKey }),
    ])
      assert.equal(
        await codeOf(room.host.group.change({ add: [evil], remove: [room.members.get('mallory')!.ownLeaf] })),
        'admission-failed',
      );
    assert.equal(room.host.group.epoch, epoch);
    await room.add('innocent');
    await room.add('victim', 'victim');
    await room.remove('other');
    await room.isWhole();
  });

  it('refuses two key packages of one batch that share a key', async () => {
    const room = await roomOf('a');
    const [first, second] = [await Group.prepareGuest({ name: 'b' }), await Group.prepareGuest({ name: 'c' })];
    const shared = await signed(second, { initKey: first.publicPackage.initKey });
    assert.equal(
      await codeOf(room.host.group.change({ add: [first.encoded, shared], remove: [] })),
      'admission-failed',
    );
    await room.add('d');
    await room.isWhole();
  });

  it('refuses a signature key that was ever in it, of a member and of a former one', async () => {
    const room = await roomOf('mia', 'tom');
    const again = async (): Promise<Bytes> =>
      signed({ ...(await Group.prepareGuest({ name: 'mia' })), leafKey: room.packages.get('mia')!.leafKey });
    const leaf = room.members.get('mia')!.ownLeaf;
    assert.equal(await codeOf(room.host.group.change({ add: [await again()], remove: [leaf] })), 'admission-failed');
    await room.remove('mia');
    assert.equal(await codeOf(room.host.group.change({ add: [await again()], remove: [] })), 'admission-failed');
    await room.isWhole();
  });

  it('refuses the host’s own keys, and keys of parent nodes', async () => {
    const room = await roomOf('a', 'b');
    const guest = await knock(room.host, 'c');
    const opens = { ...guest.own.privatePackage, initPrivateKey: copyBytes(guest.own.privatePackage.initPrivateKey) };
    const { welcome } = await room.host.group.change({ add: [guest.opened.keyPackage], remove: [] });
    const tree = await treeOf(room.host, { ...guest.own, privatePackage: opens }, welcome);
    const inner = tree.flatMap((node) => (node?.nodeType === 'parent' ? [node.parent.hpkePublicKey] : []));
    assert.ok(inner.length > 0);
    const own = await Group.prepareGuest({ name: 'd' });
    for (const evil of [
      await signed({ ...own, leafKey: room.host.group.leafKey }),
      ...(await Promise.all(inner.map((hpkePublicKey) => signed(own, { hpkePublicKey })))),
      ...(await Promise.all(inner.map((initKey) => signed(own, { initKey })))),
    ])
      assert.equal(await codeOf(room.host.group.change({ add: [evil], remove: [] })), 'admission-failed');
    // With each commit the host's leaf has another key. Found at the knock, before anybody is asked.
    const leaf = tree[2 * room.host.group.ownLeaf];
    assert.ok(leaf?.nodeType === 'leaf');
    const { hpkePublicKey } = leaf.leaf;
    const { keyPackage } = await readKeyPackage(await signed(own, { hpkePublicKey }), await createSuite());
    assert.throws(() => room.host.group.checkFresh(keyPackage), { code: 'admission-failed' });
  });

  it('drops every commit of a member, and follows the host’s next one', async () => {
    const room = await roomOf('mia');
    const [mia, { host }] = [room.members.get('mia')!, room];
    const mallory = await knock(host, 'mallory');
    const change = await host.group.change({ add: [mallory.opened.keyPackage], remove: [] });
    await room.deliver(change.commit);
    const [suite, psk] = [await createSuite(), await roomPsk(host.keys, host.group.groupId)];
    const message = decodeMlsMessage(change.welcome, 0)?.[0];
    assert.equal(message?.wireformat, 'mls_welcome');
    const { publicPackage, privatePackage } = mallory.own;
    // The library alone, without any of our rules.
    const state = await joinGroup(
      message.welcome,
      publicPackage,
      privatePackage,
      psk,
      suite,
      undefined,
      undefined,
      CLIENT_CONFIG,
    );
    const ghost = await Group.prepareGuest({ name: 'ghost' });
    const pskId = { psktype: 'external' as const, pskId: ROOM_PSK_ID, pskNonce: random(48) };
    const proposals: readonly (readonly Proposal[])[] = [
      [],
      [{ proposalType: 'remove', remove: { removed: host.group.ownLeaf } }],
      [{ proposalType: 'remove', remove: { removed: mia.ownLeaf } }],
      [
        { proposalType: 'add', add: { keyPackage: ghost.publicPackage } },
        { proposalType: 'psk', psk: { preSharedKeyId: pskId } },
      ],
    ];
    for (const extraProposals of proposals) {
      const context = { state, cipherSuite: suite, pskIndex: psk };
      const { commit } = await createCommit(context, { extraProposals: [...extraProposals] });
      for (const group of [host.group, mia]) {
        const received = await group.receive(copyBytes(encodeMlsMessage(commit)));
        assert.deepEqual(
          received.map(({ kind }) => kind),
          ['dropped'],
        );
      }
    }
    await room.add('tom');
    await room.isWhole();
  });

  it('tells a page that it was replaced when its leaf is filled again by the same commit', async () => {
    const room = await roomOf('mia', 'tom');
    const old = room.members.get('mia')!;
    const guest = await knock(room.host, 'mia');
    const change = await room.host.group.change({ add: [guest.opened.keyPackage], remove: [old.ownLeaf] });
    assert.deepEqual(
      (await old.receive(change.commit)).map(({ kind }) => kind),
      ['removed'],
    );
    const [application] = await room.host.group.receive(await old.protect(utf8('still here')));
    assert.equal(application?.kind, 'late');
  });

  for (const [how, missing] of [
    ['cannot be loaded', () => Promise.reject(new ConsultError('part-unavailable'))],
    ['is on its way without end', part(() => new Promise<never>(() => undefined))],
  ] as const)
    it(`stays in its epoch while the code that checks a commit ${how}, and follows the same commit later`, async (t) => {
      t.mock.timers.enable({ apis: ['setTimeout'] });
      const room = await roomOf('mia');
      const mia = room.members.get('mia')!;
      const { epoch } = mia;
      const guest = await knock(room.host, 'tom');
      const { commit } = await room.host.group.change({ add: [guest.opened.keyPackage], remove: [] });
      let received = Promise.resolve('');
      await new Promise<void>((asked) => {
        received = codeOf(
          mia.receive(commit, () => {
            asked();
            return missing();
          }),
        );
      });
      t.mock.timers.tick(PATIENCE);
      assert.equal(await received, 'part-unavailable');
      assert.equal(mia.epoch, epoch);
      const kinds = (await mia.receive(commit)).map(({ kind }) => kind);
      assert.deepEqual([kinds, mia.epoch], [['epoch'], epoch + 1n]);
    });

  it('gives another device or name another identity, also under the same signature key', async () => {
    const suite = await createSuite();
    const [mia, other, renamed] = [
      await Group.prepareGuest({ name: 'Mia' }),
      await Group.prepareGuest({ name: 'Mia' }),
      await Group.prepareGuest({ name: 'Tom' }),
    ];
    const identities = new Set<string>();
    for (const own of [mia, { ...other, leafKey: mia.leafKey }, { ...renamed, leafKey: mia.leafKey }]) {
      const { identity, signatureKey } = await readKeyPackage(await signed(own), suite);
      assert.deepEqual(signatureKey, mia.leafKey.publicKey);
      identities.add(identity.join());
    }
    assert.equal(identities.size, 3);
  });

  it('knows a member by the identity of its knock', async () => {
    const host = await openRoom();
    await letIn(host, 'Mia');
    const [mia] = host.group.members.filter(({ isHost }) => !isHost);
    const other = await knock(host, 'Mia');
    assert.notDeepEqual(other.opened.info.identity, mia?.identity);
    const change = await host.group.change({ add: [other.opened.keyPackage], remove: [mia!.leaf] });
    const joined = await join(joinOptions(host, other, await sign(host, other, change)));
    assert.deepEqual(
      joined.members.find(({ isHost }) => !isHost)?.identity,
      other.opened.info.identity,
      'the knock names the member',
    );
    assert.deepEqual(joined.members, host.group.members);
  });
});
