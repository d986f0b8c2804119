/** base64url without padding (RFC 4648 §5): the encoding of bytes in links, messages and receipts. */
import { ConsultError } from '../errors.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** `decode` expects characters of the alphabet only, and returns null where set bits follow the last byte. */
interface Codec {
  encode(bytes: Uint8Array): string;
  decode(text: string): Bytes | null;
}

/** ES2026, in browsers since 2025. The compiler's `lib` is older, because supported browsers are. */
interface NativeArrays {
  fromBase64?(text: string, o: { alphabet: 'base64url'; lastChunkHandling: 'strict' }): Bytes;
}
interface NativeArray {
  toBase64(o: { alphabet: 'base64url'; omitPadding: boolean }): string;
}

const { fromBase64 } = Uint8Array as NativeArrays;
const hasToBase64 = 'toBase64' in Uint8Array.prototype;

/** The engine's own codec, where it has one: a session description has 22,000 characters and arrives while a call is being set up. */
export const nativeCodec: Codec | null =
  fromBase64 && hasToBase64
    ? {
        encode: (bytes) => (bytes as unknown as NativeArray).toBase64({ alphabet: 'base64url', omitPadding: true }),
        decode: (text) => {
          try {
            // `strict` checks the last bits, and also requires padding.
            const padded = text + '='.repeat((4 - (text.length % 4)) % 4);
            return fromBase64.call(Uint8Array, padded, { alphabet: 'base64url', lastChunkHandling: 'strict' });
          } catch {
            return null;
          }
        },
      }
    : null;

/** Bytes per call of `String.fromCharCode`: more arguments overflow the stack in some engines. */
const PIECE = 8192;

export const portableCodec: Codec = {
  encode: (bytes) => {
    let binary = '';
    for (let start = 0; start < bytes.length; start += PIECE)
      binary += String.fromCharCode(...bytes.subarray(start, start + PIECE));
    return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/u, '');
  },
  decode: (text) => {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = new Uint8Array(binary.length);
    for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
    return portableCodec.encode(bytes) === text ? bytes : null;
  },
};

const codec = nativeCodec ?? portableCodec;

export const toBase64Url = (bytes: Uint8Array): string => codec.encode(bytes);

/**
 * Strict: no padding, no other characters, no set bits after the last byte, so that each byte string has exactly one encoding.
 *
 * @throws {ConsultError} `message-invalid`
 */
export function fromBase64Url(text: string): Bytes {
  const bytes = /^[A-Za-z0-9_-]*$/u.test(text) && text.length % 4 !== 1 ? codec.decode(text) : null;
  if (!bytes) throw new ConsultError('message-invalid', { detail: 'base64url' });
  return bytes;
}
