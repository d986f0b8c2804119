/**
 * Joining by a Welcome (protocol.md §4), in this order: signature; nonce, reference, hash; exactly one external PSK, ours;
 * group, suite, no extension but the tree; the GroupInfo's signer is the host's leaf; at most nine leaves.
 *
 * The library's own `joinGroup` returns no signer and accepts a Welcome without PSK, so both are read here first.
 */
import type { CiphersuiteImpl, ClientState, GroupInfo, PskIndex, Welcome } from 'ts-mls';
import { joinGroup } from 'ts-mls/clientState.js';
import { decodeMlsMessage } from 'ts-mls/message.js';
import { decryptGroupInfo, decryptGroupSecrets } from 'ts-mls/welcome.js';
import { accumulatePskSecret } from 'ts-mls/pskIndex.js';
import { asConsultError, ConsultError } from '../../errors.ts';
import { toBase64Url } from '../../util/base64url.ts';
import { copyBytes, equal, sha384, type Bytes } from '../bytes.ts';
import { ROOM_PSK_ID } from '../mls/message-filter.ts';
import { Group } from '../mls/group.ts';
import { CLIENT_CONFIG, GROUP_LIMIT, roomPsk } from '../mls/group-config.ts';
import { membersOf } from '../mls/group-members.ts';
import { admitFields, type Admission } from './admit-signature.ts';
import { verifyHost } from './host-key.ts';
import type { RoomKeys } from './invite-token.ts';
import type { OwnKeyPackage } from '../mls/key-package.ts';
import type { VerifiedHello } from './hello.ts';
import { createSuite, SUITE } from '../mls/suite.ts';

export interface JoinOptions {
  readonly own: OwnKeyPackage;
  readonly admission: Admission;
  readonly hello: VerifiedHello;
  readonly guestNonce: Uint8Array;
  readonly roomKeys: RoomKeys;
  /** For tests of the group's logic with cheaper cryptography. */
  readonly suite?: CiphersuiteImpl;
}

/** Key packages with which a join was tried: one package, one attempt. */
const attempted = new WeakSet<OwnKeyPackage>();

/**
 * @throws {ConsultError} `host-not-proven` where the admission is not this host's answer to this knock (the key package is
 *   not used up by it), `admission-invalid` where it is but breaks a rule
 */
export async function join(o: JoinOptions): Promise<Group> {
  await checkAdmission(o);
  if (attempted.has(o.own)) throw new ConsultError('admission-invalid', { detail: 'second attempt' });
  attempted.add(o.own);
  try {
    return await joinChecked(o);
  } catch (error: unknown) {
    throw asConsultError(error, 'admission-invalid');
  } finally {
    // The init key is used once (§4).
    o.own.privatePackage.initPrivateKey.fill(0);
  }
}

async function checkAdmission({ admission, hello, guestNonce, own, roomKeys }: JoinOptions): Promise<void> {
  const { hostSession, groupId, spki } = hello;
  const { epoch, ref, signature, welcome } = admission;
  const fields = admitFields({
    roomId: roomKeys.roomId,
    hostSession,
    groupId,
    epoch,
    ref,
    guestNonce,
    welcomeHash: await sha384(welcome),
  });
  if (!(await verifyHost(spki, 'admit', fields, signature)))
    throw new ConsultError('host-not-proven', { detail: 'admit' });
  if (!equal(ref, own.ref)) throw new ConsultError('host-not-proven', { detail: 'another key package' });
}

const invalid = (detail: string): ConsultError => new ConsultError('admission-invalid', { detail });

async function joinChecked({ admission, hello, own, roomKeys, ...o }: JoinOptions): Promise<Group> {
  const plain = o.suite ?? (await createSuite());
  const suite = openingOnce(plain);
  const psk = await roomPsk(roomKeys, hello.groupId);
  const welcome = readWelcome(admission.welcome);
  const info = await readGroupInfo({ welcome, own, psk, suite });
  if (!equal(info.groupContext.groupId, hello.groupId)) throw invalid('group');
  if (info.groupContext.cipherSuite !== SUITE || info.groupContext.version !== 'mls10') throw invalid('suite');
  if (info.groupContext.epoch !== admission.epoch) throw invalid('epoch');
  if (info.groupContext.extensions.length > 0) throw invalid('group extensions');
  if (info.extensions.some(({ extensionType }) => extensionType !== 'ratchet_tree')) throw invalid('extensions');
  const state = await joinGroup(
    welcome,
    own.publicPackage,
    own.privatePackage,
    psk,
    suite,
    undefined,
    undefined,
    CLIENT_CONFIG,
  );
  checkRoster(state, info.signer, hello.leafPublicKey);
  return new Group({ suite: plain, keys: roomKeys, psk, hostKey: hello.leafPublicKey, own, state });
}

/** We and the library both read the Welcome; this caches the decapsulation, which is the expensive part, so that it runs once. */
function openingOnce(suite: CiphersuiteImpl): CiphersuiteImpl {
  const opened = new Map<string, Promise<Uint8Array>>();
  const open: CiphersuiteImpl['hpke']['open'] = async (key, enc, ciphertext, info, aad = new Uint8Array(0)) => {
    const name = [enc, ciphertext, info, aad].map(toBase64Url).join('.');
    const first = opened.get(name) ?? suite.hpke.open(key, enc, ciphertext, info, aad);
    opened.set(name, first);
    // Each caller gets a copy: the library overwrites secrets after use.
    return new Uint8Array(await first);
  };
  return { ...suite, hpke: { ...suite.hpke, open } };
}

function readWelcome(bytes: Uint8Array): Welcome {
  const decoded = decodeMlsMessage(copyBytes(bytes), 0);
  if (!decoded || decoded[1] !== bytes.length || decoded[0].wireformat !== 'mls_welcome') throw invalid('encoding');
  return decoded[0].welcome;
}

async function readGroupInfo(o: {
  readonly welcome: Welcome;
  readonly own: OwnKeyPackage;
  readonly psk: PskIndex;
  readonly suite: CiphersuiteImpl;
}): Promise<GroupInfo> {
  const { welcome, own, psk, suite } = o;
  const privateKey = await suite.hpke.importPrivateKey(own.privatePackage.initPrivateKey);
  const secrets = await decryptGroupSecrets(privateKey, own.ref, welcome, suite.hpke);
  const [id, ...more] = secrets?.psks ?? [];
  if (!secrets || !id || more.length > 0) throw invalid('not exactly one PSK');
  if (id.psktype !== 'external' || !equal(id.pskId, ROOM_PSK_ID)) throw invalid('another PSK');
  const [pskSecret] = await accumulatePskSecret(secrets.psks, psk, suite, new Uint8Array(suite.kdf.size));
  const info = await decryptGroupInfo(welcome, secrets.joinerSecret, pskSecret, suite);
  if (!info) throw invalid('group info');
  return info;
}

/** The signer must hold the key that the hello names: a check of leaf 0 alone would pass for a copied host leaf. */
function checkRoster(state: ClientState, signer: number, hostKey: Bytes): void {
  const members = membersOf(state, hostKey);
  const hosts = members.filter(({ isHost }) => isHost);
  if (hosts.length !== 1 || hosts[0]?.leaf !== signer) throw invalid('not signed by the host');
  if (members.length > GROUP_LIMIT) throw invalid('more than nine members');
}
