/**
 * The guest's side of admission (protocol.md §3, §4, §9): finds the host, knocks, and joins with the Welcome. Until
 * then the guest holds no key of the group, and reveals the name to the proven host alone.
 */
import { fromBase64Url, toBase64Url } from '../../util/base64url.ts';
import type { ErrorCode } from '../../errors.ts';
import { codeOfHandlerError } from '../messages/handler-errors.ts';
import { copyBytes, equal, random, type Bytes } from '../../e2ee/bytes.ts';
import { Group } from '../../e2ee/mls/group.ts';
import { verifyHost } from '../../e2ee/admission/host-key.ts';
import { join } from '../../e2ee/admission/join.ts';
import type { OwnKeyPackage } from '../../e2ee/mls/key-package.ts';
import { outranks, type Rank } from '../../e2ee/admission/delegation.ts';
import { acceptsRank, type VerifiedHello } from '../../e2ee/admission/hello.ts';
import {
  rememberAdmission,
  type RejoinCredentials,
  type RememberedAdmission,
  type ShownHello,
} from '../../e2ee/admission/admit-signature.ts';
import { sealKnock } from '../../e2ee/admission/knock.ts';
import { Throttle } from '../../util/throttle.ts';
import { SerialQueue } from '../../util/serial-queue.ts';
import type { SealedMessage } from '../messages/messages.ts';
import { REJECTIONS, readHello, type Lobby, type LobbyOptions } from './lobby.ts';

/** Milliseconds between two knocks: anyone with the link can replay a hello, and a knock is long. */
const KNOCK_EVERY = 1_000;

export interface GuestLobbyOptions extends LobbyOptions {
  readonly name: string;
  /** The site's time, in milliseconds since the epoch. */
  now(): number;
  /** From before a reload. */
  readonly admitted: RememberedAdmission | null;
  /** Whether our host is lost: then a stand-in may lead (protocol.md §13). */
  isHostLost(): boolean;
  /** The proven host has started again, or another one leads: the group we are in, if any, is over. */
  onNewHost(): Promise<void>;
  onJoined(group: Group, remembered: RememberedAdmission): Promise<void>;
}

type Hello = Extract<SealedMessage, { type: 'hello' }>;

/** Our knock, and the hello it answers. */
interface Knocking {
  readonly hello: VerifiedHello;
  /** The host's seal session. */
  readonly session: string;
  readonly own: OwnKeyPackage;
  readonly guestNonce: Bytes;
  readonly sealed: Bytes;
}

export class GuestLobby implements Lobby {
  readonly role = 'guest';
  readonly #o: GuestLobbyOptions;
  readonly #queue = new SerialQueue();
  readonly #throttle = new Throttle(KNOCK_EVERY);
  /**
   * The session that gets the next knock; `everyone` where several replay the host's hello, since only one is the host.
   */
  #recipient: string | null = null;
  #credentials: RejoinCredentials | null;
  #rank: Rank | null;
  /** Who led us last: the delegation of the host that admitted us, empty where it held the host key; null for nobody yet. */
  #leader: Bytes | 'ourselves' | null;
  /** The hello of the host that we follow, as it came. */
  #followed: Hello | null;
  #knocking: Knocking | null = null;
  #joined = false;

  constructor(o: GuestLobbyOptions) {
    this.#o = o;
    this.#credentials = o.admitted?.credentials ?? null;
    this.#rank = o.admitted?.rank ?? null;
    this.#followed = o.admitted?.followed ? { type: 'hello', ...o.admitted.followed } : null;
    const admission = this.#credentials?.admission;
    this.#leader = !admission ? null : admission.epoch > 0n ? admission.delegation : 'ourselves';
  }

  /** Asks whether a host is present. */
  announce(): void {
    void this.#o.transport.send('everyone', { type: 'present' });
    // An earlier knock may be lost; the host recognises a repeated one.
    if (this.#knocking && !this.#joined) this.#sendKnock(this.#knocking);
  }

  receive(session: string, message: SealedMessage): Promise<void> {
    return this.#queue.run(async () => {
      try {
        if (message.type === 'hello') await this.#onHello(session, message);
        else if (message.type === 'welcome') await this.#onWelcome(message);
        else if (message.type === 'refused' || message.type === 'failed' || message.type === 'locked')
          await this.#onRejected(message);
      } catch (error: unknown) {
        this.#o.onProblem(codeOfHandlerError(error));
      }
    });
  }

  /** The host has lost its connection and may come back: the knock stays valid. */
  onSessionLeft(session: string): void {
    if (this.#knocking?.session === session && !this.#joined)
      this.#o.report({ type: 'knocking', knocking: 'host-absent' });
  }

  /** A guest knows the seal session of the host alone. */
  isPresent(): boolean {
    return this.#knocking !== null && this.#o.transport.isPresent(this.#knocking.session);
  }

  close(): void {
    this.#throttle.close();
  }

  /** The SPKI of the host key, once a host has shown it. */
  get root(): Bytes | null {
    return this.#knocking?.hello.root ?? null;
  }

  /** Whether the host that we follow is a delegate. */
  get isDelegated(): boolean {
    return (this.#knocking?.hello.delegation ?? null) !== null;
  }

  /** The rank of the host that we follow. */
  get rank(): Rank | null {
    return this.#rank;
  }

  /** Withdraws the knock. */
  async withdraw(): Promise<void> {
    const { session, own } = this.#knocking ?? {};
    if (session && own && !this.#joined)
      await this.#o.transport.send(session, { type: 'withdrawn', ref: toBase64Url(own.ref) });
  }

  async #onHello(session: string, message: Hello): Promise<void> {
    const hello = await readHello(message, this.#o);
    const { since, incarnation } = hello;
    if (since === this.#rank?.since && incarnation === this.#rank.incarnation) {
      this.#followed ??= message;
      // The same host on a new connection, or we have reloaded.
      if (!this.#knocking) await this.#knock(session, hello);
      else if (!this.#joined) this.#sendKnock({ ...this.#knocking, session });
      return;
    }
    if (this.#rank && outranks(this.#rank, hello)) return this.#tell(session);
    if (!acceptsRank(hello, { last: this.#rank, now: this.#o.now() }) || !this.#mayLead(hello)) return;
    // It may have missed the host before it, on another device.
    this.#tell(session);
    // So does the host that we followed, where it is still there.
    if (this.#knocking) void this.#o.transport.send(this.#knocking.session, message);
    this.#rank = { since, incarnation };
    this.#followed = message;
    this.#joined = false;
    await this.#o.onNewHost();
    // A proven new host does not wait for the throttle of its predecessor.
    this.#throttle.reset('knock');
    this.#recipient = null;
    await this.#knock(session, hello);
  }

  get #shownHello(): ShownHello | null {
    if (!this.#followed) return null;
    const { hello, spki, delegation } = this.#followed;
    return { hello, spki, ...(delegation === undefined ? {} : { delegation }) };
  }

  /** A host learns from us, not from the server, whom we have followed: its successor, or one that it missed. */
  #tell(session: string): void {
    const followed = this.#followed;
    const tell = (to: string): void => void (followed && this.#o.transport.send(to, followed));
    // Anyone can replay an old hello, also while the true host of that time waits for the answer.
    this.#throttle.run(
      'tell',
      () => tell(session),
      () => tell('everyone'),
    );
  }

  /** A stand-in leads where the policy lets it, and never a guest away from a host that is there. */
  #mayLead({ delegation, since }: VerifiedHello): boolean {
    if (delegation?.kind !== 'stand-in') return true;
    if (this.#o.standIns === 'no') return false;
    return !this.#joined || since === this.#rank?.since || this.#o.isHostLost();
  }

  async #knock(session: string, hello: VerifiedHello): Promise<void> {
    const own = await Group.prepareGuest({ name: this.#o.name });
    const guestNonce = random(32);
    const sealed = await sealKnock({
      hello,
      roomId: this.#o.keys.roomId,
      guestNonce,
      own,
      credentials: this.#credentials,
    });
    this.#sendKnock({ hello, session, own, guestNonce, sealed });
  }

  #sendKnock(knocking: Knocking): void {
    const { session } = knocking;
    this.#knocking = knocking;
    this.#recipient = this.#recipient === null || this.#recipient === session ? session : 'everyone';
    this.#throttle.run('knock', () => this.#flush());
  }

  #flush(): void {
    const to = this.#recipient;
    this.#recipient = null;
    if (!this.#knocking || this.#joined || to === null) return;
    const { guestNonce, sealed } = this.#knocking;
    void this.#o.transport.send(to, { type: 'knock', nonce: toBase64Url(guestNonce), sealed: toBase64Url(sealed) });
    this.#o.report({ type: 'knocking', knocking: 'sent' });
  }

  async #onWelcome(message: Extract<SealedMessage, { type: 'welcome' }>): Promise<void> {
    const knocking = this.#knocking;
    if (!knocking || this.#joined) return;
    const { hello, own, guestNonce, session } = knocking;
    const admission = {
      welcome: fromBase64Url(message.welcome),
      epoch: BigInt(message.epoch),
      ref: fromBase64Url(message.ref),
      signature: fromBase64Url(message.signature),
    };
    let group: Group;
    try {
      group = await join({ own, admission, hello, guestNonce, roomKeys: this.#o.keys });
    } catch (error: unknown) {
      const code = codeOfHandlerError(error);
      this.#o.onProblem(code);
      // The attempt has used up the key package: one package, one attempt (§4).
      if (code === 'admission-invalid') await this.#knock(session, hello);
      return;
    }
    this.#joined = true;
    this.#credentials = await rememberAdmission({ hello, guestNonce, own, admission });
    this.#o.report({ type: 'knocking', knocking: 'admitted' });
    const host = group.members.find(({ isHost }) => isHost);
    const leader = this.#credentials.admission.delegation;
    if (host && this.#leader && (this.#leader === 'ourselves' || !equal(this.#leader, leader))) {
      this.#o.report({ type: 'problem', code: this.#changeTo(hello), about: host.name });
    }
    this.#leader = leader;
    const { since, incarnation } = hello;
    await this.#o.onJoined(group, {
      credentials: this.#credentials,
      rank: { since, incarnation },
      followed: this.#shownHello,
    });
  }

  /** What it means to us that another one leads: the holder of the host key decides it. */
  #changeTo({ delegation }: VerifiedHello): ErrorCode {
    if (this.#o.invite.hostKey) return 'handed-over';
    return delegation?.kind === 'stand-in' ? 'stand-in-leads' : 'host-changed';
  }

  async #onRejected(message: Extract<SealedMessage, { type: keyof typeof REJECTIONS }>): Promise<void> {
    const knocking = this.#knocking;
    if (!knocking || this.#joined) return;
    const { hello, own, guestNonce } = knocking;
    const fields = [this.#o.keys.roomId, hello.hostSession, copyBytes(own.ref), guestNonce];
    // Signed, so that nobody else can tell a waiting person that the counsellor refused them.
    const isOurs = message.ref === toBase64Url(own.ref);
    if (!isOurs || !(await verifyHost(hello.spki, REJECTIONS[message.type], fields, fromBase64Url(message.signature))))
      return this.#o.onProblem('host-not-proven');
    // The knock stays valid: an unlocked room sends its hello again.
    if (message.type === 'locked') return this.#o.report({ type: 'knocking', knocking: 'locked' });
    this.#o.report({ type: 'failed', code: message.type === 'refused' ? 'refused-by-host' : 'admission-failed' });
  }
}
