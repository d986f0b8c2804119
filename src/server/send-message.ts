/** The one message that clients send all the time, parsed without a detour over JSON. */
import type { ClientMessage } from '../wire/wire.ts';
import { MESSAGE_LIMIT } from '../wire/wire-parts.ts';

type SendMessage = Extract<ClientMessage, { type: 'send' }>;

const SEND = /^\{"type":"send","to":"([A-Za-z0-9_-]{22}|everyone)","data":"([A-Za-z0-9_-]+)"\}$/u;

/** Where the type begins, which tells most other messages apart. */
const TYPE_AT = '{"type":"'.length;
const SEND_TYPE = Buffer.from('se');

/**
 * Parses a `send` as `JSON.stringify` of our client writes it.
 *
 * @returns null for everything else, which may be valid all the same: `parseClientMessage` decides
 */
export function parseSend(message: Buffer): SendMessage | null {
  if (message[TYPE_AT] !== SEND_TYPE[0] || message[TYPE_AT + 1] !== SEND_TYPE[1]) return null;
  // One byte a character: a message in which that differs from UTF-8 does not match.
  const [, to, data] = SEND.exec(message.toString('latin1')) ?? [];
  if (to === undefined || data === undefined || data.length > MESSAGE_LIMIT) return null;
  return { type: 'send', to, data };
}
