/**
 * Messages between server processes. What a process reads of them is checked as strictly as of those of clients: another program on the
 * same NATS must not end it. A later version may add fields and kinds of events, which are read over, so that both hold a room together
 * during a rolling update; any other change is a new version of the subjects (`nats-bus.ts`).
 */
import * as v from 'valibot';
import { SERVER_ERRORS } from '../../wire/wire.ts';
import { base64url, count, exactly, MESSAGE_LIMIT, time } from '../../wire/wire-parts.ts';

const id = exactly(16);
/** Keyed hash of a room id, as in the subjects. */
const roomHash = exactly(32);

const SeatState = v.object({
  id,
  role: v.picklist(['host', 'guest']),
  /** Milliseconds since the epoch. */
  since: time,
  /** Logical clock of the room when the seat was taken (Lamport): orders seats that two processes gave at once. */
  stamp: count,
  /** In the room of a code: keyed hash of a guest's network, whose places all processes count. */
  network: v.optional(v.pipe(v.string(), v.maxLength(64))),
});
export type SeatState = v.InferOutput<typeof SeatState>;

const Proof = v.object({ thumb: exactly(48), expires: time });
const Keys = v.object({ stamp: count, keys: v.pipe(v.array(base64url(200)), v.maxLength(9)) });

/** What one process holds of a room. */
const RoomState = v.object({
  created: time,
  proof: v.nullable(Proof),
  /** The latest time since which a proven host led, in milliseconds since the epoch. */
  led: time,
  seats: v.pipe(v.array(SeatState), v.maxLength(1024)),
  keys: Keys,
  /** When each open relay nonce ends, in milliseconds since the epoch. */
  nonces: v.pipe(v.array(time), v.maxLength(8192)),
  /** Locator of the spoken code for which a host here answers. */
  code: v.optional(v.nullable(v.pipe(v.string(), v.length(3))), null),
  /** When this process deletes all of it at the latest, in milliseconds since the epoch. */
  deleted: time,
});
export type RoomState = v.InferOutput<typeof RoomState>;

const KnownEvent = v.variant('kind', [
  v.object({ kind: v.literal('joined'), seat: SeatState, proof: v.nullable(Proof), led: time }),
  v.object({ kind: v.literal('left'), id }),
  v.object({
    kind: v.literal('message'),
    from: id,
    to: v.union([v.literal('everyone'), id]),
    data: v.pipe(base64url(MESSAGE_LIMIT), v.minLength(1)),
  }),
  v.object({ kind: v.literal('keys'), keys: Keys }),
]);
const KINDS: readonly string[] = KnownEvent.options.map(({ entries }) => entries.kind.literal);
/** Of a later version: it has its place in the order, and means nothing here. */
const LaterEvent = v.pipe(
  v.object({
    kind: v.pipe(
      v.string(),
      v.check((kind) => !KINDS.includes(kind)),
    ),
  }),
  v.transform(() => ({ kind: 'later' as const })),
);
const RoomEvent = v.union([KnownEvent, LaterEvent]);
export type RoomEvent = v.InferOutput<typeof RoomEvent>;

/** Place of an event in what a process says of a room: `entry` counts its stays in the room, `number` the events. */
const Position = v.object({ entry: count, number: count });
export type Position = v.InferOutput<typeof Position>;

/** On the subject of a room. */
export const Broadcast = v.variant('type', [
  v.object({ type: v.literal('event'), process: id, at: Position, event: RoomEvent }),
  v.object({ type: v.literal('bye'), process: id, entry: count }),
  /** The last event was this one. */
  v.object({ type: v.literal('at'), process: id, at: Position }),
]);

/** Asks who holds a room, and says what the asking process holds of it. */
export const Question = v.object({
  process: id,
  held: v.nullable(v.object({ at: Position, state: RoomState })),
});

/** On the subject of one process. */
export const Direct = v.variant('type', [
  v.object({
    type: v.literal('state'),
    process: id,
    room: roomHash,
    at: Position,
    state: RoomState,
    /** Other processes in the room, whose answers are to be waited for. */
    knows: v.pipe(v.array(id), v.maxLength(256)),
  }),
  v.object({ type: v.literal('probe'), room: roomHash, seat: id }),
  v.object({
    type: v.literal('dismiss'),
    room: roomHash,
    seat: id,
    code: v.nullable(v.picklist(SERVER_ERRORS)),
  }),
  /** Events are missing from this position on. */
  v.object({ type: v.literal('again'), process: id, room: roomHash, at: Position }),
  v.object({ type: v.literal('event'), process: id, room: roomHash, at: Position, event: RoomEvent }),
  /** The asked events are no longer held. */
  v.object({ type: v.literal('lost'), process: id, room: roomHash }),
]);
export type Direct = v.InferOutput<typeof Direct>;

export const Answer = v.object({ responds: v.boolean() });

/** An attempt with a spoken code, that every process counts. */
export const CodeAttempt = v.object({
  process: id,
  /** Of the code, see `codeRoomOf`. */
  room: v.pipe(v.string(), v.length(4)),
  /** Keyed hash of the client's network; null for loopback. */
  network: v.nullable(v.pipe(v.string(), v.maxLength(64))),
});
export type CodeAttempt = Omit<v.InferOutput<typeof CodeAttempt>, 'process'>;

/** Connections and unproven rooms of a client network, by its keyed hash. */
const Usage = v.record(v.pipe(v.string(), v.maxLength(64)), v.tuple([count, count]));
export type Usage = v.InferOutput<typeof Usage>;

const SpentToken = v.object({ token: exactly(32), thumb: exactly(48), until: time });
export type SpentToken = v.InferOutput<typeof SpentToken>;

/** Tokens that hosts have used; `ask`: a new process asks for those of the others. */
export const Tokens = v.object({
  process: id,
  ask: v.boolean(),
  spent: v.pipe(v.array(SpentToken), v.maxLength(1024)),
});

const LedRoom = v.object({
  /** SHA-256 of the room id. */
  room: exactly(32),
  /** Since when its latest proven host leads, in milliseconds since the epoch. */
  since: time,
  /** When its invite ends, in milliseconds since the epoch. */
  until: time,
});
export type LedRoom = v.InferOutput<typeof LedRoom>;

/** Rooms that have changed hands; `ask`: a new process asks for those of the others. */
export const Led = v.object({
  process: id,
  ask: v.boolean(),
  rooms: v.pipe(v.array(LedRoom), v.maxLength(1024)),
});

/** A room that is open or has ended, for the webhooks. */
const OpeningState = v.object({
  /** Keyed hash of the room id. */
  room: roomHash,
  /** Random; names this opening, from the first host to the end. */
  visit: id,
  /** The room's name for each endpoint, by the endpoint's id. */
  names: v.record(exactly(16), roomHash),
  /** Milliseconds since the epoch. */
  opened: time,
  expires: time,
  /** Whether people are in the room over there. */
  held: v.boolean(),
  ended: v.boolean(),
});
export type OpeningState = v.InferOutput<typeof OpeningState>;

/** `ask`: a process that is new, or was cut off, asks for what the others know. */
export const Openings = v.object({
  process: id,
  ask: v.picklist(['ask', 'tell']),
  rooms: v.pipe(v.array(OpeningState), v.maxLength(256)),
});
export type Announcement = Omit<v.InferOutput<typeof Openings>, 'process' | 'rooms'> & {
  readonly rooms: readonly OpeningState[];
};

/** A sign of life. */
export const Pulse = v.object({ process: id, usage: Usage });

/** @returns null for anything else */
export function parse<S extends v.GenericSchema>(schema: S, data: Uint8Array): v.InferOutput<S> | null {
  try {
    const result = v.safeParse(schema, JSON.parse(Buffer.from(data).toString('utf8')), { abortEarly: true });
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}
