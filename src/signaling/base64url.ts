/**
 * base64url without padding (RFC 4648 §5), as the wire carries opaque bytes. `wire.ts` has checked the characters; a
 * layer that moves opaque bytes must not reach into `e2ee` for this.
 */
import { ConsultError } from '../errors.ts';

/** `String.fromCharCode` takes its bytes as arguments; more than this many overflow the stack in some engines. */
const PIECE = 8192;

export function encodeBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (let start = 0; start < bytes.length; start += PIECE)
    binary += String.fromCharCode(...bytes.subarray(start, start + PIECE));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/u, '');
}

/** @throws {ConsultError} `message-invalid` */
export function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> {
  let binary: string;
  try {
    binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch (error: unknown) {
    throw new ConsultError('message-invalid', { detail: 'base64url', cause: error });
  }
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
