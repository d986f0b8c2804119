/** A host's lobby with a real group, and guests who knock, without a network. */
import { fromBase64Url, toBase64Url } from '../../../src/util/base64url.ts';
import { equal, random, type Bytes } from '../../../src/e2ee/bytes.ts';
import { Group } from '../../../src/e2ee/mls/group.ts';
import { rememberAdmission, type RejoinCredentials } from '../../../src/e2ee/admission/admit-signature.ts';
import { NOBODY } from '../../../src/e2ee/admission/delegation.ts';
import { sealKnock } from '../../../src/e2ee/admission/knock.ts';
import { verifyHello, type VerifiedHello } from '../../../src/e2ee/admission/hello.ts';
import { identityOf, type OwnKeyPackage } from '../../../src/e2ee/mls/key-package.ts';
import { GroupChannel } from '../../../src/room/group/group-channel.ts';
import type { RoomInput } from '../../../src/room/state/actions.ts';
import { HostLobby, type HostLobbyOptions } from '../../../src/room/admission/host-lobby.ts';
import type { Pressed } from '../../../src/room/admission/waiting-list.ts';
import { participantId } from '../../../src/room/group/members.ts';
import type { SealedMessage } from '../../../src/room/messages/messages.ts';
import { openRoom, type Host } from '../../e2ee/people.ts';

type Of<T extends SealedMessage['type']> = Extract<SealedMessage, { type: T }>;

export interface Visitor {
  readonly name: string;
  readonly id: string;
  readonly session: string;
  readonly own: OwnKeyPackage;
  readonly guestNonce: Bytes;
  readonly knock: Of<'knock'>;
}

/** A group channel that counts requested changes of the group which are not done. */
class Watched extends GroupChannel {
  underWay = 0;

  override async commit(...change: Parameters<GroupChannel['commit']>): Promise<void> {
    this.underWay++;
    try {
      await super.commit(...change);
    } finally {
      this.underWay--;
    }
  }
}

const typeOf = ({ message }: TestHost['sent'][number]): string => message.type;

export class TestHost {
  readonly lobby: HostLobby;
  readonly groupChannel: Watched;
  readonly group: Group;
  readonly reports: RoomInput[];
  readonly problems: string[];
  readonly sent: { readonly session: string; readonly message: SealedMessage }[];
  /** When `onComing` was called: the keys of those who come, and the types of what was sent before. */
  readonly coming: { readonly keys: readonly (readonly string[])[]; readonly sent: readonly string[] }[];
  /** What `onReturned` was told. */
  readonly returned: Parameters<HostLobbyOptions['onReturned']>[];
  readonly #hello: VerifiedHello;
  readonly #room: Host;

  private constructor(
    o: Pick<TestHost, 'lobby' | 'groupChannel' | 'reports' | 'problems' | 'sent' | 'returned' | 'coming'>,
    room: Host,
    hello: VerifiedHello,
  ) {
    this.lobby = o.lobby;
    this.groupChannel = o.groupChannel;
    this.reports = o.reports;
    this.problems = o.problems;
    this.sent = o.sent;
    this.returned = o.returned;
    this.coming = o.coming;
    this.group = room.group;
    this.#room = room;
    this.#hello = hello;
  }

  /** @param before of the same room: this one takes its place, with another group */
  static async open(
    o: Partial<
      Pick<HostLobbyOptions, 'readmitted' | 'isLocked' | 'rank' | 'recordedAt' | 'revoked' | 'onOutranked'>
    > & { readonly isPresent?: () => boolean } = {},
    before?: TestHost,
  ): Promise<TestHost> {
    const room = before
      ? { ...before.#room, group: await Group.found({ roomKeys: before.#room.keys, name: 'Beratung' }) }
      : await openRoom();
    const { keys, invite } = room;
    const parts = {
      reports: [] as RoomInput[],
      problems: [] as string[],
      sent: [] as TestHost['sent'],
      returned: [] as TestHost['returned'],
      coming: [] as TestHost['coming'],
    };
    const onProblem = (code: string): void => void parts.problems.push(code);
    const groupChannel = new Watched(room.group, {
      broadcast: () => undefined,
      onEpoch: async () => undefined,
      onMessage: () => undefined,
      onRemoved: () => undefined,
      onProblem,
      onError: (error) => {
        throw error;
      },
    });
    await groupChannel.begin();
    const lobby = await HostLobby.open({
      invite,
      keys,
      groupChannel,
      size: 9,
      rank: o.rank ?? { since: 0, incarnation: Date.now() },
      authority: { key: invite.hostKey!, root: invite.hostSpki!, delegation: null },
      standIns: 'takes-over',
      onOutranked: o.onOutranked ?? (() => 'settled'),
      onOutdated: () => undefined,
      onComing: () =>
        void parts.coming.push({ keys: lobby.coming.map(({ keys }) => keys), sent: parts.sent.map(typeOf) }),
      onReturned: (...returned) => void parts.returned.push(returned),
      recordedAt: o.recordedAt ?? NOBODY,
      revoked: o.revoked ?? 0,
      isLocked: () => false,
      ...(o.readmitted ? { readmitted: o.readmitted } : {}),
      ...(o.isLocked ? { isLocked: o.isLocked } : {}),
      transport: {
        send: async (session, message) => void parts.sent.push({ session, message }),
        isPresent: o.isPresent ?? (() => true),
      },
      report: (input) => void parts.reports.push(input),
      onProblem,
    });
    lobby.announce();
    const { hello, spki } = parts.sent[0]!.message as Of<'hello'>;
    const verified = await verifyHello({
      encoded: fromBase64Url(hello),
      spki: fromBase64Url(spki),
      delegation: null,
      thumb: room.guestInvite.thumb,
      roomId: keys.roomId,
    });
    return new TestHost({ ...parts, lobby, groupChannel }, room, verified);
  }

  /** What a guest's lobby of this room is made with. */
  get guestSide() {
    return { invite: this.#room.guestInvite, keys: this.#room.keys };
  }

  /** With the host key. */
  get hostSide() {
    return { invite: this.#room.invite };
  }

  async visitor(
    name: string,
    credentials: RejoinCredentials | null = null,
    session = toBase64Url(random(32)),
    prepared?: OwnKeyPackage,
  ): Promise<Visitor> {
    const own = prepared ?? (await Group.prepareGuest({ name }));
    const guestNonce = random(32);
    const { roomId } = this.#room.keys;
    const sealed = await sealKnock({ hello: this.#hello, roomId, guestNonce, own, credentials });
    const knock = { type: 'knock', nonce: toBase64Url(guestNonce), sealed: toBase64Url(sealed) } as const;
    return { name, id: await participantId(identityOf(own.publicPackage.leafNode)), session, own, guestNonce, knock };
  }

  knocks(visitor: Visitor): Promise<void> {
    return this.lobby.receive(visitor.session, visitor.knock);
  }

  /** Knocks and is admitted. */
  async comes(name: string): Promise<Visitor> {
    const visitor = await this.visitor(name);
    await this.knocks(visitor);
    await this.admits(visitor);
    return visitor;
  }

  /** Admits these visitors as they were last reported. */
  admits(...visitors: readonly Pick<Visitor, 'id'>[]): Promise<void> {
    return this.lobby.admit(visitors.map((visitor) => this.#pressOn(visitor)));
  }

  refuses(visitor: Pick<Visitor, 'id'>): Promise<void> {
    return this.lobby.refuse(this.#pressOn(visitor));
  }

  #pressOn({ id }: Pick<Visitor, 'id'>): Pressed {
    const knocks = new Map(
      this.reports.flatMap((input) => (input.type === 'knocked' ? [[input.knock.id, input.knock.hash]] : [])),
    );
    return { id, shown: knocks.get(id) ?? '' };
  }

  /** What an admitted guest keeps for a rejoin. */
  async credentials({ own, guestNonce, session }: Visitor): Promise<RejoinCredentials> {
    const message = this.sent.find((one) => one.session === session && one.message.type === 'welcome')!
      .message as Of<'welcome'>;
    const admission = {
      welcome: fromBase64Url(message.welcome),
      epoch: BigInt(message.epoch),
      signature: fromBase64Url(message.signature),
    };
    return rememberAdmission({ hello: this.#hello, guestNonce, own, admission });
  }

  async back(visitor: Visitor, name = visitor.name): Promise<Visitor> {
    return this.visitor(name, await this.credentials(visitor));
  }

  /** @param then continues in the same step */
  remove(visitor: Visitor, then = async (): Promise<void> => undefined): Promise<void> {
    return this.groupChannel.commit(() => ({ add: [], remove: [this.leafOf(visitor)!] }), then);
  }

  leafOf({ own }: Visitor): number | null {
    return this.group.members.find(({ signatureKey }) => equal(signatureKey, own.leafKey.publicKey))?.leaf ?? null;
  }

  /** Names of the members. */
  get names(): readonly string[] {
    return this.group.members.map(({ name }) => name);
  }

  /** Names of the knocks that the host was shown, in order. */
  get asked(): readonly string[] {
    return this.reports.flatMap((input) => (input.type === 'knocked' ? [input.knock.name] : []));
  }

  /** Resolves when all requested changes of the group are done, and those that they caused. */
  async settled(): Promise<void> {
    do await this.groupChannel.commit(() => null);
    while (this.groupChannel.underWay > 0);
  }
}
