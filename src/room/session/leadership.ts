/**
 * Who leads the room (protocol.md §13): the host hands it over or names a stand-in, the member who is asked answers, and both know when
 * another host is above them. A room that changes hands starts a fresh group, as after a reload; nobody takes two hosts at once.
 */
import {
  createDelegation,
  delegateAuthority,
  generateDelegateKey,
  standInFields,
  verifyDelegation,
  type DelegateKey,
  type HostAuthority,
  type Rank,
} from '../../e2ee/admission/delegation.ts';
import { admitSelf, type RejoinCredentials, type RememberedAdmission } from '../../e2ee/admission/admit-signature.ts';
import type { VerifiedHello } from '../../e2ee/admission/hello.ts';
import { signHost, verifyHost } from '../../e2ee/admission/host-key.ts';
import { equal, random, type Bytes } from '../../e2ee/bytes.ts';
import type { Group } from '../../e2ee/mls/group.ts';
import { ConsultError, type ErrorCode } from '../../errors.ts';
import type { Policy } from '../../policy.ts';
import { fromBase64Url, toBase64Url } from '../../util/base64url.ts';
import type { KnownMember, Members } from '../group/members.ts';
import type { GroupMessage } from '../messages/messages.ts';
import { codeOfHandlerError } from '../messages/handler-errors.ts';
import type { Held, Lead, RoomRecord } from '../setup/reload-record.ts';
import type { RoomInput } from '../state/actions.ts';
import type { Authority, HandOverKind, Role, SessionState } from '../state/state.ts';
import type { GroupSender } from './group-sender.ts';
import { Throttle } from '../../util/throttle.ts';
import { SuccessorWait } from './successor-wait.ts';

/** Milliseconds in which the asked member answers. */
const ANSWER_WITHIN = 60_000;
/** Milliseconds in which a delegate leads; then the host revokes what it signed, by a later time of its own. */
const LEAD_WITHIN = 20_000;
/** Milliseconds without any host after which the holder of the host key leads again. */
const ALONE_FOR = 30_000;
/** Milliseconds between two stand-ins that one member may show. */
const SHOWN_EVERY = 1_000;
/** How old a delegation may be when it arrives, and how far clocks may differ, in milliseconds. */
const FRESH_FOR = 5 * 60 * 1000;

export type LeadershipMessage = Extract<
  GroupMessage,
  { type: 'hand-over-offer' | 'hand-over-withdrawn' | 'hand-over-answer' | 'hand-over' | 'stand-in' }
>;

/** What the page keeps and does because of it: `restart` opens a new session in that role. */
export interface LeadChange {
  readonly lead: Lead;
  /** A guest that was host: how it proves who it was. Null keeps what was remembered before. */
  readonly admitted: RememberedAdmission | null;
  /** A host: who was in the room. */
  readonly room: RoomRecord | null;
  readonly how: 'keep' | 'restart';
}

export interface LeadershipOptions {
  readonly role: Role;
  readonly roomId: Uint8Array;
  readonly policy: Pick<Policy, 'standIn'>;
  readonly entry: 'join' | 'take-over';
  /** What this page may lead with. */
  readonly authority: HostAuthority | null;
  readonly held: Held | null;
  /** Host: as in {@link Lead}. */
  readonly signed: number;
  readonly members: Pick<Members, 'own' | 'others' | 'byId'>;
  readonly sender: Pick<GroupSender, 'send'>;
  /** Null outside of a group. */
  group(): Pick<Group, 'groupId' | 'own'> | null;
  /** The SPKI of the host key; null until a host has shown it. */
  root(): Bytes | null;
  /** Our rank as host, or that of the host we follow. */
  rank(): Rank | null;
  /** Guest: whether the host that we follow is a delegate: then the holder of the host key may come back. */
  isDelegated(): boolean;
  /** The id that a participant has by now. */
  currentId(id: string): string;
  roomRecord(): RoomRecord;
  state(): Pick<SessionState, 'signaling' | 'knocking' | 'participants'> | null;
  /** The site's time, in milliseconds since the epoch. */
  now(): number;
  /** Guest: asks who leads. */
  askForHost(): void;
  report(input: RoomInput): void;
  onProblem(code: ErrorCode, about?: string): void;
  onLead(change: LeadChange): void;
}

/** What the host has offered to one member. */
interface Offer {
  readonly member: KnownMember;
  readonly nonce: string;
  readonly as: HandOverKind;
  /** When the signed delegation takes effect; null until the member has said yes. */
  readonly signed: number | null;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** What the host has asked us. */
interface Asked {
  readonly nonce: string;
  readonly as: HandOverKind;
  /** Ours, once we said yes. */
  readonly key: DelegateKey | null;
}

export class Leadership {
  readonly #o: LeadershipOptions;
  readonly #successor: SuccessorWait;
  #aloneTimer: ReturnType<typeof setInterval> | undefined;
  #authority: HostAuthority | null;
  #held: Held | null;
  /** Host: as in {@link Lead}. */
  #signed: number;
  /** The time of the newest stand-in that a member has shown. */
  #standIn = 0;
  readonly #shown = new Throttle(SHOWN_EVERY);
  #offer: Offer | null = null;
  #asked: Asked | null = null;
  #done = false;

  constructor(o: LeadershipOptions) {
    this.#o = o;
    this.#authority = o.authority;
    this.#held = o.held;
    this.#signed = o.signed;
    this.#successor = new SuccessorWait(o);
    if (o.role === 'guest' && this.#isRoot) this.#leadIfAlone();
  }

  /** For the snapshot. */
  get authority(): Authority {
    if (!this.#authority) return 'none';
    const { delegation } = this.#authority;
    if (!delegation) return 'host-key';
    // A stand-in that leads is a delegate like any other.
    return delegation.kind === 'stand-in' && this.#o.role === 'guest' ? 'stand-in' : 'delegation';
  }

  /** Guest: whether a stand-in may lead us now. */
  get isHostLost(): boolean {
    return this.#successor.isAwaited;
  }

  close(): void {
    this.#done = true;
    clearInterval(this.#aloneTimer);
    this.#successor.stop();
    this.#shown.close();
    if (this.#offer) clearTimeout(this.#offer.timer);
  }

  // --- the host ------------------------------------------------------------------------------------------------------

  /**
   * Host: asks a participant to lead the room.
   *
   * @param as `stand-in`: only where the host is lost for longer than the grace time
   */
  offer(id: string, as: HandOverKind): void {
    const { members, onProblem, policy, role, sender, report } = this.#o;
    const member = members.byId(this.#o.currentId(id));
    if (role === 'guest') return;
    // A delegate has nothing that it could hand on.
    if (!this.#isRoot || !member) return onProblem('hand-over-failed');
    if (as === 'stand-in' && policy.standIn === 'no') return onProblem('hand-over-failed');
    if (this.#offer?.signed) return;
    this.withdrawOffer();
    const nonce = toBase64Url(random(16));
    const timer = setTimeout(() => this.#unanswered(), ANSWER_WITHIN);
    this.#offer = { member, nonce, as, signed: null, timer };
    sender.send({ type: 'hand-over-offer', body: { nonce, as } }, member.leaf);
    report({ type: 'hand-over', handOver: { step: 'offered', id: member.id, as } });
  }

  /** Host: takes an offer back that was not answered yet. */
  withdrawOffer(): void {
    const offer = this.#offer;
    if (!offer || offer.signed !== null) return;
    this.#endOffer();
    this.#o.sender.send({ type: 'hand-over-withdrawn', body: { nonce: offer.nonce } }, offer.member.leaf);
  }

  /** The roster has changed. */
  onRoster(): void {
    const [authority, rank] = [this.#authority, this.#o.rank()];
    // From before the host that we follow began to lead.
    if (authority?.delegation && rank && authority.delegation.since <= rank.since) this.#dropDelegation();
    const offer = this.#offer;
    if (!offer || this.#o.members.byId(offer.member.id)) return;
    if (offer.signed === null) this.#endOffer();
    else this.#revoke('hand-over-failed');
  }

  /**
   * Host: has removed a person. What it signed stays good for a stand-in that shows it in the group; a person who does not may be the
   * one who was removed.
   */
  onRemoval(): void {
    const isShown = this.#o.state()?.participants.some(({ standIn }) => standIn);
    if (this.#isLeadingRoot && !this.#offer?.signed && !isShown && this.#signed > this.#since)
      this.#revoke('stand-in-ended');
  }

  /** Our delegation is void. */
  #dropDelegation(): void {
    if (this.#o.role === 'host') return;
    this.#authority = null;
    this.#held = null;
    this.#keep({ role: 'guest', since: this.#since, held: null, signed: 0 });
    this.#o.report({ type: 'authority', authority: 'none' });
  }

  /** For a reload. */
  #keep(lead: Lead): void {
    this.#o.onLead({ lead, admitted: null, room: null, how: 'keep' });
  }

  #unanswered(): void {
    this.withdrawOffer();
    this.#o.onProblem('hand-over-failed');
  }

  #endOffer(): void {
    if (this.#offer) clearTimeout(this.#offer.timer);
    this.#offer = null;
    this.#o.report({ type: 'hand-over', handOver: { step: 'none' } });
  }

  async #onAnswer({ id, leaf, name, signatureKey }: KnownMember, nonce: string, spki: string | null): Promise<void> {
    const offer = this.#offer;
    // The first answer counts, from the member that was asked.
    if (!offer || offer.signed !== null || offer.member.id !== id || offer.nonce !== nonce || !this.#authority) return;
    if (spki === null) {
      this.#endOffer();
      return this.#o.onProblem('hand-over-declined', name);
    }
    clearTimeout(offer.timer);
    const { as } = offer;
    const since = this.#after(Math.max(this.#since, this.#signed));
    const timer = setTimeout(() => this.#revoke('hand-over-failed'), LEAD_WITHIN);
    this.#offer = { ...offer, signed: since, timer };
    this.#signed = since;
    // A page that reloads before the delegate has used it revokes it.
    this.#keep({ role: 'host', since: since + 1, held: null, signed: since });
    const delegation = await createDelegation({
      hostKey: this.#authority.key,
      roomId: this.#o.roomId,
      kind: as,
      spki: fromBase64Url(spki),
      leafKey: signatureKey,
      since,
    });
    if (this.#done || this.#offer?.signed !== since) return;
    const body = { nonce, delegation: toBase64Url(delegation.encoded) };
    this.#o.sender.send({ type: 'hand-over', body }, leaf);
  }

  /** Someone holds what we signed and must not lead with it: a later time makes it void. */
  #revoke(code: 'hand-over-failed' | 'stand-in-ended'): void {
    if (this.#offer) this.#endOffer();
    this.#o.onProblem(code);
    this.#lead(this.#after(Math.max(this.#since, this.#signed)));
  }

  // --- the member that is asked --------------------------------------------------------------------------------------

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

  async #onDelegation(nonce: string, encoded: Bytes): Promise<void> {
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
    if (!isOurs || !isFresh || delegation.kind !== asked.as || this.#done)
      throw new ConsultError('host-not-proven', { detail: 'delegation' });
    this.#held = held;
    this.#authority = authority;
    if (asked.as === 'now') return this.#lead(delegation.since);
    this.#keep({ role: 'guest', since: delegation.since, held, signed: 0 });
    this.#o.report({ type: 'authority', authority: this.authority });
    await this.showStandIn('everyone');
  }

  /** A stand-in shows what it holds: to everyone once, and to each new member. */
  async showStandIn(to: number | 'everyone'): Promise<void> {
    const { role, roomId, members, sender } = this.#o;
    const [authority, group, own] = [this.#authority, this.#o.group(), members.own];
    if (role !== 'guest' || authority?.delegation?.kind !== 'stand-in' || !group || !own) return;
    const fields = standInFields({ roomId, groupId: group.groupId, leafKey: own.signatureKey });
    const proof = toBase64Url(await signHost(authority.key, 'stand-in', fields));
    sender.send({ type: 'stand-in', body: { delegation: toBase64Url(authority.delegation.encoded), proof } }, to);
  }

  // --- everyone ------------------------------------------------------------------------------------------------------

  /** @param member the verified sender */
  async receive(member: KnownMember, message: LeadershipMessage): Promise<void> {
    // Two signatures to verify, and any member can send it endlessly.
    if (message.type === 'stand-in') this.#shown.run(member.id, () => void this.#handle(member, message));
    else await this.#handle(member, message);
  }

  async #handle(member: KnownMember, message: LeadershipMessage): Promise<void> {
    try {
      await this.#receive(member, message);
    } catch (error: unknown) {
      this.#o.onProblem(codeOfHandlerError(error));
    }
  }

  async #receive(member: KnownMember, message: LeadershipMessage): Promise<void> {
    const { role, report } = this.#o;
    if (message.type === 'stand-in') return this.#onStandIn(member, message.body);
    const { nonce } = message.body;
    if (message.type === 'hand-over-answer') {
      if (role === 'host') await this.#onAnswer(member, nonce, message.body.spki);
      return;
    }
    // From anyone else it offers what they do not have.
    if (!member.isHost) return;
    if (message.type === 'hand-over') return this.#onDelegation(nonce, fromBase64Url(message.body.delegation));
    if (message.type === 'hand-over-offer') {
      this.#asked = { nonce, as: message.body.as, key: null };
      return report({ type: 'hand-over', handOver: { step: 'asked', id: nonce, as: message.body.as } });
    }
    if (this.#asked?.nonce !== nonce) return;
    this.#asked = null;
    report({ type: 'hand-over', handOver: { step: 'none' } });
  }

  async #onStandIn(
    { id, signatureKey }: KnownMember,
    { delegation, proof }: Extract<LeadershipMessage, { type: 'stand-in' }>['body'],
  ): Promise<void> {
    const { roomId } = this.#o;
    const [root, group, rank] = [this.#o.root(), this.#o.group(), this.#o.rank()];
    if (!root || !group || !rank) return;
    const { kind, spki, since } = await verifyDelegation({ encoded: fromBase64Url(delegation), roomId, root });
    const fields = standInFields({ roomId, groupId: group.groupId, leafKey: signatureKey });
    if (kind !== 'stand-in' || !(await verifyHost(spki, 'stand-in', fields, fromBase64Url(proof))))
      throw new ConsultError('host-not-proven', { detail: 'stand-in' });
    // Void: the present host began to lead after it, or named another one.
    if (since <= rank.since || since < this.#standIn) return;
    this.#standIn = since;
    if ((this.#authority?.delegation?.since ?? since) < since) this.#dropDelegation();
    this.#o.report({ type: 'their-stand-in', id });
    if (!this.#isLeadingRoot) return;
    this.#signed = Math.max(this.#signed, since);
    if (this.#offer?.as !== 'stand-in' || this.#offer.signed !== since) return;
    this.#endOffer();
    this.#keep({ role: 'host', since: rank.since, held: null, signed: since });
  }

  /**
   * Host: another host of this room shows a later time. Both its rank and its right are verified.
   *
   * @returns `elsewhere` where that host has led the room without us
   */
  onOutranked({ since, delegation }: Pick<VerifiedHello, 'since' | 'delegation'>): 'elsewhere' | 'settled' {
    const { role, members, entry } = this.#o;
    if (role !== 'host' || this.#done) return 'settled';
    // The holder of the host key has taken the room back, or named another delegate.
    if (!this.#isRoot || (this.#offer?.as === 'now' && this.#offer.signed === since)) {
      void this.stepDown();
      return 'settled';
    }
    const isAlone = members.others.length === 0;
    // Another device of ours: the server knows which of us has the seat.
    if (!isAlone && !delegation) return 'settled';
    this.#signed = Math.max(this.#signed, since);
    // A room with people in it is not given up for a stand-in that came too early: a later time makes its delegation void for everyone.
    if (!isAlone) this.#revoke('stand-in-ended');
    else if (entry === 'take-over') this.#lead(this.#after(since));
    else this.#o.report({ type: 'signaling', signaling: 'elsewhere' });
    return isAlone ? 'elsewhere' : 'settled';
  }

  /**
   * Host: the server has refused us the seat before we had it. A stand-in is then not needed; another delegate is void, where the person
   * chose to lead here. Both are again the guest that they were.
   */
  onSeatRefused(): void {
    const kind = this.#authority?.delegation?.kind;
    if (kind === 'stand-in' || (kind === 'now' && this.#o.entry === 'take-over')) void this.stepDown();
    else this.#o.report({ type: 'signaling', signaling: 'elsewhere' });
  }

  /**
   * The server has given our seat to another host.
   *
   * @returns whether that is the one whom we handed the room to; then we become a guest
   */
  onSeatTaken(): 'expected' | 'unexpected' {
    if (this.#offer?.as !== 'now' || this.#offer.signed === null) return 'unexpected';
    void this.stepDown();
    return 'expected';
  }

  /** Whether a host that has lost its seat can come back as a guest. */
  get mayStepDown(): boolean {
    const standIns = this.#o.state()?.participants.some(({ standIn }) => standIn) ?? false;
    return this.#o.role === 'host' && (!this.#isRoot || standIns);
  }

  /** We lead no longer: a new session as a guest, with the proof of who we were. */
  async stepDown(): Promise<void> {
    const { roomId } = this.#o;
    const [authority, group, rank] = [this.#authority, this.#o.group(), this.#o.rank()];
    if (!authority || !rank || this.#done) return;
    this.close();
    let credentials: RejoinCredentials | null = null;
    // Nobody knows us by a group that nobody else was in.
    if (group && this.#o.members.others.length > 0)
      credentials = await admitSelf({ authority, roomId, groupId: group.groupId, own: group.own });
    const lead: Lead = { role: 'guest', since: rank.since, held: this.#held, signed: 0 };
    this.#o.onLead({ lead, admitted: credentials && { credentials, rank }, room: null, how: 'restart' });
  }

  /** The holder of the host key leads again. */
  takeBack(): void {
    if (this.#o.role === 'guest' && this.#isRoot) this.#lead(this.#after(this.#since));
  }

  /** Guest: the host is away for longer than the grace time. */
  onHostLost(): void {
    const delegation = this.#authority?.delegation;
    if (this.isHostLost || this.#done) return;
    if (this.#isRoot) return this.takeBack();
    const rank = this.#o.rank();
    const standIns = this.#o.policy.standIn === 'takes-over';
    if (standIns && delegation && rank && delegation.since > rank.since) return this.#lead(delegation.since);
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
      else if (this.#o.now() - since >= ALONE_FOR) this.takeBack();
    }, 1_000);
  }

  /** Leads the room in a new session. Everyone whom the group knows comes in without a question. */
  #lead(since: number): void {
    if (this.#done) return;
    const room = this.#o.roomRecord();
    this.close();
    // Of a delegate that we followed we know who was in its room.
    const signed = this.#o.role === 'host' ? this.#signed : this.#since;
    const lead: Lead = { role: 'host', since, held: this.#held, signed };
    this.#o.onLead({ lead, admitted: null, room, how: 'restart' });
  }

  /** The present time, or the next one where a clock is behind. */
  #after(since: number): number {
    return Math.max(this.#o.now(), since + 1);
  }

  /** When we, or the host that we follow, began to lead. */
  get #since(): number {
    return this.#o.rank()?.since ?? 0;
  }

  get #isLeadingRoot(): boolean {
    return this.#o.role === 'host' && this.#isRoot;
  }

  get #isRoot(): boolean {
    return this.#authority !== null && this.#authority.delegation === null;
  }
}
