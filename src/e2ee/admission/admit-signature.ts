/**
 * The host's signature over an admission (protocol.md §4). A guest checks it before it joins, and keeps it: shown with a later knock, it
 * proves to a host without memory whom it admitted before, and under which name (§9).
 */
import { ConsultError } from '../../errors.ts';
import { concat, copyBytes, equal, lp, readFields, sha384, u64, type Bytes } from '../bytes.ts';
import { readKeyPackage, type OwnKeyPackage } from '../mls/key-package.ts';
import type { LeafKey } from '../mls/leaf-key.ts';
import { createSuite } from '../mls/suite.ts';
import type { VerifiedHello } from './hello.ts';
import { verifyHost } from './host-key.ts';

/** What the host sends to the person whom it admits. */
export interface Admission {
  readonly welcome: Uint8Array;
  readonly epoch: bigint;
  /** The reference of the admitted key package. */
  readonly ref: Uint8Array;
  readonly signature: Uint8Array;
}

/** An admission as a guest keeps it, without the Welcome itself. */
export interface PastAdmission {
  readonly hostSession: Bytes;
  readonly groupId: Bytes;
  readonly epoch: bigint;
  readonly guestNonce: Bytes;
  readonly welcomeHash: Bytes;
  readonly signature: Bytes;
  /** The key package that was admitted. */
  readonly keyPackage: Bytes;
}

/** What a guest keeps to be recognised when it knocks again: its leaf key, and the host's signature over its admission. */
export interface RejoinCredentials {
  readonly leafKey: LeafKey;
  readonly admission: PastAdmission;
}

/** The signed fields of `admit` (§2, §4). */
export function admitFields(o: {
  readonly roomId: Uint8Array;
  readonly hostSession: Uint8Array;
  readonly groupId: Uint8Array;
  readonly epoch: bigint;
  readonly ref: Uint8Array;
  readonly guestNonce: Uint8Array;
  readonly welcomeHash: Uint8Array;
}): readonly Uint8Array[] {
  return [o.roomId, o.hostSession, o.groupId, u64(o.epoch), o.ref, o.guestNonce, o.welcomeHash];
}

/** What a guest keeps of its admission for a knock after a reload. */
export async function rememberAdmission(o: {
  readonly hello: VerifiedHello;
  readonly guestNonce: Bytes;
  readonly own: OwnKeyPackage;
  readonly admission: Pick<Admission, 'welcome' | 'epoch' | 'signature'>;
}): Promise<RejoinCredentials> {
  const { hostSession, groupId } = o.hello;
  const { epoch, signature, welcome } = o.admission;
  return {
    leafKey: o.own.leafKey,
    admission: {
      hostSession,
      groupId,
      epoch,
      guestNonce: o.guestNonce,
      welcomeHash: await sha384(welcome),
      signature: copyBytes(signature),
      keyPackage: o.own.encoded,
    },
  };
}

/**
 * The name under which the host admitted the holder of a leaf key before: read from its own signature, since a host that reloaded has
 * no memory.
 *
 * @param o.admission as {@link encodePastAdmission} wrote it
 * @returns null where the host never admitted this key
 * @throws {ConsultError} `message-invalid`
 */
export async function nameAdmitted(o: {
  readonly roomId: Uint8Array;
  readonly spki: Uint8Array;
  readonly leafKey: Bytes;
  readonly admission: Bytes;
}): Promise<string | null> {
  const past = decodePastAdmission(o.admission);
  const { ref, signatureKey, name } = await readKeyPackage(past.keyPackage, await createSuite());
  const admitted =
    equal(signatureKey, o.leafKey) &&
    (await verifyHost(o.spki, 'admit', admitFields({ ...past, ref, roomId: o.roomId }), past.signature));
  return admitted ? name : null;
}

export function encodePastAdmission(past: PastAdmission): Bytes {
  const { hostSession, groupId, epoch, guestNonce, welcomeHash, signature, keyPackage } = past;
  return concat(...[hostSession, groupId, u64(epoch), guestNonce, welcomeHash, signature, keyPackage].map(lp));
}

function decodePastAdmission(bytes: Uint8Array): PastAdmission {
  const [hostSession, groupId, epoch, guestNonce, welcomeHash, signature, keyPackage] = readFields(bytes, 7);
  if (
    !hostSession ||
    !groupId ||
    !epoch ||
    epoch.length !== 8 ||
    !guestNonce ||
    !welcomeHash ||
    !signature ||
    !keyPackage
  )
    throw new ConsultError('message-invalid', { detail: 'past admission' });
  return {
    hostSession,
    groupId,
    epoch: new DataView(epoch.buffer, epoch.byteOffset).getBigUint64(0),
    guestNonce,
    welcomeHash,
    signature,
    keyPackage,
  };
}
