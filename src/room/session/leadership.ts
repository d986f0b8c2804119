/**
 * Who leads the room (protocol.md §13). The host hands it over or names a stand-in (`host-offer.ts`), the member who is
 * asked answers (`asked-member.ts`), a stand-in shows itself (`stand-ins.ts`); here each learns when another host is above
 * it, or none is left. A room that changes hands starts a fresh group, as after a reload; nobody takes two hosts at once.
 */
import type { VerifiedHello } from '../../e2ee/admission/hello.ts';
import type { Bytes } from '../../e2ee/bytes.ts';
import { fromBase64Url } from '../../util/base64url.ts';
import { Throttle } from '../../util/throttle.ts';
import type { KnownMember } from '../group/members.ts';
import { codeOfHandlerError } from '../messages/handler-errors.ts';
import type { Authority, HandOverKind } from '../state/state.ts';
import { AskedMember } from './asked-member.ts';
import { HostOffer } from './host-offer.ts';
import type { LeadershipMessage, LeadershipOptions } from './leadership-options.ts';
import { Mandate } from './mandate.ts';
import { StandIns } from './stand-ins.ts';
import { SuccessorWait } from './successor-wait.ts';

/** Milliseconds without any host after which the holder of the host key leads again. */
const ALONE_FOR = 30_000;
/** Milliseconds between two proofs that one member may show. */
const SHOWN_EVERY = 1_000;

export class Leadership {
  readonly #o: LeadershipOptions;
  readonly #mandate: Mandate;
  readonly #offer: HostOffer;
  readonly #asked: AskedMember;
  readonly #standIns: StandIns;
  readonly #successor: SuccessorWait;
  #aloneTimer: ReturnType<typeof setInterval> | undefined;
  #isTakingBack = false;
  readonly #shown = new Throttle(SHOWN_EVERY);

  constructor(o: LeadershipOptions) {
    this.#o = o;
    this.#mandate = new Mandate(o, () => this.close());
    this.#offer = new HostOffer(o, this.#mandate);
    this.#standIns = new StandIns(o, this.#mandate, (since, leafKey) => this.#offer.onStandIn(since, leafKey));
    this.#asked = new AskedMember(o, this.#mandate, () => this.#standIns.show('everyone'));
    this.#successor = new SuccessorWait(o);
    if (o.role === 'guest' && this.#mandate.isRoot) this.#leadIfAlone();
  }

  /** For the snapshot. */
  get authority(): Authority {
    return this.#mandate.kind;
  }

  /** Guest: whether a stand-in may lead us now. */
  get isHostLost(): boolean {
    return this.#successor.isAwaited;
  }

  close(): void {
    this.#mandate.close();
    clearInterval(this.#aloneTimer);
    this.#successor.stop();
    this.#shown.close();
    this.#offer.close();
  }

  // --- handing over --------------------------------------------------------------------------------------------------

  /**
   * Host: asks a participant to lead the room.
   *
   * @param as `stand-in`: only where the host is lost for longer than the grace time
   */
  offer(id: string, as: HandOverKind): void {
    this.#offer.make(id, as);
  }

  /** Host: takes an offer back that was not answered yet. */
  withdrawOffer(): void {
    this.#offer.withdraw();
  }

  /** @param shown the question that the person answers: the host may have replaced it meanwhile */
  answer(accept: 'yes' | 'no', shown?: string): Promise<void> {
    return this.#asked.answer(accept, shown);
  }

  /** Tells one leaf what it has to know of who leads: it is new, or may have missed it. */
  repeat(leaf: number): void {
    this.#offer.repeat(leaf);
    void this.#standIns.show(leaf).catch((error: unknown) => this.#o.onProblem(codeOfHandlerError(error)));
  }

  /** The roster has changed. */
  onRoster(): void {
    this.#mandate.onRoster();
    this.#asked.onRoster();
    const { authority } = this.#mandate;
    const rank = this.#o.rank();
    // From before the host that we follow began to lead.
    if (authority?.delegation && rank && authority.delegation.since <= rank.since) this.#mandate.drop();
    this.#offer.onRoster();
  }

  /** Host: has removed a person. */
  onRemoval(): void {
    this.#offer.onRemoval();
  }

  /** Host: a person who had the leaf key `before` is in with another one, or was refused at the door (null). */
  onReturned(before: Bytes, now: Bytes | null): void {
    this.#offer.onReturned(before, now);
  }

  /** @param member the verified sender */
  async receive(member: KnownMember, message: LeadershipMessage): Promise<void> {
    if (message.type !== 'stand-in' && message.type !== 'taken-back') return this.#handle(member, message);
    const group = this.#o.group();
    // Signatures to verify, and any member can send them endlessly. What waits is proved for this group, and not for the one after it.
    this.#shown.run(`${message.type} ${member.id}`, () => {
      if (this.#o.group() === group) void this.#handle(member, message);
    });
  }

  async #handle(member: KnownMember, message: LeadershipMessage): Promise<void> {
    try {
      await this.#receive(member, message);
    } catch (error: unknown) {
      this.#o.onProblem(codeOfHandlerError(error));
    }
  }

  async #receive(member: KnownMember, message: LeadershipMessage): Promise<void> {
    if (message.type === 'stand-in') return this.#standIns.onShown(member, message.body);
    if (message.type === 'taken-back') return this.#onTakenBack(message.body);
    const { nonce } = message.body;
    if (message.type === 'hand-over-answer') {
      if (this.#o.role === 'host') await this.#offer.onAnswer(member, nonce, message.body.spki);
      return;
    }
    // From anyone else it offers what they do not have.
    if (!member.isHost) return;
    if (message.type === 'hand-over') return this.#asked.onDelegation(nonce, fromBase64Url(message.body.delegation));
    if (message.type === 'hand-over-offer') this.#asked.onOffer(member, nonce, message.body.as);
    else this.#asked.onWithdrawn(nonce);
  }

  // --- the host, above which another one comes -----------------------------------------------------------------------

  /**
   * Host: another host of this room shows a later time. Both its rank and its right are verified.
   *
   * @returns `elsewhere` where that host has led the room without us
   */
  onOutranked({ since, delegation }: Pick<VerifiedHello, 'since' | 'delegation'>): 'elsewhere' | 'settled' {
    const { role, members, entry } = this.#o;
    if (role !== 'host' || this.#mandate.isOver) return 'settled';
    const { signed } = this.#offer;
    // The holder of the host key has taken the room back, or named another delegate.
    if (!this.#mandate.isRoot || (signed?.as === 'now' && signed.since === since)) {
      void this.stepDown();
      return 'settled';
    }
    const isAlone = members.others.length === 0;
    // Another device of ours: the server knows which of us has the seat.
    if (!isAlone && !delegation) return 'settled';
    this.#mandate.noteSigned(since, delegation?.leafKey ?? null);
    // People are in our room: a stand-in that came too early does not get it. A later time makes its delegation void.
    if (!isAlone) this.#offer.revoke('stand-in-ended');
    else if (entry === 'take-over') this.#mandate.lead(this.#mandate.afterAll());
    else this.#o.report({ type: 'signaling', signaling: 'elsewhere' });
    return isAlone ? 'elsewhere' : 'settled';
  }

  /**
   * Host: the server has refused us the seat before we had it. A stand-in is then not needed; another delegate is void
   * where the person chose to lead here. Both are again the guest that they were.
   */
  onSeatRefused(): void {
    const kind = this.#mandate.authority?.delegation?.kind;
    if (kind === 'stand-in' || (kind === 'now' && this.#o.entry === 'take-over')) void this.stepDown();
    else this.#o.report({ type: 'signaling', signaling: 'elsewhere' });
  }

  /**
   * The server has given our seat to another host.
   *
   * @returns whether that is the one whom we handed the room to; then we become a guest
   */
  onSeatTaken(): 'expected' | 'unexpected' {
    if (this.#offer.signed?.as !== 'now') return 'unexpected';
    void this.stepDown();
    return 'expected';
  }

  /** A delegate that leads: the holder of the host key has taken the room back, and proves it. */
  async #onTakenBack({ since, signature }: Extract<LeadershipMessage, { type: 'taken-back' }>['body']): Promise<void> {
    if (this.#o.role !== 'host' || this.#mandate.isRoot) return;
    await this.#mandate.checkTakeBack(since, fromBase64Url(signature));
    // An old one, from before we were asked to lead, changes nothing.
    if (since > this.#mandate.since) await this.stepDown();
  }

  /** Whether a host that has lost its seat can come back as a guest. */
  get mayStepDown(): boolean {
    const standIns = this.#o.state()?.participants.some(({ standIn }) => standIn) ?? false;
    return this.#o.role === 'host' && (!this.#mandate.isRoot || standIns);
  }

  /** We lead no longer: a new session as a guest, with the proof of who we were. */
  stepDown(): Promise<void> {
    return this.#mandate.stepDown();
  }

  // --- the guest, whose host is lost ---------------------------------------------------------------------------------

  /** The holder of the host key leads again. The delegate hears it before the server gives its seat away. */
  async takeBack(): Promise<void> {
    if (this.#o.role !== 'guest' || !this.#mandate.isRoot || this.#isTakingBack) return;
    this.#isTakingBack = true;
    const since = this.#mandate.afterAll();
    if (this.#o.group()) await this.#tellDelegate(since);
    this.#mandate.lead(since);
  }

  /** Where that fails, the delegate learns it from the people in the room, who leave it for us. */
  async #tellDelegate(since: number): Promise<void> {
    const { sender, onProblem } = this.#o;
    try {
      const signature = await this.#mandate.signTakeBack(since);
      await sender.tell({ type: 'taken-back', body: { since, signature } }, 'everyone');
    } catch (error: unknown) {
      onProblem(codeOfHandlerError(error));
    }
  }

  /** Guest: the host is away for longer than the grace time. */
  onHostLost(): void {
    const delegation = this.#mandate.authority?.delegation;
    if (this.isHostLost || this.#mandate.isOver) return;
    if (this.#mandate.isRoot) return void this.takeBack();
    const rank = this.#o.rank();
    const standIns = this.#o.policy.standIn === 'takes-over';
    if (standIns && delegation && rank && delegation.since > rank.since) return this.#mandate.lead(delegation.since);
    const isNamed = standIns && this.#o.state()?.participants.some(({ standIn }) => standIn);
    if (isNamed || this.#o.isDelegated()) return this.#successor.start();
    this.#o.report({ type: 'ended', reason: 'host-lost' });
  }

  /** Guest: we follow a host, or ours is heard again. */
  onHostPresent(): void {
    this.#successor.stop();
  }

  #leadIfAlone(): void {
    let since = this.#o.now();
    this.#aloneTimer = setInterval(() => {
      const state = this.#o.state();
      const isAlone = state?.signaling === 'online' && state.knocking === 'host-absent' && !this.#o.group();
      if (!isAlone) since = this.#o.now();
      else if (this.#o.now() - since >= ALONE_FOR) void this.takeBack();
    }, 1_000);
  }
}
