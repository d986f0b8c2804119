/**
 * The host's side of the door (protocol.md §2–§4): says who it is, takes knocks, admits and refuses. Admission itself is
 * the group's Add commit; nothing here gives anyone a key.
 */
import { fromBase64Url, toBase64Url } from '../base64url.ts';
import { equal, sha384, type Bytes } from '../e2ee/bytes.ts';
import { signHost } from '../e2ee/host-key.ts';
import type { Invite, RoomKeys } from '../e2ee/invite.ts';
import { admitFields } from '../e2ee/join.ts';
import { createHello, openKnock, type HostHello, type Knock } from '../e2ee/knock.ts';
import { asConsultError, ConsultError, type ErrorCode } from '../errors.ts';
import { participantId, type Conversation } from './conversation.ts';
import type { RoomInput } from './inputs.ts';
import type { Transport } from './transport.ts';
import type { SealedMessage } from './wire.ts';

/** Waiting people at once; more are dropped (§3). */
const KNOCKS_AT_ONCE = 16;

interface Waiting {
  readonly id: string;
  readonly session: string;
  readonly knock: Knock;
  /** A leaf of the present group that this person proved to have held. */
  readonly replaces: number | null;
}

export interface HostLobbyOptions {
  readonly invite: Invite;
  readonly keys: RoomKeys;
  readonly transport: Transport;
  readonly conversation: Conversation;
  readonly size: number;
  /** Milliseconds since the epoch, above that of every earlier page load. */
  readonly incarnation: number;
  report(input: RoomInput): void;
  onProblem(code: ErrorCode): void;
  /** A member's seal session, so that what it missed can be sent again. */
  onMember(id: string, session: string): void;
}

export class HostLobby {
  readonly #o: HostLobbyOptions;
  readonly #hostKey: CryptoKey;
  readonly #spki: Uint8Array;
  readonly #hello: HostHello;
  readonly #waiting = new Map<string, Waiting>();
  /** Key package references ever seen: one package, one attempt (§3). */
  readonly #seen = new Set<string>();
  /** Welcomes of the admitted, for one whose connection broke just then. */
  readonly #welcomes = new Map<string, SealedMessage>();

  private constructor(o: HostLobbyOptions, hostKey: CryptoKey, spki: Uint8Array, hello: HostHello) {
    this.#o = o;
    this.#hostKey = hostKey;
    this.#spki = spki;
    this.#hello = hello;
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

  async receive(session: string, message: SealedMessage): Promise<void> {
    try {
      if (message.type === 'present') this.announce(session);
      else if (message.type === 'knock')
        await this.#onKnock(session, fromBase64Url(message.nonce), fromBase64Url(message.sealed));
      else if (message.type === 'withdrawn') this.#onWithdrawn(session, message.ref);
    } catch (error: unknown) {
      this.#o.onProblem(asConsultError(error, 'message-invalid').code);
    }
  }

  /** A session without a connection waits no longer; it will knock again. */
  gone(session: string): void {
    for (const waiting of this.#waiting.values()) if (waiting.session === session) this.#drop(waiting);
  }

  async admit(ids: readonly string[]): Promise<void> {
    const admitted = ids.flatMap((id) => this.#waiting.get(id) ?? []);
    if (admitted.length === 0) return;
    const leaving = admitted.flatMap(({ replaces }) => (replaces === null ? [] : [replaces]));
    if (this.#o.conversation.group.members.length - leaving.length + admitted.length > this.#o.size)
      return this.#o.onProblem('room-full');
    for (const { id } of admitted) this.#waiting.delete(id);
    const add = admitted.map(({ knock }) => knock.keyPackage);
    try {
      await this.#o.conversation.commit({ add, remove: leaving }, async ({ welcome, epoch }) => {
        for (const waiting of admitted) {
          this.#o.onMember(waiting.id, waiting.session);
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

  async #onKnock(session: string, guestNonce: Bytes, sealed: Bytes): Promise<void> {
    const { keys } = this.#o;
    const knock = await openKnock({ hello: this.#hello, roomId: keys.roomId, guestNonce, sealed, spki: this.#spki });
    const { info } = knock;
    const ref = toBase64Url(info.ref);
    const welcome = this.#welcomes.get(`${session} ${ref}`);
    if (welcome) return this.#o.transport.send(session, welcome);
    if (this.#seen.has(ref)) return;
    // One session waits with one knock: the newest is the one it still has the keys for.
    this.gone(session);
    if (this.#waiting.size >= KNOCKS_AT_ONCE) return;
    this.#seen.add(ref);
    const id = await participantId(info.signatureKey);
    const { proven } = knock;
    const replaces = this.#leafOf(proven?.leafKey ?? null);
    const waiting: Waiting = { id, session, knock, replaces };
    this.#waiting.set(id, waiting);
    // Somebody the host has admitted to this very group comes back without being asked about again (§9); under another name it is a question.
    if (replaces !== null && proven?.name === info.name) return this.admit([id]);
    const formerName = proven && proven.name !== info.name ? { formerName: proven.name } : {};
    const knocks = { id, name: info.name, returning: proven !== null, ...formerName, since: Date.now() };
    this.#o.report({ type: 'knocked', knock: knocks });
  }

  #leafOf(key: Uint8Array | null): number | null {
    const member = key && this.#o.conversation.group.members.find(({ signatureKey }) => equal(signatureKey, key));
    return member && !member.isHost ? member.leaf : null;
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
    if (wasFull) this.announce();
  }
}
