/** Who leads where the host is lost (protocol.md §13): a stand-in shows what it holds, and every member checks it. */
import { standInFields, verifyDelegation } from '../../e2ee/admission/delegation.ts';
import { signHost, verifyHost } from '../../e2ee/admission/host-key.ts';
import type { Bytes } from '../../e2ee/bytes.ts';
import { ConsultError } from '../../errors.ts';
import { fromBase64Url, toBase64Url } from '../../util/base64url.ts';
import type { KnownMember } from '../group/members.ts';
import type { LeadershipMessage, LeadershipOptions } from './leadership-options.ts';
import type { Mandate } from './mandate.ts';

type Shown = Extract<LeadershipMessage, { type: 'stand-in' }>['body'];

export class StandIns {
  readonly #o: LeadershipOptions;
  readonly #mandate: Mandate;
  readonly #onShown: (since: number, leafKey: Bytes) => void;
  /** The time of the newest stand-in that a member has shown. */
  #newest = 0;

  /** @param onShown a member has proved that it is the stand-in since then */
  constructor(o: LeadershipOptions, mandate: Mandate, onShown: (since: number, leafKey: Bytes) => void) {
    this.#o = o;
    this.#mandate = mandate;
    this.#onShown = onShown;
  }

  /** A stand-in shows what it holds: to everyone once, and to each new member. */
  async show(to: number | 'everyone'): Promise<void> {
    const { role, roomId, members, sender } = this.#o;
    const [authority, group, own] = [this.#mandate.authority, this.#o.group(), members.own];
    if (role !== 'guest' || authority?.delegation?.kind !== 'stand-in' || !group || !own) return;
    const fields = standInFields({ roomId, groupId: group.groupId, leafKey: own.signatureKey });
    const proof = toBase64Url(await signHost(authority.key, 'stand-in', fields));
    sender.send({ type: 'stand-in', body: { delegation: toBase64Url(authority.delegation.encoded), proof } }, to);
  }

  async onShown({ id, signatureKey }: KnownMember, { delegation, proof }: Shown): Promise<void> {
    const { roomId } = this.#o;
    const [root, group, rank] = [this.#o.root(), this.#o.group(), this.#o.rank()];
    if (!root || !group || !rank) return;
    const { kind, spki, since } = await verifyDelegation({ encoded: fromBase64Url(delegation), roomId, root });
    const fields = standInFields({ roomId, groupId: group.groupId, leafKey: signatureKey });
    if (kind !== 'stand-in' || !(await verifyHost(spki, 'stand-in', fields, fromBase64Url(proof))))
      throw new ConsultError('host-not-proven', { detail: 'stand-in' });
    // Void: the present host began to lead after it, or named another one.
    if (since <= rank.since || since < this.#newest) return;
    this.#newest = since;
    if ((this.#mandate.authority?.delegation?.since ?? since) < since) this.#mandate.drop();
    this.#o.report({ type: 'their-stand-in', id });
    this.#onShown(since, signatureKey);
  }
}
