/**
 * Key packages (RFC 9420 §10): a knock contains one, and the host's Add commits to it. The pseudonym is the basic credential, so that
 * the ratchet tree covers it (protocol.md §3).
 */
import type { Capabilities, CiphersuiteImpl, Credential, KeyPackage, PrivateKeyPackage } from 'ts-mls';
import {
  decodeKeyPackage,
  encodeKeyPackage,
  generateKeyPackageWithKey,
  makeKeyPackageRef,
  verifyKeyPackage,
} from 'ts-mls/keyPackage.js';
import { encodeLeafNode, verifyLeafNodeSignatureKeyPackage, type LeafNode } from 'ts-mls/leafNode.js';
import { defaultLifetime } from 'ts-mls/lifetime.js';
import { ConsultError } from '../../errors.ts';
import { BoundedSet } from '../../util/bounded-map.ts';
import { toBase64Url } from '../../util/base64url.ts';
import { copyBytes, equal, random, utf8, type Bytes } from '../bytes.ts';
import type { LeafKey } from './leaf-key.ts';
import { isName, NAME_LIMIT } from '../../util/clean-name.ts';
import { SUITE } from './suite.ts';

/** Exactly these: no GREASE, and no other suite that could be negotiated. */
const CAPABILITIES: Capabilities = {
  versions: ['mls10'],
  ciphersuites: [SUITE],
  extensions: [],
  proposals: [],
  credentials: ['basic'],
};

/** Bytes; a hybrid key package has some 5 kB. */
export const KEY_PACKAGE_LIMIT = 16 * 1024;

export interface KeyPackageInfo {
  readonly keyPackage: KeyPackage;
  /** RFC 9420 §5.2. */
  readonly ref: Bytes;
  readonly name: string;
  readonly signatureKey: Bytes;
  /** As `Member.identity` of the member that it becomes. */
  readonly identity: Bytes;
}

export interface OwnKeyPackage {
  readonly encoded: Bytes;
  readonly ref: Bytes;
  readonly publicPackage: KeyPackage;
  readonly privatePackage: PrivateKeyPackage;
  readonly leafKey: LeafKey;
}

/** A guest's leaf node, which comes from a key package and which no commit changes. */
export const identityOf = (leaf: LeafNode): Bytes => copyBytes(encodeLeafNode(leaf));

/**
 * Reads the text of a credential; null where it is none of a name's length. Members accept a commit by this alone, which is the same on every
 * engine: whether a text is a name depends on the engine's version of Unicode, so the host asks that at the door, once for all.
 */
export function readText(credential: Credential): string | null {
  if (credential.credentialType !== 'basic') return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(credential.identity);
    return text !== '' && text.length <= NAME_LIMIT ? text : null;
  } catch {
    return null;
  }
}

export async function createKeyPackage(name: string, suite: CiphersuiteImpl): Promise<OwnKeyPackage> {
  if (!isName(name)) throw new ConsultError('argument-invalid', { detail: 'name' });
  const { publicKey, signKey } = await suite.signature.keygen();
  const leafKey: LeafKey = { publicKey: copyBytes(publicKey), pkcs8: copyBytes(signKey) };
  const credential: Credential = { credentialType: 'basic', identity: utf8(name) };
  const { publicPackage, privatePackage } = await generateKeyPackageWithKey(
    credential,
    CAPABILITIES,
    // Infinite: guests' clocks may be wrong, and freshness comes from the host's session (§3).
    defaultLifetime,
    [],
    { signKey: leafKey.pkcs8, publicKey: leafKey.publicKey },
    suite,
  );
  await checkPair(publicPackage.initKey, privatePackage.initPrivateKey, suite);
  const ref = copyBytes(await makeKeyPackageRef(publicPackage, suite.hash));
  return { encoded: copyBytes(encodeKeyPackage(publicPackage)), ref, publicPackage, privatePackage, leafKey };
}

/**
 * Checks that a new key pair decrypts what is encrypted to it (NIST SP 800-227, pair-wise consistency). It also makes the browser compile
 * this code while the person waits, not at the admission.
 */
async function checkPair(publicKey: Uint8Array, privateKey: Uint8Array, { hpke }: CiphersuiteImpl): Promise<void> {
  const [said, none] = [random(32), new Uint8Array(0)];
  const { ct, enc } = await hpke.seal(await hpke.importPublicKey(publicKey), said, none);
  const read = await hpke.open(await hpke.importPrivateKey(privateKey), enc, ct, none);
  if (!equal(read, said)) throw new ConsultError('encryption-unavailable', { detail: 'key pair' });
}

/**
 * Whether these are two different keys that can be encrypted to. A commit that adds an invalid key fails as a whole, with everyone
 * admitted by it.
 */
async function areKeys(encoded: readonly [Uint8Array, Uint8Array], { hpke }: CiphersuiteImpl): Promise<boolean> {
  if (equal(...encoded)) return false;
  try {
    for (const key of encoded) await hpke.seal(await hpke.importPublicKey(key), new Uint8Array(0), new Uint8Array(0));
    return true;
  } catch {
    return false;
  }
}

/** References (hashes of the whole package) of packages that passed, so that an admission does not repeat the knock's checks. */
const passed = new BoundedSet<string>(64);

/** @throws {ConsultError} `message-invalid` for another suite, anything extra, a bad name or signature, or over 16 KiB */
export async function readKeyPackage(encoded: Uint8Array, suite: CiphersuiteImpl): Promise<KeyPackageInfo> {
  const invalid = (detail: string): ConsultError =>
    new ConsultError('message-invalid', { detail: `key package: ${detail}` });
  if (encoded.length > KEY_PACKAGE_LIMIT) throw invalid('size');
  let decoded: [KeyPackage, number] | undefined;
  try {
    decoded = decodeKeyPackage(encoded, 0);
  } catch (error: unknown) {
    throw new ConsultError('message-invalid', { detail: 'key package: encoding', cause: error });
  }
  if (!decoded || decoded[1] !== encoded.length) throw invalid('encoding');
  const [keyPackage] = decoded;
  const { leafNode } = keyPackage;
  if (keyPackage.cipherSuite !== SUITE || keyPackage.version !== 'mls10') throw invalid('suite');
  if (keyPackage.extensions.length > 0 || leafNode.extensions.length > 0) throw invalid('extensions');
  if (JSON.stringify(leafNode.capabilities) !== JSON.stringify(CAPABILITIES)) throw invalid('capabilities');
  if (
    leafNode.lifetime.notBefore !== defaultLifetime.notBefore ||
    leafNode.lifetime.notAfter !== defaultLifetime.notAfter
  )
    throw invalid('lifetime');
  const name = readText(leafNode.credential);
  if (name === null || !isName(name)) throw invalid('name');
  const ref = copyBytes(await makeKeyPackageRef(keyPackage, suite.hash));
  if (!passed.has(toBase64Url(ref))) {
    if (!(await areKeys([keyPackage.initKey, leafNode.hpkePublicKey], suite))) throw invalid('keys');
    const signed =
      (await verifyLeafNodeSignatureKeyPackage(leafNode, suite.signature)) &&
      (await verifyKeyPackage(keyPackage, suite.signature));
    if (!signed) throw invalid('signature');
    passed.add(toBase64Url(ref));
  }
  return {
    keyPackage,
    ref,
    name,
    signatureKey: copyBytes(leafNode.signaturePublicKey),
    identity: identityOf(leafNode),
  };
}
