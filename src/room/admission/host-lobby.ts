/**
 * The host's side of admission (protocol.md §2–§4): sends the hello, receives knocks, admits and refuses. Admission
 * itself is the group's Add commit; nothing here gives anyone a key.
 */
import { outranks, type HostAuthority, type Rank } from '../../e2ee/admission/delegation.ts';
import { createHello, type HostHello, type VerifiedHello } from '../../e2ee/admission/hello.ts';
import { openKnock, type OpenedKnock } from '../../e2ee/admission/knock.ts';
import type { Bytes } from '../../e2ee/bytes.ts';
import type { Group } from '../../e2ee/mls/group.ts';
import type { Member } from '../../e2ee/mls/group-members.ts';
import { ConsultError, type ErrorCode } from '../../errors.ts';
import { codeOfHandlerError } from '../messages/handler-errors.ts';
import { fromBase64Url, toBase64Url } from '../../util/base64url.ts';
import { Throttle } from '../../util/throttle.ts';
import type { GroupChannel } from '../group/group-channel.ts';
import { participantId, type KnownMember } from '../group/members.ts';
import type { SealedMessage } from '../messages/messages.ts';
import { KnockQueue } from './knock-queue.ts';
import { readHello, type Lobby, type LobbyOptions } from './lobby.ts';
import { Readmissions, type Readmitted } from './readmissions.ts';
import { Rejoins } from './rejoins.ts';
import { SignedAnswers } from './signed-answers.ts';
import { pressOn, WaitingList, type Pressed, type Waiting } from './waiting-list.ts';

/** Milliseconds between two hellos: anyone with the link can request them endlessly, and a hello is long. */
const HELLO_EVERY = 500;

/**
 * People admitted by one commit: its message and the Welcome must fit into a seal, whose largest class eight key packages exceed.
 */
const ADMITTED_PER_COMMIT = 4;

/** `rejoin`: without asking the host, and only while the member that the person proved to be is still in the group. */
type Admission = 'by-host' | 'rejoin';

/** A member, and the person who takes that member's place. */
interface Replacement {
  readonly from: Member;
  readonly to: Waiting;
}

export interface HostLobbyOptions extends LobbyOptions {
  readonly groupChannel: GroupChannel;
  /** Participants that the room may hold, the host included. */
  readonly size: number;
  /** Whether the host has locked the room: nobody new is asked about; who was in it before still is. */
  isLocked(): boolean;
  /** Above that of every earlier page load. */
  readonly rank: Rank;
  readonly authority: HostAuthority;
  /** Another host of this room is above us (protocol.md §13). */
  onOutranked(hello: VerifiedHello): 'elsewhere' | 'settled';
  /** The members of a group that this one follows, after a repair or a reload: they come in without a question, once. */
  readonly readmitted?: readonly Readmitted[];
  /** The rank of that group's host: one above it, other than us, may have removed people. */
  readonly recordedAt: Rank;
  /** Delegates until this time are void and known: we revoked what we had signed, or have taken the room back from them. */
  readonly revoked: number;
  /** There was one; `ids` are participants who came in without a question, and should not have. */
  onOutdated(ids: readonly string[]): void;
  /** People are about to get a Welcome: {@link HostLobby.coming} has them, for a page after this one. */
  onComing(): void;
  /** A person who proved to have had the leaf key `before` is in with another one, or was refused (null). */
  onReturned(before: Bytes, now: Bytes | null): void;
}

export class HostLobby implements Lobby {
  readonly role = 'host';
  readonly #o: HostLobbyOptions;
  readonly #hello: Extract<SealedMessage, { type: 'hello' }>;
  readonly #knocks: KnockQueue;
  readonly #waiting: WaitingList;
  readonly #answers: SignedAnswers;
  readonly #readmissions: Readmissions;
  readonly #rejoins = new Rejoins(() => performance.now());
  readonly #throttle = new Throttle(HELLO_EVERY);
  #closed = false;
  /** Proven leaf key (base64url) → the admission that is under way. */
  readonly #admitting = new Map<string, Promise<void>>();
  /** Participant id of a member who has come back so often as to wait → what ends the wait. */
  readonly #tooSoon = new Map<string, ReturnType<typeof setTimeout>>();
  /** Member's participant id → seal session, to resend what the member missed. */
  readonly #sessions = new Map<string, string>();

  private constructor(o: HostLobbyOptions, hello: HostHello) {
    this.#o = o;
    this.#readmissions = new Readmissions(o.readmitted);
    const { roomId } = o.keys;
    const { key, root, delegation } = o.authority;
    this.#hello = {
      type: 'hello',
      hello: toBase64Url(hello.encoded),
      spki: toBase64Url(root),
      ...(delegation ? { delegation: toBase64Url(delegation.encoded) } : {}),
    };
    this.#answers = new SignedAnswers({ hostKey: key, roomId, hello, transport: o.transport });
    // Those who found no place know from a hello that they may knock again.
    const onCapacity = (): void => this.#sendHello();
    this.#waiting = new WaitingList({ report: (input) => o.report(input), onCapacity });
    this.#knocks = new KnockQueue({
      open: ({ nonce, sealed }) => openKnock({ hello, roomId, guestNonce: nonce, sealed, root }),
      onKnock: (session, knock) => this.#onKnock(session, knock),
      onProblem: (code) => o.onProblem(code),
      onCapacity,
    });
  }

  static async open(o: HostLobbyOptions): Promise<HostLobby> {
    const { group } = o.groupChannel;
    const hello = await createHello({
      authority: o.authority,
      roomId: o.keys.roomId,
      groupId: group.groupId,
      leafPublicKey: group.leafKey.publicKey,
      ...o.rank,
    });
    return new HostLobby(o, hello);
  }

  /** Sends the hello to everyone, or to one seal session. */
  announce(session = 'everyone'): void {
    void this.#o.transport.send(session, this.#hello);
  }

  async receive(session: string, message: SealedMessage): Promise<void> {
    try {
      if (message.type === 'present') this.#sendHello(session);
      else if (message.type === 'knock')
        await this.#knocks.add(session, {
          nonce: fromBase64Url(message.nonce),
          sealed: fromBase64Url(message.sealed),
        });
      else if (message.type === 'withdrawn')
        await this.#knocks.afterPending(() => this.#waiting.removeSession(session, message.ref));
      else if (message.type === 'hello') await this.#onOtherHost(message);
    } catch (error: unknown) {
      this.#o.onProblem(codeOfHandlerError(error));
    }
  }

  /** A guest without a connection no longer waits, and knocks again when it is back. */
  onSessionLeft(session: string): void {
    this.#knocks.forget(session);
    this.#waiting.removeSession(session);
  }

  isPresent(id: string): boolean {
    const session = this.#sessions.get(id);
    return session !== undefined && this.#o.transport.isPresent(session);
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#tooSoon.values()) clearTimeout(timer);
    this.#throttle.close();
    this.#answers.close();
    this.#knocks.close();
  }

  /** Admits the people whom the host saw when pressing; those whose knock has changed since keep waiting. */
  async admit(pressed: readonly Pressed[]): Promise<void> {
    const shown = pressed.filter((press) => this.#shown(press));
    // Asked again before each commit: people may have left during the one before.
    const waiting = (from: readonly Pressed[]): readonly Waiting[] =>
      from.flatMap((press) => {
        const found = this.#waiting.pressed(press);
        return found === null || found === 'changed' ? [] : [found];
      });
    if (!this.#hasPlaces(waiting(shown))) return this.#o.onProblem('room-full');
    for (let start = 0; start < shown.length; start += ADMITTED_PER_COMMIT)
      await this.#admit(waiting(shown.slice(start, start + ADMITTED_PER_COMMIT)), 'by-host');
  }

  async refuse(pressed: Pressed): Promise<void> {
    const waiting = this.#shown(pressed);
    if (!waiting) return;
    this.#waiting.remove(waiting, 'for-good');
    this.#onReturned(waiting, this.#memberOf(waiting.knock), null);
    await this.#answers.refuse(waiting);
  }

  /** @param from the member whose place the person takes, if any */
  #onReturned({ knock: { proven } }: Waiting, from: Member | null | undefined, now: Bytes | null): void {
    if (proven) this.#o.onReturned(from?.signatureKey ?? proven.leafKey, now);
  }

  /** The current participant id of a person; it changes with every rejoin. */
  currentId(id: string): string {
    return this.#rejoins.current(id);
  }

  /** The member behind a seal session; null unless one was admitted from it. */
  memberOf(session: string): string | null {
    return [...this.#sessions].find(([, known]) => known === session)?.[0] ?? null;
  }

  /** The seal session that a member was admitted from. */
  sessionOf(id: string): string | null {
    return this.#sessions.get(id) ?? null;
  }

  /** The leaf keys, in base64url, by which a member is known when the page comes back. */
  keysOf({ signatureKey }: Pick<Member, 'signatureKey'>): readonly string[] {
    return this.#rejoins.keysOf(toBase64Url(signatureKey));
  }

  /** Those who may still come in without a question. */
  get awaited(): Readmissions['awaited'] {
    return this.#readmissions.awaited;
  }

  /** Those on their way in. */
  get coming(): Readmissions['coming'] {
    return this.#readmissions.coming;
  }

  /** Whether a member did not follow the group that this one repairs. */
  wasSplit(id: string): boolean {
    return this.#readmissions.wasSplit(id);
  }

  /** The member has left the group. */
  forget(member: Pick<KnownMember, 'id' | 'signatureKey'>): void {
    this.#sessions.delete(member.id);
    this.onHeard(member);
  }

  /** The member has its Welcome: from now on its present leaf key alone proves who it is. */
  onHeard({ signatureKey }: Pick<Member, 'signatureKey'>): void {
    this.#rejoins.onHeard(toBase64Url(signatureKey));
  }

  /** The first request is answered alone, those that follow soon after it together. */
  #sendHello(session = 'everyone'): void {
    this.#throttle.run(
      'hello',
      () => this.announce(session),
      () => this.announce(),
    );
  }

  /** Our own hello, replayed, and one from before the record change nothing. */
  async #onOtherHost(message: Extract<SealedMessage, { type: 'hello' }>): Promise<void> {
    const hello = await readHello(message, this.#o);
    const { rank, recordedAt, revoked } = this.#o;
    const isOther = outranks(hello, rank) || outranks(rank, hello);
    if (hello.since > rank.since && this.#o.onOutranked(hello) === 'settled') return;
    const isRevoked = hello.delegation !== null && hello.since <= Math.min(revoked, rank.since);
    if (isOther && !isRevoked && outranks(hello, recordedAt)) this.#forgetRecord();
  }

  /** Another device has led the room since: what this one remembers lets nobody in any more, nor did it. */
  #forgetRecord(): void {
    const ids = this.#readmissions.forget().map((id) => this.currentId(id));
    if (ids.length > 0) this.#o.onOutdated(ids);
  }

  async #onKnock(session: string, opened: OpenedKnock): Promise<void> {
    // Of a page that is gone already, and is only just being let in: who comes after it is that member.
    if (opened.proven) await this.#admitting.get(toBase64Url(opened.proven.leafKey))?.catch(() => undefined);
    const { knock, member } = this.#checkedProof(opened);
    const { info, proven } = knock;
    // Of a group that is over: its people knock again.
    if (this.#closed) return;
    if (this.#answers.resend(session, info.ref) || this.#waiting.hasSeen(knock)) return;
    // It left while its knock was being opened; it knocks again when it is back.
    if (!this.#o.transport.isPresent(session)) return;
    // A session holds the keys of its newest knock alone.
    this.#waiting.removeSession(session);
    const waiting: Waiting = { id: await participantId(info.identity), session, knock };
    if (!this.#isFresh(knock)) return this.#onUnusable(waiting);
    const readmitted = this.#readmissions.take(waiting);
    if (readmitted) {
      this.#waiting.markSeen(knock);
      void this.#readmit(waiting, readmitted);
      return;
    }
    // A member of this very group rejoins without the host being asked again (§9), unless the name is another one.
    const former = member && member.name === info.name ? await participantId(member.identity) : null;
    if (former !== null && this.#rejoins.mayRejoin(former, waiting.id)) {
      this.#waiting.markSeen(knock);
      // Not awaited: the next knock is opened meanwhile.
      void this.#admit([waiting], 'rejoin');
    } else if (this.#o.isLocked() && !proven) await this.#answers.lock(waiting);
    else if (!this.#waiting.isFull) {
      this.#waiting.add(waiting);
      if (former !== null) this.#rejoinLater(former, waiting);
    }
  }

  /** Of a member who comes back too often: the host may press meanwhile, and need not. */
  #rejoinLater(former: string, waiting: Waiting): void {
    clearTimeout(this.#tooSoon.get(former));
    const rejoin = (): void => {
      this.#tooSoon.delete(former);
      if (this.#waiting.pressed(pressOn(waiting)) !== waiting) return;
      if (this.#rejoins.mayRejoin(former, waiting.id)) void this.#admit([waiting], 'rejoin');
      else this.#rejoinLater(former, waiting);
    };
    this.#tooSoon.set(former, setTimeout(rejoin, this.#rejoins.pauseOf(former)));
  }

  /**
   * A member is known by the key, and by the name in the tree. Of anyone else a proof counts that the host key signed, or who led the
   * group before this one: any other delegate may never have led, and signs what it likes.
   */
  #checkedProof(knock: OpenedKnock): { readonly knock: OpenedKnock; readonly member: Member | null } {
    const { authority, recordedAt } = this.#o;
    const { admittedBy, proven } = knock;
    const member = this.#memberOf(knock);
    if (member && proven) return { knock: { ...knock, proven: { ...proven, name: member.name } }, member };
    const counts = !admittedBy || [authority.delegation?.since, recordedAt.since].includes(admittedBy.since);
    return { knock: counts ? knock : { ...knock, proven: null }, member };
  }

  async #readmit(waiting: Waiting, { interpreter }: Readmitted): Promise<void> {
    await this.#admit([waiting], 'by-host');
    if (interpreter) this.#o.report({ type: 'role', id: waiting.id, role: 'interpreter' });
  }

  async #admit(admitted: readonly Waiting[], how: Admission): Promise<void> {
    if (admitted.length === 0) return;
    const keys = admitted.flatMap(({ knock: { proven } }) => (proven ? [toBase64Url(proven.leafKey)] : []));
    const admission = this.#add(admitted, how);
    for (const key of keys) this.#admitting.set(key, admission);
    try {
      await admission;
    } finally {
      for (const { id } of admitted) this.#readmissions.settle(id);
      for (const key of keys) if (this.#admitting.get(key) === admission) this.#admitting.delete(key);
    }
  }

  async #add(admitted: readonly Waiting[], how: Admission): Promise<void> {
    this.#waiting.take(admitted);
    let replaced: readonly Replacement[] = [];
    try {
      await this.#o.groupChannel.commit(
        // In the channel's queue: by then the proven member may have been removed, and its leaf index belong to
        // another.
        () => {
          replaced = this.#replacements(admitted);
          return this.#changeFor(admitted, replaced, how);
        },
        async ({ welcome, epoch }) => {
          for (const { from, to } of replaced) this.#rejoins.recordRejoin(await participantId(from.identity), to.id);
          for (const waiting of admitted) this.#onAdded(waiting, replaced.find(({ to }) => to === waiting)?.from);
          this.#o.onComing();
          for (const waiting of admitted) {
            this.#sessions.set(waiting.id, waiting.session);
            await this.#answers.welcome(waiting, welcome, epoch);
          }
        },
      );
    } catch (error: unknown) {
      await this.#onRejected(admitted, codeOfHandlerError(error, 'admission-failed'));
    }
  }

  #onAdded(waiting: Waiting, from: Member | undefined): void {
    const { info, proven } = waiting.knock;
    this.#onReturned(waiting, from, info.signatureKey);
    if (from) this.onHeard(from);
    const [present, before] = [toBase64Url(info.signatureKey), proven && toBase64Url(proven.leafKey)];
    if (before !== null) this.#rejoins.recordProof(present, before);
    this.#readmissions.comes(waiting.id, this.#rejoins.keysOf(present));
  }

  #hasPlaces(admitted: readonly Waiting[]): boolean {
    const replaced = new Set(this.#replacements(admitted).map(({ from }) => from.leaf));
    return this.#o.groupChannel.group.members.length - replaced.size + admitted.length <= this.#o.size;
  }

  /** Whether all keys of a knock are new to the group and to those who wait: a copied key would split the group. */
  #isFresh({ info }: OpenedKnock): boolean {
    try {
      this.#o.groupChannel.group.checkFresh(
        info.keyPackage,
        this.#waiting.all.map(({ knock }) => knock.info.keyPackage),
      );
      return true;
    } catch (error: unknown) {
      if (!(error instanceof ConsultError)) throw error;
      return false;
    }
  }

  /** Nobody is asked about a key package that the group cannot take. */
  async #onUnusable(waiting: Waiting): Promise<void> {
    this.#waiting.markSeen(waiting.knock);
    this.#o.onProblem('admission-failed');
    await this.#answers.fail(waiting);
  }

  #shown(pressed: Pressed): Waiting | null {
    const waiting = this.#waiting.pressed(pressed);
    if (waiting !== 'changed') return waiting;
    this.#o.onProblem('changed-meanwhile');
    return null;
  }

  #replacements(admitted: readonly Waiting[]): readonly Replacement[] {
    return admitted.flatMap((to) => {
      const from = this.#memberOf(to.knock);
      return from ? [{ from, to }] : [];
    });
  }

  /** Null where nobody can be admitted now: then they wait for the host. */
  #changeFor(
    admitted: readonly Waiting[],
    replaced: readonly Replacement[],
    how: Admission,
  ): Parameters<Group['change']>[0] | null {
    if (how === 'rejoin' && replaced.length < admitted.length) {
      for (const waiting of admitted) this.#waiting.add(waiting);
      return null;
    }
    const remove = [...new Set(replaced.map(({ from }) => from.leaf))];
    if (!this.#hasPlaces(admitted)) {
      for (const waiting of admitted) this.#waiting.restore(waiting);
      this.#o.onProblem('room-full');
      return null;
    }
    return { add: admitted.map(({ knock }) => knock.keyPackage), remove };
  }

  /**
   * The group rejects a key package, such as one that copies a member's key. Of several people each is tried alone, so
   * that one cannot keep the others out.
   */
  async #onRejected(admitted: readonly Waiting[], code: ErrorCode): Promise<void> {
    const [first, ...others] = admitted;
    if (first && others.length === 0) {
      this.#waiting.remove(first, 'for-good');
      this.#o.onProblem(code);
      return this.#answers.fail(first);
    }
    for (const waiting of admitted) {
      this.#waiting.restore(waiting);
      await this.admit([pressOn(waiting)]);
    }
  }

  /** The current member that the person proved to be. By key: a leaf index may belong to another in the next epoch. */
  #memberOf({ proven }: OpenedKnock): Member | null {
    if (!proven) return null;
    const key = toBase64Url(proven.leafKey);
    const { members } = this.#o.groupChannel.group;
    return members.find((member) => !member.isHost && this.keysOf(member).includes(key)) ?? null;
  }
}
