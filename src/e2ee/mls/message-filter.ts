/**
 * The filter in front of the MLS library (protocol.md §5). Pure checks; each closes an attack that worked against the library alone, as
 * listed in attacks.md.
 */
import type { ClientState, PrivateMessage } from 'ts-mls';
import { decodeMlsMessage } from 'ts-mls/message.js';
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
