/**
 * Who may lead a room (protocol.md §13): the holder of the host key, and the person it names by a signed delegation. Guests, other hosts and
 * the server each verify the delegation themselves.
 */
import { ConsultError } from '../../errors.ts';
import { toBase64Url } from '../../util/base64url.ts';
import { P384_SPKI } from '../../util/p384-spki.ts';
import { concat, copyBytes, equal, lp, readFields, u64, utf8, type Bytes } from '../bytes.ts';
import { checkThumb, generateHostKey, importHostKey, signHost, verifyHost } from './host-key.ts';

/** `now`: leads from now on. `stand-in`: leads once the host is lost for longer than the grace time. */
export type DelegationKind = 'now' | 'stand-in';

/** A delegation whose signature was checked. */
export interface Delegation {
  readonly kind: DelegationKind;
  /** The public key of the delegate, as SubjectPublicKeyInfo. */
  readonly spki: Bytes;
  /** The MLS leaf key of the delegate when it was named: 97 bytes, an uncompressed point. */
  readonly leafKey: Bytes;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** As it travels: lp of kind, spki, leafKey, since and signature. */
  readonly encoded: Bytes;
}

/** The right to lead a room, with the key that proves it. */
export interface HostAuthority {
  /** Signs; not extractable. */
  readonly key: CryptoKey;
  /** The SPKI of the host key that the invite names. */
  readonly root: Bytes;
  /** Null where `key` is the host key itself. */
  readonly delegation: Delegation | null;
}

/** A delegate's key pair: made in the delegate's page, and kept there for a reload. */
export interface DelegateKey {
  readonly spki: Bytes;
  readonly pkcs8: Bytes;
}

/** When a host began to lead, and its page load: hosts of one room are ordered by the first, then by the second. */
export interface Rank {
  /** Milliseconds since the epoch; 0 for the host key until it takes a room back. */
  readonly since: number;
  /** Milliseconds since the epoch; rises with every page load. */
  readonly incarnation: number;
}

/** Below every host. */
export const NOBODY: Rank = { since: 0, incarnation: 0 };

export function outranks(a: Rank, b: Rank): boolean {
  return a.since > b.since || (a.since === b.since && a.incarnation > b.incarnation);
}

const KINDS: readonly DelegationKind[] = ['now', 'stand-in'];

const fieldsOf = ({ kind, spki, leafKey, since }: Omit<Delegation, 'encoded'>): readonly Bytes[] => [
  utf8(kind),
  spki,
  leafKey,
  u64(BigInt(since)),
];

export async function generateDelegateKey(): Promise<DelegateKey> {
  const { privateKey, publicKey } = await generateHostKey();
  return {
    spki: new Uint8Array(await crypto.subtle.exportKey('spki', publicKey)),
    pkcs8: new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey)),
  };
}

/** @param o.hostKey the key that the invite names: a delegate cannot delegate */
export async function createDelegation(o: {
  readonly hostKey: CryptoKey;
  readonly roomId: Uint8Array;
  readonly kind: DelegationKind;
  readonly spki: Bytes;
  readonly leafKey: Bytes;
  readonly since: number;
}): Promise<Delegation> {
  const { kind, spki, leafKey, since } = o;
  const fields = fieldsOf({ kind, spki, leafKey, since });
  const signature = await signHost(o.hostKey, 'delegate', [o.roomId, ...fields]);
  return { kind, spki, leafKey, since, encoded: concat(...[...fields, signature].map(lp)) };
}

/**
 * @param o.root the SPKI of the host key; its hash must have been compared with the invite's thumb
 * @throws {ConsultError} `message-invalid`, `host-not-proven`
 */
export async function verifyDelegation(o: {
  readonly encoded: Uint8Array;
  readonly roomId: Uint8Array;
  readonly root: Uint8Array;
}): Promise<Delegation> {
  const fields = readFields(o.encoded, 5);
  const [name, spki, leafKey, time, signature] = fields;
  const kind = KINDS.find((one) => name && equal(name, utf8(one)));
  if (!kind || !spki || !leafKey || time?.length !== 8 || !signature || !P384_SPKI.test(toBase64Url(spki)))
    throw new ConsultError('message-invalid', { detail: 'delegation' });
  if (!(await verifyHost(o.root, 'delegate', [o.roomId, ...fields.slice(0, 4)], signature)))
    throw new ConsultError('host-not-proven', { detail: 'delegation' });
  const since = Number(new DataView(time.buffer, time.byteOffset).getBigUint64(0));
  return { kind, spki, leafKey, since, encoded: copyBytes(o.encoded) };
}

/**
 * The key under which a host signs: its own, or the one that its delegation names.
 *
 * @param o.thumb from the invite
 * @throws {ConsultError} `host-not-proven`, `message-invalid`
 */
export async function verifyAuthority(o: {
  readonly root: Uint8Array;
  readonly delegation: Uint8Array | null;
  readonly thumb: Uint8Array;
  readonly roomId: Uint8Array;
}): Promise<{ readonly spki: Bytes; readonly delegation: Delegation | null }> {
  await checkThumb(o.root, o.thumb);
  if (!o.delegation) return { spki: copyBytes(o.root), delegation: null };
  const delegation = await verifyDelegation({ encoded: o.delegation, roomId: o.roomId, root: o.root });
  return { spki: delegation.spki, delegation };
}

/** What a page that was named can lead with. @throws {ConsultError} as {@link verifyDelegation} */
export async function delegateAuthority(o: {
  readonly own: DelegateKey;
  readonly encoded: Uint8Array;
  readonly root: Bytes;
  readonly roomId: Uint8Array;
}): Promise<HostAuthority> {
  const delegation = await verifyDelegation(o);
  if (!equal(delegation.spki, o.own.spki)) throw new ConsultError('host-not-proven', { detail: 'another delegate' });
  return { key: await importHostKey(o.own.pkcs8), root: o.root, delegation };
}

/** Proves, in a group, that the sender of a stand-in's delegation holds its key: anyone there could repeat the delegation. */
export function standInFields(o: {
  readonly roomId: Uint8Array;
  readonly groupId: Uint8Array;
  readonly leafKey: Uint8Array;
}): readonly Uint8Array[] {
  return [o.roomId, o.groupId, o.leafKey];
}
