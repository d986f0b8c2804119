/** The members of a group, read from its ratchet tree (RFC 9420 §7). */
import type { ClientState } from 'ts-mls';
import { copyBytes, equal, type Bytes } from '../bytes.ts';
import { readName } from './key-package.ts';

export interface Member {
  readonly leaf: number;
  readonly name: string;
  /** Uncompressed P-384 point, 97 bytes; unique in the group. */
  readonly signatureKey: Bytes;
  readonly isHost: boolean;
}

export function membersOf(state: ClientState, hostKey: Uint8Array): readonly Member[] {
  return state.ratchetTree.flatMap((node, index) => {
    if (node?.nodeType !== 'leaf') return [];
    const signatureKey = copyBytes(node.leaf.signaturePublicKey);
    const name = readName(node.leaf.credential) ?? '';
    return [{ leaf: index / 2, name, signatureKey, isHost: equal(signatureKey, hostKey) }];
  });
}
