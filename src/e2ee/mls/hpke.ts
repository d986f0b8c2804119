/**
 * HPKE (RFC 9180) in base mode, for one message per encapsulation: all that MLS and knocks need. With the KEM of `hybrid-kem.ts`,
 * HKDF-SHA-384 and AES-256-GCM; the vector of draft-ietf-hpke-pq for exactly this suite is among the tests.
 */
import type { CiphersuiteImpl } from 'ts-mls';
import { CryptoError } from 'ts-mls/mlsError.js';
import { decryptGcm, encryptGcm, importGcmKey } from '../aes-gcm.ts';
import { concat, copyBytes, hkdfExpand, hkdfExtract, random, u16, utf8, type Bytes } from '../bytes.ts';
import { decapsulate, deriveSeed, encapsulate, KEM_ID, publicKeyOf, SIZES, type Ephemeral } from './hybrid-kem.ts';

type Hpke = CiphersuiteImpl['hpke'];
type PublicKey = Parameters<Hpke['exportPublicKey']>[0];
type PrivateKey = Parameters<Hpke['exportPrivateKey']>[0];

/** Table 3 of RFC 9180 (HKDF-SHA384) and table 5 (AES-256-GCM). */
const [KDF_ID, AEAD_ID] = [0x0002, 0x0002];
const MODE_BASE = Uint8Array.of(0);
/** Bytes of what the key schedule derives: Nk, Nn and Nh. */
const LENGTHS = { key: 32, nonce: 12, secret: 48 } as const;
const NONE = new Uint8Array(0);

const VERSION = utf8('HPKE-v1');
const SUITE_ID = concat(utf8('HPKE'), u16(KEM_ID), u16(KDF_ID), u16(AEAD_ID));

/** §4. */
const labeledExtract = (salt: Uint8Array, label: string, input: Uint8Array): Promise<Bytes> =>
  hkdfExtract(salt, concat(VERSION, SUITE_ID, utf8(label), input));

/** §4. */
const labeledExpand = (secret: Uint8Array, label: string, info: Uint8Array, length: number): Promise<Bytes> =>
  hkdfExpand(secret, concat(u16(length), VERSION, SUITE_ID, utf8(label), info), length);

/** What both sides derive of one encapsulation. `nonce` is that of the first message, and `exporter` the secret of exports. */
export interface HpkeContext {
  readonly key: Bytes;
  readonly nonce: Bytes;
  readonly exporter: Bytes;
}

/** KeySchedule of §5.1 in base mode, so without a pre-shared key. Overwrites the shared secret. */
async function keySchedule(shared: Bytes, info: Uint8Array): Promise<HpkeContext> {
  const hashes = [await labeledExtract(NONE, 'psk_id_hash', NONE), await labeledExtract(NONE, 'info_hash', info)];
  const context = concat(MODE_BASE, ...hashes);
  const secret = await labeledExtract(shared, 'secret', NONE);
  shared.fill(0);
  try {
    return {
      key: await labeledExpand(secret, 'key', context, LENGTHS.key),
      nonce: await labeledExpand(secret, 'base_nonce', context, LENGTHS.nonce),
      exporter: await labeledExpand(secret, 'exp', context, LENGTHS.secret),
    };
  } finally {
    secret.fill(0);
  }
}

/**
 * SetupBaseS (§5.1.1).
 *
 * @param ephemeral given by official vectors only
 */
export async function sendTo(
  publicKey: Bytes,
  info: Uint8Array,
  ephemeral?: Ephemeral,
): Promise<HpkeContext & { readonly enc: Bytes }> {
  const { sharedSecret, enc } = await encapsulate(publicKey, ephemeral);
  return { ...(await keySchedule(sharedSecret, info)), enc };
}

/** SetupBaseR (§5.1.1). */
export const receiveWith = async (seed: Uint8Array, enc: Uint8Array, info: Uint8Array): Promise<HpkeContext> =>
  keySchedule(await decapsulate(seed, copyBytes(enc)), info);

/** Context.Export (§5.3). */
export const exportFrom = ({ exporter }: HpkeContext, context: Uint8Array, length: number): Promise<Bytes> =>
  labeledExpand(exporter, 'sec', context, length);

async function encrypt(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Promise<Bytes> {
  const parameters = { iv: copyBytes(nonce), additionalData: copyBytes(aad) };
  return new Uint8Array(await encryptGcm(await importGcmKey(key), parameters, copyBytes(plaintext)));
}

/** @throws {CryptoError} where the ciphertext is not authentic; callers name the message by a code of their own */
async function decrypt(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Promise<Bytes> {
  const parameters = { iv: copyBytes(nonce), additionalData: copyBytes(aad) };
  const opened = await decryptGcm(await importGcmKey(key), parameters, copyBytes(ciphertext));
  if (!opened) throw new CryptoError('not authentic');
  return new Uint8Array(opened);
}

/** A key of the hybrid KEM, where the MLS library has a `CryptoKey`: it only hands back what it got here. */
class HybridKey {
  readonly type: 'public' | 'private';
  readonly bytes: Bytes;

  /** @throws {TypeError} where the bytes have another length */
  constructor(type: HybridKey['type'], bytes: Uint8Array) {
    if (bytes.length !== (type === 'public' ? SIZES.publicKey : SIZES.privateKey)) throw new TypeError('key length');
    this.type = type;
    this.bytes = copyBytes(bytes);
  }
}

const wrap = <T extends PublicKey | PrivateKey>(type: T['type'] & HybridKey['type'], bytes: Uint8Array): T =>
  new HybridKey(type, bytes) as unknown as T;

function bytesOf(key: unknown, type: HybridKey['type']): Bytes {
  if (!(key instanceof HybridKey) || key.type !== type) throw new TypeError(`not a ${type} hybrid key`);
  return key.bytes;
}

const pairOf = async (
  seed: Uint8Array,
): Promise<{ readonly privateKey: PrivateKey; readonly publicKey: PublicKey }> => ({
  privateKey: wrap<PrivateKey>('private', seed),
  publicKey: wrap<PublicKey>('public', await publicKeyOf(seed)),
});

/** HPKE and the AEAD in the form of the MLS library. */
export const hpke: Hpke = {
  keyLength: LENGTHS.key,
  nonceLength: LENGTHS.nonce,
  seal: async (publicKey, plaintext, info, aad = NONE) => {
    const { key, nonce, enc } = await sendTo(bytesOf(publicKey, 'public'), info);
    return { ct: await encrypt(key, nonce, aad, plaintext), enc };
  },
  open: async (privateKey, enc, ciphertext, info, aad = NONE) => {
    const { key, nonce } = await receiveWith(bytesOf(privateKey, 'private'), enc, info);
    return decrypt(key, nonce, aad, ciphertext);
  },
  exportSecret: async (publicKey, context, length, info) => {
    const sender = await sendTo(bytesOf(publicKey, 'public'), info);
    return { enc: sender.enc, secret: await exportFrom(sender, context, length) };
  },
  importSecret: async (privateKey, context, enc, length, info) =>
    exportFrom(await receiveWith(bytesOf(privateKey, 'private'), enc, info), context, length),
  importPublicKey: async (key) => wrap<PublicKey>('public', key),
  importPrivateKey: async (key) => wrap<PrivateKey>('private', key),
  exportPublicKey: async (key) => bytesOf(key, 'public').slice(),
  exportPrivateKey: async (key) => bytesOf(key, 'private').slice(),
  encryptAead: (key, nonce, aad = NONE, plaintext) => encrypt(key, nonce, aad, plaintext),
  decryptAead: (key, nonce, aad = NONE, ciphertext) => decrypt(key, nonce, aad, ciphertext),
  deriveKeyPair: async (input) => pairOf(deriveSeed(input)),
  generateKeyPair: async () => pairOf(random(SIZES.privateKey)),
};
