/** The asked side of a hand-over (protocol.md §13): a member answers, and takes the delegation that was made for it. */
import { delegateAuthority, generateDelegateKey, type DelegateKey } from '../../e2ee/admission/delegation.ts';
import { equal, type Bytes } from '../../e2ee/bytes.ts';
import { ConsultError } from '../../errors.ts';
import { toBase64Url } from '../../util/base64url.ts';
import type { Held } from '../setup/reload-record.ts';
import type { HandOverKind } from '../state/state.ts';
import type { LeadershipOptions } from './leadership-options.ts';
import { FRESH_FOR, type Mandate } from './mandate.ts';

/** What the host has asked us. */
interface Asked {
  readonly nonce: string;
  readonly as: HandOverKind;
  /** Ours, once we said yes. */
  readonly key: DelegateKey | null;
}

export class AskedMember {
  readonly #o: LeadershipOptions;
  readonly #mandate: Mandate;
  readonly #onNamed: () => Promise<void>;
  #asked: Asked | null = null;

  /** @param onNamed we are the stand-in now */
  constructor(o: LeadershipOptions, mandate: Mandate, onNamed: () => Promise<void>) {
    this.#o = o;
    this.#mandate = mandate;
    this.#onNamed = onNamed;
  }

  onOffer(nonce: string, as: HandOverKind): void {
    this.#asked = { nonce, as, key: null };
    this.#o.report({ type: 'hand-over', handOver: { step: 'asked', id: nonce, as } });
  }

  onWithdrawn(nonce: string): void {
    if (this.#asked?.nonce !== nonce) return;
    this.#asked = null;
    this.#o.report({ type: 'hand-over', handOver: { step: 'none' } });
  }

  /** @param shown the question that the person answers: the host may have replaced it meanwhile */
  async answer(accept: 'yes' | 'no', shown = this.#asked?.nonce): Promise<void> {
    const asked = this.#asked;
    const host = this.#o.members.others.find(({ isHost }) => isHost);
    if (!asked || asked.key || !host || asked.nonce !== shown) return;
    const key = accept === 'yes' ? await generateDelegateKey() : null;
    if (this.#asked !== asked) return;
    this.#asked = key && { ...asked, key };
    this.#o.report({ type: 'hand-over', handOver: { step: 'none' } });
    const body = { nonce: asked.nonce, spki: key && toBase64Url(key.spki) };
    this.#o.sender.send({ type: 'hand-over-answer', body }, host.leaf);
  }

  async onDelegation(nonce: string, encoded: Bytes): Promise<void> {
    const { roomId, members } = this.#o;
    const [asked, root] = [this.#asked, this.#o.root()];
    if (!asked?.key || asked.nonce !== nonce || !root) return;
    this.#asked = null;
    const held: Held = { own: asked.key, encoded, root };
    const authority = await delegateAuthority({ ...held, roomId });
    const { delegation } = authority;
    // An old one, or one that names another member, gives us nothing to lead with.
    const isOurs = members.own !== null && delegation !== null && equal(delegation.leafKey, members.own.signatureKey);
    const isFresh = delegation !== null && Math.abs(this.#o.now() - delegation.since) <= FRESH_FOR;
    if (!isOurs || !isFresh || delegation.kind !== asked.as || this.#mandate.isOver)
      throw new ConsultError('host-not-proven', { detail: 'delegation' });
    this.#mandate.take(authority, held);
    if (asked.as === 'now') return this.#mandate.lead(delegation.since);
    this.#mandate.keep({ role: 'guest', since: delegation.since, held, signed: 0 });
    this.#o.report({ type: 'authority', authority: this.#mandate.kind });
    await this.#onNamed();
  }
}
