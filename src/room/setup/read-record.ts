/** Reads what a reload restores (`reload-record.ts`), as strictly as anything that another page of the site may have written. */
import * as v from 'valibot';
import { parseReceipts } from '../../consent/parse-receipt.ts';
import type { RejoinCredentials } from '../../e2ee/admission/admit-signature.ts';
import type { LeafKey } from '../../e2ee/mls/leaf-key.ts';
import { fromBase64Url } from '../../util/base64url.ts';
import { clearRecord, KEY, type RecordStorage } from './record-storage.ts';
import type { Held, ReloadRecord } from './reload-record.ts';

const text = v.pipe(v.string(), v.maxLength(32_768));
const device = v.variant('kind', [
  v.strictObject({ kind: v.literal('default') }),
  v.strictObject({ kind: v.literal('none') }),
  v.strictObject({ kind: v.literal('device'), id: text }),
]);
const shown = v.strictObject({ version: text, hash: text, lang: text });
const StoredSchema = v.strictObject({
  savedAt: v.number(),
  // Older records have none.
  tab: v.optional(text, ''),
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
      followed: v.nullable(v.strictObject({ hello: text, spki: text, delegation: v.optional(text) })),
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
      named: v.optional(v.array(text), () => []),
      held: v.nullable(v.strictObject({ root: text, encoded: text, spki: text, pkcs8: text })),
    }),
  ),
  room: v.optional(
    v.nullable(
      v.strictObject({
        locked: v.boolean(),
        rank: v.strictObject({ since: v.number(), incarnation: v.number() }),
        members: v.pipe(
          v.array(v.strictObject({ keys: v.pipe(v.array(text), v.maxLength(2)), interpreter: v.boolean() })),
          v.maxLength(16),
        ),
      }),
    ),
    null,
  ),
  code: v.optional(v.nullable(v.strictObject({ index: v.number(), wrong: v.number() })), null),
});

export type Stored = v.InferOutput<typeof StoredSchema>;
export type StoredAdmission = Omit<NonNullable<Stored['admitted']>, 'incarnation' | 'since' | 'followed'>;
export type StoredHeld = NonNullable<NonNullable<Stored['lead']>['held']>;

/**
 * @param graceSeconds an older record is deleted, and one from the future, after the clock was set back
 * @returns null where there is no valid record
 */
export function readRecord(graceSeconds: number, storage: RecordStorage | null): ReloadRecord | null {
  try {
    const result = v.safeParse(StoredSchema, JSON.parse(storage?.getItem(KEY) ?? 'null'));
    // A clock that was just set, as after sleep, may show an earlier time than before the reload.
    const age = result.success ? Math.abs(Date.now() - result.output.savedAt) : 0;
    if (!result.success || age > graceSeconds * 1000) {
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
        followed: admitted.followed,
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

const decodeHeld = ({ root, encoded, spki, pkcs8 }: StoredHeld): Held => ({
  own: { spki: fromBase64Url(spki), pkcs8: fromBase64Url(pkcs8) },
  encoded: fromBase64Url(encoded),
  root: fromBase64Url(root),
});

const decodeKey = (stored: { publicKey: string; pkcs8: string }): LeafKey => ({
  publicKey: fromBase64Url(stored.publicKey),
  pkcs8: fromBase64Url(stored.pkcs8),
});

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
