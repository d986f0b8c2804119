/** The expiry of an invite, read from the link without any check (protocol.md §1): for display only. */
import { fromBase64Url } from './util/base64url.ts';

const VERSION = 1;
const EXPIRES_AT = 2;

/** @returns null where the link contains no invite */
export function expiryOf(link: string): Date | null {
  const token = /#consult=(?<token>[\w-]+)$/u.exec(link)?.groups?.['token'];
  if (token === undefined) return null;
  try {
    const bytes = fromBase64Url(token);
    const seconds = Number(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(EXPIRES_AT));
    const date = new Date(seconds * 1000);
    return bytes[0] === VERSION && !Number.isNaN(date.getTime()) ? date : null;
  } catch {
    // Damaged: opening the room reports it.
    return null;
  }
}
