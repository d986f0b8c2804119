/**
 * One session: the services of the layers below, wired. It carries out what the room decides and reports what happens; it
 * decides nothing about phases and writes no state.
 */
import { fromBase64Url, toBase64Url, type Bytes } from '../e2ee/bytes.ts';
import type { FrameCipher } from '../e2ee/frame-cipher.ts';
import type { EpochSecrets, Group } from '../e2ee/group.ts';
import type { Invite, RoomKeys } from '../e2ee/invite.ts';
import type { Credentials } from '../e2ee/knock.ts';
import { Seal } from '../e2ee/seal.ts';
import { SUITE_NAME } from '../e2ee/suite.ts';
import type { PublicConfiguration } from '../configuration.ts';
import { ERROR_CODES, type ErrorCode } from '../errors.ts';
import type { ChannelOptions, RelayBroker, SignalingChannel } from '../signaling/channel.ts';
import { Conversation } from './conversation.ts';
import { occupantsOf } from './declaration.ts';
import { Door } from './door.ts';
import { Epochs } from './epochs.ts';
import { Freshness } from './freshness.ts';
import type { RoomInput } from './inputs.ts';
import { Members, type KnownMember } from './members.ts';
import type { OwnTracks } from './pair.ts';
import { Pairs } from './pairs.ts';
import type { Policy } from './policy.ts';
import { Presence } from './presence.ts';
import { RelayConsent } from './relay-consent.ts';
import { relaysOf } from './relay-terms.ts';
import type { PairReport } from './room-interface.ts';
import type { SessionState } from './state.ts';
import { Telling } from './telling.ts';
import { Transport } from './transport.ts';
import type { DataMessage, Declaration, GroupMessage, MediaNotice, SealedMessage } from './wire.ts';

type Channel = SignalingChannel & Partial<RelayBroker>;

export interface SessionOptions {
  readonly invite: Invite;
  readonly keys: RoomKeys;
  readonly name: string;
  readonly policy: Policy;
  readonly configuration: PublicConfiguration;
  readonly frames: FrameCipher;
  /** Hash of what people agree to when they allow a relay. */
  readonly relayTerms: Bytes;
  /** From before a reload. */
  readonly credentials: Credentials | null;
  readonly lastIncarnation: number | null;
  channel(onEvent: ChannelOptions['onEvent']): Channel;
  state(): SessionState | null;
  report(input: RoomInput): void;
  declaration(): Declaration | null;
  tracksTo(id: string): OwnTracks;
  onStream(stream: MediaStream): void;
  onData(id: string, message: DataMessage): void;
  onRemember(remembered: { readonly credentials: Credentials; readonly incarnation: number }): void;
}

/** Group messages kept while a Welcome is being taken in. */
const EARLY_KEPT = 64;

export class Session {
  readonly #o: SessionOptions;
  readonly #members = new Members();
  readonly #transport: Transport;
  readonly #telling: Telling;
  readonly #epochs: Epochs;
  readonly #relay: RelayConsent;
  readonly #pairs: Pairs;
  readonly #presence: Presence;
  readonly #freshness: Freshness;
  #broker: RelayBroker | null = null;
  #door: Door | null = null;
  #conversation: Conversation | null = null;
  #epoch: EpochSecrets | null = null;
  #early: Bytes[] = [];
  #incarnation = 0;
  #closed = false;

  private constructor(o: SessionOptions) {
    this.#o = o;
    this.#epochs = new Epochs(o.frames);
    this.#transport = this.#openTransport();
    this.#telling = new Telling({
      members: this.#members,
      conversation: () => this.#conversation,
      state: () => o.state(),
      declaration: () => o.declaration(),
    });
    this.#relay = this.#openRelay();
    this.#pairs = this.#openPairs();
    this.#presence = new Presence({
      graceSeconds: o.policy.graceSeconds,
      watched: () => this.#watched(),
      onLost: (id) => this.#onLost(id),
    });
    this.#freshness = new Freshness({
      role: o.invite.role,
      current: () => this.#sign(),
      send: (body) => void this.#conversation?.send({ type: 'beacon', body }, { to: 'everyone', route: 'direct' }),
      onStale: () => {
        o.report({ type: 'stale' });
        this.#onProblem('group-stale');
      },
      onFresh: () => o.report({ type: 'fresh' }),
    });
  }

  static async open(o: SessionOptions): Promise<Session> {
    const session = new Session(o);
    await session.#open();
    return session;
  }

  admit(ids: readonly string[]): Promise<void> {
    return this.#door?.admit(ids) ?? Promise.resolve();
  }

  refuse(id: string): Promise<void> {
    return this.#door?.refuse(id) ?? Promise.resolve();
  }

  async remove(id: string): Promise<void> {
    const member = this.#members.byId(id);
    if (!member || this.#door?.role !== 'host') return;
    // The link to who goes is closed before anything else (§7).
    this.#pairs.close([id]);
    await this.#conversation?.commit({ add: [], remove: [member.leaf] });
  }

  tellDeclaration(): void {
    this.#telling.declaration();
  }

  tellMedia(media: MediaNotice): void {
    this.#telling.media(media);
  }

  acknowledge(id: string): void {
    const member = this.#members.byId(id);
    if (member) this.#telling.acknowledgement(member);
  }

  answerRelay(answer: 'yes' | 'no', id?: string): void {
    this.#relay.answer(answer, id);
  }

  withdrawRelay(): Promise<void> {
    return this.#relay.withdraw();
  }

  refreshTracks(id: string): void {
    this.#pairs.refreshTracks(id);
  }

  stream(id: string, kind: 'camera' | 'screen'): MediaStream | null {
    return this.#pairs.get(id)?.[kind] ?? null;
  }

  sendData(message: DataMessage): Promise<void> {
    return this.#pairs.sendData(message);
  }

  reports(): Promise<readonly PairReport[]> {
    return this.#pairs.reports();
  }

  /** Timers and links end at once; a goodbye is awaited only as long as it takes to be sealed. */
  async close(goodbye: 'none' | 'own' | 'whole'): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#presence.close();
    this.#freshness.close();
    this.#epochs.close();
    this.#relay.clear();
    if (goodbye !== 'none') await this.#sayGoodbye(goodbye === 'whole');
    this.#pairs.closeAll();
    this.#conversation?.close();
    this.#conversation = null;
    this.#members.clear();
    await this.#transport.close();
  }

  async #sayGoodbye(whole: boolean): Promise<void> {
    // Before the links close, so that it can take the direct way as well.
    await this.#conversation?.send({ type: 'goodbye', body: { whole } }, { to: 'everyone' });
    await this.#door?.withdraw();
  }

  #openTransport(): Transport {
    const { keys, channel, report } = this.#o;
    return new Transport({
      seal: new Seal(keys),
      channel: (onEvent) => {
        const opened = channel(onEvent);
        this.#broker = isBroker(opened) ? opened : null;
        return opened;
      },
      events: {
        onOnline: () => this.#onOnline(),
        onOffline: () => report({ type: 'signaling', signaling: 'offline' }),
        onPeerJoined: (peer) => (peer.host && this.#door?.role === 'guest' ? this.#door.announce() : undefined),
        onSessionLeft: (session) => this.#door?.gone(session),
        onMessage: (session, message) => this.#onSealed(session, message),
        onProblem: (code) => report({ type: ERROR_CODES[code].fatal ? 'failed' : 'problem', code }),
      },
    });
  }

  #openRelay(): RelayConsent {
    const { keys, relayTerms: terms, configuration, report } = this.#o;
    return new RelayConsent({
      roomId: keys.roomId,
      terms,
      relays: relaysOf(configuration),
      broker: this.#broker,
      leafKey: () => this.#conversation?.group.leafKey ?? null,
      member: (id) => this.#members.byId(id),
      pair: (id) => this.#pairs.get(id),
      tell: (content, leaf) => this.#telling.tell(content, leaf),
      report,
      onProblem: (code) => this.#onProblem(code),
    });
  }

  #openPairs(): Pairs {
    const { frames, configuration, policy, tracksTo, report, onStream, onData } = this.#o;
    return new Pairs({
      frames,
      iceServers: configuration.servers.flatMap((server) => (server.role === 'stun' ? [{ urls: server.urls }] : [])),
      relayAddresses: relaysOf(configuration).flatMap(({ addresses }) => addresses),
      mode: policy.relay === 'always' ? 'relay-only' : 'direct-first',
      tracksTo,
      events: {
        send: (pair, content) => this.#telling.tell(content, pair.leaf, pair.linkId),
        report,
        onGroupMessage: (message) => this.#onGroupMessage(message),
        onData: (pair, message) => onData(pair.id, message),
        onChannelOpen: (pair) => this.#telling.all(pair.leaf),
        onRelayNeeded: (pair, needed) =>
          needed === 'yes' ? this.#relay.needed(pair.id) : this.#relay.notNeeded(pair.id),
        onStream,
        onProblem: (code) => this.#onProblem(code),
      },
    });
  }

  async #open(): Promise<void> {
    const { invite, keys, name, policy, credentials, lastIncarnation, report, onRemember } = this.#o;
    this.#door = await Door.open({
      invite,
      keys,
      name,
      size: policy.size,
      transport: this.#transport,
      credentials,
      lastIncarnation,
      report,
      onRemember,
      onProblem: (code) => this.#onProblem(code),
      onGroup: (group, incarnation) => this.#enter(group, incarnation),
      onGroupOver: () => this.#leaveGroup(),
    });
    if (!this.#closed) this.#transport.open();
  }

  async #enter(group: Group, incarnation: number): Promise<Conversation> {
    this.#incarnation = incarnation;
    const conversation = new Conversation(group, {
      broadcast: (message, route) => this.#broadcast(message, route),
      onEpoch: (secrets) => this.#onEpoch(secrets),
      onMessage: (leaf, message) => this.#onMessage(leaf, message),
      onRemoved: () => this.#o.report({ type: 'failed', code: 'removed-by-host' }),
      onProblem: (code) => this.#onProblem(code),
    });
    this.#conversation = conversation;
    await conversation.begin();
    const early = this.#early;
    this.#early = [];
    for (const message of early) await conversation.receive(message);
    return conversation;
  }

  /** Nobody is ever in two groups (§9). */
  #leaveGroup(): void {
    this.#conversation?.close();
    this.#conversation = null;
    this.#epoch = null;
    this.#members.clear();
    this.#relay.clear();
    this.#pairs.sync(-1, []);
    this.#epochs.reset();
    this.#o.report({ type: 'roster', members: [], encryption: null });
  }

  #broadcast(message: Uint8Array, route: 'everywhere' | 'direct'): void {
    if (route === 'everywhere') void this.#transport.send('everyone', { type: 'group', message: toBase64Url(message) });
    this.#pairs.broadcast(message);
  }

  async #onEpoch(secrets: EpochSecrets): Promise<void> {
    if (this.#closed) return;
    const { added, removed } = await this.#members.update(secrets.members, secrets.ownLeaf);
    this.#epoch = secrets;
    // First what must end, then what may begin (§7).
    this.#pairs.close(removed.map(({ id }) => id));
    for (const { id, leaf } of removed) this.#forget(id, leaf);
    // A leaf index may have belonged to somebody else.
    for (const { leaf } of added) this.#epochs.forget(leaf);
    await this.#epochs.enter(secrets, removed.length > 0 ? 'now' : 'when-ready');
    this.#o.report({
      type: 'roster',
      members: this.#members.others.map(({ id, name, isHost }) => ({ id, name, host: isHost })),
      encryption: { suite: SUITE_NAME, epoch: String(secrets.epoch), safetyCode: secrets.safetyCode, compared: false },
    });
    // Strangers cannot use the relay: the server learns which keys were admitted, not whose they are.
    if (this.#o.invite.role === 'host') this.#broker?.admitted(secrets.members.map(({ signatureKey }) => signatureKey));
    this.#pairs.sync(secrets.ownLeaf, this.#members.others);
    this.#freshness.renew();
    this.#telling.tell({ type: 'installed', body: { epoch: Number(secrets.epoch) } }, 'everyone');
    for (const { leaf } of added) this.#telling.all(leaf);
  }

  #forget(id: string, leaf: number): void {
    this.#door?.forget(id);
    this.#relay.forget(id);
    this.#epochs.forget(leaf);
  }

  #onMessage(leaf: number, message: GroupMessage): void {
    const member = this.#members.byLeaf(leaf);
    if (!member || this.#closed) return;
    const { id } = member;
    const { report } = this.#o;
    switch (message.type) {
      case 'declaration':
        return void occupantsOf(message.body).then((occupants) => report({ type: 'their-occupants', id, occupants }));
      case 'acknowledgement':
        return report({ type: 'acknowledged-by-them', id, hash: message.body.declaration });
      case 'media':
        return report({ type: 'their-media', id, media: message.body });
      case 'description':
      case 'candidates':
      case 'link-lost':
        return this.#pairs.receive(id, message);
      case 'installed':
        return this.#epochs.installed(leaf, message.body.epoch);
      case 'beacon':
        return member.isHost ? this.#freshness.receive(message.body) : undefined;
      case 'relay-question':
      case 'relay-answer':
      case 'relay-signature':
      case 'relay-credentials':
      case 'relay-withdrawn':
        return void this.#relay.receive(member, message);
      case 'goodbye':
        return this.#onGoodbye(member, message.body.whole);
    }
  }

  #onGoodbye(member: KnownMember, whole: boolean): void {
    if (member.isHost) return this.#o.report({ type: 'ended', reason: whole ? 'host-ended' : 'host-lost' });
    this.#pairs.close([member.id]);
    void this.remove(member.id);
  }

  #onSealed(session: string, message: SealedMessage): void {
    if (message.type === 'group') return this.#onGroupMessage(fromBase64Url(message.message));
    if (message.type === 'present') this.#catchUp(session);
    this.#door?.receive(session, message);
  }

  /** What comes for a group that we are just joining waits for it: it was said to us as well. */
  #onGroupMessage(message: Bytes): void {
    if (this.#conversation) void this.#conversation.receive(message);
    else if (this.#early.length < EARLY_KEPT) this.#early.push(message);
  }

  /** Host: a member is back on the channel; what was committed meanwhile is sent again. */
  #catchUp(session: string): void {
    const member = this.#members.byId(this.#door?.memberOf(session) ?? '');
    if (!member || !this.#conversation) return;
    for (const commit of this.#conversation.commitsSince(this.#epochs.reported(member.leaf)))
      void this.#transport.send(session, { type: 'group', message: toBase64Url(commit) });
    this.#telling.all(member.leaf);
  }

  #onOnline(): void {
    this.#o.report({ type: 'signaling', signaling: 'online' });
    this.#door?.announce();
    const { participants = [] } = this.#o.state() ?? {};
    this.#pairs.retry((id) =>
      participants.some((p) => p.id === id && (p.connection === 'connected' || p.connection === 'connecting')),
    );
    for (const { leaf } of this.#members.others) this.#telling.all(leaf);
  }

  #watched(): readonly { readonly id: string; readonly present: boolean }[] {
    const { participants = [] } = this.#o.state() ?? {};
    // The host looks after everyone; a guest only after the host.
    return participants
      .filter((p) => this.#door?.role === 'host' || p.host)
      .map((p) => ({ id: p.id, present: p.connection === 'connected' || (this.#door?.isPresent(p.id) ?? false) }));
  }

  #onLost(id: string): void {
    if (this.#door?.role === 'host') void this.remove(id);
    else this.#o.report({ type: 'ended', reason: 'host-lost' });
  }

  /** What a beacon says; null while fewer than three are here. */
  #sign(): { incarnation: number; epoch: number; transcript: string } | null {
    if (!this.#epoch || this.#epoch.members.length < 3) return null;
    const { epoch, transcript } = this.#epoch;
    return { incarnation: this.#incarnation, epoch: Number(epoch), transcript: toBase64Url(transcript) };
  }

  #onProblem(code: ErrorCode): void {
    this.#o.report({ type: 'problem', code });
  }
}

function isBroker(channel: Channel): channel is SignalingChannel & RelayBroker {
  return !!channel.admitted && !!channel.relayNonce && !!channel.relayCredentials;
}
