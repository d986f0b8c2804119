/**
 * How a host proves that a room is its own (protocol.md §1, §2): the room id is a hash over its public key, and it
 * signs the server's nonce together with the name under which it reached the server.
 */
import { randomBytes } from 'node:crypto';
import { fromBase64Url } from '../util/base64url.ts';
import { equal, sha384, utf8 } from '../e2ee/bytes.ts';
import { verifyAuthority, type DelegationKind } from '../e2ee/admission/delegation.ts';
import { verifyHost } from '../e2ee/admission/host-key.ts';
import { roomIdOf } from '../e2ee/admission/invite-token.ts';
import { ConsultError } from '../errors.ts';
import type { ClientMessage } from '../wire/wire.ts';
import type { RoomProof } from './room-entry.ts';

export type HostJoin = Extract<ClientMessage, { type: 'join'; role: 'host' }>;
type Prove = Extract<ClientMessage, { type: 'prove' }>;

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

  /** @returns null where it proves nothing; `leads`: a stand-in takes the seat only of a host that is gone */
  async verify({ nonce, signature }: Prove): Promise<(RoomProof & { readonly leads: DelegationKind }) | null> {
    try {
      const spki = fromBase64Url(this.#join.spki);
      const room = fromBase64Url(this.#join.room);
      const expected = await roomIdOf(spki, fromBase64Url(this.#join.roomTag), this.#join.expires);
      if (!equal(expected, room)) return null;
      const { delegation } = this.#join;
      const encoded = delegation === undefined ? null : fromBase64Url(delegation);
      const thumb = await sha384(spki);
      const signing = await verifyAuthority({ root: spki, delegation: encoded, thumb, roomId: room });
      const both = [fromBase64Url(this.nonce), fromBase64Url(nonce)];
      for (const name of this.#names)
        if (await verifyHost(signing.spki, 'server auth', [utf8(name), room, ...both], fromBase64Url(signature)))
          return { thumb, expires: this.#join.expires * 1000, leads: signing.delegation?.kind ?? 'now' };
      return null;
    } catch (error: unknown) {
      // Other spellings of base64url pass the wire's pattern; they prove nothing either.
      if (error instanceof ConsultError) return null;
      throw error;
    }
  }
}
