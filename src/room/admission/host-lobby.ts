/**
 * The host's side of admission (protocol.md §2–§4): says who it is, takes knocks, admits and refuses. Admission itself is
 * the group's Add commit; nothing here gives anyone a key.
 */
import { fromBase64Url, toBase64Url } from '../../util/base64url.ts';
import { equal, sha384 } from '../../e2ee/bytes.ts';
import { signHost } from '../../e2ee/admission/host-key.ts';
import { admitFields } from '../../e2ee/admission/admit-signature.ts';
import type { Group } from '../../e2ee/mls/group.ts';
import { createHello, type HostHello } from '../../e2ee/admission/hello.ts';
import { openKnock, type OpenedKnock } from '../../e2ee/admission/knock.ts';
import type { Member } from '../../e2ee/mls/group-members.ts';
import { asConsultError, ConsultError, type ErrorCode } from '../../errors.ts';
import type { GroupChannel } from '../group/group-channel.ts';
import { BoundedMap } from '../../util/bounded-map.ts';
import { KnockQueue } from './knock-queue.ts';
import { Throttle } from '../../util/throttle.ts';
import { participantId } from '../group/members.ts';
import { Rejoins } from './rejoins.ts';
import type { SealedMessage } from '../messages/messages.ts';
import type { Lobby, LobbyOptions } from './lobby.ts';

/** Waiting people at once; more are dropped (§3). */
const KNOCKS_AT_ONCE = 16;
/** Welcomes kept: more than a room has places, and each is long. */
const WELCOMES_KEPT = 32;
/** Milliseconds between two answers: whoever holds the link can ask for them without end, and a hello is long. */
const ANSWER_EVERY = 500;
/** The same for one Welcome that is asked for again, of which there may be as many as are kept. */
const WELCOME_EVERY = 2_000;

interface Waiting {
  readonly id: string;
  readonly session: string;
  readonly knock: OpenedKnock;
}

/** `returning`: without a question, and only while the member that this person proved to be is one. */
type Admission = 'asked' | 'returning';

export interface HostLobbyOptions extends LobbyOptions {
  readonly conversation: GroupChannel;
  readonly size: number;
  /** Milliseconds since the epoch, above that of every earlier page load. */
  readonly incarnation: number;
}

export class HostLobby implements Lobby {
  readonly role = 'host';
  readonly #o: HostLobbyOptions;
  readonly #hostKey: CryptoKey;
  readonly #spki: Uint8Array;
  readonly #hello: HostHello;
  /** Member's participant id → seal session, to reach the member and to send again what it missed. */
  readonly #sessions = new Map<string, string>();
  readonly #waiting = new Map<string, Waiting>();
  /** Key package references ever seen: one package, one attempt (§3). */
  readonly #seen = new Set<string>();
  /** Welcomes of the admitted, for one whose connection broke just then. */
  readonly #welcomes = new BoundedMap<string, SealedMessage>(WELCOMES_KEPT);
  readonly #knocks: KnockQueue;
  readonly #throttle = new Throttle(ANSWER_EVERY);
  readonly #welcomeThrottle = new Throttle(WELCOME_EVERY);
  readonly #rejoins = new Rejoins(() => performance.now());

  private constructor(o: HostLobbyOptions, hostKey: CryptoKey, spki: Uint8Array, hello: HostHello) {
    this.#o = o;
    this.#hostKey = hostKey;
    this.#spki = spki;
    this.#hello = hello;
    const { roomId } = o.keys;
    this.#knocks = new KnockQueue({
      open: ({ nonce, sealed }) => openKnock({ hello, roomId, guestNonce: nonce, sealed, spki }),
      onKnock: (session, knock) => this.#onKnock(session, knock),
      onProblem: (code) => o.onProblem(code),
      onCapacity: () => this.#answer(),
    });
  }

  static async open(o: HostLobbyOptions): Promise<HostLobby> {
    const { hostKey, hostSpki } = o.invite;
    if (!hostKey || !hostSpki) throw new ConsultError('invite-damaged', { detail: 'no host key' });
    const { group } = o.conversation;
    const hello = await createHello({
      hostKey,
      roomId: o.keys.roomId,
      groupId: group.groupId,
      leafPublicKey: group.leafKey.publicKey,
      incarnation: o.incarnation,
    });
    return new HostLobby(o, hostKey, hostSpki, hello);
  }

  /** Says hello to one seal session or to everyone. */
  announce(session = 'everyone'): void {
    const { encoded } = this.#hello;
    void this.#o.transport.send(session, { type: 'hello', hello: toBase64Url(encoded), spki: toBase64Url(this.#spki) });
  }

  /** Says hello because somebody made us: to the first alone, to all who come soon after it together. */
  #answer(session = 'everyone'): void {
    this.#throttle.run(
      'hello',
      () => this.announce(session),
      () => this.announce(),
    );
  }

  async receive(session: string, message: SealedMessage): Promise<void> {
    try {
      if (message.type === 'present') this.#answer(session);
      else if (message.type === 'knock')
        await this.#knocks.add(session, {
          nonce: fromBase64Url(message.nonce),
          sealed: fromBase64Url(message.sealed),
        });
      else if (message.type === 'withdrawn')
        await this.#knocks.afterPending(() => this.#onWithdrawn(session, message.ref));
    } catch (error: unknown) {
      this.#o.onProblem(asConsultError(error, 'message-invalid').code);
    }
  }

  /** A session without a connection waits no longer; it will knock again. */
  onSessionLeft(session: string): void {
    this.#knocks.forget(session);
    this.#leave(session);
  }

  close(): void {
    this.#throttle.close();
    this.#welcomeThrottle.close();
    this.#knocks.close();
  }

  /** Under which id this person is in the group by now: it changes with each return. */
  currentId(id: string): string {
    return this.#rejoins.current(id);
  }

  isPresent(id: string): boolean {
    const session = this.#sessions.get(id);
    return session !== undefined && this.#o.transport.isPresent(session);
  }

  /** The member behind a seal session; null unless one was admitted from it. */
  memberOf(session: string): string | null {
    return [...this.#sessions].find(([, known]) => known === session)?.[0] ?? null;
  }

  /** The member has left the group. */
  forget(id: string): void {
    this.#sessions.delete(id);
  }

  #leave(session: string): void {
    for (const waiting of this.#waiting.values()) if (waiting.session === session) this.#drop(waiting);
  }

  async admit(ids: readonly string[]): Promise<void> {
    await this.#admit(
      ids.flatMap((id) => this.#waiting.get(id) ?? []),
      'asked',
    );
  }

  async #admit(admitted: readonly Waiting[], how: Admission): Promise<void> {
    if (admitted.length === 0) return;
    for (const { id } of admitted) this.#waiting.delete(id);
    let replaced: readonly { readonly from: Member; readonly to: Waiting }[] = [];
    // In the conversation's queue: until then, who is proven to have been a member may have been removed, and the leaf be another's.
    const decide = (): Parameters<Group['change']>[0] | null => {
      replaced = admitted.flatMap((to) => {
        const from = this.#memberOf(to.knock);
        return from ? [{ from, to }] : [];
      });
      if (how === 'returning' && replaced.length < admitted.length) {
        for (const waiting of admitted) this.#ask(waiting);
        return null;
      }
      const remove = [...new Set(replaced.map(({ from }) => from.leaf))];
      if (this.#o.conversation.group.members.length - remove.length + admitted.length > this.#o.size) {
        for (const waiting of admitted) this.#waiting.set(waiting.id, waiting);
        this.#o.onProblem('room-full');
        return null;
      }
      return { add: admitted.map(({ knock }) => knock.keyPackage), remove };
    };
    try {
      await this.#o.conversation.commit(decide, async ({ welcome, epoch }) => {
        for (const { from, to } of replaced) this.#rejoins.recordRejoin(await participantId(from.signatureKey), to.id);
        for (const waiting of admitted) {
          this.#sessions.set(waiting.id, waiting.session);
          await this.#welcome(waiting, welcome, epoch);
        }
      });
    } catch (error: unknown) {
      await this.#onImpossible(admitted, asConsultError(error, 'message-invalid').code);
    }
  }

  /** Somebody's key package cannot be added, as one that copies a member's key: the others do not wait for it. */
  async #onImpossible(admitted: readonly Waiting[], code: ErrorCode): Promise<void> {
    if (admitted.length === 1) this.#o.onProblem(code);
    for (const waiting of admitted) {
      if (admitted.length === 1) this.#drop(waiting, 'for-good');
      else this.#waiting.set(waiting.id, waiting);
      await this.admit([waiting.id]);
    }
  }

  async refuse(id: string): Promise<void> {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#drop(waiting, 'for-good');
    const { ref } = waiting.knock.info;
    const fields = [this.#o.keys.roomId, this.#hello.hostSession, ref, waiting.knock.guestNonce];
    const signature = toBase64Url(await signHost(this.#hostKey, 'refuse', fields));
    await this.#o.transport.send(waiting.session, { type: 'refused', ref: toBase64Url(ref), signature });
  }

  async #welcome(waiting: Waiting, welcome: Uint8Array, epoch: bigint): Promise<void> {
    const { roomId } = this.#o.keys;
    const { hostSession, groupId } = this.#hello;
    const { guestNonce } = waiting.knock;
    const { ref } = waiting.knock.info;
    const fields = admitFields({
      roomId,
      hostSession,
      groupId,
      epoch,
      ref,
      guestNonce,
      welcomeHash: await sha384(welcome),
    });
    const message: SealedMessage = {
      type: 'welcome',
      welcome: toBase64Url(welcome),
      epoch: Number(epoch),
      ref: toBase64Url(ref),
      signature: toBase64Url(await signHost(this.#hostKey, 'admit', fields)),
    };
    this.#welcomes.set(`${waiting.session} ${message.ref}`, message);
    await this.#o.transport.send(waiting.session, message);
  }

  async #onKnock(session: string, knock: OpenedKnock): Promise<void> {
    const { info, proven } = knock;
    const ref = toBase64Url(info.ref);
    const known = `${session} ${ref}`;
    const welcome = this.#welcomes.get(known);
    if (welcome) return this.#welcomeThrottle.run(known, () => void this.#o.transport.send(session, welcome));
    if (this.#seen.has(ref)) return;
    // One session waits with one knock: the newest is the one it still has the keys for.
    this.#leave(session);
    const waiting: Waiting = { id: await participantId(info.signatureKey), session, knock };
    // Somebody the host has admitted to this very group comes back without being asked about again (§9); under another name it is a question.
    const member = this.#memberOf(knock);
    const former = member && proven?.name === info.name ? await participantId(member.signatureKey) : null;
    if (former !== null && this.#rejoins.mayRejoin(former, waiting.id)) {
      this.#seen.add(ref);
      // Not waited for: the next knock is read meanwhile.
      void this.#admit([waiting], 'returning');
    } else if (this.#waiting.size < KNOCKS_AT_ONCE) {
      this.#seen.add(ref);
      this.#ask(waiting);
    }
  }

  #ask(waiting: Waiting): void {
    const { id, knock } = waiting;
    const { info, proven } = knock;
    this.#waiting.set(id, waiting);
    const formerName = proven && proven.name !== info.name ? { formerName: proven.name } : {};
    const knocks = { id, name: info.name, returning: proven !== null, ...formerName, since: Date.now() };
    this.#o.report({ type: 'knocked', knock: knocks });
  }

  /** The member of the present group that somebody proved to be; by key, since a leaf index may be another's by the next epoch. */
  #memberOf({ proven }: OpenedKnock): Member | null {
    const { members } = this.#o.conversation.group;
    return members.find(({ signatureKey, isHost }) => !isHost && proven && equal(signatureKey, proven.leafKey)) ?? null;
  }

  #onWithdrawn(session: string, ref: string): void {
    for (const waiting of this.#waiting.values())
      if (waiting.session === session && toBase64Url(waiting.knock.info.ref) === ref) this.#drop(waiting);
  }

  #drop(waiting: Waiting, how: 'may-return' | 'for-good' = 'may-return'): void {
    const wasFull = this.#waiting.size >= KNOCKS_AT_ONCE;
    // Gone without an answer, the same package may knock again when its connection is back.
    if (how === 'may-return') this.#seen.delete(toBase64Url(waiting.knock.info.ref));
    this.#waiting.delete(waiting.id);
    this.#o.report({ type: 'knock-gone', id: waiting.id });
    // Whoever found no place among the waiting hears that there is one, and knocks again.
    if (wasFull) this.#answer();
  }
}
