/**
 * A member follows a commit of the host: what it may contain (protocol.md §5), and the state after it. A part of its own, since in a call of
 * two nobody does: the host commits, and the guest enters by a Welcome. The checks and the way into the next epoch come together or not at
 * all: without them a member stays where it is.
 */
import type { CiphersuiteImpl, ClientState, IncomingMessageCallback, PrivateMessage, PskIndex } from 'ts-mls';
import { decryptSenderData } from 'ts-mls/privateMessage.js';
import { processPrivateMessage } from 'ts-mls/processMessages.js';
import { equal, type Bytes } from '../bytes.ts';
import { GROUP_LIMIT } from './group-config.ts';
import { membersOf, type Member } from './group-members.ts';
import { ROOM_PSK_ID } from './message-filter.ts';

export type Followed =
  | {
      readonly kind: 'epoch';
      readonly added: readonly Member[];
      readonly removed: readonly Member[];
      readonly state: ClientState;
      /** Secrets of the epoch before, to be overwritten once `state` is in use. */
      readonly consumed: readonly Uint8Array[];
    }
  /** We are no longer a member. */
  | { readonly kind: 'removed' }
  /** Against the rules. */
  | { readonly kind: 'dropped' };

/**
 * @param o.state not changed
 * @throws whatever the library does for a commit that is not authentic
 */
export async function followCommit(
  message: PrivateMessage,
  o: {
    readonly state: ClientState;
    readonly suite: CiphersuiteImpl;
    readonly psk: PskIndex;
    /** SPKI of the host's leaf. */
    readonly hostKey: Bytes;
  },
): Promise<Followed> {
  const { hostKey, psk, state, suite } = o;
  const before = membersOf(state, hostKey);
  const host = before.find(({ isHost }) => isHost);
  if (!host || !(await isFromHost(message, state, { suite, hostLeaf: host.leaf }))) return { kind: 'dropped' };
  const rules = commitRules({ hostLeaf: host.leaf, ownLeaf: state.privatePath.leafIndex });
  const result = await processPrivateMessage(state, message, psk, suite, rules.callback);
  if (rules.removesUs()) return { kind: 'removed' };
  if (result.kind !== 'newState' || result.actionTaken === 'reject') return { kind: 'dropped' };
  const { newState, consumed } = result;
  if (newState.groupActiveState.kind === 'removedFromGroup') return { kind: 'removed' };
  const after = membersOf(newState, hostKey);
  // The host's path may change its HPKE key, never its identity. Members check the group size as well.
  if (after.length > GROUP_LIMIT || !after.some(({ isHost, leaf }) => isHost && leaf === host.leaf))
    return { kind: 'dropped' };
  const isNew = (list: readonly Member[]) => (member: Member) =>
    !list.some(({ signatureKey }) => equal(signatureKey, member.signatureKey));
  const [added, removed] = [after.filter(isNew(before)), before.filter(isNew(after))];
  return { kind: 'epoch', added, removed, state: newState, consumed };
}

/** Whether a commit names the host's leaf as its sender. The library verifies the signature afterwards. */
async function isFromHost(
  message: PrivateMessage,
  state: ClientState,
  o: { suite: CiphersuiteImpl; hostLeaf: number },
): Promise<boolean> {
  const sender = await decryptSenderData(message, state.keySchedule.senderDataSecret, o.suite);
  return sender?.leafIndex === o.hostLeaf;
}

interface CommitRules {
  /** For the library, which calls it once the commit's signature is verified. */
  readonly callback: IncomingMessageCallback;
  /** Whether an allowed commit removes us, also where it fills our leaf again: the library notices only an empty leaf. */
  removesUs(): boolean;
}

/** What a commit may contain: only from the host, only Add, Remove and PSK, and exactly one room PSK if it adds. */
export function commitRules({
  hostLeaf,
  ownLeaf,
}: {
  readonly hostLeaf: number;
  readonly ownLeaf: number;
}): CommitRules {
  let removed = false;
  const callback: IncomingMessageCallback = (incoming) => {
    if (incoming.kind !== 'commit' || incoming.senderLeafIndex !== hostLeaf) return 'reject';
    const proposals = incoming.proposals.map(({ proposal }) => proposal);
    const psks = proposals.flatMap((proposal) =>
      proposal.proposalType === 'psk' ? [proposal.psk.preSharedKeyId] : [],
    );
    const adds = proposals.filter(({ proposalType }) => proposalType === 'add').length;
    const removes = proposals.flatMap((proposal) =>
      proposal.proposalType === 'remove' ? [proposal.remove.removed] : [],
    );
    if (adds + removes.length + psks.length !== proposals.length || adds + removes.length === 0) return 'reject';
    if (psks.length !== (adds > 0 ? 1 : 0)) return 'reject';
    if (!psks.every((id) => id.psktype === 'external' && equal(id.pskId, ROOM_PSK_ID))) return 'reject';
    removed = removes.includes(ownLeaf);
    // A removed member cannot process the rest: the path is not encrypted to it.
    return removed ? 'reject' : 'accept';
  };
  return { callback, removesUs: () => removed };
}
