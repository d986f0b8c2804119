/**
 * The host's commit (RFC 9420 §12.4.1), composed of the MLS library's parts, with two differences from its own `createCommit`:
 *
 * It always carries an update path. Since only the host commits, all filled parent nodes lie on its direct path, so every commit
 * replaces them and no `unmerged_leaves` remain. The library (ts-mls 1.6.4) demands equal lists along a whole direct path where §7.9
 * demands a mention in the nodes between leaf and parent, and so refuses honest trees of six and more.
 *
 * And it is checked as receivers and joiners check it, before it is sent or becomes the host's own state: a commit that only the host
 * accepts would split the group.
 */
import type { CiphersuiteImpl, ClientState, Proposal, PskIndex, Welcome } from 'ts-mls';
import {
  applyProposals,
  nextEpochContext,
  throwIfDefined,
  validateLeafNodeCredentialAndKeyUniqueness,
  validateRatchetTree,
} from 'ts-mls/clientState.js';
import { createGroupInfoWithRatchetTree } from 'ts-mls/createCommit.js';
import { createConfirmationTag, createContentCommitSignature } from 'ts-mls/framedContent.js';
import { initializeEpoch } from 'ts-mls/keySchedule.js';
import { makeKeyPackageRef } from 'ts-mls/keyPackage.js';
import { encodeMlsMessage } from 'ts-mls/message.js';
import { protect } from 'ts-mls/messageProtection.js';
import { getCommitSecret, pathToPathSecrets } from 'ts-mls/pathSecrets.js';
import { mergePrivateKeyPaths, toPrivateKeyPath, updateLeafKey } from 'ts-mls/privateKeyPath.js';
import { decodeRatchetTree, encodeRatchetTree, type RatchetTree } from 'ts-mls/ratchetTree.js';
import { createSecretTree } from 'ts-mls/secretTree.js';
import { treeHashRoot } from 'ts-mls/treeHash.js';
import { leafToNodeIndex, leafWidth, toLeafIndex, toNodeIndex } from 'ts-mls/treemath.js';
import {
  applyUpdatePath,
  createUpdatePath,
  firstCommonAncestor,
  type PathSecret,
  type UpdatePath,
} from 'ts-mls/updatePath.js';
import { zeroOutUint8Array } from 'ts-mls/util/byteArray.js';
import { encryptGroupInfo, encryptGroupSecrets } from 'ts-mls/welcome.js';
import { ConsultError } from '../../errors.ts';
import { copyBytes, equal, type Bytes } from '../bytes.ts';

export interface HostCommit {
  /** An encoded PrivateMessage of the epoch before. */
  readonly commit: Bytes;
  /** An encoded Welcome; empty where nobody was added. */
  readonly welcome: Bytes;
  readonly state: ClientState;
  /** Secrets of the epoch before, to be overwritten once `state` is in use. */
  readonly consumed: readonly Uint8Array[];
}

interface Context {
  readonly state: ClientState;
  readonly suite: CiphersuiteImpl;
}

type Applied = Awaited<ReturnType<typeof applyProposals>>;
type Added = Extract<Applied['additionalResult'], { kind: 'memberCommit' }>['addedLeafNodes'];

/** What the update path changed. */
interface Path {
  readonly tree: RatchetTree;
  readonly updatePath: UpdatePath;
  /** From the leaf to the root. */
  readonly secrets: readonly PathSecret[];
  readonly privatePath: ClientState['privatePath'];
}

/**
 * @param o.state not changed
 * @throws {ConsultError} `admission-failed` where receivers or joiners would refuse the result
 */
export async function createHostCommit(
  o: Context & { readonly proposals: readonly Proposal[]; readonly psk: PskIndex },
): Promise<HostCommit> {
  const { state, suite } = o;
  const proposals = o.proposals.map((proposal) => ({ proposalOrRefType: 'proposal' as const, proposal }));
  const ownLeaf = toLeafIndex(state.privatePath.leafIndex);
  const applied = await refusing('proposals', () => applyProposals(state, proposals, ownLeaf, o.psk, true, suite));
  if (applied.additionalResult.kind !== 'memberCommit' || applied.selfRemoved)
    throw new ConsultError('argument-invalid', { detail: 'not a commit of a member' });
  const added = applied.additionalResult.addedLeafNodes;
  const path = await updatePathOf(o, applied.tree, added);
  await refusing('receivers', () => checkAsReceiver(o, applied.tree, path));
  const commit = await signCommit(o, { proposals, path: path.updatePath });
  const treeHash = await treeHashRoot(path.tree, suite.hash);
  const { framedContent, signature } = commit;
  const context = await nextEpochContext(
    state.groupContext,
    'mls_private_message',
    framedContent,
    signature,
    treeHash,
    state.confirmationTag,
    suite.hash,
  );
  await refusing('joiners', () => checkAsJoiner(o, path.tree, context));
  const commitSecret = await commitSecretOf(path, suite);
  const epoch = await initializeEpoch(
    state.keySchedule.initSecret,
    commitSecret,
    context,
    applied.pskSecret,
    suite.kdf,
  );
  const confirmationTag = await createConfirmationTag(
    epoch.keySchedule.confirmationKey,
    context.confirmedTranscriptHash,
    suite.hash,
  );
  const { privateMessage, consumed } = await protect(
    state.keySchedule.senderDataSecret,
    new Uint8Array(0),
    state.groupContext,
    state.secretTree,
    { ...framedContent, auth: { contentType: 'commit', signature, confirmationTag } },
    ownLeaf,
    state.clientConfig.paddingConfig,
    suite,
  );
  const welcome = await welcomeOf(o, { added, applied, path, context, confirmationTag, epoch });
  const secretTree = await createSecretTree(leafWidth(path.tree.length), epoch.encryptionSecret, suite.kdf);
  for (const secret of [commitSecret, epoch.encryptionSecret, epoch.joinerSecret]) zeroOutUint8Array(secret);
  return {
    commit: copyBytes(encodeMlsMessage({ version: 'mls10', wireformat: 'mls_private_message', privateMessage })),
    welcome: welcome
      ? copyBytes(encodeMlsMessage({ version: 'mls10', wireformat: 'mls_welcome', welcome }))
      : new Uint8Array(0),
    state: {
      ...state,
      groupContext: context,
      ratchetTree: path.tree,
      secretTree,
      keySchedule: epoch.keySchedule,
      privatePath: path.privatePath,
      confirmationTag,
    },
    consumed: [...consumed, state.keySchedule.initSecret],
  };
}

/** Names the check that failed; the library's reason is the cause. */
async function refusing<T>(detail: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error: unknown) {
    throw new ConsultError('admission-failed', { detail, cause: error });
  }
}

/** New members get their path secret in the Welcome, so no ciphertext of the path is for them (§12.4.3.1). */
async function updatePathOf({ state, suite }: Context, tree: RatchetTree, added: Added): Promise<Path> {
  const ownLeaf = toLeafIndex(state.privatePath.leafIndex);
  const [updated, updatePath, secrets, leafKey] = await createUpdatePath(
    tree,
    ownLeaf,
    state.groupContext,
    state.signaturePrivateKey,
    suite,
    added.map(([leaf]) => leafToNodeIndex(leaf)),
  );
  const ownPath = updateLeafKey(state.privatePath, await suite.hpke.exportPrivateKey(leafKey));
  const privatePath = mergePrivateKeyPaths(ownPath, await toPrivateKeyPath(pathToPathSecrets(secrets), ownLeaf, suite));
  return { tree: updated, updatePath, secrets, privatePath };
}

/** A receiver's rules (§12.4.2): the committer's leaf is unique in the tree, and the path gives the same tree. */
async function checkAsReceiver({ state, suite }: Context, tree: RatchetTree, path: Path): Promise<void> {
  const ownLeaf = toLeafIndex(state.privatePath.leafIndex);
  throwIfDefined(await validateLeafNodeCredentialAndKeyUniqueness(tree, path.updatePath.leafNode, ownLeaf));
  const theirs = await applyUpdatePath(tree, ownLeaf, path.updatePath, suite.hash);
  const [ours, received] = [await treeHashRoot(path.tree, suite.hash), await treeHashRoot(theirs, suite.hash)];
  if (!equal(ours, received)) throw new ConsultError('admission-failed', { detail: 'tree' });
}

/** A joiner's rules (§12.4.3.1): the whole tree as it travels in the Welcome. */
async function checkAsJoiner(
  { state, suite }: Context,
  tree: RatchetTree,
  context: ClientState['groupContext'],
): Promise<void> {
  const { lifetimeConfig, authService } = state.clientConfig;
  const travelled = decodeRatchetTree(encodeRatchetTree(tree), 0)?.[0];
  if (!travelled) throw new ConsultError('admission-failed', { detail: 'tree encoding' });
  throwIfDefined(await validateRatchetTree(travelled, context, lifetimeConfig, authService, context.treeHash, suite));
}

function signCommit(
  { state, suite }: Context,
  content: Parameters<typeof createContentCommitSignature>[2],
): ReturnType<typeof createContentCommitSignature> {
  return createContentCommitSignature(
    state.groupContext,
    'mls_private_message',
    content,
    { senderType: 'member', leafIndex: state.privatePath.leafIndex },
    new Uint8Array(0),
    state.signaturePrivateKey,
    suite.signature,
  );
}

/** §7.4 and §8: zeros where the host is alone, since there is no path then. */
async function commitSecretOf({ tree, secrets }: Path, { kdf }: CiphersuiteImpl): Promise<Uint8Array> {
  const last = secrets.at(-1);
  return last ? getCommitSecret(tree, toNodeIndex(last.nodeIndex), last.secret, kdf) : new Uint8Array(kdf.size);
}

/** §12.4.3.1; undefined where nobody is added. */
async function welcomeOf(
  { state, suite }: Context,
  o: {
    readonly added: Added;
    readonly applied: Applied;
    readonly path: Path;
    readonly context: ClientState['groupContext'];
    readonly confirmationTag: Uint8Array;
    readonly epoch: Awaited<ReturnType<typeof initializeEpoch>>;
  },
): Promise<Welcome | undefined> {
  if (o.added.length === 0) return undefined;
  const { tree, secrets } = o.path;
  const info = await createGroupInfoWithRatchetTree(o.context, o.confirmationTag, state, tree, [], suite);
  const encryptedGroupInfo = await encryptGroupInfo(info, o.epoch.welcomeSecret, suite);
  const ownLeaf = toLeafIndex(state.privatePath.leafIndex);
  const forMembers = o.added.map(async ([leaf, keyPackage]) => {
    const ancestor = firstCommonAncestor(tree, leaf, ownLeaf);
    const pathSecret = secrets.find(({ nodeIndex }) => nodeIndex === ancestor)?.secret;
    const { enc, ct } = await encryptGroupSecrets(
      await suite.hpke.importPublicKey(keyPackage.initKey),
      encryptedGroupInfo,
      { joinerSecret: o.epoch.joinerSecret, pathSecret, psks: o.applied.pskIds },
      suite.hpke,
    );
    const newMember = await makeKeyPackageRef(keyPackage, suite.hash);
    return { newMember, encryptedGroupSecrets: { kemOutput: enc, ciphertext: ct } };
  });
  return { cipherSuite: o.context.cipherSuite, secrets: await Promise.all(forMembers), encryptedGroupInfo };
}
