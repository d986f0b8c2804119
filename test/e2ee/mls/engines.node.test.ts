/**
 * People of one group have different browsers. What one engine takes and another does not, a member could use to make part of a group drop
 * the host's commit: keys in other encodings, and names that depend on the version of Unicode.
 */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Credential } from 'ts-mls';
import { encodeKeyPackage, signKeyPackage } from 'ts-mls/keyPackage.js';
import { signLeafNodeKeyPackage } from 'ts-mls/leafNode.js';
import { createDelegation, verifyDelegation } from '../../../src/e2ee/admission/delegation.ts';
import { generateHostKey } from '../../../src/e2ee/admission/host-key.ts';
import { concat, copyBytes, random, utf8, type Bytes } from '../../../src/e2ee/bytes.ts';
import { CLIENT_CONFIG } from '../../../src/e2ee/mls/group-config.ts';
import { readKeyPackage } from '../../../src/e2ee/mls/key-package.ts';
import { generateLeafKey, signRaw, verifyRaw } from '../../../src/e2ee/mls/leaf-key.ts';
import { createSuite } from '../../../src/e2ee/mls/suite.ts';
import { Group } from '../../../src/e2ee/mls/group.ts';
import { NAME_LIMIT } from '../../../src/util/clean-name.ts';
import { toBase64Url } from '../../../src/util/base64url.ts';
import { parseClientMessage } from '../../../src/wire/wire.ts';
import { codeOf, joinOptions, knock, openRoom, sign } from '../people.ts';
import { join } from '../../../src/e2ee/admission/join.ts';

/** The same point in the encodings of SEC 1 §2.3.3 and X9.62 §4.3.6 that engines disagree about. */
function otherEncodings(point: Bytes): Readonly<Record<string, Bytes>> {
  const odd = (point.at(-1) ?? 0) & 1;
  return {
    compressed: concat(Uint8Array.of(2 + odd), point.subarray(1, 49)),
    hybrid: concat(Uint8Array.of(6 + odd), point.subarray(1)),
    longer: concat(point, Uint8Array.of(0)),
    bare: copyBytes(point.subarray(1)),
    infinity: Uint8Array.of(0),
  };
}

/** A DER TLV of less than 128 bytes. */
const der = (tag: number, ...parts: readonly Uint8Array[]): Bytes => {
  const content = concat(...parts);
  return concat(Uint8Array.of(tag, content.length), content);
};

/** SubjectPublicKeyInfo of RFC 5480 with the given bytes as its point. */
const spkiOf = (point: Bytes): Bytes => {
  const ec = Uint8Array.of(0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01);
  const p384 = Uint8Array.of(0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22);
  return der(0x30, der(0x30, ec, p384), der(0x03, Uint8Array.of(0), point));
};

describe('keys that engines import differently', () => {
  it('verify nothing as a leaf key, and do not get through the door in a key package', async () => {
    const suite = await createSuite();
    const key = await generateLeafKey();
    const content = utf8('content');
    const signature = await signRaw(key.pkcs8, content);
    assert.equal(await verifyRaw(key.publicKey, content, signature), true);
    const { publicPackage } = await Group.prepareGuest({ name: 'Mia' });
    const { signature: _leaf, ...leaf } = publicPackage.leafNode;
    const { signature: _package, ...rest } = publicPackage;
    const packageUnder = async (signaturePublicKey: Bytes): Promise<Bytes> => {
      const leafNode = await signLeafNodeKeyPackage({ ...leaf, signaturePublicKey }, key.pkcs8, suite.signature);
      return copyBytes(encodeKeyPackage(await signKeyPackage({ ...rest, leafNode }, key.pkcs8, suite.signature)));
    };
    assert.equal((await readKeyPackage(await packageUnder(key.publicKey), suite)).name, 'Mia');
    for (const [encoding, point] of Object.entries(otherEncodings(key.publicKey))) {
      assert.equal(await verifyRaw(point, content, signature), false, encoding);
      assert.equal(
        await codeOf(packageUnder(point).then((encoded) => readKeyPackage(encoded, suite))),
        'message-invalid',
        encoding,
      );
    }
  });

  it('name no delegate, and are no message to the server', async () => {
    const { privateKey, publicKey } = await generateHostKey();
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
    const point = copyBytes(spki.subarray(-97));
    assert.deepEqual(spkiOf(point), spki);
    const roomId = random(48);
    const named = async (delegate: Bytes): Promise<Bytes> => {
      const rest = { kind: 'now', leafKey: random(97), since: 1 } as const;
      const { encoded } = await createDelegation({ ...rest, hostKey: privateKey, roomId, spki: delegate });
      return (await verifyDelegation({ encoded, roomId, root: spki })).spki;
    };
    assert.deepEqual(await named(spki), spki);
    const text = (bytes: Uint8Array, length: number): string => toBase64Url(bytes).padEnd(length, 'A');
    const message = (key: Uint8Array): string =>
      JSON.stringify({
        type: 'join',
        version: 1,
        role: 'host',
        room: 'A'.repeat(64),
        spki: text(key, 0),
        roomTag: 'A'.repeat(43),
        expires: 1,
        since: 0,
      });
    parseClientMessage(message(spki));
    const long = concat(Uint8Array.of(0x30, 0x81, 0x76), spki.subarray(2));
    const others = { ...otherEncodings(point), long, trailing: spki };
    for (const [encoding, bytes] of Object.entries(others)) {
      const other =
        encoding === 'long' ? bytes : encoding === 'trailing' ? concat(spki, Uint8Array.of(0)) : spkiOf(bytes);
      assert.equal(await codeOf(named(other)), 'message-invalid', encoding);
      assert.throws(() => parseClientMessage(message(other)), { code: 'message-invalid' }, encoding);
    }
  });
});

describe('names that engines know differently', () => {
  /** From now on, this engine takes the text for no name. */
  const unlearn = (t: TestContext, text: string): void => {
    const normalize = String.prototype.normalize;
    t.mock.method(String.prototype, 'normalize', function other(this: string, form?: string) {
      return normalize.call(this.replace(text, 'Mi'), form);
    });
  };

  it('are the host’s to refuse: a member follows its commit, and shows what it knows of them', async (t) => {
    const host = await openRoom();
    const bea = await knock(host, 'Bea');
    const first = await host.group.change({ add: [bea.opened.keyPackage], remove: [] });
    const group = await join(joinOptions(host, bea, await sign(host, bea, first)));
    const mia = await knock(host, 'Mia');
    const { commit } = await host.group.change({ add: [mia.opened.keyPackage], remove: [] });
    unlearn(t, 'Mia');
    assert.equal(await codeOf(knock(host, 'Mia')), 'argument-invalid');
    const received = await group.receive(commit);
    assert.deepEqual(
      received.map(({ kind }) => kind),
      ['epoch'],
    );
    assert.equal(group.epoch, host.group.epoch);
    assert.deepEqual(group.members.map(({ name }) => name).toSorted(), ['Bea', 'Beratung', 'Mi']);
  });

  it('pass as a credential by what is the same everywhere: the kind, the encoding and the length', async () => {
    const accepts = (credential: Credential) =>
      CLIENT_CONFIG.authService.validateCredential(credential, new Uint8Array(97));
    const named = (identity: Uint8Array) => accepts({ credentialType: 'basic', identity });
    for (const text of ['Mia', '\u200B', 'Mia \u{1ACF}', '✅ Mia', 'M'.repeat(NAME_LIMIT), '\u0915\u094D\u200D\uA7CE'])
      assert.equal(await named(utf8(text)), true, JSON.stringify(text));
    for (const bytes of [
      utf8(''),
      utf8('M'.repeat(NAME_LIMIT + 1)),
      Uint8Array.of(0xff),
      Uint8Array.of(0xed, 0xa0, 0x80),
    ])
      assert.equal(await named(bytes), false, bytes.join());
    assert.equal(await accepts({ credentialType: 'x509', certificates: [utf8('Mia')] }), false);
  });
});
