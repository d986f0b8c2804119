/**
 * How a host proves that a room is its own (protocol.md §1, §2): the room id is a hash over its public key, and it
 * signs the server's nonce together with the name under which it reached the server.
 */
import { randomBytes } from 'node:crypto';
import { fromBase64Url } from '../util/base64url.ts';
import { equal, sha384, u64, utf8 } from '../e2ee/bytes.ts';
import { verifyAuthority, type DelegationKind } from '../e2ee/admission/delegation.ts';
import { verifyHost } from '../e2ee/admission/host-key.ts';
import { roomIdOf } from '../e2ee/admission/invite-token.ts';
import { ConsultError } from '../errors.ts';
import type { ClientMessage } from '../wire/wire.ts';
import type { RoomProof } from './room-entry.ts';

export type HostJoin = Extract<ClientMessage, { type: 'join'; role: 'host' }>;
type Prove = Extract<ClientMessage, { type: 'prove' }>;

export interface HostProof extends RoomProof {
  /** When this host began to lead, in milliseconds since the epoch. */
  readonly since: number;
  /** The host key itself, or a delegate of it (protocol.md §13). */
  readonly leads: 'host-key' | DelegationKind;
}

/** One challenge, good for one answer. */
export class HostChallenge {
  readonly nonce = randomBytes(32).toString('base64url');
  readonly #join: HostJoin;
  readonly #names: readonly string[];

  /** @param names hosts with port, as in URLs, under which this server may be reached */
  constructor(join: HostJoin, names: readonly string[]) {
    this.#join = join;
    this.#names = names;
  }

  /** @returns null where it proves nothing */
  async verify({ nonce, signature }: Prove): Promise<HostProof | null> {
    try {
      const spki = fromBase64Url(this.#join.spki);
      const room = fromBase64Url(this.#join.room);
      const expected = await roomIdOf(spki, fromBase64Url(this.#join.roomTag), this.#join.expires);
      if (!equal(expected, room)) return null;
      const { delegation } = this.#join;
      const encoded = delegation === undefined ? null : fromBase64Url(delegation);
      const thumb = await sha384(spki);
      const signing = await verifyAuthority({ root: spki, delegation: encoded, thumb, roomId: room });
      const { since } = this.#join;
      // A delegate leads since it was named.
      if (signing.delegation && signing.delegation.since !== since) return null;
      const rest = [room, fromBase64Url(this.nonce), fromBase64Url(nonce), u64(BigInt(since))];
      for (const name of this.#names)
        if (await verifyHost(signing.spki, 'server auth', [utf8(name), ...rest], fromBase64Url(signature)))
          return { thumb, expires: this.#join.expires * 1000, since, leads: signing.delegation?.kind ?? 'host-key' };
      return null;
    } catch (error: unknown) {
      // Other spellings of base64url pass the wire's pattern; they prove nothing either.
      if (error instanceof ConsultError) return null;
      throw error;
    }
  }
}
