/** protocol.md §2 to §4 and §9: the door. Every rule with the attack that it closes. */
import { expect } from '@open-wc/testing';
import { fc } from '../../support/property.ts';
import { concat, copyBytes, random, sha384, u64, utf8 } from '../../../src/e2ee/bytes.ts';
import { Group } from '../../../src/e2ee/mls/group.ts';
import { signHost, verifyHost } from '../../../src/e2ee/admission/host-key.ts';
import { join } from '../../../src/e2ee/admission/join.ts';
import { acceptsRank, createHello, verifyHello } from '../../../src/e2ee/admission/hello.ts';
import { openKnock, sealKnock } from '../../../src/e2ee/admission/knock.ts';
import { rememberAdmission } from '../../../src/e2ee/admission/admit-signature.ts';
import { readKeyPackage } from '../../../src/e2ee/mls/key-package.ts';
import { isName } from '../../../src/util/clean-name.ts';
import { createSuite } from '../../../src/e2ee/mls/suite.ts';
import { codeOf, joinOptions, knock, openRoom, sign } from '../people.ts';

const RUNS = { numRuns: 40 };

describe('the host hello', () => {
  it('is refused when another key signed it, so that a server cannot play the host', async () => {
    const [host, stranger] = [await openRoom(), await openRoom()];
    const { thumb } = host.guestInvite;
    const { roomId } = host.keys;
    const strangers = {
      encoded: stranger.hello.encoded,
      spki: stranger.invite.hostSpki!,
      delegation: null,
      thumb,
      roomId,
    };
    expect(await codeOf(verifyHello(strangers))).to.equal('host-not-proven');
    expect(await codeOf(verifyHello({ ...strangers, spki: host.invite.hostSpki! }))).to.equal('host-not-proven');
  });

  it('is valid for its room alone, and with no bit changed', async () => {
    const host = await openRoom();
    const { thumb } = host.guestInvite;
    const options = { spki: host.invite.hostSpki!, delegation: null, thumb, roomId: host.keys.roomId };
    expect(await codeOf(verifyHello({ ...options, encoded: host.hello.encoded, roomId: random(48) }))).to.equal(
      'host-not-proven',
    );
    for (let index = 4; index < host.hello.encoded.length; index += 37) {
      const encoded = copyBytes(host.hello.encoded);
      encoded[index] = (encoded[index] ?? 0) ^ 0x01;
      expect(await codeOf(verifyHello({ ...options, encoded }))).to.be.oneOf(['host-not-proven', 'message-invalid']);
    }
  });

  it('is ignored when its incarnation is older or far in the future', () => {
    const now = 1_000_000_000;
    const at = (incarnation: number) => ({ since: 0, incarnation });
    expect(acceptsRank(at(now), { last: null, now })).to.equal(true);
    expect(acceptsRank(at(now), { last: at(now), now })).to.equal(false);
    expect(acceptsRank(at(now - 1), { last: at(now), now })).to.equal(false);
    expect(acceptsRank(at(now + 1), { last: at(now), now })).to.equal(true);
    expect(acceptsRank(at(now + 6 * 60_000), { last: null, now })).to.equal(false);
  });

  it('[R6] is ignored when another host leads since later, and when it claims a time far in the future', () => {
    const now = 1_000_000_000;
    const last = { since: now - 10, incarnation: now - 10 };
    expect(acceptsRank({ since: 0, incarnation: now }, { last, now })).to.equal(false);
    expect(acceptsRank({ since: now - 9, incarnation: now - 20 }, { last, now })).to.equal(true);
    expect(acceptsRank({ since: now + 6 * 60_000, incarnation: now }, { last, now })).to.equal(false);
  });

  it('is refused with a signature of another purpose', async () => {
    const host = await openRoom();
    const fields = [utf8('same'), utf8('fields')];
    const purposes = ['server auth', 'host hello', 'admit', 'refuse'] as const;
    for (const made of purposes) {
      const signature = await signHost(host.invite.hostKey!, made, fields);
      for (const read of purposes)
        expect(await verifyHost(host.invite.hostSpki!, read, fields, signature)).to.equal(made === read);
    }
  });
});

describe('the knock', () => {
  it('reveals its name to the proven host alone', async () => {
    const host = await openRoom();
    const { opened, sealed } = await knock(host, 'Mia Sonnenschein');
    expect(opened.info.name).to.equal('Mia Sonnenschein');
    expect(new TextDecoder('latin1').decode(sealed)).to.not.include('Sonnenschein');
  });

  it('cannot be opened by another host session or with another nonce', async () => {
    const [host, other] = [await openRoom(), await openRoom()];
    const { sealed, guestNonce } = await knock(host, 'Mia');
    const root = host.invite.hostSpki!;
    const { roomId } = host.keys;
    expect(await codeOf(openKnock({ hello: other.hello, roomId, guestNonce, sealed, root }))).to.equal(
      'message-invalid',
    );
    expect(await codeOf(openKnock({ hello: host.hello, roomId, guestNonce: random(32), sealed, root }))).to.equal(
      'message-invalid',
    );
  });

  it('refuses any bytes with a documented error', async () => {
    const host = await openRoom();
    const options = {
      hello: host.hello,
      roomId: host.keys.roomId,
      guestNonce: random(32),
      root: host.invite.hostSpki!,
    };
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4000 }), async (sealed) => {
        expect(await codeOf(openKnock({ ...options, sealed }))).to.equal('message-invalid');
      }),
      RUNS,
    );
  });

  it('is refused with a damaged key package, a foreign suite or a disguised name', async () => {
    const suite = await createSuite();
    const { encoded } = await Group.prepareGuest({ name: 'Mia' });
    for (let index = 0; index < encoded.length; index += 101) {
      const damaged = copyBytes(encoded);
      damaged[index] = (damaged[index] ?? 0) ^ 0x04;
      expect(await codeOf(readKeyPackage(damaged, suite))).to.equal('message-invalid');
    }
    expect(await codeOf(readKeyPackage(concat(encoded, utf8('x')), suite))).to.equal('message-invalid');
    expect(await codeOf(readKeyPackage(new Uint8Array(17_000), suite))).to.equal('message-invalid');
    for (const name of ['', ' Mia', 'Mia\u202Etsoh', 'Mia\nTom', 'x'.repeat(65), 'Mi\u0061\u0301'.normalize('NFD')])
      expect(isName(name)).to.equal(false);
    expect(isName('Lea-Sophie 🌻')).to.equal(true);
  });

  it('[R6] proves a returning guest, and no other can prove it', async () => {
    const host = await openRoom();
    const guest = await knock(host, 'Mia');
    const change = await host.group.change({ add: [guest.opened.keyPackage], remove: [] });
    const admission = await sign(host, guest, change);
    await join(joinOptions(host, guest, admission));
    const credentials = await rememberAdmission({
      hello: guest.hello,
      guestNonce: guest.guestNonce,
      own: guest.own,
      admission,
    });
    const again = await Group.prepareGuest({ name: 'Mia' });
    const back = async (shown: typeof credentials) => {
      const guestNonce = random(32);
      const sealed = await sealKnock({
        hello: guest.hello,
        roomId: host.keys.roomId,
        guestNonce,
        own: again,
        credentials: shown,
      });
      return (
        await openKnock({
          hello: host.hello,
          roomId: host.keys.roomId,
          guestNonce,
          sealed,
          root: host.invite.hostSpki!,
        })
      ).proven;
    };
    expect(await back(credentials)).to.deep.equal({ leafKey: guest.own.leafKey.publicKey, name: 'Mia' });
    // Somebody who saw the admission but holds another key; and somebody with an admission of their own making.
    expect(await back({ ...credentials, leafKey: again.leafKey })).to.equal(null);
    expect(await back({ ...credentials, admission: { ...credentials.admission, epoch: 7n } })).to.equal(null);
  });
});

describe('the admission', () => {
  async function admitted() {
    const host = await openRoom();
    const guest = await knock(host, 'Mia');
    const change = await host.group.change({ add: [guest.opened.keyPackage], remove: [] });
    return { host, guest, change };
  }

  it('opens the group for its addressee', async () => {
    const { host, guest, change } = await admitted();
    const group = await join(joinOptions(host, guest, await sign(host, guest, change)));
    expect(group.members.map(({ name, isHost }) => [name, isHost])).to.deep.equal([
      ['Beratung', true],
      ['Mia', false],
    ]);
  });

  it('is refused without cost when signed over another nonce, group, epoch, session, room or Welcome', async () => {
    const { host, guest, change } = await admitted();
    for (const wrong of [
      { guestNonce: random(32) },
      { ref: random(48) },
      { groupId: random(32) },
      { epoch: 9n },
      { hostSession: random(16) },
      { roomId: random(48) },
      { welcomeHash: random(48) },
    ])
      expect(await codeOf(join(joinOptions(host, guest, await sign(host, guest, change, wrong))))).to.equal(
        'host-not-proven',
      );
    await join(joinOptions(host, guest, await sign(host, guest, change)));
  });

  it('is refused when not signed by the host', async () => {
    const { host, guest, change } = await admitted();
    const stranger = await openRoom();
    expect(
      await codeOf(join(joinOptions(host, guest, await sign({ ...host, invite: stranger.invite }, guest, change)))),
    ).to.equal('host-not-proven');
  });

  it('is valid once: one key package, one attempt', async () => {
    const { host, guest, change } = await admitted();
    const options = joinOptions(host, guest, await sign(host, guest, change));
    await join(options);
    expect(await codeOf(join(options))).to.equal('admission-invalid');
    expect(guest.own.privatePackage.initPrivateKey.every((byte) => byte === 0)).to.equal(true);
  });

  it('opens nothing with another guest’s, an old or a damaged Welcome', async () => {
    const { host, guest } = await admitted();
    const other = await knock(host, 'Tom');
    const change = await host.group.change({ add: [other.opened.keyPackage], remove: [] });
    expect(await codeOf(join(joinOptions(host, guest, await sign(host, guest, change))))).to.equal('admission-invalid');
    const damaged = copyBytes(change.welcome);
    damaged[damaged.length - 20] = (damaged.at(-20) ?? 0) ^ 0x01;
    expect(
      await codeOf(join(joinOptions(host, other, await sign(host, other, { ...change, welcome: damaged })))),
    ).to.equal('admission-invalid');
  });

  it('is refused when the group’s signer is not the leaf of the hello', async () => {
    // A host key in two hands: the hello of one session, a group of another.
    const host = await openRoom();
    const group = await Group.found({ roomKeys: host.keys, name: 'Beratung' });
    const hello = await createHello({
      authority: { key: host.invite.hostKey!, root: host.invite.hostSpki!, delegation: null },
      roomId: host.keys.roomId,
      groupId: group.groupId,
      leafPublicKey: host.group.leafKey.publicKey,
      incarnation: Date.now(),
      since: 0,
    });
    const elsewhere = { ...host, group, hello };
    const guest = await knock(elsewhere, 'Mia');
    const change = await group.change({ add: [guest.opened.keyPackage], remove: [] });
    expect(await codeOf(join(joinOptions(elsewhere, guest, await sign(elsewhere, guest, change))))).to.equal(
      'admission-invalid',
    );
  });

  it('opens nothing without the room’s secret, because the PSK is part of the keys', async () => {
    const { host, guest, change } = await admitted();
    const psk = async (): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(48);
    const options = { ...joinOptions(host, guest, await sign(host, guest, change)), roomKeys: { ...host.keys, psk } };
    expect(await codeOf(join(options))).to.equal('admission-invalid');
  });
});

it('signs the lengths of its fields', async () => {
  const host = await openRoom();
  const signature = await signHost(host.invite.hostKey!, 'admit', [utf8('ab'), utf8('c')]);
  expect(await verifyHost(host.invite.hostSpki!, 'admit', [utf8('a'), utf8('bc')], signature)).to.equal(false);
  expect((await sha384(u64(1n))).length).to.equal(48);
});
