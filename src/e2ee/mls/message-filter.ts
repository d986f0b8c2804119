/**
 * The gate before the MLS library (protocol.md §5): what may reach it at all. Pure checks, each of which closes an attack that
 * was carried out against the library without it; attacks.md lists them.
 */
import type { CiphersuiteImpl, ClientState, IncomingMessageCallback, PrivateMessage } from 'ts-mls';
import { decodeMlsMessage } from 'ts-mls/message.js';
import { decryptSenderData } from 'ts-mls/privateMessage.js';
import { equal, label } from '../bytes.ts';

/** The one pre-shared key that a commit may name: the room's (§4). */
export const ROOM_PSK_ID = label('room psk');

export type Gated =
  | { readonly kind: 'application' | 'commit'; readonly message: PrivateMessage }
  /** Of an epoch that we are not in yet: waits for its commit. */
  | { readonly kind: 'later'; readonly epoch: bigint }
  /** Of an epoch that is over, or of another group, such as the one before the host's reload: late, not hostile. */
  | { readonly kind: 'earlier' }
  | { readonly kind: 'refused'; readonly reason: string };

const refused = (reason: string): Gated => ({ kind: 'refused', reason });

/** Lets through a PrivateMessage of this group and epoch that is an application message or a commit, nothing else. */
export function gate(bytes: Uint8Array, state: ClientState): Gated {
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

/** What a message says of itself in the clear, before anything is spent on it. */
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

/** Whether a commit claims the host's leaf as its sender, before the library works on it. Its signature is verified there. */
export async function isFromHost(
  message: PrivateMessage,
  state: ClientState,
  o: { suite: CiphersuiteImpl; hostLeaf: number },
): Promise<boolean> {
  const sender = await decryptSenderData(message, state.keySchedule.senderDataSecret, o.suite);
  return sender?.leafIndex === o.hostLeaf;
}

/** The library's callback for a commit: from the host, only Add, Remove and PSK, and one room PSK with each Add. */
export function commitRules(hostLeaf: number): IncomingMessageCallback {
  return (incoming) => {
    if (incoming.kind !== 'commit' || incoming.senderLeafIndex !== hostLeaf) return 'reject';
    const proposals = incoming.proposals.map(({ proposal }) => proposal);
    const psks = proposals.flatMap((proposal) =>
      proposal.proposalType === 'psk' ? [proposal.psk.preSharedKeyId] : [],
    );
    const adds = proposals.filter(({ proposalType }) => proposalType === 'add').length;
    const removes = proposals.filter(({ proposalType }) => proposalType === 'remove').length;
    if (adds + removes + psks.length !== proposals.length || adds + removes === 0) return 'reject';
    if (psks.length !== (adds > 0 ? 1 : 0)) return 'reject';
    return psks.every((id) => id.psktype === 'external' && equal(id.pskId, ROOM_PSK_ID)) ? 'accept' : 'reject';
  };
}
