/**
 * The curve P-384 (NIST SP 800-186 §3.2.1.4) with what WebCrypto leaves out: a public point from a scalar, whether a point is on the
 * curve, and DER signatures. Of `@noble/curves` only the arithmetic and DER: its ready-made `p384` brings a second ECDSA, HMAC and SHA-2.
 */
import { DER, weierstrass } from '@noble/curves/abstract/weierstrass.js';
import { bytesToNumberBE, hexToBytes } from '@noble/curves/utils.js';
import { concat, copyBytes, type Bytes } from '../bytes.ts';

/** Bytes of an uncompressed point (SEC 1 §2.3.3) and of a scalar. */
export const P384_SIZES = { point: 97, scalar: 48 } as const;

/** Its points; with other people's points, secret scalars belong to WebCrypto (`ecdh.ts`). */
export const P384 = weierstrass({
  p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
  n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  h: 1n,
  a: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000fffffffcn,
  b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  Gx: 0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7n,
  Gy: 0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5fn,
});

/**
 * @param scalar 48 bytes, big-endian
 * @throws {TypeError} where it is zero or not below the order of the curve
 */
export function pointOf(scalar: Uint8Array): Bytes {
  const value = bytesToNumberBE(scalar);
  if (scalar.length !== P384_SIZES.scalar || !P384.Fn.isValidNot0(value)) throw new TypeError('not a scalar');
  return copyBytes(P384.BASE.multiply(value).toBytes(false));
}

/** @throws where it is not an uncompressed point on the curve, whatever else an engine would import */
export function checkPoint(point: Uint8Array): void {
  if (point.length !== P384_SIZES.point || point[0] !== 0x04) throw new TypeError('not an uncompressed point');
  P384.fromBytes(point).assertValidity();
}

/** @param compact a signature as `r ‖ s`, 96 bytes */
export function derOf(compact: Uint8Array): Bytes {
  const [r, s] = [compact.subarray(0, P384_SIZES.scalar), compact.subarray(P384_SIZES.scalar)].map(bytesToNumberBE);
  return copyBytes(hexToBytes(DER.hexFromSig({ r: r ?? 0n, s: s ?? 0n })));
}

/**
 * @returns the signature as `r ‖ s`, 96 bytes
 * @throws where it is not DER, or a number is zero or not below the order of the curve
 */
export function compactOf(der: Uint8Array): Bytes {
  const { r, s } = DER.toSig(der);
  if (![r, s].every((number) => P384.Fn.isValidNot0(number))) throw new TypeError('not a signature');
  return concat(P384.Fn.toBytes(r), P384.Fn.toBytes(s));
}
