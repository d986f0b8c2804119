/**
 * The host's signature over an admission (protocol.md §4). A guest checks it before it joins, and keeps it: shown with a later knock, it
 * proves to a host without memory whom it admitted before, and under which name (§9).
 */
import { ConsultError } from '../../errors.ts';
import { concat, copyBytes, equal, lp, random, readFields, sha384, u64, type Bytes } from '../bytes.ts';
import { readKeyPackage, type OwnKeyPackage } from '../mls/key-package.ts';
import type { LeafKey } from '../mls/leaf-key.ts';
import { createSuite } from '../mls/suite.ts';
import { verifyDelegation, type Delegation, type HostAuthority, type Rank } from './delegation.ts';
import type { VerifiedHello } from './hello.ts';
import { signHost, verifyHost } from './host-key.ts';

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
  /** Of the host that admitted; empty where it was the holder of the host key (§13). */
  readonly delegation: Bytes;
  /** The key package that was admitted. */
  readonly keyPackage: Bytes;
}

/** What a guest keeps to be recognised when it knocks again: its leaf key, and the host's signature over its admission. */
export interface RejoinCredentials {
  readonly leafKey: LeafKey;
  readonly admission: PastAdmission;
}

/** What a guest keeps to be recognised after a reload (§9). */
export interface RememberedAdmission {
  readonly credentials: RejoinCredentials;
  /** The host's. */
  readonly rank: Rank;
  /**
   * The hello of that host as it came, in base64url: a host that missed it learns of it from us (§9). Null where we were the
   * host.
   */
  readonly followed: ShownHello | null;
}

/** A signed hello, and what proves its key. */
export interface ShownHello {
  readonly hello: string;
  readonly spki: string;
  readonly delegation?: string | undefined;
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
      delegation: o.hello.delegation?.encoded ?? new Uint8Array(0),
      keyPackage: o.own.encoded,
    },
  };
}

/**
 * A host that becomes a guest proves to its successor who it was in the group: it admits itself, under the authority that it has (§13).
 * The rest is random, so that no Welcome fits.
 */
export async function admitSelf(o: {
  readonly authority: HostAuthority;
  readonly roomId: Uint8Array;
  readonly groupId: Bytes;
  readonly own: Pick<OwnKeyPackage, 'encoded' | 'ref' | 'leafKey'>;
}): Promise<RejoinCredentials> {
  const { authority, groupId, own, roomId } = o;
  const past = { hostSession: random(16), groupId, epoch: 0n, guestNonce: random(32), welcomeHash: random(48) };
  const signature = await signHost(authority.key, 'admit', admitFields({ ...past, roomId, ref: own.ref }));
  const delegation = authority.delegation?.encoded ?? new Uint8Array(0);
  return { leafKey: own.leafKey, admission: { ...past, signature, delegation, keyPackage: own.encoded } };
}

/**
 * The name under which the host admitted the holder of a leaf key before: read from its own signature, since a host that reloaded has
 * no memory. A delegate could sign any name, whether it ever led or not: the caller decides whether that one counts.
 *
 * @param o.root the SPKI of the host key: it admitted, or a delegate of it
 * @param o.admission as {@link encodePastAdmission} wrote it
 * @returns null where the host never admitted this key
 * @throws {ConsultError} `message-invalid`, `host-not-proven` for a forged delegation
 */
export async function nameAdmitted(o: {
  readonly roomId: Uint8Array;
  readonly root: Uint8Array;
  readonly leafKey: Bytes;
  readonly admission: Bytes;
}): Promise<{ readonly name: string; readonly delegation: Delegation | null } | null> {
  const past = decodePastAdmission(o.admission);
  const { roomId, root } = o;
  const encoded = past.delegation;
  const delegation = encoded.length > 0 ? await verifyDelegation({ encoded, roomId, root }) : null;
  const { ref, signatureKey, name } = await readKeyPackage(past.keyPackage, await createSuite());
  const admitted =
    equal(signatureKey, o.leafKey) &&
    (await verifyHost(delegation?.spki ?? root, 'admit', admitFields({ ...past, ref, roomId }), past.signature));
  return admitted ? { name, delegation } : null;
}

export function encodePastAdmission(past: PastAdmission): Bytes {
  const { hostSession, groupId, epoch, guestNonce, welcomeHash, signature, delegation, keyPackage } = past;
  const fields = [hostSession, groupId, u64(epoch), guestNonce, welcomeHash, signature, delegation, keyPackage];
  return concat(...fields.map(lp));
}

function decodePastAdmission(bytes: Uint8Array): PastAdmission {
  const fields = readFields(bytes, 8);
  const [hostSession, groupId, epoch, guestNonce, welcomeHash, signature, delegation, keyPackage] = fields;
  if (
    !hostSession ||
    !groupId ||
    !epoch ||
    epoch.length !== 8 ||
    !guestNonce ||
    !welcomeHash ||
    !signature ||
    !delegation ||
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
    delegation,
    keyPackage,
  };
}
