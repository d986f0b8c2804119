/** The name of a room in webhooks, so that a booking system recognises its appointment (see the README of src/server). */
import { deriveRoom, parseInvite } from './invite-token.ts';
import { label, type Bytes } from '../bytes.ts';
import { ConsultError } from '../../errors.ts';
import { fromBase64Url, toBase64Url } from '../../util/base64url.ts';

const PREFIX = 'whsec_';

/** `HMAC(HMAC(secret, "consult-room v1 webhook room"), roomId)`, SHA-256. */
export async function roomInWebhooks(link: string, secret: string): Promise<string> {
  const { origin } = new URL(link);
  const { roomId } = await deriveRoom(await parseInvite(link, { origin, now: 0 }));
  const key = await hmac(keyOf(secret), label('webhook room'));
  return toBase64Url(await hmac(key, roomId));
}

function keyOf(secret: string): Bytes {
  const text = secret.trim();
  if (!text.startsWith(PREFIX)) throw new ConsultError('argument-invalid', { detail: 'a secret begins with whsec_' });
  return fromBase64Url(text.slice(PREFIX.length).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/u, ''));
}

async function hmac(key: Bytes, data: Bytes): Promise<Bytes> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, data));
}
