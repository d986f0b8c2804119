/**
 * Signatures of the host key (protocol.md §2): ECDSA P-384 with SHA-384 (FIPS 186-5), never over raw bytes. The signed content begins
 * with 64 spaces and the purpose, as in TLS 1.3 (RFC 8446 §4.4.3), so that a signature is valid for one purpose only.
 */
import { ConsultError } from '../../errors.ts';
import { concat, equal, label, lp, sha384, type Bytes } from '../bytes.ts';

export type HostPurpose =
  | 'server auth'
  | 'host hello'
  | 'admit'
  | 'refuse'
  | 'admit failed'
  | 'locked'
  /** By the host key alone (§13). */
  | 'delegate'
  /** By the host key alone (§13). */
  | 'take back'
  /** By a delegate's key alone (§13). */
  | 'stand-in';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-384' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-384' } as const;
/** r ‖ s, in bytes. */
const SIGNATURE = 96;

/** `0x20 × 64 ‖ "consult-room v1 " ‖ purpose ‖ 0x00 ‖ lp-fields`. Leaf keys sign the same shape, under their own purposes. */
export function signedContent(purpose: string, fields: readonly Uint8Array[]): Bytes {
  return concat(new Uint8Array(64).fill(0x20), label(purpose), Uint8Array.of(0), ...fields.map(lp));
}

export function generateHostKey(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

/** @param pkcs8 from the host link; the imported key is not extractable */
export function importHostKey(pkcs8: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), ALGORITHM, false, ['sign']);
}

/** @returns 96 bytes, r ‖ s */
export async function signHost(key: CryptoKey, purpose: HostPurpose, fields: readonly Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign(SIGNING, key, signedContent(purpose, fields)));
}

/** @param spki the host's public key as SubjectPublicKeyInfo; its hash must have been compared with the invite's thumb */
export async function verifyHost(
  spki: Uint8Array,
  purpose: HostPurpose,
  fields: readonly Uint8Array[],
  signature: Uint8Array,
): Promise<boolean> {
  // Firefox also accepts shorter ones.
  if (signature.length !== SIGNATURE) return false;
  try {
    const key = await crypto.subtle.importKey('spki', new Uint8Array(spki), ALGORITHM, false, ['verify']);
    return await crypto.subtle.verify(SIGNING, key, new Uint8Array(signature), signedContent(purpose, fields));
  } catch (error: unknown) {
    // Not a key: no signature is valid under it. Any other error is a bug of ours.
    if (error instanceof DOMException || (error instanceof Error && error.name === 'DataError')) return false;
    throw error;
  }
}

/** @throws {ConsultError} `host-not-proven` where the key is not the one that the invite names */
export async function checkThumb(spki: Uint8Array, thumb: Uint8Array): Promise<void> {
  if (!equal(await sha384(spki), thumb)) throw new ConsultError('host-not-proven', { detail: 'another key' });
}
