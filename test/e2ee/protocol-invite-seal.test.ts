/** protocol.md §1 and §8: invites and seals. */
import { expect } from '@open-wc/testing';
import { fc } from '../support/property.ts';
import { fromBase64Url, toBase64Url } from '../../src/util/base64url.ts';
import { copyBytes, equal, random, utf8 } from '../../src/e2ee/bytes.ts';
import { createInvite, deriveRoom, parseInvite, roomIdOf } from '../../src/e2ee/admission/invite-token.ts';
import { LENGTH_CLASSES } from '../../src/e2ee/padding.ts';
import { Seal } from '../../src/e2ee/seal.ts';
import { codeOf, ORIGIN } from './people.ts';

const make = (expires = new Date(Date.now() + 3_600_000)) => createInvite({ base: `${ORIGIN}/room?x=1#old`, expires });
const hash = (link: string): string => new URL(link).hash;

describe('an invite', () => {
  it('names the same room for both sides, and gives the key to the host alone', async () => {
    const { hostLink, guestLink } = await make();
    const [host, guest] = [
      await parseInvite(hash(hostLink), { origin: ORIGIN }),
      await parseInvite(hash(guestLink), { origin: ORIGIN }),
    ];
    const [a, b] = [await deriveRoom(host), await deriveRoom(guest)];
    expect(equal(a.roomId, b.roomId) && equal(a.sealRoot, b.sealRoot)).to.equal(true);
    expect(equal(await a.psk(utf8('g')), await b.psk(utf8('g')))).to.equal(true);
    expect([host.role, guest.role, guest.hostKey]).to.deep.equal(['host', 'guest', undefined]);
    expect(host.hostKey?.extractable).to.equal(false);
    // What the server recomputes from what the host shows it.
    expect(equal(await roomIdOf(host.hostSpki!, a.roomTag, Math.floor(host.expires / 1000)), a.roomId)).to.equal(true);
  });

  it('keeps its secret in the fragment and the rest of the link unchanged', async () => {
    const { guestLink, hostLink } = await make();
    for (const link of [guestLink, hostLink]) {
      const url = new URL(link);
      expect(`${url.origin}${url.pathname}${url.search}`).to.equal(`${ORIGIN}/room?x=1`);
      expect(url.hash).to.match(/^#consult=[\w-]+$/u);
    }
  });

  it('is damaged when any character is changed or missing', async () => {
    const { guestLink, hostLink } = await make();
    for (const link of [guestLink, hostLink]) {
      const token = hash(link);
      for (let index = 9; index < token.length; index += 5) {
        const other = token[index] === 'A' ? 'B' : 'A';
        const changed = token.slice(0, index) + other + token.slice(index + 1);
        expect(await codeOf(parseInvite(changed, { origin: ORIGIN }))).to.equal('invite-damaged');
        expect(await codeOf(parseInvite(token.slice(0, index), { origin: ORIGIN }))).to.be.oneOf([
          'invite-damaged',
          'invite-missing',
        ]);
      }
    }
  });

  it('has its own error when it is expired, of another site or missing', async () => {
    const past = hash((await make(new Date(Date.now() - 1000))).guestLink);
    const { guestLink } = await make();
    expect(await codeOf(parseInvite(past, { origin: ORIGIN }))).to.equal('invite-expired');
    expect(await codeOf(parseInvite(hash(guestLink), { origin: 'https://other.example' }))).to.equal('invite-foreign');
    for (const nothing of ['', '#', '#kontakt', '#other=1', '#consult='])
      expect(await codeOf(parseInvite(nothing, { origin: ORIGIN }))).to.equal('invite-missing');
  });

  it('parses any text to an invite or a documented error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 300 }), async (text) => {
        expect(await codeOf(parseInvite(`#consult=${text}`, { origin: ORIGIN }))).to.match(/^invite-/u);
      }),
      { numRuns: 200 },
    );
  });

  it('has one base64url spelling per byte string', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => equal(fromBase64Url(toBase64Url(bytes)), bytes)),
    );
    for (const bad of ['A', 'AB', 'AAA=', 'A A', 'ÄÄ']) expect(() => fromBase64Url(bad)).to.throw();
  });
});

describe('a seal', () => {
  async function room() {
    const { guestLink } = await make();
    const keys = await deriveRoom(await parseInvite(hash(guestLink), { origin: ORIGIN }));
    return { keys, alice: new Seal(keys), bob: new Seal(keys), carol: new Seal(keys) };
  }

  it('is opened by its addressee and by no other session', async () => {
    const { alice, bob, carol } = await room();
    const envelope = await alice.seal(3, bob.session, utf8('hallo'));
    expect(await carol.open(envelope)).to.deep.equal({ kind: 'other' });
    expect(await bob.open(envelope)).to.deep.equal({
      kind: 'opened',
      type: 3,
      sender: alice.session,
      plaintext: utf8('hallo'),
    });
  });

  it('is not opened when replayed, reordered, changed anywhere or of another room', async () => {
    const { alice, bob } = await room();
    const [first, second] = [await alice.seal(1, 'everyone', utf8('1')), await alice.seal(1, 'everyone', utf8('2'))];
    for (let index = 0; index < second.length; index += 13) {
      const damaged = copyBytes(second);
      damaged[index] = (damaged[index] ?? 0) ^ 0x20;
      expect((await bob.open(damaged).catch(({ code }: { code: string }) => ({ kind: code }))).kind).to.be.oneOf([
        'message-invalid',
        'other',
      ]);
    }
    expect((await bob.open(second)).kind).to.equal('opened');
    expect(await bob.open(second)).to.deep.equal({ kind: 'other' });
    expect(await bob.open(first)).to.deep.equal({ kind: 'other' });
    expect(await codeOf((await room()).bob.open(await alice.seal(1, 'everyone', utf8('3'))))).to.equal(
      'message-invalid',
    );
  });

  it('is opened once when two copies of it are opened at once', async () => {
    const { alice, bob } = await room();
    const envelope = await alice.seal(1, 'everyone', utf8('1'));
    const opened = await Promise.all([bob.open(envelope), bob.open(envelope)]);
    expect(opened.map(({ kind }) => kind)).to.deep.equal(['opened', 'other']);
  });

  it('is opened in its turn when a later one is decrypted sooner', async () => {
    const { alice, bob } = await room();
    const envelopes = [await alice.seal(1, 'everyone', utf8('1')), await alice.seal(1, 'everyone', utf8('2'))];
    const { decrypt } = SubtleCrypto.prototype;
    let later = (): void => undefined;
    const first = new Promise<void>((resolve) => (later = resolve));
    let calls = 0;
    SubtleCrypto.prototype.decrypt = async function (...args) {
      const isFirst = ++calls === 1;
      // The first is held until the second is decrypted, or until a task later where it is not begun before.
      if (isFirst) await Promise.race([first, new Promise((resolve) => setTimeout(resolve))]);
      const plaintext = await decrypt.apply(this, args);
      if (!isFirst) later();
      return plaintext;
    };
    try {
      const opened = await Promise.all(envelopes.map((envelope) => bob.open(envelope)));
      expect(opened.map(({ kind }) => kind)).to.deep.equal(['opened', 'opened']);
    } finally {
      SubtleCrypto.prototype.decrypt = decrypt;
    }
  });

  it('is not opened when it is reflected to its sender', async () => {
    const { alice } = await room();
    expect(await alice.open(await alice.seal(1, 'everyone', utf8('echo')))).to.deep.equal({ kind: 'other' });
  });

  it('has one of five lengths, and no text beyond the largest', async () => {
    const { alice, bob } = await room();
    const lengths = new Set<number>();
    for (const length of [0, 255, 256, 1023, 3000, 5000, 40_000, 49_151]) {
      const envelope = await alice.seal(1, 'everyone', random(length));
      lengths.add(envelope.length);
      expect((await bob.open(envelope)).kind).to.equal('opened');
    }
    expect(lengths.size).to.equal(LENGTH_CLASSES.length);
    expect(await codeOf(alice.seal(1, 'everyone', new Uint8Array(49_152)))).to.equal('argument-invalid');
  });

  it('refuses any bytes with a documented error', async () => {
    const { bob } = await room();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const result = await bob.open(bytes).catch(({ code }: { code: string }) => ({ kind: code }));
        expect(result.kind).to.be.oneOf(['message-invalid', 'other']);
      }),
      { numRuns: 200 },
    );
  });
});
