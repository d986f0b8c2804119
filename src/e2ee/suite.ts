/**
 * The MLS cipher suite of this library (protocol.md §5): a hybrid KEM of ML-KEM-1024 (FIPS 203) and P-384, AES-256-GCM,
 * SHA-384, ECDSA P-384. Every part is recommended by BSI TR-02102-1 (2026-01); the suite number is of RFC 9420's private
 * range, and no interoperability with the IETF draft of hybrid suites is claimed.
 *
 * The KEM is QSF of `@noble/post-quantum`: both secrets go into
 * `SHA3-256(ss_ML-KEM ‖ ss_P-384 ‖ ct_P-384 ‖ pk_P-384 ‖ label)`; ML-KEM's own ciphertext is bound by its secret
 * (FIPS 203 hashes it into the secret by implicit rejection), so it need not be hashed again. What comes out is the shared
 * secret of HPKE (RFC 9180), whose key schedule is HKDF-SHA-384.
 */
import { Aes256Gcm, CipherSuite, HkdfSha384, type KemInterface } from '@hpke/core';
import { p384 } from '@noble/curves/nist.js';
import { QSFMLKEM1024P384 } from '@noble/post-quantum/hybrid.js';
import type { CiphersuiteImpl, CiphersuiteName } from 'ts-mls';
import { makeGenericHpke } from 'ts-mls/crypto/implementation/hpke.js';
import { makeHashImpl } from 'ts-mls/crypto/implementation/default/makeHashImpl.js';
import { makeKdfImpl } from 'ts-mls/crypto/implementation/default/makeKdfImpl.js';
import { concat, hkdfExpand, hkdfExtract, label, random, type Bytes } from './bytes.ts';
import { generateLeafKey, signRaw, verifyRaw } from './leaf-key.ts';

/** RFC 9420 §17.1: 0xF000 to 0xFFFF are for private use. */
export const SUITE_NUMBER = 0xf004;
/** As the library spells an unregistered number. */
// The library's type lists only what it ships; its codec carries any number through its name.
export const SUITE = String(SUITE_NUMBER) as CiphersuiteName;
export const SUITE_NAME = 'ML-KEM-1024 + P-384, AES-256-GCM, SHA-384, ECDSA P-384';

/** HPKE wants `CryptoKey` objects; these carry the bytes that the hybrid KEM works on. */
class HybridKey {
  readonly algorithm = { name: 'ML-KEM-1024+P-384' };
  readonly extractable = true;
  readonly usages: KeyUsage[] = [];
  readonly type: 'public' | 'private';
  readonly bytes: Bytes;

  constructor(type: 'public' | 'private', bytes: Bytes) {
    this.type = type;
    this.bytes = bytes;
  }
}

const {
  publicKey: PUBLIC,
  secretKey: PRIVATE,
  cipherText: ENC,
} = QSFMLKEM1024P384.lengths as Readonly<Record<string, number>>;

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

function keyPair(seed: Uint8Array): { publicKey: HybridKey; privateKey: HybridKey } {
  const { publicKey, secretKey } = QSFMLKEM1024P384.keygen(seed);
  return {
    publicKey: new HybridKey('public', new Uint8Array(publicKey)),
    privateKey: new HybridKey('private', new Uint8Array(secretKey)),
  };
}

function hybridKem(): KemInterface {
  const kem = {
    id: SUITE_NUMBER,
    secretSize: 32,
    encSize: ENC,
    publicKeySize: PUBLIC,
    privateKeySize: PRIVATE,
    serializePublicKey: async (key: unknown) => bytesOf(key, 'public').slice().buffer,
    serializePrivateKey: async (key: unknown) => bytesOf(key, 'private').slice().buffer,
    deserializePublicKey: async (key: ArrayBufferLike) => new HybridKey('public', toBytes(key, PUBLIC)),
    deserializePrivateKey: async (key: ArrayBufferLike) => new HybridKey('private', toBytes(key, PRIVATE)),
    importKey: async (_format: 'raw', key: ArrayBufferLike, isPublic = true) =>
      isPublic ? new HybridKey('public', toBytes(key, PUBLIC)) : new HybridKey('private', toBytes(key, PRIVATE)),
    generateKeyPair: async () => keyPair(random(32)),
    // Any secret of MLS's tree becomes the 32-byte seed, as RFC 9180 §7.1.3 does for its own KEMs.
    deriveKeyPair: async (ikm: ArrayBufferLike) =>
      keyPair(
        await hkdfExpand(await hkdfExtract(new Uint8Array(48), toBytes(ikm, ikm.byteLength)), label('kem seed'), 32),
      ),
    encap: async ({ recipientPublicKey }: { recipientPublicKey: unknown }) => {
      // A copy: `encapsulate` of `@noble/post-quantum` overwrites the key that it is given with zeros.
      const publicKey = bytesOf(recipientPublicKey, 'public').slice();
      const { sharedSecret, cipherText } = QSFMLKEM1024P384.encapsulate(publicKey);
      return { sharedSecret: sharedSecret.slice().buffer, enc: cipherText.slice().buffer };
    },
    decap: async ({ recipientKey, enc }: { recipientKey: unknown; enc: ArrayBufferLike }) =>
      QSFMLKEM1024P384.decapsulate(toBytes(enc, ENC), bytesOf(recipientKey, 'private')).slice().buffer,
  };
  // The interface is written for WebCrypto's keys, and its methods only ever get back what this object made.
  return kem as unknown as KemInterface;
}

/** RFC 9420 §5.1.2: ECDSA signatures travel in DER; WebCrypto makes and takes r ‖ s. */
const signature: CiphersuiteImpl['signature'] = {
  sign: async (key, message) => p384.Signature.fromBytes(await signRaw(key, message), 'compact').toBytes('der'),
  verify: async (key, message, der) => {
    let compact: Uint8Array;
    try {
      compact = p384.Signature.fromBytes(der, 'der').toBytes('compact');
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
  encrypt: (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array) =>
    gcm('encrypt', { key, nonce, aad, data: plaintext }),
  decrypt: (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array) =>
    gcm('decrypt', { key, nonce, aad, data: ciphertext }),
};

interface GcmInput {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
  readonly data: Uint8Array;
}

async function gcm(direction: 'encrypt' | 'decrypt', { key, nonce, aad, data }: GcmInput): Promise<Bytes> {
  const imported = await crypto.subtle.importKey('raw', concat(key), 'AES-GCM', false, [direction]);
  const algorithm = { name: 'AES-GCM', iv: concat(nonce), additionalData: concat(aad) };
  return new Uint8Array(await crypto.subtle[direction](algorithm, imported, concat(data)));
}

export async function createSuite(): Promise<CiphersuiteImpl> {
  const cipherSuite = new CipherSuite({ kem: hybridKem(), kdf: new HkdfSha384(), aead: new Aes256Gcm() });
  return {
    name: SUITE,
    hash: makeHashImpl(crypto.subtle, 'SHA-384'),
    kdf: makeKdfImpl(new HkdfSha384()),
    // The names only matter for a curve that is not ours.
    hpke: await makeGenericHpke({ kem: 'ML-KEM-1024', kdf: 'HKDF-SHA384', aead: 'AES256GCM' }, aead, cipherSuite),
    signature,
    rng: { randomBytes: (length: number) => random(length) },
  };
}
