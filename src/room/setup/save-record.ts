/** Keeps the reload record (`reload-record.ts`) while a session runs. */
import type { RejoinCredentials } from '../../e2ee/admission/admit-signature.ts';
import type { LeafKey } from '../../e2ee/mls/leaf-key.ts';
import { toBase64Url } from '../../util/base64url.ts';
import type { Stored, StoredAdmission, StoredHeld } from './read-record.ts';
import { KEY, tabStorage, type RecordStorage } from './record-storage.ts';
import type { Held, ReloadRecord } from './reload-record.ts';

export function saveRecord(record: ReloadRecord, storage: RecordStorage | null = tabStorage()): void {
  const { admitted, lead, people, receipts, room, ...rest } = record;
  const stored: Stored = {
    ...rest,
    people: [...people],
    room: room && { ...room, members: room.members.map(({ keys, ...member }) => ({ ...member, keys: [...keys] })) },
    savedAt: Date.now(),
    receipts: receipts && { ...encodeKey(receipts.key), list: JSON.stringify(receipts.list) },
    admitted: admitted && { ...admitted.rank, followed: admitted.followed, ...encode(admitted.credentials) },
    lead: lead && { ...lead, named: [...lead.named], held: lead.held && encodeHeld(lead.held) },
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

const encodeHeld = ({ own, encoded, root }: Held): StoredHeld => ({
  root: toBase64Url(root),
  encoded: toBase64Url(encoded),
  spki: toBase64Url(own.spki),
  pkcs8: toBase64Url(own.pkcs8),
});

const encodeKey = ({ publicKey, pkcs8 }: LeafKey): { publicKey: string; pkcs8: string } => ({
  publicKey: toBase64Url(publicKey),
  pkcs8: toBase64Url(pkcs8),
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
