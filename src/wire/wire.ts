/**
 * Messages between a browser and the signalling server. Both sides parse untrusted input with these validators, or reject it with
 * `message-invalid`. Messages between browsers are opaque here; `room/messages/messages.ts` parses them.
 */
import * as v from 'valibot';
import {
  base64url,
  checked,
  CODE_DATA_LIMIT,
  count,
  exactly,
  hostSpki,
  json,
  MESSAGE_LIMIT,
  time,
  timeInSeconds,
} from './wire-parts.ts';

const peerId = exactly(16);

// --- browser → signalling server ----------------------------------------------------------------------------------

/** A guest names only the room id and proves nothing, because being in the room at the server grants nothing. */
const joinAsGuest = v.strictObject({
  type: v.literal('join'),
  version: v.literal(1),
  role: v.literal('guest'),
  room: exactly(48),
});
/** A host shows the inputs of the room id (protocol.md §1) and then answers a challenge (§2). */
const joinAsHost = v.strictObject({
  type: v.literal('join'),
  version: v.literal(1),
  role: v.literal('host'),
  room: exactly(48),
  spki: hostSpki,
  roomTag: exactly(32),
  expires: timeInSeconds,
  /** Where the host is a delegate of the key `spki`, whose own key signs the challenge (protocol.md §13). */
  delegation: v.optional(base64url(1024)),
  /** When this host began to lead, in milliseconds since the epoch; 0 for the host key at first. Signed with the challenge. */
  since: time,
  /** The person chose to continue here: a host elsewhere gets `host-elsewhere` and leaves (protocol.md §9). */
  takeover: v.optional(v.boolean()),
  /** A short JWT of the site's backend, for servers that admit only the hosts it names. */
  token: v.optional(v.pipe(v.string(), v.maxLength(4096), v.regex(/^[\w-]+\.[\w-]+\.[\w-]+$/u))),
});
/** The public part of a spoken code (protocol.md §14). */
const locator = v.pipe(v.string(), v.regex(/^[0-9A-HJKMNP-TV-Z]{3}$/u));
/** Messages of its exchange are short. */
const codeData = v.pipe(base64url(CODE_DATA_LIMIT), v.minLength(1));
/** A guest who typed a code names the locator alone, and reaches the host's page only. */
const joinByCode = v.strictObject({ type: v.literal('join'), version: v.literal(1), role: v.literal('code'), locator });
/** The host's page answers for its code; an earlier one is given up. */
const codeOpen = v.strictObject({ type: v.literal('code-open'), locator });
const codeClose = v.strictObject({ type: v.literal('code-close') });
const codeSend = v.strictObject({ type: v.literal('code-send'), to: peerId, data: codeData });
const prove = v.strictObject({ type: v.literal('prove'), nonce: exactly(32), signature: base64url(200) });
/** `to` is one peer or everyone else in the room; `data` is opaque to the server. */
const send = v.strictObject({
  type: v.literal('send'),
  to: v.union([peerId, v.literal('everyone')]),
  data: v.pipe(base64url(MESSAGE_LIMIT), v.minLength(1)),
});
/** The host registers the leaf keys that it admitted, so that strangers cannot use the relay (§10). */
const admitted = v.strictObject({ type: v.literal('admitted'), keys: v.pipe(v.array(base64url(200)), v.maxLength(9)) });
const relayNonce = v.strictObject({ type: v.literal('relay-nonce') });
const relayRequest = v.strictObject({
  type: v.literal('relay-request'),
  keys: v.tuple([base64url(200), base64url(200)]),
  nonces: v.tuple([exactly(32), exactly(32)]),
  text: exactly(48),
  serverNonce: exactly(32),
  signatures: v.tuple([base64url(200), base64url(200)]),
});
const ping = v.strictObject({ type: v.literal('ping') });

export const ClientMessage = v.variant('type', [
  v.variant('role', [joinAsGuest, joinAsHost, joinByCode]),
  prove,
  send,
  admitted,
  relayNonce,
  relayRequest,
  codeOpen,
  codeClose,
  codeSend,
  ping,
]);
export type ClientMessage = v.InferOutput<typeof ClientMessage>;

// --- signalling server → browser ----------------------------------------------------------------------------------

export const SERVER_ERRORS = [
  'message-invalid',
  'message-too-large',
  'too-many-messages',
  'room-full',
  'server-full',
  'not-joined',
  'already-joined',
  'host-not-proven',
  'host-not-allowed',
  'host-elsewhere',
  'room-expired',
  'peer-unknown',
  'relay-refused',
  'code-busy',
] as const;
export type ServerErrorCode = (typeof SERVER_ERRORS)[number];

const serverPeer = v.strictObject({ id: peerId, host: v.boolean() });
const joined = v.strictObject({
  type: v.literal('joined'),
  you: peerId,
  peers: v.pipe(v.array(serverPeer), v.maxLength(256)),
});
const peer = v.strictObject({
  type: v.literal('peer'),
  change: v.picklist(['joined', 'left']),
  id: peerId,
  host: v.boolean(),
});
const message = v.strictObject({
  type: v.literal('message'),
  from: peerId,
  data: v.pipe(base64url(MESSAGE_LIMIT), v.minLength(1)),
});
const error = v.strictObject({ type: v.literal('error'), code: v.picklist(SERVER_ERRORS) });
export const ServerMessage = v.variant('type', [
  v.strictObject({ type: v.literal('challenge'), nonce: exactly(32) }),
  joined,
  peer,
  message,
  /** To the host, about its code: as to a guest about a room. `error`: the code is not open, or not any more. */
  v.strictObject({ type: v.literal('code'), message: v.variant('type', [joined, peer, message, error]) }),
  v.strictObject({ type: v.literal('relay-nonce'), nonce: exactly(32) }),
  v.strictObject({
    type: v.literal('relay-credentials'),
    /** Addresses of every declared relay: at most 15 servers besides the signalling, with 8 each. */
    urls: v.pipe(v.array(v.pipe(v.string(), v.maxLength(256))), v.maxLength(120)),
    username: v.pipe(v.string(), v.maxLength(128)),
    credential: v.pipe(v.string(), v.maxLength(128)),
    /** Milliseconds since the epoch, until which the relay accepts an allocation. */
    expires: count,
  }),
  v.strictObject({ type: v.literal('pong') }),
  /** The server is about to end: connect again at a random moment within so many milliseconds. Calls go on. */
  v.strictObject({ type: v.literal('moving'), within: v.pipe(count, v.maxValue(600_000)) }),
  error,
]);
export type ServerMessage = v.InferOutput<typeof ServerMessage>;

// --- parsing -------------------------------------------------------------------------------------------------------

/** @throws {ConsultError} `message-invalid` */
export function parseClientMessage(data: string): ClientMessage {
  const value = json(data);
  // Nearly all messages, checked without a look at the other types.
  const isSend = typeof value === 'object' && value !== null && 'type' in value && value.type === 'send';
  return isSend ? checked(send, value) : checked(ClientMessage, value);
}
/** @throws {ConsultError} `message-invalid` */
export const parseServerMessage = (data: string): ServerMessage => checked(ServerMessage, json(data));
