/**
 * The door (protocol.md §2, §3, §9): the host's hello, and the guest's knock sealed to it with HPKE (RFC 9180) over the
 * hybrid KEM, so that neither the server nor another holder of the link reads a name, today or after the end of P-384.
 */
import { ConsultError } from '../../errors.ts';
import { concat, equal, label, lp, random, readFields, sha384, u64, type Bytes } from '../bytes.ts';
import { checkThumb, signHost, verifyHost } from './host-key.ts';
import { KEY_PACKAGE_LIMIT, readKeyPackage, type KeyPackageInfo, type OwnKeyPackage } from '../mls/key-package.ts';
import { signLeaf, verifyLeaf, type LeafKey } from '../mls/leaf-key.ts';
import { admitFields } from './join.ts';
import { createSuite, SUITE_NUMBER } from '../mls/suite.ts';

/** What the host says of itself, fresh per page load. */
interface Hello {
  /** 16 bytes. */
  readonly hostSession: Bytes;
  /** Milliseconds since the epoch; rises with every page load of the host. */
  readonly incarnation: number;
  readonly groupId: Bytes;
  readonly leafPublicKey: Bytes;
  readonly hpkePublicKey: Bytes;
}

export interface HostHello extends Hello {
  readonly encoded: Bytes;
  readonly openingKey: Bytes;
}

export interface VerifiedHello extends Hello {
  readonly spki: Bytes;
}

/** What a guest keeps to be known again: its leaf key, and the host's signature over its admission. */
export interface Credentials {
  readonly leafKey: LeafKey;
  readonly admission: PastAdmission;
}

export interface PastAdmission {
  readonly hostSession: Bytes;
  readonly groupId: Bytes;
  readonly epoch: bigint;
  readonly guestNonce: Bytes;
  readonly welcomeHash: Bytes;
  readonly signature: Bytes;
  /** As admitted then. */
  readonly keyPackage: Bytes;
}

export interface OpenedKnock {
  readonly info: KeyPackageInfo;
  readonly keyPackage: Bytes;
  readonly guestNonce: Bytes;
  /** Who this person was before, proved by a signature of the leaf key held then; null for a first visit. */
  readonly proven: { readonly leafKey: Bytes; readonly name: string } | null;
}

/** How far ahead an incarnation may be: clocks differ, and one far ahead would lock the true host out (§9). */
const AHEAD = 5 * 60 * 1000;

/** Whether a guest accepts a host's incarnation: above the last one it knew, and not far in the future. */
export function acceptsIncarnation(
  incarnation: number,
  { last, now }: { readonly last: number | null; readonly now: number },
): boolean {
  return (last === null || incarnation > last) && incarnation <= now + AHEAD;
}

const helloFields = (roomId: Uint8Array, hello: Hello): readonly Uint8Array[] => [
  roomId,
  hello.hostSession,
  u64(BigInt(hello.incarnation)),
  hello.groupId,
  hello.leafPublicKey,
  hello.hpkePublicKey,
  u64(BigInt(SUITE_NUMBER)),
];

export async function createHello(o: {
  readonly hostKey: CryptoKey;
  readonly roomId: Uint8Array;
  readonly groupId: Bytes;
  readonly leafPublicKey: Bytes;
  readonly incarnation: number;
}): Promise<HostHello> {
  const { hpke } = await createSuite();
  const pair = await hpke.generateKeyPair();
  const hello: Hello = {
    hostSession: random(16),
    incarnation: o.incarnation,
    groupId: o.groupId,
    leafPublicKey: o.leafPublicKey,
    hpkePublicKey: concat(await hpke.exportPublicKey(pair.publicKey)),
  };
  const fields = helloFields(o.roomId, hello);
  const signature = await signHost(o.hostKey, 'host hello', fields);
  // The room id is known to whoever can open a seal.
  const encoded = concat(...[...fields.slice(1), signature].map(lp));
  return { ...hello, encoded, openingKey: concat(await hpke.exportPrivateKey(pair.privateKey)) };
}

/**
 * @param o.thumb from the invite
 * @throws {ConsultError} `host-not-proven`, `message-invalid`
 */
export async function verifyHello(o: {
  readonly encoded: Uint8Array;
  readonly spki: Uint8Array;
  readonly thumb: Uint8Array;
  readonly roomId: Uint8Array;
}): Promise<VerifiedHello> {
  await checkThumb(o.spki, o.thumb);
  const fields = readFields(o.encoded, 7);
  const [hostSession, incarnation, groupId, leafPublicKey, hpkePublicKey, suite, signature] = fields;
  if (!hostSession || !incarnation || !groupId || !leafPublicKey || !hpkePublicKey || !suite || !signature)
    throw new ConsultError('message-invalid', { detail: 'hello' });
  if (!(await verifyHost(o.spki, 'host hello', [o.roomId, ...fields.slice(0, 6)], signature)))
    throw new ConsultError('host-not-proven', { detail: 'hello' });
  if (!equal(suite, u64(BigInt(SUITE_NUMBER)))) throw new ConsultError('host-not-proven', { detail: 'suite' });
  const view = new DataView(incarnation.buffer, incarnation.byteOffset);
  const milliseconds = Number(view.getBigUint64(0));
  return { hostSession, incarnation: milliseconds, groupId, leafPublicKey, hpkePublicKey, spki: concat(o.spki) };
}

const knockInfo = (o: {
  readonly roomId: Uint8Array;
  readonly hostSession: Uint8Array;
  readonly guestNonce: Uint8Array;
}): Bytes => concat(label('knock'), lp(o.roomId), lp(o.hostSession), lp(o.guestNonce));

/** @returns the sealed knock; plaintext: lp of key package, old leaf key, its signature, old admission (empty on a first visit) */
export async function sealKnock(o: {
  readonly hello: VerifiedHello;
  readonly roomId: Uint8Array;
  readonly guestNonce: Uint8Array;
  readonly own: OwnKeyPackage;
  readonly credentials: Credentials | null;
}): Promise<Bytes> {
  const { hpke } = await createSuite();
  const nothing = new Uint8Array(0);
  const { hostSession } = o.hello;
  const signature =
    o.credentials &&
    (await signLeaf(o.credentials.leafKey, 'return', [o.roomId, hostSession, o.own.ref, o.guestNonce]));
  const fields = [
    o.own.encoded,
    o.credentials?.leafKey.publicKey ?? nothing,
    signature ?? nothing,
    o.credentials ? encodeAdmission(o.credentials.admission) : nothing,
  ];
  const key = await hpke.importPublicKey(o.hello.hpkePublicKey);
  const { ct, enc } = await hpke.seal(key, concat(...fields.map(lp)), knockInfo({ ...o, hostSession }));
  return concat(lp(enc), lp(ct));
}

/** @throws {ConsultError} `message-invalid` */
export async function openKnock(o: {
  readonly hello: HostHello;
  readonly roomId: Uint8Array;
  readonly guestNonce: Bytes;
  readonly sealed: Uint8Array;
  /** The host's own public key, to know its own signature again. */
  readonly spki: Uint8Array;
}): Promise<OpenedKnock> {
  const { hostSession } = o.hello;
  const [keyPackage, oldKey, signature, admission] = readFields(await open(o), 4);
  if (!keyPackage || !oldKey || !signature || !admission || keyPackage.length > KEY_PACKAGE_LIMIT)
    throw new ConsultError('message-invalid', { detail: 'knock' });
  const info = await readKeyPackage(keyPackage, await createSuite());
  const knock = { info, keyPackage, guestNonce: o.guestNonce };
  if (oldKey.length === 0) return { ...knock, proven: null };
  const signed = await verifyLeaf(oldKey, 'return', [o.roomId, hostSession, info.ref, o.guestNonce], signature);
  const name = signed ? await nameAdmitted({ ...o, oldKey, admission }) : null;
  return { ...knock, proven: name === null ? null : { leafKey: oldKey, name } };
}

async function open(o: Parameters<typeof openKnock>[0]): Promise<Bytes> {
  const [enc, ct] = readFields(o.sealed, 2);
  if (!enc || !ct) throw new ConsultError('message-invalid', { detail: 'knock' });
  try {
    const { hpke } = await createSuite();
    const key = await hpke.importPrivateKey(o.hello.openingKey);
    return concat(await hpke.open(key, enc, ct, knockInfo({ ...o, hostSession: o.hello.hostSession })));
  } catch (error: unknown) {
    throw new ConsultError('message-invalid', { detail: 'knock', cause: error });
  }
}

/**
 * A host that reloaded has no memory: it knows whom it admitted, and under which name, by its own signature over their key package.
 *
 * @returns null for somebody whom it did not admit
 */
async function nameAdmitted(o: {
  readonly roomId: Uint8Array;
  readonly spki: Uint8Array;
  readonly oldKey: Bytes;
  readonly admission: Bytes;
}): Promise<string | null> {
  const past = decodeAdmission(o.admission);
  const { ref, signatureKey, name } = await readKeyPackage(past.keyPackage, await createSuite());
  const admitted =
    equal(signatureKey, o.oldKey) &&
    (await verifyHost(o.spki, 'admit', admitFields({ ...past, ref, roomId: o.roomId }), past.signature));
  return admitted ? name : null;
}

function encodeAdmission(past: PastAdmission): Bytes {
  const { hostSession, groupId, epoch, guestNonce, welcomeHash, signature, keyPackage } = past;
  return concat(...[hostSession, groupId, u64(epoch), guestNonce, welcomeHash, signature, keyPackage].map(lp));
}

function decodeAdmission(bytes: Uint8Array): PastAdmission {
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
    throw new ConsultError('message-invalid', { detail: 'admission' });
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

/** What a guest keeps of its admission, for {@link sealKnock} after a reload. */
export async function rememberAdmission(o: {
  readonly hello: VerifiedHello;
  readonly guestNonce: Bytes;
  readonly own: OwnKeyPackage;
  readonly admission: { readonly welcome: Uint8Array; readonly epoch: bigint; readonly signature: Uint8Array };
}): Promise<Credentials> {
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
      signature: concat(signature),
      keyPackage: o.own.encoded,
    },
  };
}
