/**
 * What a webhook is signed with (Standard Webhooks 1.0, "Signature scheme"): HMAC-SHA-256 over id, time and body, one
 * signature for each current secret, so that a secret can be replaced without a gap.
 */
import { createHmac } from 'node:crypto';

const SECRET = 'whsec_';

/** @param secret as in the configuration, checked there */
export const keyOf = (secret: string): Buffer => Buffer.from(secret.slice(SECRET.length), 'base64');

/**
 * @param timestamp seconds since the epoch, of this attempt: receivers refuse old ones
 * @returns the three headers
 */
export function signedHeaders(
  keys: readonly Uint8Array[],
  { id, timestamp, body }: { readonly id: string; readonly timestamp: number; readonly body: string },
): Readonly<Record<string, string>> {
  const content = `${id}.${String(timestamp)}.${body}`;
  const signatures = keys.map((key) => `v1,${createHmac('sha256', key).update(content).digest('base64')}`);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
}

/**
 * The name of a room in webhooks: a keyed hash, so that a log of them shows no room. A booking system computes the same
 * from its link and the secret (`webhookRoom` of `consult-room/invite`). Of two secrets the older one counts, which the
 * receiver knows from before.
 *
 * @param keys the newest first
 * @param roomId as on the wire, base64url
 */
export function webhookRoomName(keys: readonly Uint8Array[], roomId: string): string {
  const key = keys.at(-1) ?? new Uint8Array();
  const derived = createHmac('sha256', key).update('consult-room v1 webhook room').digest();
  return createHmac('sha256', derived).update(Buffer.from(roomId, 'base64url')).digest('base64url');
}
