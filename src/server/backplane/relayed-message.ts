/**
 * The one message that processes send each other all the time, a text from a person to others, written and parsed without a detour over JSON.
 * On the wire it is the same.
 */
import { MESSAGE_LIMIT } from '../../wire/wire-parts.ts';
import type { Broadcast, Position, RoomEvent } from './process-messages.ts';
import type * as v from 'valibot';

type EventBroadcast = Extract<v.InferOutput<typeof Broadcast>, { type: 'event' }>;
export type RelayedMessage = Extract<RoomEvent, { kind: 'message' }>;

/**
 * `JSON.stringify({ type: 'event', process, at, event })`.
 *
 * @param process id in base64url
 * @param event as it was parsed: base64url, in which JSON escapes nothing
 */
export const encodeRelayed = (
  process: string,
  { entry, number }: Position,
  { from, to, data }: RelayedMessage,
): string =>
  `{"type":"event","process":"${process}","at":{"entry":${String(entry)},"number":${String(number)}},"event":{"kind":"message","from":"${from}","to":"${to}","data":"${data}"}}`;

const ID = '[A-Za-z0-9_-]{22}';
const RELAYED = new RegExp(
  `^\\{"type":"event","process":"(${ID})","at":\\{"entry":(0|[1-9][0-9]{0,14}),"number":(0|[1-9][0-9]{0,14})\\},` +
    `"event":\\{"kind":"message","from":"(${ID})","to":"(${ID}|everyone)","data":"([A-Za-z0-9_-]+)"\\}\\}$`,
  'u',
);

/** Where the kind of the event stands at the earliest, which tells most other messages apart. */
const TYPE_AT = '{"type":"'.length;
const EVENT = 'event'.charCodeAt(0);

/** @returns null for everything else, which may be valid all the same: the schema decides */
export function parseRelayed(message: Uint8Array): EventBroadcast | null {
  if (message[TYPE_AT] !== EVENT) return null;
  // One byte a character: a message in which that differs from UTF-8 does not match.
  const text = Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString('latin1');
  const [, process, entry, number, from, to, data] = RELAYED.exec(text) ?? [];
  if (process === undefined || from === undefined || to === undefined || data === undefined) return null;
  if (data.length > MESSAGE_LIMIT) return null;
  return {
    type: 'event',
    process,
    at: { entry: Number(entry), number: Number(number) },
    event: { kind: 'message', from, to, data },
  };
}
