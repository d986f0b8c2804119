/**
 * Byte strings as protocol.md and the MLS and SFrame documents write them: big-endian integers, length-prefixed fields,
 * SHA-384 and HKDF-SHA-384 (RFC 5869). WebCrypto only: browsers and Node alike.
 */
import { ConsultError } from '../errors.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();

export const utf8 = (text: string): Bytes => encoder.encode(text);

/** A copy in memory of its own. */
export const copyBytes = (bytes: Uint8Array): Bytes => new Uint8Array(bytes);

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** 2 bytes, big-endian. */
export const u16 = (value: number): Bytes => Uint8Array.of(value >> 8, value & 0xff);

/** 4 bytes, big-endian. */
export function u32(value: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** 8 bytes, big-endian. */
export function u64(value: bigint): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}

/** `lp(x)` of protocol.md: a 4-byte length, then the bytes. */
export const lp = (bytes: Uint8Array): Bytes => concat(u32(bytes.length), bytes);

/**
 * Reads `count` fields written by {@link lp}, and nothing after them.
 *
 * @throws {ConsultError} `message-invalid`
 */
export function readFields(bytes: Uint8Array, count: number): readonly Bytes[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: Bytes[] = [];
  let offset = 0;
  for (let index = 0; index < count; index++) {
    if (offset + 4 > bytes.length) throw new ConsultError('message-invalid', { detail: 'field cut short' });
    const length = view.getUint32(offset);
    if (offset + 4 + length > bytes.length) throw new ConsultError('message-invalid', { detail: 'field cut short' });
    fields.push(new Uint8Array(bytes.subarray(offset + 4, offset + 4 + length)));
    offset += 4 + length;
  }
  if (offset !== bytes.length) throw new ConsultError('message-invalid', { detail: 'bytes after the last field' });
  return fields;
}

export const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

/** Compares without returning early at the first difference. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let index = 0; index < a.length; index++) difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
  return difference === 0;
}

export async function sha384(bytes: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-384', new Uint8Array(bytes)));
}

const SHA_384 = 48;

/** HMAC (RFC 2104) with SHA-384. An empty key equals one of zeros; some engines do not import it. */
async function hmac(key: Uint8Array, data: Uint8Array): Promise<Bytes> {
  const raw = key.length > 0 ? new Uint8Array(key) : new Uint8Array(SHA_384);
  const imported = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-384' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, new Uint8Array(data)));
}

/** HKDF-Extract (RFC 5869 §2.2) with SHA-384: 48 bytes. */
export const hkdfExtract = (salt: Uint8Array, secret: Uint8Array): Promise<Bytes> => hmac(salt, secret);

/**
 * HKDF-Expand (RFC 5869 §2.3) with SHA-384. WebCrypto offers only both steps together.
 *
 * @param length up to 255 × 48 bytes
 */
export async function hkdfExpand(key: Uint8Array, info: Uint8Array, length: number): Promise<Bytes> {
  if (length > 255 * SHA_384) throw new RangeError('HKDF-Expand: length');
  const blocks: Bytes[] = [];
  let last: Bytes = new Uint8Array(0);
  for (let counter = 1; blocks.length * SHA_384 < length; counter++) {
    last = await hmac(key, concat(last, info, Uint8Array.of(counter)));
    blocks.push(last);
  }
  return concat(...blocks).slice(0, length);
}

/** The common beginning of all labels of the protocol. */
export const label = (text: string): Bytes => utf8(`consult-room v1 ${text}`);
