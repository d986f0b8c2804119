/** What reaches the group and the door (protocol.md §3 to §5): MLS messages, knocks, key packages, admissions. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { fc } from '../support/property.ts';
import { encodeKeyPackage, signKeyPackage } from 'ts-mls/keyPackage.js';
import { signLeafNodeKeyPackage } from 'ts-mls/leafNode.js';
import { copyBytes, equal, random, utf8, type Bytes } from '../../src/e2ee/bytes.ts';
import { Group } from '../../src/e2ee/mls/group.ts';
import { join } from '../../src/e2ee/admission/join.ts';
import { readKeyPackage } from '../../src/e2ee/mls/key-package.ts';
import { openKnock } from '../../src/e2ee/admission/knock.ts';
import { verifyHello } from '../../src/e2ee/admission/hello.ts';
import { createSuite } from '../../src/e2ee/mls/suite.ts';
import { joinOptions, knock, letIn, openRoom, sign, type Host } from '../e2ee/people.ts';
import { codeOf, mutate, mutations, runs } from './fuzz.ts';

describe('fuzz: the group', () => {
  let host: Host;
  let mia: Group;

  before(async () => {
    host = await openRoom();
    mia = await letIn(host, 'Mia');
  });

  it('drops any damaged message and reads the next one', async () => {
    await fc.assert(
      fc.asyncProperty(mutations, fc.uint8Array({ maxLength: 60 }), async (changes, words) => {
        const message = await mia.protect(words);
        const damaged = mutate(message, changes);
        const received = await host.group.receive(damaged);
        if (!equal(damaged, message))
          for (const { kind } of received) assert.ok(['dropped', 'late', 'pending'].includes(kind), kind);
        const [last] = await host.group.receive(message);
        assert.ok(last?.kind === 'application' || last?.kind === 'late');
      }),
      runs(60),
    );
  });

  it('drops any bytes and stays in its epoch', async () => {
    const { epoch } = host.group;
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        for (const { kind } of await host.group.receive(bytes)) assert.equal(kind, 'dropped');
        assert.equal(host.group.epoch, epoch);
      }),
      runs(200),
    );
  });

  it('drops a damaged commit and accepts the intact one', async () => {
    const guest = await knock(host, 'Tom');
    const { commit } = await host.group.change({ add: [guest.opened.keyPackage], remove: [] });
    await fc.assert(
      fc.asyncProperty(mutations, async (changes) => {
        const damaged = mutate(commit, changes);
        if (equal(damaged, commit)) return;
        for (const { kind } of await mia.receive(damaged))
          assert.ok(['dropped', 'late', 'pending'].includes(kind), kind);
      }),
      runs(60),
    );
    assert.equal((await mia.receive(commit))[0]?.kind, 'epoch');
  });
});

describe('fuzz: admission', () => {
  it('refuses a damaged hello', async () => {
    const host = await openRoom();
    const options = { thumb: host.guestInvite.thumb, roomId: host.keys.roomId };
    await fc.assert(
      fc.asyncProperty(mutations, fc.boolean(), async (changes, key) => {
        const encoded = key ? host.hello.encoded : mutate(host.hello.encoded, changes);
        const spki = key ? mutate(host.invite.hostSpki!, changes) : host.invite.hostSpki!;
        if (equal(encoded, host.hello.encoded) && equal(spki, host.invite.hostSpki!)) return;
        assert.match(
          await codeOf(() => verifyHello({ ...options, encoded, spki, delegation: null })),
          /^(?:host-not-proven|message-invalid)$/u,
        );
      }),
      runs(200),
    );
  });

  it('refuses a damaged knock', async () => {
    const host = await openRoom();
    const { sealed, guestNonce } = await knock(host, 'Mia');
    const options = { hello: host.hello, roomId: host.keys.roomId, guestNonce, root: host.invite.hostSpki! };
    await fc.assert(
      fc.asyncProperty(mutations, async (changes) => {
        const damaged = mutate(sealed, changes);
        if (equal(damaged, sealed)) return;
        assert.equal(await codeOf(() => openKnock({ ...options, sealed: damaged })), 'message-invalid');
      }),
      runs(60),
    );
  });

  it('refuses a damaged key package', async () => {
    const suite = await createSuite();
    const { encoded } = await Group.prepareGuest({ name: 'Mia' });
    await fc.assert(
      fc.asyncProperty(mutations, async (changes) => {
        const damaged = mutate(encoded, changes);
        if (equal(damaged, encoded)) return;
        assert.equal(await codeOf(() => readKeyPackage(damaged, suite)), 'message-invalid');
      }),
      runs(100),
    );
  });

  it('refuses a key package of an attacker, unless it can be added', async () => {
    const suite = await createSuite();
    const poison: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc.record(
      {
        hpkePublicKey: fc.oneof(
          fc.uint8Array({ maxLength: 40 }),
          fc.constant<Bytes>(new Uint8Array(1665)),
          fc.constant('init'),
        ),
        capabilities: fc.record({
          versions: fc.constantFrom(['mls10'], []),
          ciphersuites: fc.constantFrom(['61444'], ['MLS_256_DHKEMP384_AES256GCM_SHA384_P384'], []),
          extensions: fc.constantFrom([], [5]),
          proposals: fc.constantFrom([], [7]),
          credentials: fc.constantFrom(['basic'], ['x509'], []),
        }),
        lifetime: fc.constantFrom({ notBefore: 0n, notAfter: 1n }, { notBefore: 1n << 62n, notAfter: 1n << 62n }),
        credential: fc
          .string({ maxLength: 80, unit: 'binary' })
          .map((name) => ({ credentialType: 'basic', identity: utf8(name) })),
        initKey: fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constant<Bytes>(new Uint8Array(1665))),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(poison, async ({ initKey, ...leaf }) => {
        const { publicPackage, leafKey } = await Group.prepareGuest({ name: 'Mallory' });
        const { leafNode } = publicPackage;
        const { hpkePublicKey } = leaf;
        const tbs = {
          ...leafNode,
          ...leaf,
          ...(hpkePublicKey === 'init' ? { hpkePublicKey: publicPackage.initKey } : {}),
        } as typeof leafNode;
        const signed = await signLeafNodeKeyPackage(tbs, leafKey.pkcs8, suite.signature);
        const whole = { ...publicPackage, leafNode: signed, ...(initKey ? { initKey: initKey as Uint8Array } : {}) };
        const encoded = copyBytes(encodeKeyPackage(await signKeyPackage(whole, leafKey.pkcs8, suite.signature)));
        const code = await codeOf(() => readKeyPackage(encoded, suite));
        assert.match(code, /^(?:none|message-invalid)$/u);
        if (code !== 'none') return;
        const host = await openRoom();
        await host.group.change({ add: [encoded], remove: [] });
      }),
      runs(40),
    );
  });

  it('opens nothing with a damaged Welcome, signed or not', async () => {
    const host = await openRoom();
    await fc.assert(
      fc.asyncProperty(mutations, fc.boolean(), async (changes, isSigned) => {
        const guest = await knock(host, 'Mia');
        const change = await host.group.change({ add: [guest.opened.keyPackage], remove: [] });
        const welcome = mutate(change.welcome, changes);
        const admission = isSigned
          ? await sign(host, guest, { ...change, welcome })
          : { ...(await sign(host, guest, change)), welcome };
        const code = await codeOf(() => join(joinOptions(host, guest, admission)));
        if (equal(welcome, change.welcome)) assert.equal(code, 'none');
        else assert.match(code, isSigned ? /^(?:admission-invalid|none)$/u : /^host-not-proven$/u);
        // The room stays small.
        await host.group.change({ add: [], remove: [host.group.members.at(-1)!.leaf] });
      }),
      runs(15),
    );
  });

  it('refuses an answer of any bytes', async () => {
    const host = await openRoom();
    const guest = await knock(host, 'Mia');
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.uint8Array({ maxLength: 120 }),
        async (welcome, signature) => {
          const admission = { welcome, epoch: 1n, ref: random(48), signature };
          assert.equal(await codeOf(() => join(joinOptions(host, guest, admission))), 'host-not-proven');
        },
      ),
      runs(100),
    );
  });
});
