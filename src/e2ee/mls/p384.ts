/**
 * The curve P-384 (NIST SP 800-186 §3.2.1.4) with what WebCrypto leaves out and a call needs: whether a scalar and a point are valid, and
 * DER signatures. Points are computed by WebCrypto (`ecdh.ts`).
 */
import { concat, copyBytes, equal, type Bytes } from '../bytes.ts';

/** Bytes of an uncompressed point (SEC 1 §2.3.3) and of a scalar. */
export const P384_SIZES = { point: 97, scalar: 48 } as const;

/** The prime of the field, the order of the group, and the coefficients of the curve; its cofactor is 1. */
export const P384_NUMBERS = {
  p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
  n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  a: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000fffffffcn,
  b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
} as const;

const numberOf = (bytes: Uint8Array): bigint => bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);

/** @throws {TypeError} where it has not 48 bytes, is zero, or not below the order of the curve */
export function checkScalar(scalar: Uint8Array): void {
  const number = numberOf(scalar);
  if (scalar.length !== P384_SIZES.scalar || number === 0n || number >= P384_NUMBERS.n)
    throw new TypeError('not a scalar');
}

/**
 * SEC 1 §3.2.2.1. The cofactor is 1, so every point of the curve but the neutral element, which has no such encoding, is one of the group.
 *
 * @throws {TypeError} where it is not an uncompressed point on the curve, whatever else an engine would import
 */
export function checkPoint(point: Uint8Array): void {
  if (point.length !== P384_SIZES.point || point[0] !== 0x04) throw new TypeError('not an uncompressed point');
  const { p, a, b } = P384_NUMBERS;
  const [x, y] = [numberOf(point.subarray(1, 49)), numberOf(point.subarray(49))];
  if (x >= p || y >= p || (x * x * x + a * x + b - y * y) % p !== 0n) throw new TypeError('not a point on the curve');
}

/** An INTEGER (X.690 §8.3): in as few bytes as it takes, with a zero where the first bit would say that it is negative. */
function integer(number: Uint8Array): Bytes {
  const first = number.findIndex((byte) => byte !== 0);
  const digits = number.subarray(first);
  const padding = (digits[0] ?? 0) & 0x80 ? [0] : [];
  return Uint8Array.of(0x02, padding.length + digits.length, ...padding, ...digits);
}

/**
 * Ecdsa-Sig-Value of RFC 3279 §2.2.3.
 *
 * @param compact a signature as `r ‖ s`, 96 bytes
 */
export function derOf(compact: Uint8Array): Bytes {
  const [r, s] = [compact.subarray(0, P384_SIZES.scalar), compact.subarray(P384_SIZES.scalar)].map(integer);
  const numbers = concat(...(r && s ? [r, s] : []));
  return concat(Uint8Array.of(0x30, numbers.length), numbers);
}

/**
 * @returns the signature as `r ‖ s`, 96 bytes
 * @throws {TypeError} where it is not DER, or a number is zero or not below the order of the curve
 */
export function compactOf(der: Uint8Array): Bytes {
  const second = 4 + (der[3] ?? 0);
  const numbers = [der.subarray(4, second), der.subarray(second + 2)].map((content) => {
    const digits = content.subarray(Math.max(0, content.length - P384_SIZES.scalar));
    const number = concat(new Uint8Array(P384_SIZES.scalar - digits.length), digits);
    checkScalar(number);
    return number;
  });
  const compact = concat(...numbers);
  // There is one encoding (X.690 §10): whatever was skipped above is in no other one.
  if (!equal(derOf(compact), copyBytes(der))) throw new TypeError('not a signature');
  return compact;
}
