/**
 * The MLS cipher suite of this library (protocol.md §5): a hybrid KEM of ML-KEM-1024 (FIPS 203) and P-384, AES-256-GCM,
 * SHA-384, ECDSA P-384. Every part is recommended by BSI TR-02102-1 (2026-01); the suite number is of RFC 9420's private
 * range, and no interoperability with the IETF draft of hybrid suites is claimed.
 *
 * What comes out of the hybrid KEM (`hybrid-kem.ts`) is the shared secret of HPKE (RFC 9180), whose key schedule is HKDF-SHA-384.
 */
import { Aes256Gcm, CipherSuite, HkdfSha384, type KemInterface } from '@hpke/core';
import { p384 } from '@noble/curves/nist.js';
import type { CiphersuiteImpl, CiphersuiteName } from 'ts-mls';
import { makeGenericHpke } from 'ts-mls/crypto/implementation/hpke.js';
import { makeHashImpl } from 'ts-mls/crypto/implementation/default/makeHashImpl.js';
import { makeKdfImpl } from 'ts-mls/crypto/implementation/default/makeKdfImpl.js';
import { copyBytes, hkdfExpand, hkdfExtract, label, random, type Bytes } from '../bytes.ts';
import { decapsulate, encapsulate, publicKeyOf, SIZES } from './hybrid-kem.ts';
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

function hybridKem(): KemInterface {
  const kem = {
    id: SUITE_NUMBER,
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
    // Any secret of MLS's tree becomes the 32-byte seed, as RFC 9180 §7.1.3 does for its own KEMs.
    deriveKeyPair: async (ikm: ArrayBufferLike) =>
      keyPair(
        await hkdfExpand(await hkdfExtract(new Uint8Array(48), toBytes(ikm, ikm.byteLength)), label('kem seed'), 32),
      ),
    encap: async ({ recipientPublicKey }: { recipientPublicKey: unknown }) => {
      const { sharedSecret, enc } = await encapsulate(bytesOf(recipientPublicKey, 'public'));
      return { sharedSecret: sharedSecret.buffer, enc: enc.buffer };
    },
    decap: async ({ recipientKey, enc }: { recipientKey: unknown; enc: ArrayBufferLike }) =>
      (await decapsulate(bytesOf(recipientKey, 'private'), toBytes(enc, SIZES.enc))).buffer,
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
  const imported = await crypto.subtle.importKey('raw', copyBytes(key), 'AES-GCM', false, [direction]);
  const algorithm = { name: 'AES-GCM', iv: copyBytes(nonce), additionalData: copyBytes(aad) };
  return new Uint8Array(await crypto.subtle[direction](algorithm, imported, copyBytes(data)));
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
