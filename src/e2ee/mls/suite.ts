/**
 * The MLS cipher suite of this library (protocol.md §5): MLS_192_MLKEM1024P384_AES256GCM_SHA384_P384 of draft-ietf-mls-pq-ciphersuites,
 * under a number of RFC 9420's private range until one is assigned. Its HPKE (RFC 9180) has the KEM MLKEM1024-P384 of
 * draft-ietf-hpke-pq (`hpke.ts`, `hybrid-kem.ts`), HKDF-SHA-384 and AES-256-GCM. BSI TR-02102-1 (2026-01) recommends every part.
 */
import type { CiphersuiteImpl, CiphersuiteName } from 'ts-mls';
import { makeHashImpl } from 'ts-mls/crypto/implementation/default/makeHashImpl.js';
import { hkdfExpand, hkdfExtract, random } from '../bytes.ts';
import { hpke } from './hpke.ts';
import { generateLeafKey, signRaw, verifyRaw } from './leaf-key.ts';
import { compactOf, derOf } from './p384.ts';

/** RFC 9420 §17.1: 0xF000 to 0xFFFF are for private use. */
export const SUITE_NUMBER = 0xf004;
/** The number in the library's form: its type lists only what it ships, but its codec takes any number as a name. */
export const SUITE = String(SUITE_NUMBER) as CiphersuiteName;
export const SUITE_NAME = 'ML-KEM-1024 + P-384, AES-256-GCM, SHA-384, ECDSA P-384';

/** RFC 9420 §5.1.2: ECDSA signatures travel in DER; WebCrypto makes and takes r ‖ s. */
const signature: CiphersuiteImpl['signature'] = {
  sign: async (key, message) => derOf(await signRaw(key, message)),
  verify: async (key, message, der) => {
    let compact: Uint8Array;
    try {
      compact = compactOf(der);
    } catch {
      return false;
    }
    return verifyRaw(key, message, compact);
  },
  keygen: async () => {
    const { publicKey, pkcs8 } = await generateLeafKey();
    return { publicKey, signKey: pkcs8 };
  },
};

export async function createSuite(): Promise<CiphersuiteImpl> {
  return {
    name: SUITE,
    hash: makeHashImpl(crypto.subtle, 'SHA-384'),
    kdf: { extract: hkdfExtract, expand: hkdfExpand, size: 48 },
    hpke,
    signature,
    rng: { randomBytes: random },
  };
}
