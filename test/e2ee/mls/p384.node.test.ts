/** The curve's own constants, and DER, against the ready-made P-384 of the same library and against WebCrypto. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { p384 } from '@noble/curves/nist.js';
import { random } from '../../../src/e2ee/bytes.ts';
import { pointOf } from '../../../src/e2ee/mls/ecdh.ts';
import { checkPoint, compactOf, derOf, P384_SIZES } from '../../../src/e2ee/mls/p384.ts';
import { pointInScript } from '../../../src/e2ee/mls/p384-in-script.ts';
import { generateLeafKey, signRaw } from '../../../src/e2ee/mls/leaf-key.ts';

const { Fn } = p384.Point;
const bytesOf = (number: bigint): Uint8Array => Fn.toBytes(number);
const compact = (r: bigint, s: bigint): Uint8Array => Buffer.concat([bytesOf(r), bytesOf(s)]);
const der = (...parts: readonly (readonly number[])[]): Uint8Array => Uint8Array.from(parts.flat());

describe('P-384', () => {
  it('computes the points that the ready-made curve computes, by the engine and in JavaScript', async () => {
    for (const scalar of [1n, 2n, 3n, Fn.ORDER - 1n, Fn.fromBytes(p384.utils.randomSecretKey())].map(bytesOf)) {
      const point = await pointOf(scalar);
      assert.deepEqual(Buffer.from(point), Buffer.from(p384.getPublicKey(scalar, false)));
      assert.deepEqual(Buffer.from(pointInScript(scalar)), Buffer.from(point));
      checkPoint(point);
    }
  });

  it('refuses a scalar when it is zero, not below the order, or of another length', async () => {
    const order = Buffer.from(Fn.ORDER.toString(16), 'hex');
    for (const scalar of [new Uint8Array(48), order, new Uint8Array(48).fill(0xff), new Uint8Array(47).fill(1)])
      await assert.rejects(pointOf(scalar), TypeError);
  });

  it('refuses a point when it is not on the curve, compressed, or the neutral element', async () => {
    const point = await pointOf(bytesOf(7n));
    const wrong = point.slice();
    wrong[96] = (wrong[96] ?? 0) ^ 1;
    const compressed = p384.Point.fromBytes(point).toBytes(true);
    const zeros = new Uint8Array(P384_SIZES.point);
    zeros[0] = 4;
    for (const bytes of [wrong, compressed, zeros, Uint8Array.of(0), new Uint8Array(0), random(97)])
      assert.throws(() => checkPoint(bytes));
  });

  it('writes and reads the DER that the ready-made curve does', async () => {
    const signatures = [compact(1n, 1n), compact(128n, 127n), compact(Fn.ORDER - 1n, 1n << 380n)];
    const { pkcs8 } = await generateLeafKey();
    for (let index = 0; index < 20; index++) signatures.push(await signRaw(pkcs8, random(8)));
    for (const signature of signatures) {
      const encoded = derOf(signature);
      assert.deepEqual(
        Buffer.from(encoded),
        Buffer.from(p384.Signature.fromBytes(signature, 'compact').toBytes('der')),
      );
      assert.deepEqual(Buffer.from(compactOf(encoded)), Buffer.from(signature));
    }
  });

  it('refuses a signature when its DER is not the one encoding, or its numbers are out of range', () => {
    const one = [0x02, 0x01, 0x01];
    assert.equal(compactOf(der([0x30, 6], one, one)).length, 2 * P384_SIZES.scalar);
    const order = [...Buffer.from(Fn.ORDER.toString(16), 'hex')];
    const wrong = [
      der([0x30, 6], one, one, [0]), // bytes behind it
      der([0x30, 7], one, one, [0]), // bytes behind the numbers
      der([0x30, 0x81, 6], one, one), // a length that needs no long form
      der([0x30, 7], [0x02, 0x02, 0x00, 0x01], one), // a leading zero
      der([0x30, 6], [0x02, 0x01, 0x81], one), // negative
      der([0x30, 6], [0x02, 0x01, 0x00], one), // zero
      der([0x30, 3], one), // one number
      der([0x31, 6], one, one), // another tag
      der([0x30, 3 + 3 + order.length], [0x02, order.length + 1, 0, ...order], one), // the order itself
      new Uint8Array(0),
    ];
    for (const bytes of wrong) assert.throws(() => compactOf(bytes), Error, Buffer.from(bytes).toString('hex'));
  });
});
