/**
 * STUN messages (RFC 8489 §5, §14) as far as an allocation at a TURN server needs them (RFC 8656 §7): enough to test
 * the site's own relay, and nothing that a client of one would need beyond that.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import ipaddr from 'ipaddr.js';

const COOKIE = 0x2112a442;
const HEADER = 20;

/** Methods with their class (RFC 8489 §5, RFC 8656 §17). */
export const METHOD = { allocate: 0x0003, refresh: 0x0004 } as const;
const SUCCESS = 0x0100;
const ERROR = 0x0110;

const ATTRIBUTE = {
  username: 0x0006,
  integrity: 0x0008,
  error: 0x0009,
  lifetime: 0x000d,
  realm: 0x0014,
  nonce: 0x0015,
  relayed: 0x0016,
  transport: 0x0019,
} as const;
/** UDP, RFC 8656 §18.7. */
const UDP = Buffer.from([17, 0, 0, 0]);

/** The long-term credential mechanism (RFC 8489 §9.2). */
export interface Authentication {
  readonly username: string;
  readonly password: string;
  readonly realm: string;
  readonly nonce: Buffer;
}

export interface StunResponse {
  readonly transaction: string;
  /** Null for a success. */
  readonly error: number | null;
  readonly realm: string | null;
  readonly nonce: Buffer | null;
  /** The relayed address of an allocation. */
  readonly relayed: string | null;
}

export interface StunRequest {
  readonly bytes: Buffer;
  readonly transaction: string;
}

/** @param lifetime seconds; 0 in a refresh ends the allocation */
export function stunRequest(
  method: keyof typeof METHOD,
  { authentication, lifetime }: { readonly authentication?: Authentication; readonly lifetime?: number } = {},
): StunRequest {
  const transaction = randomBytes(12);
  const attributes: Buffer[] = [];
  if (method === 'allocate') attributes.push(attribute(ATTRIBUTE.transport, UDP));
  if (lifetime !== undefined) attributes.push(attribute(ATTRIBUTE.lifetime, uint32(lifetime)));
  if (authentication) {
    const { username, realm, nonce } = authentication;
    attributes.push(
      attribute(ATTRIBUTE.username, Buffer.from(username)),
      attribute(ATTRIBUTE.realm, Buffer.from(realm)),
      attribute(ATTRIBUTE.nonce, nonce),
    );
  }
  const body = Buffer.concat(attributes);
  const integrity = authentication
    ? attribute(ATTRIBUTE.integrity, integrityOf(message(METHOD[method], transaction, body, 24), authentication))
    : Buffer.alloc(0);
  const bytes = message(METHOD[method], transaction, Buffer.concat([body, integrity]), 0);
  return { bytes, transaction: transaction.toString('hex') };
}

/** @returns null for anything but a response */
export function parseStunResponse(bytes: Buffer): StunResponse | null {
  if (bytes.length < HEADER || bytes.readUInt32BE(4) !== COOKIE) return null;
  const kind = bytes.readUInt16BE(0) & 0x0110;
  if (kind !== SUCCESS && kind !== ERROR) return null;
  const end = Math.min(bytes.length, HEADER + bytes.readUInt16BE(2));
  const found = new Map<number, Buffer>();
  for (let at = HEADER; at + 4 <= end;) {
    const length = bytes.readUInt16BE(at + 2);
    if (at + 4 + length > end) break;
    found.set(bytes.readUInt16BE(at), bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length + padding(length);
  }
  const error = found.get(ATTRIBUTE.error);
  return {
    transaction: bytes.subarray(8, HEADER).toString('hex'),
    error: kind === SUCCESS ? null : errorCode(error),
    realm: found.get(ATTRIBUTE.realm)?.toString('utf8') ?? null,
    nonce: found.get(ATTRIBUTE.nonce) ?? null,
    relayed: xorAddress(found.get(ATTRIBUTE.relayed), bytes.subarray(4, HEADER)),
  };
}

/** Length of the first message in a stream (RFC 8489 §6.2.2), or null where more bytes are needed. */
export function stunLength(bytes: Buffer): number | null {
  if (bytes.length < HEADER) return null;
  const length = HEADER + bytes.readUInt16BE(2);
  return bytes.length < length ? null : length;
}

/** @param more bytes that the length field counts beyond the body: MESSAGE-INTEGRITY covers its own length (§14.5) */
function message(type: number, transaction: Buffer, body: Buffer, more: number): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(type, 0);
  header.writeUInt16BE(body.length + more, 2);
  header.writeUInt32BE(COOKIE, 4);
  return Buffer.concat([header, transaction, body]);
}

function integrityOf(bytes: Buffer, { username, realm, password }: Authentication): Buffer {
  const key = createHash('md5').update(`${username}:${realm}:${password}`).digest();
  return createHmac('sha1', key).update(bytes).digest();
}

function attribute(type: number, value: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16BE(type, 0);
  header.writeUInt16BE(value.length, 2);
  return Buffer.concat([header, value, Buffer.alloc(padding(value.length))]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const padding = (length: number): number => (4 - (length % 4)) % 4;

/** Class and number (RFC 8489 §14.8); 0 where the attribute is missing. */
function errorCode(value: Buffer | undefined): number {
  return value && value.length >= 4 ? (value.readUInt8(2) & 7) * 100 + value.readUInt8(3) : 0;
}

/** @param mask cookie and transaction id (RFC 8489 §14.2) */
function xorAddress(value: Buffer | undefined, mask: Buffer): string | null {
  const length = value?.[1] === 1 ? 4 : 16;
  if (!value || value.length < 4 + length) return null;
  const bytes = [...value.subarray(4, 4 + length)].map((byte, index) => byte ^ (mask[index] ?? 0));
  return ipaddr.fromByteArray(bytes).toString();
}
