/**
 * ML-KEM-1024 (FIPS 203), with the checks that `@noble/post-quantum` 0.5.2 leaves out. In JavaScript: one browser has it natively.
 */
import { ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import { copyBytes, type Bytes } from '../bytes.ts';

/** Bytes of each (FIPS 203, table 3). The seed is `d ‖ z`. */
export const ML_KEM_SIZES = { publicKey: 1568, ciphertext: 1568, seed: 64, message: 32, secret: 32 } as const;
/** The encapsulation key's coefficients: 1,024 of 12 bits; the seed of the matrix follows. */
const COEFFICIENTS = 1536;
const Q = 3329;

export interface MlKemKeyPair {
  readonly publicKey: Uint8Array;
  /** To be overwritten after use. */
  readonly secretKey: Uint8Array;
}

export function mlKemKeyPair(seed: Uint8Array): MlKemKeyPair {
  if (seed.length !== ML_KEM_SIZES.seed) throw new TypeError('not an ML-KEM seed');
  return ml_kem1024.keygen(seed);
}

/**
 * @param message `m` of FIPS 203, 32 random bytes
 * @throws {TypeError} where the key fails the checks of §7.2
 */
export function mlKemEncapsulate(
  publicKey: Uint8Array,
  message: Uint8Array,
): { readonly secret: Bytes; readonly ciphertext: Bytes } {
  checkPublicKey(publicKey);
  // Copies: the library overwrites the key that it is given with zeros.
  const { sharedSecret, cipherText } = ml_kem1024.encapsulate(copyBytes(publicKey), copyBytes(message));
  return { secret: copyBytes(sharedSecret), ciphertext: copyBytes(cipherText) };
}

/**
 * A wrong ciphertext of the right length gives another secret (implicit rejection, §6.3).
 *
 * @throws {TypeError} where the ciphertext has another length (§7.3)
 */
export function mlKemDecapsulate(secretKey: Uint8Array, ciphertext: Uint8Array): Bytes {
  if (ciphertext.length !== ML_KEM_SIZES.ciphertext) throw new TypeError('not an ML-KEM ciphertext');
  return copyBytes(ml_kem1024.decapsulate(copyBytes(ciphertext), secretKey));
}

/** The type and modulus checks of §7.2. */
function checkPublicKey(key: Uint8Array): void {
  if (key.length !== ML_KEM_SIZES.publicKey) throw new TypeError('not an ML-KEM key');
  for (let index = 0; index < COEFFICIENTS; index += 3) {
    const [a = 0, b = 0, c = 0] = key.subarray(index, index + 3);
    if (((b & 0x0f) << 8) + a >= Q || (c << 4) + (b >> 4) >= Q) throw new TypeError('not an ML-KEM key');
  }
}
