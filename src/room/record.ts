/**
 * What a reload brings back (protocol.md §9): one `sessionStorage` record while a session runs, gone on leaving, and deleted
 * unread when it is older than the grace time. It is the only thing this library ever stores.
 */
import * as v from 'valibot';
import { fromBase64Url, toBase64Url } from '../e2ee/bytes.ts';
import type { Credentials } from '../e2ee/knock.ts';
import type { Consent, DevicesChoice } from './state.ts';

const KEY = 'consult-room';

const text = v.pipe(v.string(), v.maxLength(32_768));
const device = v.variant('kind', [
  v.strictObject({ kind: v.literal('default') }),
  v.strictObject({ kind: v.literal('none') }),
  v.strictObject({ kind: v.literal('device'), id: text }),
]);
const Stored = v.strictObject({
  savedAt: v.number(),
  invite: text,
  name: text,
  consent: v.strictObject({ notice: v.strictObject({ version: text, hash: text, lang: text }), at: v.number() }),
  choice: v.strictObject({ camera: device, microphone: device }),
  people: v.array(text),
  admitted: v.nullable(
    v.strictObject({
      incarnation: v.number(),
      publicKey: text,
      pkcs8: text,
      hostSession: text,
      groupId: text,
      epoch: text,
      guestNonce: text,
      welcomeHash: text,
      signature: text,
      keyPackage: text,
    }),
  ),
});

export interface SessionRecord {
  readonly invite: string;
  readonly name: string;
  readonly consent: Consent;
  readonly choice: DevicesChoice;
  readonly people: readonly string[];
  /** Guests who were admitted. */
  readonly admitted: { readonly credentials: Credentials; readonly incarnation: number } | null;
}

/** Where records are kept; a test may bring another one. */
export type RecordStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export function saveRecord(record: SessionRecord, storage: RecordStorage = sessionStorage): void {
  const { admitted, people, ...rest } = record;
  const stored: v.InferOutput<typeof Stored> = {
    ...rest,
    people: [...people],
    savedAt: Date.now(),
    admitted: admitted && { incarnation: admitted.incarnation, ...encode(admitted.credentials) },
  };
  try {
    storage.setItem(KEY, JSON.stringify(stored));
  } catch {
    // A browser that stores nothing (a full or forbidden storage) loses only the comfort of coming back after a reload.
  }
}

/** @param graceSeconds a record that is older is deleted unread */
export function loadRecord(graceSeconds: number, storage: RecordStorage = sessionStorage): SessionRecord | null {
  try {
    const result = v.safeParse(Stored, JSON.parse(storage.getItem(KEY) ?? 'null'));
    if (!result.success || Date.now() - result.output.savedAt > graceSeconds * 1000) {
      storage.removeItem(KEY);
      return null;
    }
    const { savedAt: _savedAt, admitted, ...rest } = result.output;
    return { ...rest, admitted: admitted && { incarnation: admitted.incarnation, credentials: decode(admitted) } };
  } catch {
    // Not readable, so not ours: nothing comes back.
    clearRecord(storage);
    return null;
  }
}

export function clearRecord(storage: RecordStorage = sessionStorage): void {
  try {
    storage.removeItem(KEY);
  } catch {
    // Where storage is forbidden there is nothing to remove.
  }
}

type StoredAdmission = Omit<NonNullable<v.InferOutput<typeof Stored>['admitted']>, 'incarnation'>;

function encode({ leafKey, admission }: Credentials): StoredAdmission {
  return {
    publicKey: toBase64Url(leafKey.publicKey),
    pkcs8: toBase64Url(leafKey.pkcs8),
    hostSession: toBase64Url(admission.hostSession),
    groupId: toBase64Url(admission.groupId),
    epoch: String(admission.epoch),
    guestNonce: toBase64Url(admission.guestNonce),
    welcomeHash: toBase64Url(admission.welcomeHash),
    signature: toBase64Url(admission.signature),
    keyPackage: toBase64Url(admission.keyPackage),
  };
}

function decode(stored: StoredAdmission): Credentials {
  return {
    leafKey: { publicKey: fromBase64Url(stored.publicKey), pkcs8: fromBase64Url(stored.pkcs8) },
    admission: {
      hostSession: fromBase64Url(stored.hostSession),
      groupId: fromBase64Url(stored.groupId),
      epoch: BigInt(stored.epoch),
      guestNonce: fromBase64Url(stored.guestNonce),
      welcomeHash: fromBase64Url(stored.welcomeHash),
      signature: fromBase64Url(stored.signature),
      keyPackage: fromBase64Url(stored.keyPackage),
    },
  };
}
