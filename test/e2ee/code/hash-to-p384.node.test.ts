/** RFC 9380: the hash to the curve against the ready-made one of the curve library, which has a SHA-2 of its own. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { p384_hasher } from '@noble/curves/nist.js';
import { random, utf8 } from '../../../src/e2ee/bytes.ts';
import { encodeToP384 } from '../../../src/e2ee/code/hash-to-p384.ts';

describe('P384_XMD:SHA-384_SSWU_NU_', () => {
  it('maps messages of every length to the points of the ready-made hash', async () => {
    for (const length of [0, 1, 47, 48, 127, 128, 129, 300])
      for (const DST of ['QUUX-V01-CS02-with-P384_XMD:SHA-384_SSWU_NU_', 'x'.repeat(255)]) {
        const message = random(length);
        const expected = p384_hasher.encodeToCurve(message, { DST }).toBytes(false);
        assert.deepEqual(Buffer.from(await encodeToP384(message, utf8(DST))), Buffer.from(expected));
      }
  });
});
