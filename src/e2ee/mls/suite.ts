/**
 * The MLS cipher suite of this library (protocol.md §5): MLS_192_MLKEM1024P384_AES256GCM_SHA384_P384 of draft-ietf-mls-pq-ciphersuites,
 * under a number of RFC 9420's private range until one is assigned. Its HPKE (RFC 9180) has the KEM MLKEM1024-P384 of
 * draft-ietf-hpke-pq (`hybrid-kem.ts`), HKDF-SHA-384 and AES-256-GCM. BSI TR-02102-1 (2026-01) recommends every part.
 */
import { Aes256Gcm, CipherSuite, HkdfSha384, type KemInterface } from '@hpke/core';
import type { CiphersuiteImpl, CiphersuiteName } from 'ts-mls';
import { makeGenericHpke } from 'ts-mls/crypto/implementation/hpke.js';
import { makeHashImpl } from 'ts-mls/crypto/implementation/default/makeHashImpl.js';
import { makeKdfImpl } from 'ts-mls/crypto/implementation/default/makeKdfImpl.js';
import { ConsultError } from '../../errors.ts';
import { decryptGcm, encryptGcm, importGcmKey } from '../aes-gcm.ts';
import { copyBytes, random, type Bytes } from '../bytes.ts';
import { decapsulate, deriveSeed, encapsulate, KEM_ID, publicKeyOf, SIZES } from './hybrid-kem.ts';
import { generateLeafKey, signRaw, verifyRaw } from './leaf-key.ts';
import { compactOf, derOf } from './p384.ts';

/** RFC 9420 §17.1: 0xF000 to 0xFFFF are for private use. */
export const SUITE_NUMBER = 0xf004;
/** The number in the library's form: its type lists only what it ships, but its codec takes any number as a name. */
export const SUITE = String(SUITE_NUMBER) as CiphersuiteName;
export const SUITE_NAME = 'ML-KEM-1024 + P-384, AES-256-GCM, SHA-384, ECDSA P-384';

/** `@hpke/core` passes keys around as `CryptoKey`s; this one holds the bytes of the hybrid KEM. */
class HybridKey {
  readonly algorithm = { name: 'MLKEM1024-P384' };
  readonly extractable = true;
  readonly usages: KeyUsage[] = [];
  readonly type: 'public' | 'private';
  readonly bytes: Bytes;

  constructor(type: 'public' | 'private', bytes: Bytes) {
    this.type = type;
    this.bytes = bytes;
  }
}

function bytesOf(key: unknown, type: HybridKey['type']): Bytes {
  if (!(key instanceof HybridKey) || key.type !== type) throw new TypeError(`not a ${type} hybrid key`);
  return key.bytes;
}

function toBytes(source: ArrayBufferLike | ArrayBufferView, length: number | undefined): Bytes {
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice()
    : new Uint8Array(source).slice();
  if (bytes.length !== length) throw new TypeError('key length');
  return new Uint8Array(bytes);
}

function keyPair(seed: Bytes): { publicKey: HybridKey; privateKey: HybridKey } {
  return { publicKey: new HybridKey('public', publicKeyOf(seed)), privateKey: new HybridKey('private', seed) };
}

function importKey(type: HybridKey['type'], key: ArrayBufferLike): HybridKey {
  return new HybridKey(type, toBytes(key, type === 'public' ? SIZES.publicKey : SIZES.privateKey));
}

/** For the cipher suite, and for official vectors. */
export function hybridKem(): KemInterface {
  const kem = {
    id: KEM_ID,
    secretSize: SIZES.secret,
    encSize: SIZES.enc,
    publicKeySize: SIZES.publicKey,
    privateKeySize: SIZES.privateKey,
    serializePublicKey: async (key: unknown) => bytesOf(key, 'public').slice().buffer,
    serializePrivateKey: async (key: unknown) => bytesOf(key, 'private').slice().buffer,
    deserializePublicKey: async (key: ArrayBufferLike) => importKey('public', key),
    deserializePrivateKey: async (key: ArrayBufferLike) => importKey('private', key),
    importKey: async (_format: 'raw', key: ArrayBufferLike, isPublic = true) =>
      importKey(isPublic ? 'public' : 'private', key),
    generateKeyPair: async () => keyPair(random(SIZES.privateKey)),
    deriveKeyPair: async (ikm: ArrayBufferLike) => keyPair(deriveSeed(toBytes(ikm, ikm.byteLength))),
    encap: async ({ recipientPublicKey }: { recipientPublicKey: unknown }) => {
      const { sharedSecret, enc } = await encapsulate(bytesOf(recipientPublicKey, 'public'));
      return { sharedSecret: sharedSecret.buffer, enc: enc.buffer };
    },
    decap: async ({ recipientKey, enc }: { recipientKey: unknown; enc: ArrayBufferLike }) =>
      (await decapsulate(bytesOf(recipientKey, 'private'), toBytes(enc, SIZES.enc))).buffer,
  };
  // The interface is typed for WebCrypto keys; its methods only receive keys that this object created.
  return kem as unknown as KemInterface;
}

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

const aead = {
  encrypt: async (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Promise<Bytes> => {
    const parameters = { iv: copyBytes(nonce), additionalData: copyBytes(aad) };
    return new Uint8Array(await encryptGcm(await importGcmKey(key), parameters, copyBytes(plaintext)));
  },
  decrypt: async (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Promise<Bytes> => {
    const parameters = { iv: copyBytes(nonce), additionalData: copyBytes(aad) };
    const opened = await decryptGcm(await importGcmKey(key), parameters, copyBytes(ciphertext));
    if (!opened) throw new ConsultError('message-invalid', { detail: 'not authentic' });
    return new Uint8Array(opened);
  },
};

export async function createSuite(): Promise<CiphersuiteImpl> {
  const cipherSuite = new CipherSuite({ kem: hybridKem(), kdf: new HkdfSha384(), aead: new Aes256Gcm() });
  return {
    name: SUITE,
    hash: makeHashImpl(crypto.subtle, 'SHA-384'),
    kdf: makeKdfImpl(new HkdfSha384()),
    // The names select workarounds for other curves; the algorithms are those of `cipherSuite`.
    hpke: await makeGenericHpke({ kem: 'ML-KEM-1024', kdf: 'HKDF-SHA384', aead: 'AES256GCM' }, aead, cipherSuite),
    signature,
    rng: { randomBytes: (length: number) => random(length) },
  };
}
