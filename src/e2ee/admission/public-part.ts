/**
 * The public part of a host key (protocol.md §15): whoever makes appointments needs it, and no more.
 *
 * base64url: version (1) ‖ `p` ‖ site (8) ‖ thumb (48) ‖ a filler byte ‖ checksum (4).
 */
import { ConsultError } from '../../errors.ts';
import { fromBase64Url, toBase64Url } from '../../util/base64url.ts';
import { concat, equal, label, lp, sha384, type Bytes } from '../bytes.ts';
import { siteOf } from './invite-token.ts';

const VERSION = 1;
const PUBLIC = 0x70;
const LENGTH = 63;
const CHECKSUM = 4;

/** An argument of those who make invites. */
export const invalid = (detail: string): ConsultError => new ConsultError('argument-invalid', { detail });

async function checksum(body: Uint8Array): Promise<Bytes> {
  return (await sha384(concat(label('public part'), lp(body)))).slice(0, CHECKSUM);
}

/** @param origin of the site, for which alone it is good */
export async function publicPartOf(thumb: Uint8Array, origin: string): Promise<string> {
  const site = await siteOf(origin);
  for (let filler = 0; ; filler++) {
    const body = concat(Uint8Array.of(VERSION, PUBLIC), site, thumb, Uint8Array.of(filler));
    const text = toBase64Url(concat(body, await checksum(body)));
    // As a token: mail programs cut other signs off at the end.
    if (/[A-Za-z0-9]$/u.test(text)) return text;
  }
}

/**
 * @returns the thumb, 48 bytes
 * @throws {ConsultError} `argument-invalid`, `invite-foreign`
 */
export async function readPublicPart(text: string, origin: string): Promise<Bytes> {
  const bytes = bytesOf(text.replaceAll(/\s/gu, ''));
  const body = bytes.subarray(0, -CHECKSUM);
  const isWhole = bytes.length === LENGTH && equal(bytes.subarray(-CHECKSUM), await checksum(body));
  if (!isWhole || body[0] !== VERSION || body[1] !== PUBLIC) throw invalid('for: not a whole public part');
  if (!equal(body.subarray(2, 10), await siteOf(origin)))
    throw new ConsultError('invite-foreign', { detail: 'for: of another site' });
  return body.slice(10, 58);
}

function bytesOf(text: string): Bytes {
  try {
    return fromBase64Url(text);
  } catch {
    return new Uint8Array();
  }
}
