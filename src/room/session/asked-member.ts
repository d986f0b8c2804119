/** The asked side of a hand-over (protocol.md §13): a member answers, and takes the delegation that was made for it. */
import { delegateAuthority, generateDelegateKey, type DelegateKey } from '../../e2ee/admission/delegation.ts';
import { equal, type Bytes } from '../../e2ee/bytes.ts';
import { ConsultError } from '../../errors.ts';
import { toBase64Url } from '../../util/base64url.ts';
import type { KnownMember } from '../group/members.ts';
import type { Held } from '../setup/reload-record.ts';
import type { HandOverKind } from '../state/state.ts';
import type { LeadershipOptions } from './leadership-options.ts';
import { FRESH_FOR, type Mandate } from './mandate.ts';

/** What the host has asked us. */
interface Asked {
  /** Id of the host. */
  readonly by: string;
  readonly nonce: string;
  readonly as: HandOverKind;
  /** Our key where we said yes; null until we have answered. */
  readonly answer: DelegateKey | 'no' | null;
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

  onOffer({ id, leaf }: KnownMember, nonce: string, as: HandOverKind): void {
    // Repeated, and our answer may be what was lost.
    if (this.#asked?.nonce === nonce) return this.#reply(leaf);
    this.#asked = { by: id, nonce, as, answer: null };
    this.#o.report({ type: 'hand-over', handOver: { step: 'asked', id: nonce, as } });
  }

  onWithdrawn(nonce: string): void {
    if (this.#asked?.nonce === nonce) this.#end();
  }

  /** The roster has changed: the page that asked may be gone, and nobody else knows of the question. */
  onRoster(): void {
    if (this.#asked && !this.#o.members.byId(this.#asked.by)) this.#end();
  }

  #end(): void {
    this.#asked = null;
    this.#o.report({ type: 'hand-over', handOver: { step: 'none' } });
  }

  #reply(leaf: number): void {
    const { nonce, answer } = this.#asked ?? {};
    if (nonce === undefined || !answer) return;
    const spki = answer === 'no' ? null : toBase64Url(answer.spki);
    this.#o.sender.send({ type: 'hand-over-answer', body: { nonce, spki } }, leaf);
  }

  /** @param shown the question that the person answers: the host may have replaced it meanwhile */
  async answer(accept: 'yes' | 'no', shown = this.#asked?.nonce): Promise<void> {
    const asked = this.#asked;
    const host = this.#o.members.others.find(({ isHost }) => isHost);
    if (!asked || asked.answer || !host || asked.nonce !== shown) return;
    const given = accept === 'yes' ? await generateDelegateKey() : 'no';
    if (this.#asked !== asked) return;
    this.#asked = { ...asked, answer: given };
    this.#o.report({ type: 'hand-over', handOver: { step: 'none' } });
    this.#reply(host.leaf);
  }

  async onDelegation(nonce: string, encoded: Bytes): Promise<void> {
    const { roomId, members } = this.#o;
    const [asked, root] = [this.#asked, this.#o.root()];
    if (!asked?.answer || asked.answer === 'no' || asked.nonce !== nonce || !root) return;
    this.#asked = null;
    const held: Held = { own: asked.answer, encoded, root };
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
