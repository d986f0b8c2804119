/**
 * Signatures of a member's leaf key outside MLS: a rejoin after a reload (protocol.md §9), relay consents (§10), receipts. ECDSA P-384
 * with SHA-384, under purposes that differ from every MLS label and every host signature.
 */
import { signedContent } from '../admission/host-key.ts';
import type { Bytes } from '../bytes.ts';

export type LeafPurpose = 'return' | 'relay' | 'receipt' | 'receipt key';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-384' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-384' } as const;
/** r ‖ s, in bytes. */
const SIGNATURE = 96;
/** Bytes of an uncompressed point. */
const POINT = 97;

export interface LeafKey {
  /** Uncompressed point, 97 bytes, as in the MLS leaf node. */
  readonly publicKey: Bytes;
  /** PKCS#8. MLS signs every message with it. It leaves the tab's memory only for the reload record. */
  readonly pkcs8: Bytes;
}

export async function generateLeafKey(): Promise<LeafKey> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  return {
    publicKey: new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)),
    pkcs8: new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey)),
  };
}

/** Imported keys by their encoding: a group signs every message with one, and an import costs as much as a signature. */
const imported = new WeakMap<Uint8Array, Promise<CryptoKey>>();

function signingKey(pkcs8: Uint8Array): Promise<CryptoKey> {
  const known = imported.get(pkcs8);
  if (known) return known;
  const key = crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), ALGORITHM, false, ['sign']);
  imported.set(pkcs8, key);
  // A failed import is not cached.
  key.catch(() => imported.delete(pkcs8));
  return key;
}

/**
 * @param pkcs8 must not be changed afterwards: the import is cached
 * @returns 96 bytes, r ‖ s
 */
export async function signRaw(pkcs8: Uint8Array, content: Uint8Array): Promise<Bytes> {
  const key = await signingKey(pkcs8);
  return new Uint8Array(await crypto.subtle.sign(SIGNING, key, new Uint8Array(content)));
}

export async function verifyRaw(publicKey: Uint8Array, content: Uint8Array, signature: Uint8Array): Promise<boolean> {
  // Firefox also accepts shorter signatures, and some engines compressed points: people of one group have to agree about each.
  if (signature.length !== SIGNATURE || publicKey.length !== POINT || publicKey[0] !== 4) return false;
  let key: CryptoKey;
  try {
    key = await crypto.subtle.importKey('raw', new Uint8Array(publicKey), ALGORITHM, false, ['verify']);
  } catch {
    // Not a point on the curve: no signature is valid under it.
    return false;
  }
  return crypto.subtle.verify(SIGNING, key, new Uint8Array(signature), new Uint8Array(content));
}

export function signLeaf(key: LeafKey, purpose: LeafPurpose, fields: readonly Uint8Array[]): Promise<Bytes> {
  return signRaw(key.pkcs8, signedContent(`leaf ${purpose}`, fields));
}

export function verifyLeaf(
  publicKey: Uint8Array,
  purpose: LeafPurpose,
  fields: readonly Uint8Array[],
  signature: Uint8Array,
): Promise<boolean> {
  return verifyRaw(publicKey, signedContent(`leaf ${purpose}`, fields), signature);
}
