/**
 * Every message that crosses the network (`src/wire/wire.ts`, `src/room/messages/messages.ts`): a valid one is read as
 * it was written, any other has a named error.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../support/property.ts';
import { toBase64Url } from '../../src/util/base64url.ts';
import { utf8 } from '../../src/e2ee/bytes.ts';
import {
  encodeData,
  encodeGroup,
  encodeSealed,
  parseData,
  parseGroup,
  parseSealed,
  SEALED,
  type ChannelMessage,
  type GroupMessage,
  type SealedMessage,
} from '../../src/room/messages/messages.ts';
import { LIMITS } from '../../src/room/messages/message-limits.ts';
import {
  parseClientMessage,
  parseServerMessage,
  SERVER_ERRORS,
  type ClientMessage,
  type ServerMessage,
} from '../../src/wire/wire.ts';
import { codeOf, damagedJson, mutate, mutations, runs } from './fuzz.ts';

const b64 = (length: number): fc.Arbitrary<string> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map(toBase64Url);
const some = (most: number): fc.Arbitrary<string> => fc.uint8Array({ minLength: 1, maxLength: most }).map(toBase64Url);
/** Of a P-384 key; whether it is on the curve is no question of the shape. */
const spki = fc
  .uint8Array({ minLength: 96, maxLength: 96 })
  .map((point) => `MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE${toBase64Url(point)}`);
const count = fc.maxSafeNat();
/** No later than any date can be (ECMA-262 §21.4.1.1). */
const time = fc.maxSafeNat().map((milliseconds) => Math.min(milliseconds, 8.64e15));
const timeInSeconds = time.map((milliseconds) => Math.floor(milliseconds / 1000));
const words = fc
  .string({ minLength: 1, maxLength: LIMITS.name })
  .filter((text) => /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u.test(text));

const type = <T extends string>(name: T): fc.Arbitrary<T> => fc.constant(name);
const sealed: fc.Arbitrary<SealedMessage> = fc.oneof(
  fc.record({ type: type('present') }),
  fc.record({ type: type('hello'), hello: some(300), spki }),
  fc.record({ type: type('knock'), nonce: b64(32), sealed: some(300) }),
  fc.record({ type: type('welcome'), welcome: some(300), epoch: count, ref: some(48), signature: b64(96) }),
  fc.record({ type: type('refused'), ref: some(48), signature: b64(96) }),
  fc.record({ type: type('locked'), ref: some(48), signature: b64(96) }),
  fc.record({ type: type('failed'), ref: some(48), signature: b64(96) }),
  fc.record({ type: type('group'), message: some(300) }),
  fc.record({ type: type('withdrawn'), ref: some(48) }),
);

const header = { to: fc.oneof(type('everyone'), fc.nat(15)), link: fc.oneof(type(''), b64(16)), seq: count };
const candidate = fc.record({
  candidate: fc.string({ maxLength: 200 }),
  sdpMid: fc.option(fc.string({ maxLength: 16 })),
  sdpMLineIndex: fc.option(fc.nat(4)),
  usernameFragment: fc.option(fc.string({ maxLength: 40 })),
});
const media = fc.record({
  microphone: fc.boolean(),
  camera: fc.boolean(),
  screen: fc.boolean(),
  paused: fc.constantFrom('no' as const, 'privacy' as const, 'someone-came-in' as const, 'stale' as const),
});
const said = <T extends string, B>(name: T, body: fc.Arbitrary<B>) => fc.record({ type: type(name), body, ...header });
const group = fc.oneof(
  said(
    'declaration',
    fc.record({
      people: fc.array(words, { maxLength: LIMITS.occupants }),
      closed: fc.constant(true as const),
      noRecording: fc.constant(true as const),
      nonce: b64(16),
    }),
  ),
  said('acknowledgement', fc.record({ declaration: b64(48) })),
  said(
    'description',
    fc.record({ kind: fc.constantFrom('offer' as const, 'answer' as const), sdp: fc.string({ maxLength: 400 }) }),
  ),
  said('candidates', fc.record({ candidates: fc.array(candidate, { maxLength: 5 }) })),
  said('media', media),
  said('installed', fc.record({ epoch: count })),
  said('relay-question', fc.record({ nonce: b64(32), text: b64(48) })),
  said('relay-answer', fc.record({ nonce: b64(32), text: b64(48), accept: fc.boolean() })),
  said('relay-withdrawn', fc.constant({})),
  said('link-lost', fc.constant({})),
  said('beacon', fc.record({ incarnation: count, epoch: count, transcript: b64(48), seq: count, at: count })),
  said('goodbye', fc.record({ endsRoom: fc.boolean() })),
  said(
    'room-order',
    fc.record({ locked: fc.boolean(), interpreters: fc.array(b64(9), { maxLength: LIMITS.interpreters }) }),
  ),
  said('mute', fc.constant({})),
  said('unmute-request', fc.constant({})),
  said('hand', fc.record({ raised: fc.boolean() })),
) as fc.Arbitrary<GroupMessage>;

const numbers = { n: count, after: count };
const data: fc.Arbitrary<ChannelMessage> = fc.oneof(
  fc.record({
    ...numbers,
    type: type('chat'),
    text: fc.string({ minLength: 1, maxLength: LIMITS.chat, unit: 'binary' }),
  }),
  fc.record({ ...numbers, type: type('break'), wanted: fc.boolean() }),
  fc.record({
    ...numbers,
    type: type('view'),
    camera: fc.constantFrom('large' as const, 'small' as const, 'none' as const),
  }),
  fc.record({ type: type('ack'), n: count }),
);

const server: fc.Arbitrary<ServerMessage> = fc.oneof(
  fc.record({ type: type('challenge'), nonce: b64(32) }),
  fc.record({
    type: type('joined'),
    you: b64(16),
    peers: fc.array(fc.record({ id: b64(16), host: fc.boolean() }), { maxLength: 5 }),
  }),
  fc.record({
    type: type('peer'),
    change: fc.constantFrom('joined' as const, 'left' as const),
    id: b64(16),
    host: fc.boolean(),
  }),
  fc.record({ type: type('message'), from: b64(16), data: some(300) }),
  fc.record({ type: type('relay-nonce'), nonce: b64(32) }),
  fc.record({
    type: type('relay-credentials'),
    urls: fc.array(fc.string({ maxLength: 100 }), { maxLength: 4 }),
    username: fc.string({ maxLength: 60 }),
    credential: fc.string({ maxLength: 60 }),
    expires: count,
  }),
  fc.record({ type: type('pong') }),
  fc.record({ type: type('error'), code: fc.constantFrom(...SERVER_ERRORS) }),
);

const client: fc.Arbitrary<ClientMessage> = fc.oneof(
  fc.record({ type: type('join'), version: fc.constant(1 as const), role: type('guest'), room: b64(48) }),
  fc.record({
    type: type('join'),
    version: fc.constant(1 as const),
    role: type('host'),
    room: b64(48),
    spki,
    roomTag: b64(32),
    expires: timeInSeconds,
    since: time,
  }),
  fc.record({ type: type('prove'), nonce: b64(32), signature: b64(96) }),
  fc.record({ type: type('send'), to: fc.oneof(type('everyone'), b64(16)), data: some(300) }),
  fc.record({ type: type('admitted'), keys: fc.array(b64(97), { maxLength: 9 }) }),
  fc.record({ type: type('relay-nonce') }),
  fc.record({ type: type('ping') }),
);

interface Kind {
  readonly name: string;
  readonly valid: fc.Arbitrary<{ readonly type: string }>;
  readonly encode: (message: never) => Uint8Array;
  readonly parse: (bytes: Uint8Array, of: string) => unknown;
}
const text = new TextDecoder();
const json = (message: unknown): Uint8Array => utf8(JSON.stringify(message));
/** fast-check's objects have no prototype. */
const plain = (message: unknown): unknown => JSON.parse(JSON.stringify(message));
const sealType = (of: string): number => (SEALED as Readonly<Record<string, number>>)[of] ?? 0;
const KINDS: readonly Kind[] = [
  {
    name: 'a sealed message',
    valid: sealed,
    encode: encodeSealed,
    parse: (bytes, of) => parseSealed(sealType(of), bytes),
  },
  { name: 'a message of the group', valid: group, encode: encodeGroup, parse: parseGroup },
  { name: 'a line of a data channel', valid: data, encode: encodeData, parse: parseData },
  {
    name: 'a message of the server',
    valid: server,
    encode: json,
    parse: (bytes) => parseServerMessage(text.decode(bytes)),
  },
  {
    name: 'a message to the server',
    valid: client,
    encode: json,
    parse: (bytes) => parseClientMessage(text.decode(bytes)),
  },
];

for (const { name, valid, encode, parse } of KINDS)
  describe(`fuzz: ${name}`, () => {
    it('round-trips', () => {
      fc.assert(
        fc.property(valid, (message) => {
          assert.deepEqual(parse(encode(message as never), message.type), plain(message));
        }),
        runs(300),
      );
    });

    it('with other fields or bytes has a documented error, or is a message of the same kind', async () => {
      const again = async (bytes: Uint8Array, of: string): Promise<void> => {
        const read: unknown[] = [];
        const code = await codeOf(() => read.push(parse(bytes, of)));
        assert.match(code, /^(?:none|message-invalid)$/u);
        // What is let through is complete: written again, it is the same.
        for (const message of read) assert.deepEqual(parse(encode(message as never), of), plain(message));
      };
      await fc.assert(
        fc.asyncProperty(damagedJson(valid), fc.constantFrom(...Object.keys(SEALED)), (damaged, of) =>
          again(utf8(damaged), of),
        ),
        runs(500),
      );
      await fc.assert(
        fc.asyncProperty(valid, mutations, (message, changes) =>
          again(mutate(encode(message as never), changes), message.type),
        ),
        runs(300),
      );
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(...Object.keys(SEALED)), again),
        runs(200),
      );
    });
  });
