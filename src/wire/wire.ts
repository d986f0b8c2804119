/**
 * What a browser and the signalling server say to each other. Whatever comes in is parsed here or rejected with `message-invalid`.
 * What people's browsers say to each other is opaque here: `room/wire.ts` reads it.
 *
 * Pure data and validators: shared by the browser and the server.
 */
import * as v from 'valibot';
import { base64url, checked, count, exactly, json, MESSAGE_LIMIT } from './wire-parts.ts';

const peerId = exactly(16);

// --- browser → signalling server ----------------------------------------------------------------------------------

/** A guest needs only the room id: it proves nothing, because being in the room at the server grants nothing. */
const joinAsGuest = v.strictObject({
  type: v.literal('join'),
  version: v.literal(1),
  role: v.literal('guest'),
  room: exactly(48),
});
/** A host shows what the room id was made of (protocol.md §1) and then answers a challenge (§2). */
const joinAsHost = v.strictObject({
  type: v.literal('join'),
  version: v.literal(1),
  role: v.literal('host'),
  room: exactly(48),
  spki: base64url(200),
  roomTag: exactly(32),
  expires: count,
  /** The person chose to go on here: a host elsewhere is told so and leaves (protocol.md §9). */
  takeover: v.optional(v.boolean()),
});
const prove = v.strictObject({ type: v.literal('prove'), nonce: exactly(32), signature: base64url(200) });
/** `to` is one peer or everyone else in the room; `data` is opaque to the server. */
const send = v.strictObject({
  type: v.literal('send'),
  to: v.union([v.literal('everyone'), peerId]),
  data: v.pipe(base64url(MESSAGE_LIMIT), v.minLength(1)),
});
/** The host registers the leaf keys it admitted, so that strangers cannot use the relay (§10). */
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
  v.variant('role', [joinAsGuest, joinAsHost]),
  prove,
  send,
  admitted,
  relayNonce,
  relayRequest,
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
  'host-elsewhere',
  'room-expired',
  'peer-unknown',
  'relay-refused',
] as const;
export type ServerErrorCode = (typeof SERVER_ERRORS)[number];

const serverPeer = v.strictObject({ id: peerId, host: v.boolean() });
export const ServerMessage = v.variant('type', [
  v.strictObject({ type: v.literal('challenge'), nonce: exactly(32) }),
  v.strictObject({ type: v.literal('joined'), you: peerId, peers: v.pipe(v.array(serverPeer), v.maxLength(256)) }),
  v.strictObject({ type: v.literal('peer'), change: v.picklist(['joined', 'left']), id: peerId, host: v.boolean() }),
  v.strictObject({ type: v.literal('message'), from: peerId, data: v.pipe(base64url(MESSAGE_LIMIT), v.minLength(1)) }),
  v.strictObject({ type: v.literal('relay-nonce'), nonce: exactly(32) }),
  v.strictObject({
    type: v.literal('relay-credentials'),
    /** Of every relay that the configuration declares: at most 15 beside the signalling, with 8 each. */
    urls: v.pipe(v.array(v.pipe(v.string(), v.maxLength(256))), v.maxLength(120)),
    username: v.pipe(v.string(), v.maxLength(128)),
    credential: v.pipe(v.string(), v.maxLength(128)),
    /** Milliseconds since the epoch, until which the relay accepts an allocation. */
    expires: count,
  }),
  v.strictObject({ type: v.literal('pong') }),
  v.strictObject({ type: v.literal('error'), code: v.picklist(SERVER_ERRORS) }),
]);
export type ServerMessage = v.InferOutput<typeof ServerMessage>;

// --- parsing -------------------------------------------------------------------------------------------------------

/** @throws {ConsultError} `message-invalid` */
export const parseClientMessage = (data: string): ClientMessage => checked(ClientMessage, json(data));
/** @throws {ConsultError} `message-invalid` */
export const parseServerMessage = (data: string): ServerMessage => checked(ServerMessage, json(data));
