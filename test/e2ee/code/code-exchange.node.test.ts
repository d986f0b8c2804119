/** protocol.md §14: the spoken code and the exchange behind it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fc } from '../../support/property.ts';
import { createInvite, parseInvite } from '../../../src/e2ee/admission/invite-token.ts';
import { concat, equal, random, type Bytes } from '../../../src/e2ee/bytes.ts';
import { encodeRefusal, GuestRun, HostRun, isHello, type CodeFacts } from '../../../src/e2ee/code/code-exchange.ts';
import { deriveCode, formatCode, parseCode } from '../../../src/e2ee/code/spoken-code.ts';
import { codeOf, mutate, mutations, runs } from '../../fuzz/fuzz.ts';

const origin = 'https://beratung.example';
const facts = (typed: string, at = origin): CodeFacts => ({ code: parseCode(typed), origin: at });
const RIGHT = 'K7M-2QX-9TD';

async function run(guest: CodeFacts, host: CodeFacts) {
  const ours = await GuestRun.begin(guest);
  const theirs = await HostRun.begin(host, ours.hello);
  const proof = await ours.prove(theirs.answer);
  return { ours, theirs, proof };
}

describe('a spoken code', () => {
  it('is nine characters in three groups, the same for one host link, and another for each index and link', async () => {
    const links = [await createInvite({ base: origin, expires: new Date(Date.now() + 60_000) })];
    links.push(await createInvite({ base: origin, expires: new Date(Date.now() + 60_000) }));
    const codes: string[] = [];
    for (const { hostLink } of links)
      for (const index of [0, 1, 0]) {
        const { codeRoot } = await parseInvite(new URL(hostLink).hash, { origin });
        codes.push(formatCode(await deriveCode(codeRoot!, index)));
      }
    for (const code of codes) assert.match(code, /^[0-9A-HJKMNP-TV-Z]{3}(?:-[0-9A-HJKMNP-TV-Z]{3}){2}$/u);
    assert.deepEqual([codes[0], codes[3]], [codes[2], codes[5]]);
    assert.equal(new Set(codes).size, 4);
  });

  it('is another one for each room of one host key', async () => {
    const file = JSON.parse(readFileSync('test/vectors/invites.json', 'utf8')) as {
      readonly invites: readonly { readonly base: string; readonly host: string }[];
    };
    const codes = await Promise.all(
      file.invites.map(async ({ base, host }) => {
        const { codeRoot } = await parseInvite(host, { origin: new URL(base).origin });
        return formatCode(await deriveCode(codeRoot!, 0));
      }),
    );
    assert.equal(new Set(codes).size, codes.length);
  });

  it('does not follow from the guest link', async () => {
    const { guestLink } = await createInvite({ base: origin, expires: new Date(Date.now() + 60_000) });
    assert.equal((await parseInvite(new URL(guestLink).hash, { origin })).codeRoot, undefined);
  });

  it('uses every character of the alphabet alike', async () => {
    // Always the same codes: of random ones, some letter would be as rare as this once in some 300,000 runs.
    const root: Bytes = new Uint8Array(48).fill(7);
    const seen = new Map<string, number>();
    for (let index = 0; index < 320; index++)
      for (const letter of formatCode(await deriveCode(root, index)).replaceAll('-', ''))
        seen.set(letter, (seen.get(letter) ?? 0) + 1);
    assert.equal(seen.size, 32);
    // 90 of each are expected; a bias of one bit would double or halve that.
    for (const [letter, count] of seen) assert.ok(count > 45 && count < 160, `${letter}: ${String(count)}`);
  });

  it('is read as people type it', () => {
    for (const typed of [
      'k7m2qx9td',
      ' K7M 2QX 9TD ',
      'k7m–2qx—9td',
      'K7M.2QX/9TD',
      'Ｋ７Ｍ-2QX-9TD',
      'K\u200b7M2QX9TD',
    ])
      assert.deepEqual(parseCode(typed), { locator: 'K7M', secret: '2QX9TD' }, typed);
    assert.deepEqual(parseCode('oil uuu 123'), { locator: '011', secret: 'VVV123' });
  });

  it('is refused where it is too short, too long or has other characters', async () => {
    for (const typed of ['', 'K7M-2QX-9T', 'K7M-2QX-9TDD', 'K7M-2QX-9TÄ', 'K7M-2QX-9T€', '🙂🙂🙂🙂🙂🙂🙂🙂🙂'])
      assert.equal(await codeOf(() => parseCode(typed)), 'code-invalid', typed);
  });

  it('of any text is a code or refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 30, unit: 'binary' }), async (typed) => {
        assert.match(await codeOf(() => parseCode(typed)), /^(?:none|code-invalid)$/u);
      }),
      runs(200),
    );
  });
});

describe('the exchange behind a spoken code', () => {
  it('hands the invite over to the one who knows the code', async () => {
    const { ours, theirs, proof } = await run(facts(RIGHT), facts(RIGHT));
    assert.ok(isHello(ours.hello));
    assert.equal(theirs.verify(proof), true);
    assert.equal(await ours.open(await theirs.seal('invite')), 'invite');
  });

  it('hands nothing over for another code, locator or site, and takes one proof in a run', async () => {
    const others = [facts('K7M-2QX-9TE'), facts('K7N-2QX-9TD'), facts(RIGHT, 'https://elsewhere.example')];
    for (const other of others) {
      const { theirs, proof } = await run(facts(RIGHT), other);
      assert.equal(theirs.verify(proof), false);
      assert.equal(await codeOf(() => theirs.seal('invite')), 'message-invalid');
      assert.equal(await codeOf(() => theirs.verify(proof)), 'message-invalid');
    }
  });

  it('hands nothing over before the proof, nor twice', async () => {
    const { theirs, proof } = await run(facts(RIGHT), facts(RIGHT));
    assert.equal(await codeOf(() => theirs.seal('invite')), 'message-invalid');
    theirs.verify(proof);
    await theirs.seal('invite');
    assert.equal(await codeOf(() => theirs.seal('invite')), 'message-invalid');
  });

  it('refuses a proof of another run', async () => {
    const [first, second] = [await run(facts(RIGHT), facts(RIGHT)), await run(facts(RIGHT), facts(RIGHT))];
    assert.equal(second.theirs.verify(first.proof), false);
  });

  it('tells a server that plays the host, and guesses wrong, nothing but that', async () => {
    const { ours, theirs, proof } = await run(facts(RIGHT), facts('K7M-AAA-AAA'));
    assert.equal(theirs.verify(proof), false);
    // Whatever it sends in place of the invite.
    assert.equal(await codeOf(() => ours.open(concat(Uint8Array.of(4), random(120)))), 'code-wrong');
  });

  it('tells the guest why the host refuses', async () => {
    const guest = await GuestRun.begin(facts(RIGHT));
    for (const [refusal, code] of [
      [{ reason: 'wrong', left: 4 }, 'code-wrong'],
      [{ reason: 'used-up' }, 'code-used-up'],
      [{ reason: 'busy' }, 'code-busy'],
    ] as const) {
      assert.equal(await codeOf(() => guest.prove(encodeRefusal(refusal))), code);
      assert.equal(await codeOf(() => guest.open(encodeRefusal(refusal))), code);
    }
  });
});

describe('fuzz: the exchange behind a spoken code', () => {
  it('gives the invite or a documented error, whatever a server does to one of the messages', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(0, 1, 2, 3), mutations, async (which, changes) => {
        const sent: Bytes[] = [];
        const carry = (message: Bytes): Bytes => {
          const carried = sent.length === which ? mutate(message, changes) : message;
          sent.push(message);
          return carried;
        };
        let invite: string | null = null;
        let right = false;
        const code = await codeOf(async () => {
          const guest = await GuestRun.begin(facts(RIGHT));
          const host = await HostRun.begin(facts(RIGHT), carry(guest.hello));
          const proof = carry(await guest.prove(carry(host.answer)));
          right = host.verify(proof);
          if (right) invite = await guest.open(carry(await host.seal('invite')));
        });
        const intact = sent.length > which && equal(mutate(sent[which]!, changes), sent[which]!);
        if (intact) assert.equal(invite, 'invite');
        else assert.equal(invite, null);
        assert.match(code, /^(?:none|message-invalid|code-wrong|code-used-up|code-busy)$/u);
      }),
      runs(24),
    );
  });
});
