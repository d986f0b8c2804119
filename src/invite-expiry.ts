/** What can be seen of an invite without any check (protocol.md §1): for display only. */
import { fromBase64Url } from './util/base64url.ts';

const VERSION = 1;
const EXPIRES_AT = 2;
const ROLE_AT = 1;
const HOST = 0x68;
const GUEST = 0x67;
/** Of a guest's token. */
const GUEST_BYTES = 102;
/** A host whose browser keeps the key (protocol.md §15). */
const KEPT = 0x63;

/** @returns null where the link contains no invite */
export function expiryOf(link: string): Date | null {
  try {
    const bytes = bytesOf(link);
    const seconds = Number(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(EXPIRES_AT));
    const date = new Date(seconds * 1000);
    return bytes[0] === VERSION && !Number.isNaN(date.getTime()) ? date : null;
  } catch {
    // Damaged: opening the room reports it.
    return null;
  }
}

/** Whether a host link works only in the browser that keeps the host key. */
export const needsKeptKey = (link: string): boolean => roleOf(link) === KEPT;

/** Whether a link opens the room as its host. */
export const isHostLink = (link: string): boolean => [HOST, KEPT].some((role) => roleOf(link) === role);

/** Whether a link ends in a guest's token and all of it; opening the room checks what it says. */
export function isGuestLink(link: string): boolean {
  try {
    const { length } = bytesOf(link);
    return roleOf(link) === GUEST && length === GUEST_BYTES && expiryOf(link) !== null;
  } catch {
    return false;
  }
}

function roleOf(link: string): number | undefined {
  try {
    return bytesOf(link)[ROLE_AT];
  } catch {
    return undefined;
  }
}

const bytesOf = (link: string): Uint8Array<ArrayBuffer> =>
  fromBase64Url(/#consult=(?<token>[\w-]+)$/u.exec(link)?.groups?.['token'] ?? '');
