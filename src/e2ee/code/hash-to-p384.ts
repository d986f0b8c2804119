/**
 * P384_XMD:SHA-384_SSWU_NU_ (RFC 9380 §8.3), the hash to the curve of CPace. The map is that of `@noble/curves`; its hasher would bring a
 * SHA-2 in JavaScript, where WebCrypto has one.
 */
import { mapToCurveSimpleSWU } from '@noble/curves/abstract/weierstrass.js';
import { bytesToNumberBE } from '@noble/curves/utils.js';
import { concat, copyBytes, sha384, u16, type Bytes } from '../bytes.ts';
import { P384 } from '../mls/p384-in-script.ts';

/** Bytes that SHA-384 reads at once (FIPS 180-4 §1). */
export const HASH_BLOCK = 128;

/** L of RFC 9380 §5.1: bytes per element of the field, 192 bits more than it has, so that none is likelier. */
const LENGTH = 72;

const map = (() => {
  const { a, b } = P384.CURVE();
  return mapToCurveSimpleSWU(P384.Fp, { A: a, B: b, Z: P384.Fp.create(-12n) });
})();

/** `expand_message_xmd` (§5.3.1) to {@link LENGTH} bytes, which are two blocks. */
async function expandMessage(message: Uint8Array, tag: Uint8Array): Promise<Bytes> {
  const tagged = concat(tag, Uint8Array.of(tag.length));
  const zero = await sha384(concat(new Uint8Array(HASH_BLOCK), message, u16(LENGTH), Uint8Array.of(0), tagged));
  const first = await sha384(concat(zero, Uint8Array.of(1), tagged));
  const mixed = zero.map((byte, index) => byte ^ (first[index] ?? 0));
  const second = await sha384(concat(mixed, Uint8Array.of(2), tagged));
  return concat(first, second).slice(0, LENGTH);
}

/**
 * `encode_to_curve` (§3); the cofactor is 1, so nothing is cleared.
 *
 * @param tag the domain separation, at most 255 bytes
 * @returns an uncompressed point (SEC 1 §2.3.3)
 */
export async function encodeToP384(message: Uint8Array, tag: Uint8Array): Promise<Bytes> {
  const element = P384.Fp.create(bytesToNumberBE(await expandMessage(message, tag)));
  return copyBytes(P384.fromAffine(map(element)).toBytes(false));
}
