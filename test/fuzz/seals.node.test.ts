/** What comes with a link and in a seal (protocol.md §1, §8). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../support/property.ts';
import { fromBase64Url, toBase64Url } from '../../src/util/base64url.ts';
import { concat, copyBytes, equal, label, lp, readFields, sha384, type Bytes } from '../../src/e2ee/bytes.ts';
import { deriveRoom, parseInvite } from '../../src/e2ee/admission/invite-token.ts';
import { createInvite } from '../../src/invite.ts';
import { Seal } from '../../src/e2ee/seal.ts';
import { codeOf, mutate, mutations, runs } from './fuzz.ts';

const ORIGIN = 'https://beratung.example';
const tokens = async (): Promise<readonly Bytes[]> => {
  const { hostLink, guestLink } = await createInvite({ base: ORIGIN });
  return [hostLink, guestLink].map((link) => fromBase64Url(new URL(link).hash.slice('#consult='.length)));
};
/** As an attacker would who can count, too: the checksum is against typing errors, not against people. */
async function resealed(body: Uint8Array): Promise<string> {
  return toBase64Url(concat(body, (await sha384(concat(label('invite'), lp(body)))).slice(0, 4)));
}

describe('fuzz: an invite', () => {
  it('is reported as damaged when it is damaged in any way, or read as the very invite it was', async () => {
    const [host, guest] = await tokens();
    await fc.assert(
      fc.asyncProperty(fc.boolean(), mutations, async (isHost, changes) => {
        const token = (isHost ? host : guest)!;
        const damaged = mutate(token, changes);
        const read = (bytes: Uint8Array) => parseInvite(toBase64Url(bytes), { origin: ORIGIN });
        const code = await codeOf(() => read(damaged));
        // What sticks to the end of a link is left out, so that a longer text can be the whole invite.
        if (code === 'none') assert.deepEqual(await read(damaged), await read(token));
        else assert.match(code, /^invite-(?:damaged|missing)$/u);
        if (equal(damaged, token)) assert.equal(code, 'none');
      }),
      runs(200),
    );
  });

  it('with a valid checksum is an invite of its own room or a documented error', async () => {
    const [host, guest] = await tokens();
    await fc.assert(
      fc.asyncProperty(fc.boolean(), mutations, async (isHost, changes) => {
        const body = (isHost ? host : guest)!.slice(0, -4);
        const invite = await resealed(mutate(body, changes));
        assert.match(await codeOf(() => parseInvite(invite, { origin: ORIGIN })), /^(?:none|invite-\w+)$/u);
      }),
      runs(200),
    );
  });

  it('of any text, as a token or a fragment, has a documented error', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ maxLength: 400, unit: 'binary' }),
        fc.constantFrom('', '#', '#consult=', 'x='),
        async (text, start) => {
          assert.match(await codeOf(() => parseInvite(start + text, { origin: ORIGIN })), /^invite-/u);
        },
      ),
      runs(300),
    );
  });
});

describe('fuzz: fields and spellings', () => {
  it('round-trips fields and reads nothing else as fields', async () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }), (fields) => {
        assert.deepEqual(
          readFields(concat(...fields.map(lp)), fields.length).map((field) => [...field]),
          fields.map((field) => [...field]),
        );
      }),
      runs(300),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 4 }),
        mutations,
        fc.nat(6),
        async (fields, changes, count) => {
          const bytes = mutate(concat(...fields.map(lp)), changes);
          assert.match(await codeOf(() => readFields(bytes, count)), /^(?:none|message-invalid)$/u);
        },
      ),
      runs(500),
    );
  });

  it('has one base64url spelling', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ maxLength: 60 }), fc.base64String({ maxLength: 60 })), async (text) => {
        const code = await codeOf(() => assert.equal(toBase64Url(fromBase64Url(text)), text));
        assert.match(code, /^(?:none|message-invalid)$/u);
      }),
      runs(500),
    );
  });
});

describe('fuzz: a seal', () => {
  it('is opened unchanged, and not opened when damaged in any way', async () => {
    const { guestLink } = await createInvite({ base: ORIGIN });
    const keys = await deriveRoom(await parseInvite(new URL(guestLink).hash, { origin: ORIGIN }));
    const alice = new Seal(keys);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 255 }),
        fc.uint8Array({ maxLength: 3000 }),
        mutations,
        async (type, plaintext, changes) => {
          const bob = new Seal(keys);
          const envelope = await alice.seal(type, 'everyone', plaintext);
          const damaged = mutate(envelope, changes);
          if (!equal(damaged, envelope)) {
            const seen: string[] = [];
            const code = await codeOf(async () => seen.push((await bob.open(damaged)).kind));
            assert.ok(code === 'message-invalid' || seen[0] === 'other', `${code} ${String(seen[0])}`);
          }
          assert.deepEqual(await bob.open(envelope), {
            kind: 'opened',
            type,
            sender: alice.session,
            plaintext: copyBytes(plaintext),
          });
        },
      ),
      runs(200),
    );
  });

  it('is opened once, however many copies arrive at once, and in order', async () => {
    const { guestLink } = await createInvite({ base: ORIGIN });
    const keys = await deriveRoom(await parseInvite(new URL(guestLink).hash, { origin: ORIGIN }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(4), { minLength: 2, maxLength: 12 }), async (order) => {
        const [alice, bob] = [new Seal(keys), new Seal(keys)];
        const envelopes: Bytes[] = [];
        for (let index = 0; index < 5; index++) envelopes.push(await alice.seal(1, 'everyone', Uint8Array.of(index)));
        const results = await Promise.all(order.map((index) => bob.open(envelopes[index]!)));
        const opened = results.flatMap(({ kind }, place) => (kind === 'opened' ? [order[place]!] : []));
        assert.deepEqual(
          opened,
          order.filter((index, place) => order.slice(0, place).every((before) => before < index)),
        );
      }),
      runs(100),
    );
  });
});
