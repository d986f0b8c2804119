/**
 * AES-256-GCM (NIST SP 800-38D) with nonces of 96 and tags of 128 bits: the one AEAD of frames, seals and MLS. WebCrypto does the work;
 * other lengths are refused here, because engines differ in which they accept.
 */
type Bytes = Uint8Array<ArrayBuffer>;

const KEY = 32;
const NONCE = 12;

export interface GcmParameters {
  readonly iv: Bytes;
  readonly additionalData: Bytes;
}

/** @throws {TypeError} where the key does not have 32 bytes */
export function importGcmKey(key: Uint8Array): Promise<CryptoKey> {
  if (key.length !== KEY) throw new TypeError('not an AES-256 key');
  return crypto.subtle.importKey('raw', new Uint8Array(key), 'AES-GCM', false, ['encrypt', 'decrypt']);
}

/** Both parameters are copied before this returns (WebCrypto §18.4.4). The nonce must be new for this key. */
export function encryptGcm(
  key: CryptoKey,
  { iv, additionalData }: GcmParameters,
  plaintext: Bytes | ArrayBuffer,
): Promise<ArrayBuffer> {
  if (iv.length !== NONCE) throw new TypeError('not a 96-bit nonce');
  return crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, plaintext);
}

/** @returns null where the ciphertext is not authentic */
export async function decryptGcm(
  key: CryptoKey,
  { iv, additionalData }: GcmParameters,
  ciphertext: Bytes,
): Promise<ArrayBuffer | null> {
  if (iv.length !== NONCE) throw new TypeError('not a 96-bit nonce');
  try {
    return await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, ciphertext);
  } catch (error: unknown) {
    // Any other error is a bug of ours.
    if (error instanceof DOMException || (error instanceof Error && error.name === 'OperationError')) return null;
    throw error;
  }
}
