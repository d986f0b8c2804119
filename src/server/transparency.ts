/**
 * `POST /transparency`: everything the server holds on one room, with the time at which each item is deleted [R3]
 * [R12]. Who asks must know the room's tag, which follows from the invite; ids travel in the body, because URLs end
 * in logs.
 */
import * as v from 'valibot';
import { fromBase64Url } from '../util/base64url.ts';
import { concat, equal, label, sha384, u64 } from '../e2ee/bytes.ts';
import { ConsultError } from '../errors.ts';
import type { Backplane } from './backplane/backplane.ts';
import type { RoomState } from './backplane/process-messages.ts';
import type { HostGate } from './host-rule.ts';
import type { Hub } from './hub.ts';
import { codeRoomOf } from './room-entry.ts';
import type { Openings } from './webhooks/openings.ts';

const hash = v.pipe(v.string(), v.length(64));
const Question = v.strictObject({
  room: hash,
  roomTag: v.pipe(v.string(), v.length(43)),
  thumb: hash,
  /** Seconds since the epoch. */
  expires: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

export interface HeldItem {
  readonly item:
    | 'room'
    | 'host proof'
    | 'connection'
    | 'admitted keys'
    | 'relay nonce'
    | 'code'
    | 'code connection'
    | 'announcement'
    | 'host token'
    | 'latest host';
  /** What of it is held, in words and public values. */
  readonly holds: Readonly<Record<string, string | number>>;
  /** ISO 8601: deleted then at the latest. */
  readonly deleted: string;
}

export interface Holders {
  readonly hub: Hub;
  /** The other server processes. */
  readonly backplane: Pick<Backplane, 'collect'>;
  /** What the webhooks are told; null without webhooks. */
  readonly openings: Pick<Openings, 'find'> | null;
  readonly hosts: Pick<HostGate, 'spentBy'>;
  readonly now: () => number;
}

export interface Disclosure {
  readonly room: string;
  readonly asked: string;
  readonly held: readonly HeldItem[];
}

/** @returns null where nothing is held or the tag is not the room's: both look the same to a stranger, and take as long */
export async function disclose(
  { hub, backplane, openings, hosts, now }: Holders,
  body: unknown,
): Promise<Disclosure | null> {
  const question = v.safeParse(Question, body);
  if (!question.success) return null;
  const { room } = question.output;
  // Before anything is looked up: how long the other processes take depends on whether people are in the room.
  if (!(await tagFits(question.output))) return null;
  const own = hub.remote.stateOf(room);
  const states = [...(own ? [own] : []), ...(await backplane.collect(room))];
  const proof = states.find((state) => state.proof !== null)?.proof ?? null;
  const led = hub.led.find(room);
  if (states.length === 0 && !led) return null;
  const held = [
    ...(states.length > 0 ? itemsOf(room, proof, states) : []),
    ...(led ? [{ item: 'latest host', holds: { since: iso(led.since) }, deleted: iso(led.until) } as const] : []),
    ...(await itemsOfCodes({ hub, backplane }, states)),
    ...announcementOf(openings, room),
    ...tokensOf(hosts, proof),
  ];
  return { room, asked: iso(now()), held };
}

/** That the room is open, as the site's own systems are told: a keyed hash of its id, and when. */
function announcementOf(openings: Holders['openings'], room: string): readonly HeldItem[] {
  const found = openings?.find(room);
  if (!found) return [];
  const { opened, told, deleted } = found;
  return [{ item: 'announcement', holds: { opened: iso(opened), told: told.join(', ') }, deleted: iso(deleted) }];
}

/** That tokens of the site's backend were used with the host's key, so that nobody else uses them. */
function tokensOf(hosts: Holders['hosts'], proof: RoomState['proof']): readonly HeldItem[] {
  if (!proof) return [];
  return hosts
    .spentBy(proof.thumb)
    .map(({ token, until }) => ({ item: 'host token', holds: { hash: token }, deleted: iso(until) }));
}

/** The spoken code for which the host answers, and who is connected by it (protocol.md §14). */
async function itemsOfCodes(
  { hub, backplane }: Pick<Holders, 'hub' | 'backplane'>,
  states: readonly RoomState[],
): Promise<readonly HeldItem[]> {
  const items: HeldItem[] = [];
  for (const locator of new Set(states.flatMap(({ code }) => (code === null ? [] : [code])))) {
    const id = codeRoomOf(locator);
    const own = hub.remote.stateOf(id);
    const all = [...(own ? [own] : []), ...(await backplane.collect(id))];
    const deleted = iso(Math.max(...[...all, ...states].map((state) => state.deleted)));
    items.push({ item: 'code', holds: { locator, until: 'the host leaves' }, deleted });
    for (const { id: seat, role, since } of all.flatMap(({ seats }) => seats))
      items.push({
        item: 'code connection',
        holds: { id: seat, role, since: iso(since), until: 'it closes' },
        deleted,
      });
  }
  return items;
}

/**
 * `SHA-384("consult-room v1 room" ‖ thumb ‖ roomTag ‖ expires)` (protocol.md §1): nothing need be stored to check it.
 */
async function tagFits({ room, roomTag, thumb, expires }: v.InferOutput<typeof Question>): Promise<boolean> {
  try {
    const fields = concat(label('room'), fromBase64Url(thumb), fromBase64Url(roomTag), u64(BigInt(expires)));
    return equal(await sha384(fields), fromBase64Url(room));
  } catch (error: unknown) {
    if (error instanceof ConsultError) return false;
    throw error;
  }
}

/** @param states of every server process that holds the room; each deletes its own by its own clock */
function itemsOf(room: string, proof: RoomState['proof'], states: readonly RoomState[]): readonly HeldItem[] {
  const deleted = iso(Math.max(...states.map((state) => state.deleted)));
  const created = iso(Math.min(...states.map((state) => state.created)));
  const items: HeldItem[] = [{ item: 'room', holds: { id: room, created }, deleted }];
  if (proof) items.push({ item: 'host proof', holds: { thumb: proof.thumb, expires: iso(proof.expires) }, deleted });
  for (const { id, role, since } of states.flatMap(({ seats }) => seats))
    items.push({ item: 'connection', holds: { id, role, since: iso(since), until: 'it closes' }, deleted });
  const keys = Math.max(...states.map((state) => state.keys.keys.length));
  if (keys > 0) items.push({ item: 'admitted keys', holds: { count: keys }, deleted });
  for (const until of states.flatMap(({ nonces }) => nonces))
    items.push({ item: 'relay nonce', holds: { uses: 1 }, deleted: iso(until) });
  return items;
}

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();
