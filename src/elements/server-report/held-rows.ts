/** What the server holds, item by item, in the rows that people read: what is of one kind stands together, with its number. */
import type { HeldItem } from '../../room/room.ts';

/** Kinds that have words of their own. */
export const KINDS = [
  'room',
  'host-proof',
  'connection-host',
  'connection-guest',
  'admitted-keys',
  'relay-nonce',
  'code',
  'code-connection',
  'announcement',
  'host-token',
  'latest-host',
] as const;
export type HeldKind = (typeof KINDS)[number];

export interface HeldRow {
  /** `other`: the server is newer than this page. */
  readonly kind: HeldKind | 'other';
  /** The server's name for it. */
  readonly item: string;
  readonly count: number;
  /** Since when, in milliseconds since the epoch: the first of them. Null where the server does not say it. */
  readonly since: number | null;
  /** Deleted then at the latest, in milliseconds since the epoch: the last of them. */
  readonly deleted: number;
  /** It goes with a connection, which may end any time before. */
  readonly ends: 'with-connection' | 'by-time';
  /** Who was told of it; of `other`, everything that the server says. */
  readonly details: string;
}

/** Rows of `other` kinds: a server that makes up a thousand names fills no page. */
const MOST_OTHERS = 20;

export function heldRows(held: readonly HeldItem[]): readonly HeldRow[] {
  const rows = new Map<string, HeldRow>();
  for (const one of held) {
    const row = rowOf(one);
    const name = row.kind === 'other' ? `other ${row.item}` : row.kind;
    const known = rows.get(name);
    if (!known && row.kind === 'other' && rows.size >= KINDS.length + MOST_OTHERS) continue;
    rows.set(name, known ? merged(known, row) : row);
  }
  const place = ({ kind }: HeldRow): number => (kind === 'other' ? KINDS.length : KINDS.indexOf(kind));
  return [...rows.values()].toSorted((one, other) => place(one) - place(other));
}

/** The server's name of a kind; connections have two kinds. */
const itemOf = (kind: HeldKind): string => kind.replace(/^connection-/u, 'connection of ').replaceAll('-', ' ');

function rowOf({ item, holds, deleted }: HeldItem): HeldRow {
  const role = holds['role'] === 'host' ? 'host' : 'guest';
  const kind = KINDS.find((one) => itemOf(one) === (item === 'connection' ? `connection of ${role}` : item)) ?? 'other';
  const { count, told, until } = holds;
  const since = ['since', 'created', 'opened']
    .map((key) => Date.parse(String(holds[key] ?? '')))
    .find((at) => Number.isFinite(at));
  const everything = Object.entries(holds).map(([key, value]) => `${key}: ${String(value)}`);
  return {
    kind,
    item,
    count: kind === 'admitted-keys' && typeof count === 'number' ? count : 1,
    since: since ?? null,
    deleted,
    ends: until === undefined ? 'by-time' : 'with-connection',
    details: kind === 'other' ? everything.join(', ') : typeof told === 'string' ? told : '',
  };
}

function merged(one: HeldRow, other: HeldRow): HeldRow {
  const since = [one.since, other.since].filter((at) => at !== null);
  return {
    ...one,
    count: one.count + other.count,
    since: since.length === 0 ? null : Math.min(...since),
    deleted: Math.max(one.deleted, other.deleted),
  };
}
