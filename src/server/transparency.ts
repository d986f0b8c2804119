/**
 * `POST /transparency`: everything the server holds on one room, with the time at which each item is deleted [R3]
 * [R12]. Who asks must know the room's tag, which follows from the invite; ids travel in the body, because URLs end
 * in logs.
 */
import * as v from 'valibot';
import { fromBase64Url, toBase64Url } from '../util/base64url.ts';
import { concat, equal, label, sha384, u64 } from '../e2ee/bytes.ts';
import { ConsultError } from '../errors.ts';
import type { Hub } from './hub.ts';
import { seatsOf, type RoomEntry } from './room-entry.ts';

const hash = v.pipe(v.string(), v.length(64));
const Question = v.strictObject({
  room: hash,
  roomTag: v.pipe(v.string(), v.length(43)),
  /** Both from the invite; needed only where no host has proved the room yet. */
  thumb: v.optional(hash),
  /** Seconds since the epoch. */
  expires: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
});

export interface HeldItem {
  readonly item: 'room' | 'host proof' | 'connection' | 'admitted keys' | 'relay nonce';
  /** What of it is held, in words and public values. */
  readonly holds: Readonly<Record<string, string | number>>;
  /** ISO 8601: deleted then at the latest. */
  readonly deleted: string;
}

export interface Disclosure {
  readonly room: string;
  readonly asked: string;
  readonly held: readonly HeldItem[];
}

/** @returns null where nothing is held or the tag is not the room's: both look the same to a stranger */
export async function disclose(hub: Hub, body: unknown, now: number): Promise<Disclosure | null> {
  const question = v.safeParse(Question, body);
  if (!question.success) return null;
  const room = hub.find(question.output.room);
  if (!room || !(await tagFits(room, question.output))) return null;
  return { room: room.id, asked: iso(now), held: itemsOf(room, hub.deletionOf(room)) };
}

/**
 * `SHA-384("consult-room v1 room" ‖ thumb ‖ roomTag ‖ expires)` (protocol.md §1): nothing need be stored to check it.
 */
async function tagFits(room: RoomEntry, { roomTag, ...given }: v.InferOutput<typeof Question>): Promise<boolean> {
  try {
    const thumb = room.proof?.thumb ?? (given.thumb === undefined ? null : fromBase64Url(given.thumb));
    const expires = room.proof ? room.proof.expires / 1000 : given.expires;
    if (thumb === null || expires === undefined) return false;
    const expected = await sha384(concat(label('room'), thumb, fromBase64Url(roomTag), u64(BigInt(expires))));
    return equal(expected, fromBase64Url(room.id));
  } catch (error: unknown) {
    if (error instanceof ConsultError) return false;
    throw error;
  }
}

function itemsOf(room: RoomEntry, end: number): readonly HeldItem[] {
  const deleted = iso(end);
  const items: HeldItem[] = [{ item: 'room', holds: { id: room.id, created: iso(room.created) }, deleted }];
  if (room.proof) {
    const { thumb, expires } = room.proof;
    items.push({ item: 'host proof', holds: { thumb: toBase64Url(thumb), expires: iso(expires) }, deleted });
  }
  for (const { id, role, since } of seatsOf(room))
    items.push({ item: 'connection', holds: { id, role, since: iso(since), until: 'it closes' }, deleted });
  if (room.relay.keys > 0) items.push({ item: 'admitted keys', holds: { count: room.relay.keys }, deleted });
  for (const { until } of room.relay.nonces.values())
    items.push({ item: 'relay nonce', holds: { uses: 1 }, deleted: iso(until) });
  return items;
}

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();
