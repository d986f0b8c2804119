/**
 * CPace (draft-irtf-cfrg-cpace-21), a balanced password-authenticated key exchange, as CPACE-P384_XMD:SHA-384_SSWU_NU_-SHA384 and for an
 * initiator and a responder: both learn whether they know the same short secret, and nobody else can try more than one guess per run.
 */
import { mapHashToField } from '@noble/curves/abstract/modular.js';
import { ConsultError } from '../../errors.ts';
import { concat, copyBytes, random, sha384, utf8, type Bytes } from '../bytes.ts';
import { agree, checkPoint, ECDH_SIZES, importEcdhKey } from '../mls/ecdh.ts';
import { P384 } from '../mls/p384-in-script.ts';
import { encodeToP384, HASH_BLOCK } from './hash-to-p384.ts';

/** G.DSI (§8.4.3); also the domain separation of the key and of the hash to the curve. */
const DSI = 'CPaceP384_XMD:SHA-384_SSWU_NU_';
/** Random bytes per scalar: 192 bits more than the order of the curve has, so that none is likelier (FIPS 186-5 §A.2.1). */
const SEED = 72;

/** Bytes of what each side sends: an uncompressed point (SEC 1 §2.3.3). */
export const CPACE_MESSAGE = ECDH_SIZES.point;

/** What both sides have to agree on before the run. */
export interface CpaceContext {
  /** PRS: the shared secret, however short. */
  readonly secret: Uint8Array;
  /** CI: names the channel. */
  readonly channel: Uint8Array;
  /** sid: fresh for each run. */
  readonly session: Uint8Array;
}

/** A side's message and what it says beside (AD). */
export interface CpaceMessage {
  readonly point: Uint8Array;
  readonly about: Uint8Array;
}

/** One side of a run: its message, and the secret scalar behind it, which serves once. */
export interface CpaceShare {
  readonly point: Bytes;
  readonly scalar: Bytes;
}

/** `prepend_len` (appendix A.1.1): the length in LEB128, then the bytes. */
export function prependLength(data: Uint8Array): Bytes {
  const length: number[] = [];
  let rest = data.length;
  do {
    length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return concat(Uint8Array.from(length), data);
}

/** `lv_cat` (A.1.3). */
export const lvCat = (...parts: readonly Uint8Array[]): Bytes => concat(...parts.map(prependLength));

/** `generator_string` (A.2): zeros fill the first block of the hash, so that its time does not tell the secret's length. */
export function generatorString({ secret, channel, session }: CpaceContext): Bytes {
  const dsi = utf8(DSI);
  const padding = HASH_BLOCK - 1 - prependLength(secret).length - prependLength(dsi).length;
  return lvCat(dsi, secret, new Uint8Array(Math.max(0, padding)), channel, session);
}

/** `calculate_generator` (§8.4.3), by `encode_to_curve` of RFC 9380 §3. @returns an uncompressed point */
export const generatorOf = (context: CpaceContext): Promise<Bytes> =>
  encodeToP384(generatorString(context), utf8(`${DSI}_DST`));

const randomScalar = (): Uint8Array => mapHashToField(random(SEED), P384.Fn.ORDER);

/**
 * Starts one side of a run. The scalar serves once, so that the time of this multiplication, in JavaScript, tells of one run at most.
 *
 * @param scalar 48 bytes, at random (§10.7) unless a test vector gives them
 */
export async function cpaceShare(context: CpaceContext, scalar: Uint8Array = randomScalar()): Promise<CpaceShare> {
  const generator = P384.fromBytes(await generatorOf(context));
  const point = generator.multiply(P384.Fn.fromBytes(scalar)).toBytes(false);
  return { point: copyBytes(point), scalar: copyBytes(scalar) };
}

/**
 * `scalar_mult_vfy` (§8.4.3): the x coordinate of scalar × point, in WebCrypto.
 *
 * @throws {ConsultError} `message-invalid` for the neutral element and whatever is not on the curve; the curve's order is prime, so nothing
 *   else gives the neutral element
 */
export async function multiplyVerified(scalar: Uint8Array, point: Uint8Array): Promise<Bytes> {
  try {
    checkPoint(point);
  } catch (error: unknown) {
    throw new ConsultError('message-invalid', { detail: 'point', cause: error });
  }
  const { privateKey } = await importEcdhKey(scalar);
  return agree(privateKey, copyBytes(point));
}

/** `transcript_ir` (A.3.4): the initiator's message first. */
export const transcript = (initiator: CpaceMessage, responder: CpaceMessage): Bytes =>
  concat(lvCat(initiator.point, initiator.about), lvCat(responder.point, responder.about));

/**
 * The intermediate session key (ISK, §7.2), 48 bytes: equal on both sides exactly where secret, channel, session and both messages are.
 *
 * @param share of this side
 * @param theirs of the other side, unchecked
 * @throws {ConsultError} `message-invalid` as {@link multiplyVerified}
 */
export async function sessionKey(
  { session }: CpaceContext,
  share: CpaceShare,
  theirs: Uint8Array,
  { initiator, responder }: { readonly initiator: CpaceMessage; readonly responder: CpaceMessage },
): Promise<Bytes> {
  const shared = await multiplyVerified(share.scalar, theirs);
  try {
    return await sha384(concat(lvCat(utf8(`${DSI}_ISK`), session, shared), transcript(initiator, responder)));
  } finally {
    shared.fill(0);
    share.scalar.fill(0);
  }
}
