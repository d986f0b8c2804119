/**
 * A cipher suite for tests of the group's logic: the structure of the real one with cryptography that costs microseconds and protects
 * nothing. What is encrypted to one key does not open with another, and a changed signature does not verify; that is all it keeps.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import type { CiphersuiteImpl } from 'ts-mls';
import { SUITE } from '../../src/e2ee/mls/suite.ts';

const SIZE = 32;
const hash = (...parts: readonly Uint8Array[]): Uint8Array => {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return new Uint8Array(digest.digest());
};
const isEqual = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(a).equals(Buffer.from(b));

function expand(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  let last = new Uint8Array(0);
  for (let counter = 1; blocks.length * SIZE < length; counter++) {
    const mac = createHmac('sha256', prk).update(last).update(info).update(Uint8Array.of(counter)).digest();
    last = new Uint8Array(mac);
    blocks.push(last);
  }
  return new Uint8Array(Buffer.concat(blocks).subarray(0, length));
}

const aead = {
  encrypt(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array {
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aad);
    return new Uint8Array(Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]));
  },
  decrypt(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Uint8Array {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(aad).setAuthTag(ciphertext.subarray(-16));
    return new Uint8Array(Buffer.concat([decipher.update(ciphertext.subarray(0, -16)), decipher.final()]));
  },
};

/** The private key is a seed, the public key its hash: every holder of the public key could decrypt, but only with it. */
const publicKeyOf = (seed: Uint8Array): Uint8Array => hash(Buffer.from('public'), seed);
const NONE = new Uint8Array(0);
const NONCE = new Uint8Array(12);

interface CheapKey {
  readonly bytes: Uint8Array;
}
type PublicKey = Awaited<ReturnType<CiphersuiteImpl['hpke']['importPublicKey']>>;
type PrivateKey = Awaited<ReturnType<CiphersuiteImpl['hpke']['importPrivateKey']>>;

const wrap = (bytes: Uint8Array): PublicKey & PrivateKey => {
  if (bytes.length !== SIZE) throw new TypeError('key length');
  return { bytes: new Uint8Array(bytes) } as unknown as PublicKey & PrivateKey;
};
const bytesOf = (key: unknown): Uint8Array => (key as CheapKey).bytes;
const pairOf = (seed: Uint8Array) => ({ privateKey: wrap(seed), publicKey: wrap(publicKeyOf(seed)) });
const shared = (publicKey: Uint8Array, enc: Uint8Array, info: Uint8Array): Uint8Array => hash(publicKey, enc, info);

const hpke: CiphersuiteImpl['hpke'] = {
  keyLength: 32,
  nonceLength: 12,
  seal: async (key, plaintext, info, aad = NONE) => {
    const enc = new Uint8Array(randomBytes(SIZE));
    return { enc, ct: aead.encrypt(shared(bytesOf(key), enc, info), NONCE, aad, plaintext) };
  },
  open: async (key, enc, ciphertext, info, aad = NONE) =>
    aead.decrypt(shared(publicKeyOf(bytesOf(key)), enc, info), NONCE, aad, ciphertext),
  importPrivateKey: async (key) => wrap(key),
  importPublicKey: async (key) => wrap(key),
  exportPublicKey: async (key) => new Uint8Array(bytesOf(key)),
  exportPrivateKey: async (key) => new Uint8Array(bytesOf(key)),
  encryptAead: async (key, nonce, aad, plaintext) => aead.encrypt(key, nonce, aad ?? NONE, plaintext),
  decryptAead: async (key, nonce, aad, ciphertext) => aead.decrypt(key, nonce, aad ?? NONE, ciphertext),
  exportSecret: async () => Promise.reject(new Error('not used')),
  importSecret: async () => Promise.reject(new Error('not used')),
  deriveKeyPair: async (ikm) => pairOf(hash(ikm)),
  generateKeyPair: async () => pairOf(new Uint8Array(randomBytes(SIZE))),
};

export const cheapSuite: CiphersuiteImpl = {
  name: SUITE,
  hash: {
    digest: async (data) => hash(data),
    mac: async (key, data) => new Uint8Array(createHmac('sha256', key).update(data).digest()),
    verifyMac: async (key, mac, data) => isEqual(createHmac('sha256', key).update(data).digest(), mac),
  },
  kdf: {
    size: SIZE,
    extract: async (salt, ikm) => new Uint8Array(createHmac('sha256', salt).update(ikm).digest()),
    expand: async (prk, info, length) => expand(prk, info, length),
  },
  hpke,
  signature: {
    sign: async (key, message) => hash(publicKeyOf(key), message),
    verify: async (key, message, signature) => isEqual(hash(key, message), signature),
    keygen: async () => {
      const signKey = new Uint8Array(randomBytes(SIZE));
      return { signKey, publicKey: publicKeyOf(signKey) };
    },
  },
  rng: { randomBytes: (length) => new Uint8Array(randomBytes(length)) },
};
