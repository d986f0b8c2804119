/**
 * Every message that crosses the network, in one place: what a browser and the signalling server say to each other,
 * and what people's browsers say to each other inside seals and inside the group. Whatever comes in is parsed here or
 * rejected with `message-invalid`; nothing else in the tree looks into foreign data.
 *
 * Pure data and validators: shared by the browser and the server.
 */
import * as v from 'valibot';
import { ConsultError } from '../errors.ts';

/** Limits that both ends enforce, in bytes unless said otherwise. */
export const LIMITS = {
  /** One text message on the WebSocket: the largest seal class in base64url, and its frame. */
  message: 72 * 1024,
  /** A session description; Chromium's with three m-lines has some 5 kB. */
  sdp: 24 * 1024,
  candidate: 1024,
  /** Candidates in one batch, counted. */
  candidates: 64,
  /** Names and roles, in characters. */
  name: 64,
  /** People that one side may declare in its room, counted. */
  occupants: 12,
  /** A chat line, in characters. */
  chat: 4000,
} as const;

// --- building blocks ---------------------------------------------------------------------------------------------

const base64url = (maximum: number) => v.pipe(v.string(), v.maxLength(maximum), v.regex(/^[A-Za-z0-9_-]*$/u));
const exactly = (bytes: number) =>
  v.pipe(v.string(), v.length(Math.ceil((bytes * 4) / 3)), v.regex(/^[A-Za-z0-9_-]+$/u));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
// Control and bidirectional-override characters could make one name look like another in the waiting room.
const plain = (maximum: number) =>
  v.pipe(v.string(), v.minLength(1), v.maxLength(maximum), v.regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u));
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
  data: v.pipe(base64url(LIMITS.message), v.minLength(1)),
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
  v.strictObject({ type: v.literal('message'), from: peerId, data: v.pipe(base64url(LIMITS.message), v.minLength(1)) }),
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

// --- sealed: browser → browser, before and beside the group (protocol.md §8) --------------------------------------

/** The type byte of a seal; part of its additional authenticated data. */
export const SEALED = { present: 1, hello: 2, knock: 3, welcome: 4, refused: 5, group: 6, withdrawn: 7 } as const;

const bytes = base64url(LIMITS.message);
const SealedBody = {
  /** «I am here»: a guest asks for the host's hello, and says which seal session is behind its peer id. */
  [SEALED.present]: v.strictObject({ type: v.literal('present') }),
  [SEALED.hello]: v.strictObject({ type: v.literal('hello'), hello: bytes, spki: base64url(200) }),
  [SEALED.knock]: v.strictObject({ type: v.literal('knock'), nonce: exactly(32), sealed: bytes }),
  [SEALED.welcome]: v.strictObject({
    type: v.literal('welcome'),
    welcome: bytes,
    epoch: count,
    ref: bytes,
    signature: base64url(200),
  }),
  [SEALED.refused]: v.strictObject({ type: v.literal('refused'), ref: bytes, signature: base64url(200) }),
  /** An MLS PrivateMessage. */
  [SEALED.group]: v.strictObject({ type: v.literal('group'), message: bytes }),
  /** A person stopped waiting. */
  [SEALED.withdrawn]: v.strictObject({ type: v.literal('withdrawn'), ref: bytes }),
} as const;
export type SealedType = keyof typeof SealedBody;
export type SealedMessage = { [T in SealedType]: v.InferOutput<(typeof SealedBody)[T]> }[SealedType];

// --- group: MLS application messages (protocol.md §6) --------------------------------------------------------------

const leaf = v.pipe(count, v.maxValue(15));
const hash = exactly(48);

const Declaration = v.strictObject({
  /** Everyone in the room beside the speaker, by name or role; empty means alone. */
  people: v.pipe(v.array(plain(LIMITS.name)), v.maxLength(LIMITS.occupants)),
  /** The room is closed: nobody else can hear or see the screen [R13] [R14]. */
  closed: v.literal(true),
  /** No recording of any kind [R16]. */
  noRecording: v.literal(true),
  /** Random, so that the same words declared twice are two declarations. */
  nonce: exactly(16),
});
const candidate = v.strictObject({
  candidate: v.pipe(v.string(), v.maxLength(LIMITS.candidate)),
  sdpMid: v.nullable(v.pipe(v.string(), v.maxLength(16))),
  sdpMLineIndex: v.nullable(count),
  usernameFragment: v.nullable(v.pipe(v.string(), v.maxLength(256))),
});

const GroupBody = v.variant('type', [
  v.strictObject({ type: v.literal('declaration'), body: Declaration }),
  v.strictObject({ type: v.literal('acknowledgement'), body: v.strictObject({ declaration: hash }) }),
  v.strictObject({
    type: v.literal('description'),
    body: v.strictObject({ kind: v.picklist(['offer', 'answer']), sdp: v.pipe(v.string(), v.maxLength(LIMITS.sdp)) }),
  }),
  v.strictObject({
    type: v.literal('candidates'),
    body: v.strictObject({ candidates: v.pipe(v.array(candidate), v.maxLength(LIMITS.candidates)) }),
  }),
  /** Which streams its sender shows; `paused` says why none. */
  v.strictObject({
    type: v.literal('media'),
    body: v.strictObject({
      microphone: v.boolean(),
      camera: v.boolean(),
      screen: v.boolean(),
      paused: v.picklist(['no', 'privacy', 'someone-came-in', 'recorder', 'stale']),
    }),
  }),
  /** In the sender's page a program tried to record and was refused [R16]. */
  v.strictObject({ type: v.literal('recording-refused'), body: v.strictObject({}) }),
  /** The sender can decrypt this epoch (§7, epoch change). */
  v.strictObject({ type: v.literal('installed'), body: v.strictObject({ epoch: count }) }),
  v.strictObject({
    type: v.literal('relay-question'),
    body: v.strictObject({ nonce: exactly(32), text: hash }),
  }),
  v.strictObject({
    type: v.literal('relay-answer'),
    body: v.strictObject({ nonce: exactly(32), text: hash, accept: v.boolean() }),
  }),
  /** A signature for the server over both nonces (§10), exchanged once both said yes. */
  v.strictObject({
    type: v.literal('relay-signature'),
    body: v.strictObject({ serverNonce: exactly(32), signature: base64url(200) }),
  }),
  /** From the one who fetched them, for the other of the pair; the relays themselves are in both configurations. */
  v.strictObject({
    type: v.literal('relay-credentials'),
    body: v.strictObject({
      username: v.pipe(v.string(), v.maxLength(128)),
      credential: v.pipe(v.string(), v.maxLength(128)),
      expires: count,
    }),
  }),
  v.strictObject({ type: v.literal('relay-withdrawn'), body: v.strictObject({}) }),
  /** Whether two relayed people could be connected directly by now: candidates included, one description each way. */
  v.strictObject({
    type: v.literal('direct-probe'),
    body: v.strictObject({ kind: v.picklist(['offer', 'answer']), sdp: v.pipe(v.string(), v.maxLength(LIMITS.sdp)) }),
  }),
  /** A direct way was found: the relay is not needed any more, and nothing that was agreed about it holds. */
  v.strictObject({ type: v.literal('relay-released'), body: v.strictObject({}) }),
  /** The sender's end of the link is lost (its frame worker died, or it stays down): the offerer makes another one (§7). */
  v.strictObject({ type: v.literal('link-lost'), body: v.strictObject({}) }),
  /** The host's sign of life (§9, freshness). */
  v.strictObject({
    type: v.literal('beacon'),
    body: v.strictObject({ incarnation: count, epoch: count, transcript: base64url(64), seq: count }),
  }),
  v.strictObject({ type: v.literal('goodbye'), body: v.strictObject({ whole: v.boolean() }) }),
]);

/** On a data channel, sealed as a frame of the stream `data` (§7). */
const DataMessage = v.variant('type', [
  v.strictObject({ type: v.literal('chat'), text: v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.chat)) }),
]);
export type DataMessage = v.InferOutput<typeof DataMessage>;

const Header = v.object({
  /** One leaf, or everyone. Everyone gets every message all the same: a gap would break the ratchet. */
  to: v.union([v.literal('everyone'), leaf]),
  /** The peer connection it is about, chosen by its offerer; empty where it is about none. */
  link: base64url(22),
  /** Rises by one with every message of its sender. */
  seq: count,
});

export type GroupContent = v.InferOutput<typeof GroupBody>;
export type GroupMessage = GroupContent & v.InferOutput<typeof Header>;
export type Declaration = v.InferOutput<typeof Declaration>;
export type MediaNotice = Extract<GroupContent, { type: 'media' }>['body'];

// --- parsing -------------------------------------------------------------------------------------------------------

function json(data: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof data === 'string' ? data : new TextDecoder('utf-8', { fatal: true }).decode(data));
  } catch (error: unknown) {
    throw new ConsultError('message-invalid', { detail: 'not JSON', cause: error });
  }
}

function checked<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  // The issue's path is told, never its input: it may hold a name.
  if (!result.success)
    throw new ConsultError('message-invalid', { detail: v.getDotPath(result.issues[0]) ?? 'message' });
  return result.output;
}

/** @throws {ConsultError} `message-invalid` */
export const parseClientMessage = (data: string): ClientMessage => checked(ClientMessage, json(data));
/** @throws {ConsultError} `message-invalid` */
export const parseServerMessage = (data: string): ServerMessage => checked(ServerMessage, json(data));

export function encodeSealed(message: SealedMessage): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(message));
}

/**
 * Parses the plaintext of a seal. The type byte of the envelope chooses the validator, so a body cannot pass for another.
 *
 * @throws {ConsultError} `message-invalid`
 */
export function parseSealed(type: number, plaintext: Uint8Array): SealedMessage {
  const schema = (SealedBody as Readonly<Record<number, v.GenericSchema<unknown, SealedMessage>>>)[type];
  if (!schema) throw new ConsultError('message-invalid', { detail: 'sealed type' });
  return checked(schema, json(plaintext));
}

export function encodeGroup(message: GroupMessage): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(message));
}

/** @throws {ConsultError} `message-invalid` */
export function parseGroup(plaintext: Uint8Array): GroupMessage {
  const value = json(plaintext);
  const { to, link, seq, ...content } = checked(v.looseObject(Header.entries), value);
  return { to, link, seq, ...checked(GroupBody, content) };
}

export function encodeData(message: DataMessage): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(message));
}

/** @throws {ConsultError} `message-invalid` */
export function parseData(plaintext: Uint8Array): DataMessage {
  return checked(DataMessage, json(plaintext));
}
