/**
 * A guest's knock (protocol.md §3, §9): its key package, sealed to the host's hello with HPKE (RFC 9180) over the hybrid KEM, so that
 * neither the server nor another holder of the link reads a name, today or after P-384 is broken.
 */
import { ConsultError } from '../../errors.ts';
import { concat, copyBytes, label, lp, readFields, type Bytes } from '../bytes.ts';
import { KEY_PACKAGE_LIMIT, readKeyPackage, type KeyPackageInfo, type OwnKeyPackage } from '../mls/key-package.ts';
import { signLeaf, verifyLeaf } from '../mls/leaf-key.ts';
import { createSuite } from '../mls/suite.ts';
import { encodePastAdmission, nameAdmitted, type RejoinCredentials } from './admit-signature.ts';
import type { Delegation } from './delegation.ts';
import type { HostHello, VerifiedHello } from './hello.ts';

/** A knock as the host reads it. */
export interface OpenedKnock {
  readonly info: KeyPackageInfo;
  readonly keyPackage: Bytes;
  readonly guestNonce: Bytes;
  /** Whom this person was admitted as before, proved by a signature of the leaf key of that time; null for a first visit. */
  readonly proven: { readonly leafKey: Bytes; readonly name: string } | null;
  /** The delegate that signed this admission; null for the host key. */
  readonly admittedBy: Delegation | null;
}

const knockInfo = (o: {
  readonly roomId: Uint8Array;
  readonly hostSession: Uint8Array;
  readonly guestNonce: Uint8Array;
}): Bytes => concat(label('knock'), lp(o.roomId), lp(o.hostSession), lp(o.guestNonce));

/**
 * @returns the sealed knock; plaintext: lp of key package, old leaf key, its signature, past admission (empty on a first visit)
 * @throws {ConsultError} `message-invalid` for a hello whose key is none
 */
export async function sealKnock(o: {
  readonly hello: VerifiedHello;
  readonly roomId: Uint8Array;
  readonly guestNonce: Uint8Array;
  readonly own: OwnKeyPackage;
  readonly credentials: RejoinCredentials | null;
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
    o.credentials ? encodePastAdmission(o.credentials.admission) : nothing,
  ];
  const key = await hpke.importPublicKey(o.hello.hpkePublicKey).catch((error: unknown) => {
    throw new ConsultError('message-invalid', { detail: 'hello: key', cause: error });
  });
  const { ct, enc } = await hpke.seal(key, concat(...fields.map(lp)), knockInfo({ ...o, hostSession }));
  return concat(lp(enc), lp(ct));
}

/** @throws {ConsultError} `message-invalid` */
export async function openKnock(o: {
  readonly hello: HostHello;
  readonly roomId: Uint8Array;
  readonly guestNonce: Bytes;
  readonly sealed: Uint8Array;
  /** The SPKI of the host key, to recognise its signature, or that of a delegate. */
  readonly root: Uint8Array;
}): Promise<OpenedKnock> {
  const { hostSession } = o.hello;
  const [keyPackage, oldKey, signature, admission] = readFields(await open(o), 4);
  if (!keyPackage || !oldKey || !signature || !admission || keyPackage.length > KEY_PACKAGE_LIMIT)
    throw new ConsultError('message-invalid', { detail: 'knock' });
  const info = await readKeyPackage(keyPackage, await createSuite());
  const knock = { info, keyPackage, guestNonce: o.guestNonce, admittedBy: null };
  if (oldKey.length === 0) return { ...knock, proven: null };
  const signed = await verifyLeaf(oldKey, 'return', [o.roomId, hostSession, info.ref, o.guestNonce], signature);
  const admitted = signed ? await nameAdmitted({ ...o, leafKey: oldKey, admission }) : null;
  if (!admitted) return { ...knock, proven: null };
  return { ...knock, proven: { leafKey: oldKey, name: admitted.name }, admittedBy: admitted.delegation };
}

async function open(o: Parameters<typeof openKnock>[0]): Promise<Bytes> {
  const [enc, ct] = readFields(o.sealed, 2);
  if (!enc || !ct) throw new ConsultError('message-invalid', { detail: 'knock' });
  try {
    const { hpke } = await createSuite();
    const key = await hpke.importPrivateKey(o.hello.openingKey);
    return copyBytes(await hpke.open(key, enc, ct, knockInfo({ ...o, hostSession: o.hello.hostSession })));
  } catch (error: unknown) {
    throw new ConsultError('message-invalid', { detail: 'knock', cause: error });
  }
}
