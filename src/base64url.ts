/** base64url without padding (RFC 4648 §5): the one spelling of bytes in links, on the wire and in receipts. */
import { ConsultError } from './errors.ts';

/** `String.fromCharCode` takes its bytes as arguments; more than this many overflow the stack in some engines. */
const PIECE = 8192;

export function toBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (let start = 0; start < bytes.length; start += PIECE)
    binary += String.fromCharCode(...bytes.subarray(start, start + PIECE));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/u, '');
}

/**
 * Strict: no padding, no foreign characters, no set bits after the last byte, so that one byte string has one spelling.
 *
 * @throws {ConsultError} `message-invalid`
 */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9_-]*$/u.test(text) || text.length % 4 === 1)
    throw new ConsultError('message-invalid', { detail: 'base64url' });
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  if (toBase64Url(bytes) !== text) throw new ConsultError('message-invalid', { detail: 'base64url' });
  return bytes;
}
