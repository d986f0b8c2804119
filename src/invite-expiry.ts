/** Until when a link works, as its token says in the clear (protocol.md §1): for showing it, not for relying on it. */
import { fromBase64Url } from './util/base64url.ts';

const VERSION = 1;
const EXPIRES_AT = 2;

/** @returns null where the link holds no invite */
export function expiryOf(link: string): Date | null {
  const token = /#consult=(?<token>[\w-]+)$/u.exec(link)?.groups?.['token'];
  if (token === undefined) return null;
  try {
    const bytes = fromBase64Url(token);
    const seconds = Number(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(EXPIRES_AT));
    const date = new Date(seconds * 1000);
    return bytes[0] === VERSION && !Number.isNaN(date.getTime()) ? date : null;
  } catch {
    // Cut off or altered: the room says so when it is opened.
    return null;
  }
}
