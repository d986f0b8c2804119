/**
 * SFrame (RFC 9605) with the one suite that TR-02102-1 recommends: AES_256_GCM_SHA512_128 (0x0005), full tags.
 *
 * https://www.rfc-editor.org/rfc/rfc9605
 */
import { decryptGcm, encryptGcm, type GcmParameters } from '../aes-gcm.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** §4.5, table 2: Nh = 64, Nk = 32, Nn = 12, Nt = 16 (full tags, which WebCrypto gives by default). */
export const SUITE_ID = 0x0005;
export const KEY_LENGTH = 32;
export const NONCE_LENGTH = 12;
/** One configuration byte, up to 8 bytes of key id, up to 8 of counter. */
export const HEADER_LIMIT = 17;

/** Counters and key ids are numbers, which are exact up to 2^53 − 1, far beyond any call. */
const SAFE = Number.MAX_SAFE_INTEGER;

export interface SframeHeader {
  readonly kid: number;
  readonly ctr: number;
  /** Bytes of the header. */
  readonly length: number;
}

function byteLength(value: number): number {
  let length = 1;
  for (let rest = Math.floor(value / 256); rest > 0; rest = Math.floor(rest / 256)) length++;
  return length;
}

/**
 * Writes a header (§4.3) at `offset` and returns its length. Config byte: X(1) K(3) Y(1) C(3); a value below 8 stands in its
 * three bits, a larger one follows in as few bytes as it takes.
 */
export function writeHeader(target: Uint8Array, offset: number, kid: number, ctr: number): number {
  const kidLength = kid < 8 ? 0 : byteLength(kid);
  const ctrLength = ctr < 8 ? 0 : byteLength(ctr);
  const k = kidLength === 0 ? kid : 0x08 | (kidLength - 1);
  const c = ctrLength === 0 ? ctr : 0x08 | (ctrLength - 1);
  target[offset] = (k << 4) | c;
  writeInteger(target, offset + 1, kid, kidLength);
  writeInteger(target, offset + 1 + kidLength, ctr, ctrLength);
  return 1 + kidLength + ctrLength;
}

function writeInteger(target: Uint8Array, offset: number, value: number, length: number): void {
  let rest = value;
  for (let index = offset + length - 1; index >= offset; index--) {
    target[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

/** Reads a header (§4.3); null where it is cut short or beyond 2^53 − 1. */
export function readHeader(bytes: Uint8Array, offset = 0): SframeHeader | null {
  const config = bytes[offset];
  if (config === undefined) return null;
  const k = config >> 4;
  const c = config & 0x0f;
  const kidLength = k & 0x08 ? (k & 0x07) + 1 : 0;
  const ctrLength = c & 0x08 ? (c & 0x07) + 1 : 0;
  const length = 1 + kidLength + ctrLength;
  if (offset + length > bytes.length) return null;
  const kid = kidLength === 0 ? k : readInteger(bytes, offset + 1, kidLength);
  const ctr = ctrLength === 0 ? c : readInteger(bytes, offset + 1 + kidLength, ctrLength);
  return kid > SAFE || ctr > SAFE ? null : { kid, ctr, length };
}

function readInteger(bytes: Uint8Array, offset: number, length: number): number {
  let value = 0;
  for (let index = offset; index < offset + length; index++) value = value * 256 + (bytes[index] ?? 0);
  return value;
}

export interface SframeKey {
  readonly kid: number;
  readonly key: CryptoKey;
  /** 12 bytes. */
  readonly salt: Bytes;
}

/** Imports a base key for {@link deriveKey} as not extractable, and overwrites the given bytes with zeros. */
export function importBaseKey(baseKey: Uint8Array): Promise<CryptoKey> {
  const copy = new Uint8Array(baseKey);
  const key = crypto.subtle.importKey('raw', copy, 'HKDF', false, ['deriveBits', 'deriveKey']);
  // WebCrypto has copied the bytes before `importKey` returns (§18.4.4).
  copy.fill(0);
  baseKey.fill(0);
  return key;
}

/** The first word of the labels of key derivation (§4.4.2): a different one gives independent keys. */
export type Purpose = 'SFrame 1.0' | 'consult-room v1 data';

/** `"SFrame 1.0 Secret key " + KID (8 bytes) + cipher suite (2 bytes)`, and the same for the salt (§4.4.2). */
export function keyLabel(part: 'key' | 'salt', kid: number, purpose: Purpose = 'SFrame 1.0'): Bytes {
  const text = new TextEncoder().encode(`${purpose} Secret ${part} `);
  const label = new Uint8Array(text.length + 10);
  label.set(text);
  writeInteger(label, text.length, kid, 8);
  writeInteger(label, text.length + 8, SUITE_ID, 2);
  return label;
}

const hkdf = (info: Bytes): HkdfParams => ({ name: 'HKDF', hash: 'SHA-512', salt: new Uint8Array(0), info });

/** HKDF-SHA-512 (RFC 5869) with an empty salt. */
export async function deriveBytes(key: CryptoKey, info: Bytes, length: number): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.deriveBits(hkdf(info), key, length * 8));
}

/** §4.4.2: `HKDF-Extract("", base_key)`, then `HKDF-Expand` for key and salt, with SHA-512. */
export async function deriveKey(baseKey: CryptoKey, kid: number, purpose: Purpose = 'SFrame 1.0'): Promise<SframeKey> {
  const [key, salt] = await Promise.all([
    crypto.subtle.deriveKey(
      hkdf(keyLabel('key', kid, purpose)),
      baseKey,
      { name: 'AES-GCM', length: KEY_LENGTH * 8 },
      false,
      ['encrypt', 'decrypt'],
    ),
    deriveBytes(baseKey, keyLabel('salt', kid, purpose), NONCE_LENGTH),
  ]);
  return { kid, key, salt };
}

/** §4.4.3: the salt, exclusive-or the counter in its last bytes. */
export function nonceOf(salt: Uint8Array, ctr: number, nonce: Bytes = new Uint8Array(NONCE_LENGTH)): Bytes {
  nonce.set(salt);
  let rest = ctr;
  for (let index = NONCE_LENGTH - 1; rest > 0; index--) {
    nonce[index] = (nonce[index] ?? 0) ^ (rest % 256);
    rest = Math.floor(rest / 256);
  }
  return nonce;
}

/**
 * Scratch buffers for nonce and authenticated data, shared by all frames: WebCrypto copies them before `encrypt` or `decrypt` returns
 * (§18.4.4, "get a copy of the bytes"). Allocating them per frame costs more than encrypting an audio frame.
 */
const NONCE: Bytes = new Uint8Array(new ArrayBuffer(NONCE_LENGTH));
const METADATA_LIMIT = 16;
const AUTHENTICATED: Bytes = new Uint8Array(new ArrayBuffer(HEADER_LIMIT + METADATA_LIMIT));

/** @param length of the content of {@link AUTHENTICATED} */
function parameters(salt: Uint8Array, ctr: number, length: number): GcmParameters {
  return { iv: nonceOf(salt, ctr, NONCE), additionalData: AUTHENTICATED.subarray(0, length) };
}

/** ES2024: Chromium 114, Firefox 122, Safari 17.4. */
interface Transferable {
  transfer?(length: number): ArrayBuffer;
}

/**
 * Moves a buffer's bytes behind `room` free bytes, in place where the engine supports it: a second array per video frame costs nearly
 * as much as encrypting it (measured).
 */
function withRoomBefore(buffer: ArrayBuffer, room: number): Bytes {
  const size = buffer.byteLength;
  const longer = (buffer as Transferable).transfer?.(room + size);
  const bytes = new Uint8Array(longer ?? new ArrayBuffer(room + size));
  // `set` handles overlapping ranges of one buffer.
  bytes.set(new Uint8Array(longer ?? buffer, 0, size), room);
  return bytes;
}

/**
 * Encrypts a frame (§4.4.3). The counter must never have been used with this key.
 *
 * @param o.metadata at most 16 bytes; authenticated behind the header, and not sent
 * @param o.prefix bytes placed before the SFrame object; not part of it
 * @returns prefix ‖ header ‖ ciphertext ‖ tag
 */
export async function encryptFrame(
  { key, salt, kid }: SframeKey,
  o: {
    readonly ctr: number;
    readonly metadata: Uint8Array;
    readonly plaintext: Bytes | ArrayBuffer;
    readonly prefix?: Uint8Array;
  },
): Promise<Bytes> {
  const length = writeHeader(AUTHENTICATED, 0, kid, o.ctr);
  AUTHENTICATED.set(o.metadata, length);
  const sealing = encryptGcm(key, parameters(salt, o.ctr, length + o.metadata.length), o.plaintext);
  const start = o.prefix?.length ?? 0;
  const frame = withRoomBefore(await sealing, start + length);
  if (o.prefix) frame.set(o.prefix);
  // Written again: the shared buffer may hold another frame's header by now.
  writeHeader(frame, start, kid, o.ctr);
  return frame;
}

/**
 * Decrypts an SFrame object (§4.4.4) whose header has been read.
 *
 * @param frame header ‖ ciphertext ‖ tag
 * @returns null where it is not authentic
 */
export async function decryptFrame(
  { key, salt }: SframeKey,
  o: { readonly header: SframeHeader; readonly metadata: Uint8Array; readonly frame: Bytes },
): Promise<ArrayBuffer | null> {
  const { ctr, length } = o.header;
  for (let index = 0; index < length; index++) AUTHENTICATED[index] = o.frame[index] ?? 0;
  AUTHENTICATED.set(o.metadata, length);
  return decryptGcm(key, parameters(salt, ctr, length + o.metadata.length), o.frame.subarray(length));
}
