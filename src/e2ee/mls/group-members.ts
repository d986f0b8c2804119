/** The members of a group, read from its ratchet tree (RFC 9420 §7). */
import type { ClientState } from 'ts-mls';
import { copyBytes, equal, type Bytes } from '../bytes.ts';
import { cleanName } from '../../util/clean-name.ts';
import { identityOf, readText } from './key-package.ts';

export interface Member {
  readonly leaf: number;
  readonly name: string;
  /** Uncompressed P-384 point, 97 bytes; unique in the group. */
  readonly signatureKey: Bytes;
  readonly isHost: boolean;
  /** What the participant id is derived from: a guest's whole leaf, so that another device or name is another id. */
  readonly identity: Bytes;
}

export function membersOf(state: ClientState, hostKey: Uint8Array): readonly Member[] {
  return state.ratchetTree.flatMap((node, index) => {
    if (node?.nodeType !== 'leaf') return [];
    const signatureKey = copyBytes(node.leaf.signaturePublicKey);
    // What this engine's Unicode does not know as a name still has to be shown as something.
    const name = cleanName(readText(node.leaf.credential) ?? '') || '?';
    const isHost = equal(signatureKey, hostKey);
    // The host's leaf changes with its own commits; its key is the one that the hello names.
    const identity = isHost ? signatureKey : identityOf(node.leaf);
    return [{ leaf: index / 2, name, signatureKey, isHost, identity }];
  });
}
