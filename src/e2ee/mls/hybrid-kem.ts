/**
 * The hybrid KEM MLKEM1024-P384 (protocol.md §5): HPKE KEM 0x0051 of draft-ietf-hpke-pq, which combines ML-KEM-1024 with ECDH over
 * P-384. The draft's official vector is among the tests.
 */
import { sha3_256, shake256 } from '@noble/hashes/sha3.js';
import { concat, random, u16, utf8, type Bytes } from '../bytes.ts';
import { agree, checkPoint, ECDH_SIZES, generateEcdhKey, importEcdhKey, pointOf, type EcdhKey } from './ecdh.ts';
import { ML_KEM_SIZES, mlKemDecapsulate, mlKemEncapsulate, mlKemKeyPair, type MlKemKeyPair } from './ml-kem.ts';

export const KEM_ID = 0x0051;
/** The label of the combiner, which also separates this KEM from others. */
const LABEL = utf8('MLKEM1024-P384');

/** Bytes of each. The private key is the seed of both halves. */
export const SIZES = {
  publicKey: ML_KEM_SIZES.publicKey + ECDH_SIZES.point,
  privateKey: 32,
  enc: ML_KEM_SIZES.ciphertext + ECDH_SIZES.point,
  secret: 32,
} as const;

interface Halves {
  readonly mlKem: MlKemKeyPair;
  /** To be overwritten after use. */
  readonly scalar: Uint8Array;
}

/**
 * expandDecapsKeyG of the draft: SHAKE256 to the seed of ML-KEM and a scalar of P-384 by rejection sampling, so without bias. There is
 * one candidate; it is refused with a probability below 2^-189.
 */
function expand(seed: Uint8Array): Halves {
  if (seed.length !== SIZES.privateKey) throw new TypeError('not a seed');
  const expanded = shake256(seed, { dkLen: ML_KEM_SIZES.seed + ECDH_SIZES.scalar });
  const scalar = expanded.slice(ML_KEM_SIZES.seed);
  const mlKem = mlKemKeyPair(expanded.subarray(0, ML_KEM_SIZES.seed));
  expanded.fill(0);
  return { mlKem, scalar };
}

/** @param seed 32 bytes: the private key itself */
export async function publicKeyOf(seed: Uint8Array): Promise<Bytes> {
  const { mlKem, scalar } = expand(seed);
  mlKem.secretKey.fill(0);
  try {
    return concat(mlKem.publicKey, await pointOf(scalar));
  } finally {
    scalar.fill(0);
  }
}

/** DeriveKeyPair of the draft: `SHAKE256.LabeledDerive(ikm, "DeriveKeyPair", "", 32)` with the suite id `"KEM" ‖ 0x0051`. */
export function deriveSeed(ikm: Uint8Array): Bytes {
  const name = utf8('DeriveKeyPair');
  const input = concat(ikm, utf8('HPKE-v1KEM'), u16(KEM_ID), u16(name.length), name, u16(SIZES.privateKey));
  const seed = new Uint8Array(shake256(input, { dkLen: SIZES.privateKey }));
  input.fill(0);
  return seed;
}

/** What a sender draws for one encapsulation, and uses once. */
export interface Ephemeral {
  /** `m` of FIPS 203, 32 bytes. */
  readonly message: Uint8Array;
  readonly ecdh: EcdhKey;
}

const drawEphemeral = async (): Promise<Ephemeral> => ({ message: random(32), ecdh: await generateEcdhKey() });

/**
 * @param ephemeral given by official vectors only
 * @throws where the key is not valid (FIPS 203 §7.2, SEC 1 §3.2.2)
 */
export async function encapsulate(
  publicKey: Bytes,
  ephemeral?: Ephemeral,
): Promise<{ readonly sharedSecret: Bytes; readonly enc: Bytes }> {
  if (publicKey.length !== SIZES.publicKey) throw new TypeError('not a public key');
  const [theirs, point] = [publicKey.slice(0, ML_KEM_SIZES.publicKey), publicKey.slice(ML_KEM_SIZES.publicKey)];
  checkPoint(point);
  const { message, ecdh } = ephemeral ?? (await drawEphemeral());
  const mlKem = mlKemEncapsulate(theirs, message);
  message.fill(0);
  const agreed = await agree(ecdh.privateKey, point);
  const sharedSecret = combine({ mlKem: mlKem.secret, agreed, enc: ecdh.point, point });
  return { sharedSecret, enc: concat(mlKem.ciphertext, ecdh.point) };
}

/** @throws where the ciphertext's point is not valid. A wrong ML-KEM ciphertext gives another secret (FIPS 203 §6.3). */
export async function decapsulate(seed: Uint8Array, ciphertext: Bytes): Promise<Bytes> {
  if (ciphertext.length !== SIZES.enc) throw new TypeError('not a ciphertext');
  const enc = ciphertext.slice(ML_KEM_SIZES.ciphertext);
  // First, so that no secret is computed for an invalid point.
  checkPoint(enc);
  const { mlKem, scalar } = expand(seed);
  const opened = mlKemDecapsulate(mlKem.secretKey, ciphertext.subarray(0, ML_KEM_SIZES.ciphertext));
  mlKem.secretKey.fill(0);
  try {
    const { privateKey, point } = await importEcdhKey(scalar);
    return combine({ mlKem: opened, agreed: await agree(privateKey, enc), enc, point });
  } finally {
    for (const spent of [scalar, opened]) spent.fill(0);
  }
}

/** C2PRICombiner: `SHA3-256(ss_PQ ‖ ss_T ‖ ct_T ‖ ek_T ‖ label)`. ML-KEM's ciphertext is bound by its own secret (FIPS 203). */
function combine(o: {
  readonly mlKem: Uint8Array;
  readonly agreed: Uint8Array;
  readonly enc: Uint8Array;
  readonly point: Uint8Array;
}): Bytes {
  const input = concat(o.mlKem, o.agreed, o.enc, o.point, LABEL);
  const secret = new Uint8Array(sha3_256(input));
  for (const spent of [input, o.mlKem, o.agreed]) spent.fill(0);
  return secret;
}
