/**
 * The filter in front of the MLS library (protocol.md §5). Pure checks; each closes an attack that worked against the library alone, as
 * listed in attacks.md.
 */
import type { CiphersuiteImpl, ClientState, IncomingMessageCallback, PrivateMessage } from 'ts-mls';
import { decodeMlsMessage } from 'ts-mls/message.js';
import { decryptSenderData } from 'ts-mls/privateMessage.js';
import { equal, label } from '../bytes.ts';

/** The one pre-shared key that a commit may name: the room's (§4). */
export const ROOM_PSK_ID = label('room psk');

export type Filtered =
  | { readonly kind: 'application' | 'commit'; readonly message: PrivateMessage }
  /** Of a later epoch: waits for its commit. */
  | { readonly kind: 'later'; readonly epoch: bigint }
  /** Of an earlier epoch, or of another group, such as the one before the host's reload: late, not hostile. */
  | { readonly kind: 'earlier' }
  | { readonly kind: 'refused'; readonly reason: string };

const refused = (reason: string): Filtered => ({ kind: 'refused', reason });

/** Passes only a PrivateMessage of this group and epoch with an application message or a commit. */
export function filterMessage(bytes: Uint8Array, state: ClientState): Filtered {
  let decoded: ReturnType<typeof decodeMlsMessage>;
  try {
    decoded = decodeMlsMessage(bytes, 0);
  } catch {
    return refused('encoding');
  }
  if (!decoded || decoded[1] !== bytes.length) return refused('encoding');
  const [outer] = decoded;
  if (outer.wireformat !== 'mls_private_message') return refused(outer.wireformat);
  const message = outer.privateMessage;
  if (message.contentType === 'proposal') return refused('proposal');
  if (!equal(message.groupId, state.groupContext.groupId)) return { kind: 'earlier' };
  if (message.epoch > state.groupContext.epoch) return { kind: 'later', epoch: message.epoch };
  if (message.epoch < state.groupContext.epoch) return { kind: 'earlier' };
  return { kind: message.contentType, message };
}

/** The content type that a message claims in clear, read before any cryptography. */
export function claimedKind(bytes: Uint8Array): 'application' | 'commit' {
  try {
    const outer = decodeMlsMessage(bytes, 0)?.[0];
    return outer?.wireformat === 'mls_private_message' && outer.privateMessage.contentType === 'commit'
      ? 'commit'
      : 'application';
  } catch {
    return 'application';
  }
}

/** Whether a commit names the host's leaf as its sender. The library verifies the signature afterwards. */
export async function isFromHost(
  message: PrivateMessage,
  state: ClientState,
  o: { suite: CiphersuiteImpl; hostLeaf: number },
): Promise<boolean> {
  const sender = await decryptSenderData(message, state.keySchedule.senderDataSecret, o.suite);
  return sender?.leafIndex === o.hostLeaf;
}

export interface CommitRules {
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
