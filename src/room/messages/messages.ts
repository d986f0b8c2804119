/**
 * All messages between participants: inside seals, inside the group and on data channels. Untrusted input is parsed here or rejected
 * with `message-invalid`. `wire/wire.ts` does the same for the signalling server; nothing else parses untrusted messages.
 */
import * as v from 'valibot';
import { ConsultError } from '../../errors.ts';
import { base64url, checked, count, exactly, hostSpki, json, MESSAGE_LIMIT } from '../../wire/wire-parts.ts';
import { LIMITS } from './message-limits.ts';

// Control and bidirectional-override characters could make one name look like another in the waiting room.
const plain = (maximum: number) =>
  v.pipe(v.string(), v.minLength(1), v.maxLength(maximum), v.regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u));

// --- sealed: browser → browser, before and beside the group (protocol.md §8) --------------------------------------

/** The type byte of a seal; part of its additional authenticated data. */
export const SEALED = {
  present: 1,
  hello: 2,
  knock: 3,
  welcome: 4,
  refused: 5,
  group: 6,
  withdrawn: 7,
  failed: 8,
  locked: 9,
} as const;

const bytes = base64url(MESSAGE_LIMIT);
const SealedBody = {
  /** Announces a seal session on the channel; a guest's asks for the host's hello. */
  [SEALED.present]: v.strictObject({ type: v.literal('present') }),
  [SEALED.hello]: v.strictObject({
    type: v.literal('hello'),
    hello: bytes,
    /** Of the host key that the invite names. */
    spki: hostSpki,
    /** Where the host is a delegate (protocol.md §13). */
    delegation: v.optional(base64url(LIMITS.delegation)),
  }),
  [SEALED.knock]: v.strictObject({ type: v.literal('knock'), nonce: exactly(32), sealed: bytes }),
  [SEALED.welcome]: v.strictObject({
    type: v.literal('welcome'),
    welcome: bytes,
    epoch: count,
    ref: bytes,
    signature: base64url(200),
  }),
  [SEALED.refused]: v.strictObject({ type: v.literal('refused'), ref: bytes, signature: base64url(200) }),
  /** The host admitted the person, and the group could not take the key package. */
  [SEALED.failed]: v.strictObject({ type: v.literal('failed'), ref: bytes, signature: base64url(200) }),
  /** The room is locked: the person waits, and sees why. */
  [SEALED.locked]: v.strictObject({ type: v.literal('locked'), ref: bytes, signature: base64url(200) }),
  /** An MLS PrivateMessage. */
  [SEALED.group]: v.strictObject({ type: v.literal('group'), message: bytes }),
  /** A guest stopped waiting. */
  [SEALED.withdrawn]: v.strictObject({ type: v.literal('withdrawn'), ref: bytes }),
} as const;
export type SealedType = keyof typeof SealedBody;
export type SealedMessage = { [T in SealedType]: v.InferOutput<(typeof SealedBody)[T]> }[SealedType];

// --- group: MLS application messages (protocol.md §6) --------------------------------------------------------------

const leaf = v.pipe(count, v.maxValue(15));
const hash = exactly(48);
/** A participant id (`group/members.ts`). */
const participant = exactly(9);

const Declaration = v.strictObject({
  /** Everyone in the room beside the sender, by name or role; empty means alone. */
  people: v.pipe(v.array(plain(LIMITS.name)), v.maxLength(LIMITS.occupants)),
  /** The room is closed: nobody else can hear, or see the screen [R13] [R14]. */
  closed: v.literal(true),
  /** No recording of any kind [R16]. */
  noRecording: v.literal(true),
  /** Random, so that declaring the same people twice makes two declarations. */
  nonce: exactly(16),
});
const candidate = v.strictObject({
  candidate: v.pipe(v.string(), v.maxLength(LIMITS.candidate)),
  sdpMid: v.nullable(v.pipe(v.string(), v.maxLength(16))),
  sdpMLineIndex: v.nullable(count),
  usernameFragment: v.nullable(v.pipe(v.string(), v.maxLength(256))),
});

/** Which streams the sender shows, or why none (`paused`). */
const MediaNotice = v.strictObject({
  microphone: v.boolean(),
  camera: v.boolean(),
  screen: v.boolean(),
  paused: v.picklist(['no', 'privacy', 'someone-came-in', 'recorder', 'stale']),
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
  v.strictObject({
    type: v.literal('media'),
    body: MediaNotice,
  }),
  /** An attempt to record was refused in the sender's page [R16]. */
  v.strictObject({ type: v.literal('recording-refused'), body: v.strictObject({ count }) }),
  /** The sender can decrypt this epoch (protocol.md §7). */
  v.strictObject({ type: v.literal('installed'), body: v.strictObject({ epoch: count }) }),
  v.strictObject({
    type: v.literal('relay-question'),
    body: v.strictObject({ nonce: exactly(32), text: hash }),
  }),
  v.strictObject({
    type: v.literal('relay-answer'),
    body: v.strictObject({ nonce: exactly(32), text: hash, accept: v.boolean() }),
  }),
  /** Signature for the server over both nonces (protocol.md §10), exchanged once both have agreed. */
  v.strictObject({
    type: v.literal('relay-signature'),
    body: v.strictObject({ serverNonce: exactly(32), signature: base64url(200) }),
  }),
  /** Credentials that the sender fetched for both; the relays themselves are in both configurations. */
  v.strictObject({
    type: v.literal('relay-credentials'),
    body: v.strictObject({
      username: v.pipe(v.string(), v.maxLength(128)),
      credential: v.pipe(v.string(), v.maxLength(128)),
      expires: count,
    }),
  }),
  v.strictObject({ type: v.literal('relay-withdrawn'), body: v.strictObject({}) }),
  /** Probes for a direct path beside the relay: one description each way, candidates included. */
  v.strictObject({
    type: v.literal('direct-probe'),
    body: v.strictObject({ kind: v.picklist(['offer', 'answer']), sdp: v.pipe(v.string(), v.maxLength(LIMITS.sdp)) }),
  }),
  /** A direct path was found and chosen: the relay is released, and the consent to it ends. */
  v.strictObject({ type: v.literal('relay-released'), body: v.strictObject({}) }),
  /** The sender's end of the link is lost (frame worker died, or it stays down): the offerer makes a new link (protocol.md §7). */
  v.strictObject({ type: v.literal('link-lost'), body: v.strictObject({}) }),
  /** The host's beacon (protocol.md §9). */
  v.strictObject({
    type: v.literal('beacon'),
    body: v.strictObject({ incarnation: count, epoch: count, transcript: base64url(64), seq: count, at: count }),
  }),
  v.strictObject({ type: v.literal('goodbye'), body: v.strictObject({ endsRoom: v.boolean() }) }),
  /** Host only: what it has decided about the room, as a whole each time. */
  v.strictObject({
    type: v.literal('room-order'),
    body: v.strictObject({
      locked: v.boolean(),
      interpreters: v.pipe(v.array(participant), v.maxLength(LIMITS.interpreters)),
    }),
  }),
  /** Host only: turns the receiver's microphone off. There is no message that turns one on. */
  v.strictObject({ type: v.literal('mute'), body: v.strictObject({}) }),
  /** Host only: asks the receiver to turn its microphone on. */
  v.strictObject({ type: v.literal('unmute-request'), body: v.strictObject({}) }),
  v.strictObject({ type: v.literal('hand'), body: v.strictObject({ raised: v.boolean() }) }),
  /** Host only: asks a member to lead the room, now or where the host is lost (protocol.md §13). */
  v.strictObject({
    type: v.literal('hand-over-offer'),
    body: v.strictObject({ nonce: exactly(16), as: v.picklist(['now', 'stand-in']) }),
  }),
  /** Host only: the offer no longer stands. */
  v.strictObject({ type: v.literal('hand-over-withdrawn'), body: v.strictObject({ nonce: exactly(16) }) }),
  /** The public key under which the asked member would lead; null for a no. */
  v.strictObject({
    type: v.literal('hand-over-answer'),
    body: v.strictObject({ nonce: exactly(16), spki: v.nullable(hostSpki) }),
  }),
  /** Host only: the delegation, for the asked member alone. */
  v.strictObject({
    type: v.literal('hand-over'),
    body: v.strictObject({ nonce: exactly(16), delegation: base64url(LIMITS.delegation) }),
  }),
  /** A stand-in shows its delegation, and proves that it holds the key. */
  v.strictObject({
    type: v.literal('stand-in'),
    body: v.strictObject({ delegation: base64url(LIMITS.delegation), proof: base64url(200) }),
  }),
  /** The holder of the host key leads again, since then; to the delegate, who leads until now. */
  v.strictObject({
    type: v.literal('taken-back'),
    body: v.strictObject({ since: count, signature: base64url(200) }),
  }),
]);

/** Rises with every message to this participant; `after` is the one that the sender keeps before it, 0 for none. */
const numbers = { n: count, after: count };
/** On a data channel, encrypted as a frame of the stream `data` (protocol.md §7). */
const ChannelMessage = v.variant('type', [
  v.strictObject({
    ...numbers,
    type: v.literal('chat'),
    text: v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.chat)),
  }),
  /** A guest needs a break, or no longer. It travels on the link to the host alone, so no other member learns of it. */
  v.strictObject({ ...numbers, type: v.literal('break'), wanted: v.boolean() }),
  /** How large the sender shows the receiver's camera: the receiver need not send more (protocol.md §12). */
  v.strictObject({
    ...numbers,
    type: v.literal('view'),
    camera: v.picklist(['large', 'small', 'few', 'none']),
  }),
  /** The sender has every message up to this number. */
  v.strictObject({ type: v.literal('ack'), n: count }),
]);
/** What travels on a data channel. */
export type ChannelMessage = v.InferOutput<typeof ChannelMessage>;
type Unnumbered<M> = M extends { readonly after: number } ? Omit<M, keyof typeof numbers> : never;
/** What is said on a data channel, without its numbers. */
export type DataMessage = Unnumbered<ChannelMessage>;

const Header = v.object({
  /** One leaf, or everyone. Every member receives every message in any case: a gap would break the ratchet. */
  to: v.union([v.literal('everyone'), leaf]),
  /** The peer connection that it is about, named by its offerer; empty for none. */
  link: base64url(22),
  /** Increases by one with every message of the sender. */
  seq: count,
});

export type GroupContent = v.InferOutput<typeof GroupBody>;
export type GroupMessage = GroupContent & v.InferOutput<typeof Header>;
export type Declaration = v.InferOutput<typeof Declaration>;
export type MediaNotice = v.InferOutput<typeof MediaNotice>;

// --- parsing -------------------------------------------------------------------------------------------------------

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

export function encodeData(message: ChannelMessage): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(message));
}

/** @throws {ConsultError} `message-invalid` */
export function parseData(plaintext: Uint8Array): ChannelMessage {
  return checked(ChannelMessage, json(plaintext));
}
