/**
 * Points of P-384 in JavaScript: for the hash to the curve of spoken codes, and where an engine computes no public point. Of `@noble/curves`
 * only the arithmetic: its ready-made `p384` brings a second ECDSA, HMAC and SHA-2.
 */
import { weierstrass } from '@noble/curves/abstract/weierstrass.js';
import { bytesToNumberBE } from '@noble/curves/utils.js';
import { copyBytes, type Bytes } from '../bytes.ts';
import { P384_NUMBERS } from './p384.ts';

/** Its points; with other people's points, secret scalars belong to WebCrypto (`ecdh.ts`). */
export const P384 = weierstrass({
  ...P384_NUMBERS,
  h: 1n,
  Gx: 0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7n,
  Gy: 0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5fn,
});

/** @param scalar valid (`p384.ts`) */
export const pointInScript = (scalar: Uint8Array): Bytes =>
  copyBytes(P384.BASE.multiply(bytesToNumberBE(scalar)).toBytes(false));
