/** draft-irtf-cfrg-cpace: the official vectors of CPace over P-384, and what the exchange refuses. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../support/property.ts';
import {
  CPACE_MESSAGE,
  cpaceShare,
  generatorOf,
  multiplyVerified,
  prependLength,
  sessionKey,
  transcript,
  type CpaceContext,
  type CpaceMessage,
} from '../../../src/e2ee/code/cpace.ts';
import { concat, equal, random, sha384, utf8 } from '../../../src/e2ee/bytes.ts';
import { codeOf, mutate, mutations, runs } from '../../fuzz/fuzz.ts';
import { fromHex, loadVectors, toHex } from '../vectors.ts';

interface Vectors {
  readonly G_NistP384: Readonly<
    Record<
      'PRS' | 'CI' | 'sid' | 'g' | 'ya' | 'ADa' | 'Ya' | 'yb' | 'ADb' | 'Yb' | 'K' | 'ISK_IR' | 'sid_output_ir',
      string
    >
  >;
  readonly G_NistP384_points: {
    readonly Valid: Readonly<Record<'s' | 'X' | 'G.scalar_mult_vfy(s,X) (only X-coordinate)', string>>;
    readonly 'Invalid Y1': string;
    readonly 'Invalid Y2': string;
  };
}

const vectors = await loadVectors<Vectors>('cpace-p384.json');
const given = vectors.G_NistP384;
const points = vectors.G_NistP384_points;
const upper = (bytes: Uint8Array): string => toHex(bytes).toUpperCase();

const context: CpaceContext = {
  secret: fromHex(given.PRS),
  channel: fromHex(given.CI),
  session: fromHex(given.sid),
};
const initiator: CpaceMessage = { point: fromHex(given.Ya), about: fromHex(given.ADa) };
const responder: CpaceMessage = { point: fromHex(given.Yb), about: fromHex(given.ADb) };

describe('CPace over P-384 (draft-irtf-cfrg-cpace, test vectors)', () => {
  it('calculates the generator', async () => assert.equal(upper(await generatorOf(context)), given.g));

  it('makes both messages', async () => {
    assert.equal(upper((await cpaceShare(context, fromHex(given.ya))).point), given.Ya);
    assert.equal(upper((await cpaceShare(context, fromHex(given.yb))).point), given.Yb);
  });

  it('agrees on the point and the session key on both sides', async () => {
    assert.equal(upper(await multiplyVerified(fromHex(given.ya), responder.point)), given.K);
    assert.equal(upper(await multiplyVerified(fromHex(given.yb), initiator.point)), given.K);
    const messages = { initiator, responder };
    const ours = await cpaceShare(context, fromHex(given.ya));
    const theirs = await cpaceShare(context, fromHex(given.yb));
    assert.equal(upper(await sessionKey(context, ours, responder.point, messages)), given.ISK_IR);
    assert.equal(upper(await sessionKey(context, theirs, initiator.point, messages)), given.ISK_IR);
    // A scalar serves once.
    assert.ok(equal(ours.scalar, new Uint8Array(48)));
  });

  it('orders the transcript by role', async () => {
    const output = await sha384(concat(utf8('CPaceSidOutput'), transcript(initiator, responder)));
    assert.equal(upper(output), given.sid_output_ir);
  });

  it('multiplies a valid point, and refuses the invalid ones', async () => {
    const scalar = fromHex(points.Valid.s);
    assert.equal(
      upper(await multiplyVerified(scalar, fromHex(points.Valid.X))),
      points.Valid['G.scalar_mult_vfy(s,X) (only X-coordinate)'],
    );
    for (const invalid of [points['Invalid Y1'], points['Invalid Y2']])
      assert.equal(await codeOf(() => multiplyVerified(scalar, fromHex(invalid))), 'message-invalid');
  });

  it('writes lengths in LEB128 (A.1.1)', () => {
    for (const [length, start] of [
      [0, '00'],
      [127, '7f'],
      [128, '8001'],
      [300, 'ac02'],
    ] as const)
      assert.equal(toHex(prependLength(new Uint8Array(length))).slice(0, start.length), start);
  });
});

describe('fuzz: CPace', () => {
  it('refuses a damaged message, or agrees on another key', async () => {
    const channel = utf8('channel');
    await fc.assert(
      fc.asyncProperty(mutations, async (changes) => {
        const common = { secret: utf8('secret'), channel, session: random(16) };
        const [guest, host] = [await cpaceShare(common), await cpaceShare(common)];
        const damaged = mutate(guest.point, changes);
        const about = utf8('');
        const seenByGuest = { initiator: { point: guest.point, about }, responder: { point: host.point, about } };
        const seenByHost = { initiator: { point: damaged, about }, responder: { point: host.point, about } };
        const expected = await sessionKey(common, guest, host.point, seenByGuest);
        let key: Uint8Array | null = null;
        const code = await codeOf(async () => {
          key = await sessionKey(common, host, damaged, seenByHost);
        });
        assert.match(code, /^(?:none|message-invalid)$/u);
        const same = equal(damaged, guest.point);
        assert.equal(key !== null && equal(key, expected), same);
        if (damaged.length !== CPACE_MESSAGE) assert.equal(code, 'message-invalid');
      }),
      runs(15),
    );
  });

  it('agrees on another key where secret, channel, session or what is said beside differs', async () => {
    const about = { initiator: utf8('a'), responder: utf8('b') };
    const base = { secret: utf8('secret'), channel: utf8('channel'), session: random(16) };
    const key = async (other: CpaceContext, aboutHost = about.responder): Promise<boolean> => {
      const [guest, host] = [await cpaceShare(base), await cpaceShare(other)];
      const seen = (responderAbout: Uint8Array) => ({
        initiator: { point: guest.point, about: about.initiator },
        responder: { point: host.point, about: responderAbout },
      });
      const [ours, theirs] = [
        await sessionKey(base, guest, host.point, seen(about.responder)),
        await sessionKey(other, host, guest.point, seen(aboutHost)),
      ];
      return equal(ours, theirs);
    };
    assert.equal(await key(base), true);
    assert.equal(await key({ ...base, secret: utf8('secreu') }), false);
    assert.equal(await key({ ...base, channel: utf8('channem') }), false);
    assert.equal(await key({ ...base, session: random(16) }), false);
    assert.equal(await key(base, utf8('c')), false);
  });
});
