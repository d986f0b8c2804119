/**
 * What a reload restores (protocol.md §9): one record in `sessionStorage` while a session runs. It is deleted on
 * leaving, and without being used when it is older than the grace time. The library stores nothing else.
 */
import * as v from 'valibot';
import { fromBase64Url, toBase64Url } from '../../util/base64url.ts';
import { parseReceipts } from '../../consent/receipt.ts';
import type { RejoinCredentials, RememberedAdmission } from '../../e2ee/admission/admit-signature.ts';
import type { DelegateKey, Rank } from '../../e2ee/admission/delegation.ts';
import type { Bytes } from '../../e2ee/bytes.ts';
import type { LeafKey } from '../../e2ee/mls/leaf-key.ts';
import type { Consent, DevicesChoice, Receipt, Role, RulesConsent, Shown } from '../state/state.ts';

const KEY = 'consult-room';

const text = v.pipe(v.string(), v.maxLength(32_768));
const device = v.variant('kind', [
  v.strictObject({ kind: v.literal('default') }),
  v.strictObject({ kind: v.literal('none') }),
  v.strictObject({ kind: v.literal('device'), id: text }),
]);
const shown = v.strictObject({ version: text, hash: text, lang: text });
const Stored = v.strictObject({
  savedAt: v.number(),
  invite: text,
  name: text,
  consent: v.strictObject({ notice: shown, at: v.number() }),
  rules: v.strictObject({ recording: shown, group: v.nullable(shown), at: v.number() }),
  receipts: v.nullable(
    v.strictObject({ publicKey: text, pkcs8: text, list: v.pipe(v.string(), v.maxLength(262_144)) }),
  ),
  choice: v.strictObject({ camera: device, microphone: device }),
  people: v.array(text),
  shown: v.strictObject({
    camera: v.boolean(),
    microphone: v.boolean(),
    blur: v.picklist(['off', 'background', 'picture']),
  }),
  admitted: v.nullable(
    v.strictObject({
      incarnation: v.number(),
      since: v.number(),
      publicKey: text,
      pkcs8: text,
      hostSession: text,
      groupId: text,
      epoch: text,
      guestNonce: text,
      welcomeHash: text,
      signature: text,
      delegation: text,
      keyPackage: text,
    }),
  ),
  lead: v.nullable(
    v.strictObject({
      role: v.picklist(['host', 'guest']),
      since: v.number(),
      signed: v.optional(v.number(), 0),
      held: v.nullable(v.strictObject({ root: text, encoded: text, spki: text, pkcs8: text })),
    }),
  ),
  room: v.optional(
    v.nullable(
      v.strictObject({
        locked: v.boolean(),
        rank: v.strictObject({ since: v.number(), incarnation: v.number() }),
        members: v.pipe(v.array(v.strictObject({ key: text, interpreter: v.boolean() })), v.maxLength(16)),
        code: v.optional(v.nullable(v.strictObject({ index: v.number(), wrong: v.number() })), null),
      }),
    ),
    null,
  ),
});

/** A delegation that this page holds, with the key that it names. */
export interface Held {
  readonly own: DelegateKey;
  readonly encoded: Bytes;
  /** The SPKI of the host key. */
  readonly root: Bytes;
}

/** Which role a page has after a hand-over, and what it may lead with (protocol.md §13). */
export interface Lead {
  readonly role: Role;
  /** Host: when it began to lead, in milliseconds since the epoch; 0 for the host key at first. */
  readonly since: number;
  /** Null where it may lead with the host key of its invite, or not at all. */
  readonly held: Held | null;
  /** Host: the latest time at which another one may lead, by a delegation that was signed or seen; 0 where there is none. */
  readonly signed: number;
}

/** What a host that reloads knows of its room: so nobody who was in it has to be asked about again. */
export interface RoomRecord {
  readonly locked: boolean;
  /** Of the host whose room it was: one after it, on another device, may have removed people. */
  readonly rank: Rank;
  /** The leaf keys (base64url) of the members, and who of them was interpreter. */
  readonly members: readonly { readonly key: string; readonly interpreter: boolean }[];
  /** Null for a delegate. */
  readonly code: CodeRecord | null;
}

/** Which of a room's codes counts, and how often a wrong one was typed for it (protocol.md §14). */
export interface CodeRecord {
  readonly index: number;
  readonly wrong: number;
}

export interface ReloadRecord {
  readonly invite: string;
  readonly name: string;
  readonly consent: Consent;
  readonly rules: RulesConsent;
  /** The key that signs receipts, and the receipts: a withdrawal after a reload is signed with the same key. */
  readonly receipts: { readonly key: LeafKey; readonly list: readonly Receipt[] } | null;
  readonly choice: DevicesChoice;
  readonly people: readonly string[];
  readonly shown: Shown;
  /** Guests: the admission, once admitted. */
  readonly admitted: RememberedAdmission | null;
  /** Null where the role is the invite's and nothing was handed over. */
  readonly lead: Lead | null;
  /** Host: the room as it was. */
  readonly room: RoomRecord | null;
}

/** Where the record is kept; tests pass their own. */
export type RecordStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * Where site data is blocked, reading the property already throws (HTML §12.2.2). Then nothing comes back after a
 * reload.
 */
function tabStorage(): RecordStorage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

export function saveRecord(record: ReloadRecord, storage: RecordStorage | null = tabStorage()): void {
  const { admitted, lead, people, receipts, room, ...rest } = record;
  const stored: v.InferOutput<typeof Stored> = {
    ...rest,
    people: [...people],
    room: room && { ...room, members: [...room.members] },
    savedAt: Date.now(),
    receipts: receipts && { ...encodeKey(receipts.key), list: JSON.stringify(receipts.list) },
    admitted: admitted && { ...admitted.rank, ...encode(admitted.credentials) },
    lead: lead && { ...lead, held: lead.held && encodeHeld(lead.held) },
  };
  try {
    storage?.setItem(KEY, JSON.stringify(stored));
  } catch {
    // Storage is full or forbidden: a reload will start again from the beginning, and nothing else is lost.
  }
}

/** Marks the record as that of a session which is alive now: its age counts from here. */
export function touchRecord(storage: RecordStorage | null = tabStorage()): void {
  try {
    const stored: unknown = JSON.parse(storage?.getItem(KEY) ?? 'null');
    if (typeof stored === 'object' && stored !== null)
      storage?.setItem(KEY, JSON.stringify({ ...stored, savedAt: Date.now() }));
  } catch {
    // As when it is saved.
  }
}

/**
 * @param graceSeconds an older record is deleted, and one from the future, after the clock was set back
 * @returns null where there is no valid record
 */
export function loadRecord(graceSeconds: number, storage: RecordStorage | null = tabStorage()): ReloadRecord | null {
  try {
    const result = v.safeParse(Stored, JSON.parse(storage?.getItem(KEY) ?? 'null'));
    const age = result.success ? Date.now() - result.output.savedAt : -1;
    if (!result.success || age < 0 || age > graceSeconds * 1000) {
      storage?.removeItem(KEY);
      return null;
    }
    const { savedAt: _savedAt, admitted, lead, receipts, ...rest } = result.output;
    const kept = receipts && {
      key: decodeKey(receipts),
      list: receipts.list === '[]' ? [] : parseReceipts(receipts.list),
    };
    return {
      ...rest,
      receipts: kept,
      admitted: admitted && {
        rank: { incarnation: admitted.incarnation, since: admitted.since },
        credentials: decode(admitted),
      },
      lead: lead && { ...lead, held: lead.held && decodeHeld(lead.held) },
    };
  } catch {
    // Invalid, so not ours.
    clearRecord(storage);
    return null;
  }
}

export function clearRecord(storage: RecordStorage | null = tabStorage()): void {
  try {
    storage?.removeItem(KEY);
  } catch {
    // Storage is forbidden, so there is no record.
  }
}

type StoredAdmission = Omit<NonNullable<v.InferOutput<typeof Stored>['admitted']>, 'incarnation' | 'since'>;
type StoredHeld = NonNullable<NonNullable<v.InferOutput<typeof Stored>['lead']>['held']>;

const encodeHeld = ({ own, encoded, root }: Held): StoredHeld => ({
  root: toBase64Url(root),
  encoded: toBase64Url(encoded),
  spki: toBase64Url(own.spki),
  pkcs8: toBase64Url(own.pkcs8),
});

const decodeHeld = ({ root, encoded, spki, pkcs8 }: StoredHeld): Held => ({
  own: { spki: fromBase64Url(spki), pkcs8: fromBase64Url(pkcs8) },
  encoded: fromBase64Url(encoded),
  root: fromBase64Url(root),
});

const encodeKey = ({ publicKey, pkcs8 }: LeafKey): { publicKey: string; pkcs8: string } => ({
  publicKey: toBase64Url(publicKey),
  pkcs8: toBase64Url(pkcs8),
});

const decodeKey = (stored: { publicKey: string; pkcs8: string }): LeafKey => ({
  publicKey: fromBase64Url(stored.publicKey),
  pkcs8: fromBase64Url(stored.pkcs8),
});

function encode({ leafKey, admission }: RejoinCredentials): StoredAdmission {
  return {
    ...encodeKey(leafKey),
    hostSession: toBase64Url(admission.hostSession),
    groupId: toBase64Url(admission.groupId),
    epoch: String(admission.epoch),
    guestNonce: toBase64Url(admission.guestNonce),
    welcomeHash: toBase64Url(admission.welcomeHash),
    signature: toBase64Url(admission.signature),
    delegation: toBase64Url(admission.delegation),
    keyPackage: toBase64Url(admission.keyPackage),
  };
}

function decode(stored: StoredAdmission): RejoinCredentials {
  return {
    leafKey: decodeKey(stored),
    admission: {
      hostSession: fromBase64Url(stored.hostSession),
      groupId: fromBase64Url(stored.groupId),
      epoch: BigInt(stored.epoch),
      guestNonce: fromBase64Url(stored.guestNonce),
      welcomeHash: fromBase64Url(stored.welcomeHash),
      signature: fromBase64Url(stored.signature),
      delegation: fromBase64Url(stored.delegation),
      keyPackage: fromBase64Url(stored.keyPackage),
    },
  };
}
