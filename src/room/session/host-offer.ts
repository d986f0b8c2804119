/**
 * The host's side of a hand-over (protocol.md §13): it asks one member to lead, signs a delegation where they say yes,
 * and revokes what it signed where it is not used.
 */
import { createDelegation } from '../../e2ee/admission/delegation.ts';
import { random, type Bytes } from '../../e2ee/bytes.ts';
import { fromBase64Url, toBase64Url } from '../../util/base64url.ts';
import type { KnownMember } from '../group/members.ts';
import type { HandOverKind } from '../state/state.ts';
import type { LeadershipOptions } from './leadership-options.ts';
import type { Mandate } from './mandate.ts';

/** Milliseconds in which the asked member answers. */
const ANSWER_WITHIN = 60_000;
/** Milliseconds in which a delegate leads; then the host revokes what it signed, by a later time of its own. */
const LEAD_WITHIN = 20_000;

/** What the host has offered to one member. */
interface Offer {
  readonly member: KnownMember;
  readonly nonce: string;
  readonly as: HandOverKind;
  /** When the signed delegation takes effect; null until the member has said yes. */
  readonly signed: number | null;
  readonly timer: ReturnType<typeof setTimeout>;
}

export class HostOffer {
  readonly #o: LeadershipOptions;
  readonly #mandate: Mandate;
  #offer: Offer | null = null;
  /** Nonces of the last offers that were withdrawn, by the id of the member. */
  readonly #withdrawn = new Map<string, string>();

  constructor(o: LeadershipOptions, mandate: Mandate) {
    this.#o = o;
    this.#mandate = mandate;
  }

  /** What the host has signed and the member has not used yet; null without one. */
  get signed(): (Pick<Offer, 'as'> & { readonly since: number }) | null {
    const offer = this.#offer;
    return offer && offer.signed !== null ? { as: offer.as, since: offer.signed } : null;
  }

  close(): void {
    if (this.#offer) clearTimeout(this.#offer.timer);
  }

  /**
   * Asks a participant to lead the room.
   *
   * @param as `stand-in`: only where the host is lost for longer than the grace time
   */
  make(id: string, as: HandOverKind): void {
    const { members, onProblem, policy, role, report } = this.#o;
    const member = members.byId(this.#o.currentId(id));
    if (role === 'guest') return;
    // A delegate has nothing that it could hand on.
    if (!this.#mandate.isRoot || !member) return onProblem('hand-over-failed');
    if (as === 'stand-in' && policy.standIn === 'no') return onProblem('hand-over-failed');
    if (this.signed) return;
    this.withdraw();
    const nonce = toBase64Url(random(16));
    const timer = setTimeout(() => this.#unanswered(), ANSWER_WITHIN);
    this.#offer = { member, nonce, as, signed: null, timer };
    this.repeat(member.leaf);
    report({ type: 'hand-over', handOver: { step: 'offered', id: member.id, as } });
  }

  /** Takes an offer back that was not answered yet. */
  withdraw(): void {
    const offer = this.#offer;
    if (!offer || offer.signed !== null) return;
    this.#end();
    this.#withdrawn.set(offer.member.id, offer.nonce);
    this.repeat(offer.member.leaf);
  }

  /** Tells one leaf what it is asked, or that it is asked no longer: it may have missed that. */
  repeat(leaf: number): void {
    const { members, sender } = this.#o;
    const [offer, id] = [this.#offer, members.others.find((member) => member.leaf === leaf)?.id ?? ''];
    const withdrawn = this.#withdrawn.get(id);
    if (offer?.member.id !== id) {
      if (withdrawn !== undefined) sender.send({ type: 'hand-over-withdrawn', body: { nonce: withdrawn } }, leaf);
    } else if (offer.signed === null) {
      sender.send({ type: 'hand-over-offer', body: { nonce: offer.nonce, as: offer.as } }, leaf);
    }
  }

  /** The roster has changed: whom we asked may be gone. */
  onRoster(): void {
    const offer = this.#offer;
    if (!offer || this.#o.members.byId(offer.member.id)) return;
    if (offer.signed === null) this.#end();
    else this.revoke('hand-over-failed');
  }

  /**
   * We have removed a person. What we signed stays good for those who are in the room: another delegation, which names
   * someone since, does not reach the people who come. Whoever we named and is not here may be the one who was removed.
   */
  onRemoval(): void {
    const here = new Set(this.#o.members.others.map(({ signatureKey }) => toBase64Url(signatureKey)));
    if ([...this.#mandate.named].some((key) => !here.has(key))) this.revoke('stand-in-ended');
  }

  /** A person who had the leaf key `before` is in with another one, or was refused at the door (null). */
  onReturned(before: Bytes, now: Bytes | null): void {
    const { named } = this.#mandate;
    if (!named.delete(toBase64Url(before))) return;
    if (!now) return this.revoke('stand-in-ended');
    named.add(toBase64Url(now));
    this.#keep();
  }

  async onAnswer({ id, leaf, name, signatureKey }: KnownMember, nonce: string, spki: string | null): Promise<void> {
    const offer = this.#offer;
    const { authority } = this.#mandate;
    // The first answer counts, from the member that was asked.
    if (!offer || offer.signed !== null || offer.member.id !== id || offer.nonce !== nonce || !authority) return;
    if (spki === null) {
      this.#end();
      return this.#o.onProblem('hand-over-declined', name);
    }
    clearTimeout(offer.timer);
    const { as } = offer;
    const since = this.#mandate.afterAll();
    const timer = setTimeout(() => this.revoke('hand-over-failed'), LEAD_WITHIN);
    this.#offer = { ...offer, signed: since, timer };
    this.#mandate.noteSigned(since, signatureKey);
    this.#keep();
    const delegation = await createDelegation({
      hostKey: authority.key,
      roomId: this.#o.roomId,
      kind: as,
      spki: fromBase64Url(spki),
      leafKey: signatureKey,
      since,
    });
    if (this.#mandate.isOver || this.signed?.since !== since) return;
    const body = { nonce, delegation: toBase64Url(delegation.encoded) };
    this.#o.sender.send({ type: 'hand-over', body }, leaf);
  }

  /** A member has shown that it holds the stand-in's delegation from that time. */
  onStandIn(since: number, leafKey: Bytes): void {
    if (!this.#mandate.isLeadingRoot) return;
    this.#mandate.noteSigned(since, leafKey);
    if (this.signed?.as === 'stand-in' && this.signed.since === since) this.#end();
    this.#keep();
  }

  /** For a reload. A page that reloads before a delegate has used what we signed revokes it. */
  #keep(): void {
    const [pending, { signed, since }] = [this.signed, this.#mandate];
    this.#mandate.keep({ role: 'host', since: pending ? pending.since + 1 : since, held: null, signed });
  }

  /** Someone holds what we signed and must not lead with it: a later time makes it void. */
  revoke(code: 'hand-over-failed' | 'stand-in-ended'): void {
    if (this.#offer) this.#end();
    this.#o.onProblem(code);
    this.#mandate.lead(this.#mandate.afterAll());
  }

  #unanswered(): void {
    this.withdraw();
    this.#o.onProblem('hand-over-failed');
  }

  #end(): void {
    if (this.#offer) clearTimeout(this.#offer.timer);
    this.#offer = null;
    this.#o.report({ type: 'hand-over', handOver: { step: 'none' } });
  }
}
