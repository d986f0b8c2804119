/**
 * One session: the services of the layers below, wired. It carries out what the room decides and reports what happens; it
 * decides nothing about phases and writes no state.
 */
import { fromBase64Url, toBase64Url, type Bytes } from '../e2ee/bytes.ts';
import type { FrameCipher } from '../e2ee/frame-cipher.ts';
import { Group, type EpochSecrets } from '../e2ee/group.ts';
import type { Invite, RoomKeys } from '../e2ee/invite.ts';
import type { Credentials } from '../e2ee/knock.ts';
import { Seal } from '../e2ee/seal.ts';
import { SUITE_NAME } from '../e2ee/suite.ts';
import type { PublicConfiguration } from '../configuration.ts';
import { ERROR_CODES, type ErrorCode } from '../errors.ts';
import type { ChannelOptions, RelayBroker, SignalingChannel } from '../signaling/channel.ts';
import { Conversation } from './conversation.ts';
import { occupantsOf } from './declaration.ts';
import { Epochs } from './epochs.ts';
import { Freshness } from './freshness.ts';
import type { RoomInput } from './inputs.ts';
import { GuestLobby } from './lobby-guest.ts';
import { HostLobby } from './lobby-host.ts';
import { Members, type KnownMember } from './members.ts';
import type { OwnTracks } from './pair.ts';
import { Pairs } from './pairs.ts';
import type { Policy } from './policy.ts';
import { Presence } from './presence.ts';
import { RelayConsent } from './relay-consent.ts';
import { relaysOf } from './relay-terms.ts';
import type { PairReport } from './room-interface.ts';
import type { SessionState } from './state.ts';
import { Transport } from './transport.ts';
import type { DataMessage, Declaration, GroupContent, GroupMessage, MediaNotice, SealedMessage } from './wire.ts';

export interface SessionOptions {
  readonly invite: Invite;
  readonly keys: RoomKeys;
  readonly name: string;
  readonly policy: Policy;
  readonly configuration: PublicConfiguration;
  readonly frames: FrameCipher;
  /** From before a reload. */
  readonly credentials: Credentials | null;
  readonly lastIncarnation: number | null;
  /** Hash of what people agree to when they allow a relay. */
  readonly relayTerms: Bytes;
  channel(onEvent: ChannelOptions['onEvent']): SignalingChannel & Partial<RelayBroker>;
  state(): SessionState | null;
  report(input: RoomInput): void;
  declaration(): Declaration | null;
  tracksTo(id: string): OwnTracks;
  onStream(stream: MediaStream): void;
  onData(id: string, message: DataMessage): void;
  onRemember(remembered: { readonly credentials: Credentials; readonly incarnation: number }): void;
}

export class Session {
  readonly #o: SessionOptions;
  readonly #transport: Transport;
  readonly #members = new Members();
  readonly #epochs: Epochs;
  readonly #pairs: Pairs;
  readonly #presence: Presence;
  readonly #freshness: Freshness;
  readonly #relay: RelayConsent;
  readonly #broker: RelayBroker | null;
  /** Participant id → seal session. */
  readonly #sessions = new Map<string, string>();
  #host: HostLobby | null = null;
  #guest: GuestLobby | null = null;
  #conversation: Conversation | null = null;
  #epoch: EpochSecrets | null = null;
  #incarnation = 0;
  #closed = false;

  private constructor(o: SessionOptions) {
    this.#o = o;
    this.#epochs = new Epochs(o.frames);
    let broker: RelayBroker | null = null;
    this.#transport = new Transport({
      seal: new Seal(o.keys),
      channel: (onEvent) => {
        const channel = o.channel(onEvent);
        broker = isBroker(channel) ? channel : null;
        return channel;
      },
      events: {
        onOnline: () => this.#onOnline(),
        onOffline: () => o.report({ type: 'signaling', signaling: 'offline' }),
        onPeerJoined: (peer) => this.#onPeerJoined(peer.host),
        onSessionLeft: (session) => this.#onSessionLeft(session),
        onMessage: (session, message) => this.#onSealed(session, message),
        onProblem: (code) => o.report({ type: ERROR_CODES[code].fatal ? 'failed' : 'problem', code }),
      },
    });
    this.#broker = broker;
    this.#relay = new RelayConsent({
      roomId: o.keys.roomId,
      terms: o.relayTerms,
      relays: relaysOf(o.configuration),
      broker,
      leafKey: () => this.#conversation?.group.leafKey ?? null,
      member: (id) => this.#members.byId(id),
      pair: (id) => this.#pairs.get(id),
      tell: (content, leaf) => this.#tell(content, leaf),
      report: (input) => o.report(input),
      onProblem: (code) => this.#onProblem(code),
    });
    this.#pairs = new Pairs({
      frames: o.frames,
      iceServers: stunServers(o.configuration),
      relayAddresses: o.configuration.servers.flatMap((server) => (server.role === 'relay' ? server.addresses : [])),
      mode: o.policy.relay === 'always' ? 'relay-only' : 'direct-first',
      tracksTo: (id) => o.tracksTo(id),
      events: {
        send: (pair, content) => this.#tell(content, pair.leaf, pair.linkId),
        report: (input) => o.report(input),
        onGroupMessage: (message) => void this.#conversation?.receive(message),
        onData: (pair, message) => o.onData(pair.id, message),
        onChannelOpen: (pair) => this.#tellState(pair.leaf),
        onRelayNeeded: (pair, needed) => (needed === 'yes' ? this.#relay.needed(pair.id) : this.#relay.notNeeded(pair.id)),
        onStream: (stream) => o.onStream(stream),
        onProblem: (code) => this.#onProblem(code),
      },
    });
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
        o.report({ type: 'media', media: { paused: 'stale' } });
        this.#onProblem('group-stale');
      },
      onFresh: () => o.report({ type: 'resumed-media' }),
    });
  }

  static async open(o: SessionOptions): Promise<Session> {
    const session = new Session(o);
    if (o.invite.role === 'host') await session.#openHost();
    else session.#openGuest();
    session.#transport.open();
    return session;
  }

  admit(ids: readonly string[]): Promise<void> {
    return this.#host?.admit(ids) ?? Promise.resolve();
  }

  refuse(id: string): Promise<void> {
    return this.#host?.refuse(id) ?? Promise.resolve();
  }

  async remove(id: string): Promise<void> {
    const member = this.#members.byId(id);
    if (!member || !this.#host) return;
    // The link to who goes is closed before anything else (§7).
    this.#pairs.get(id)?.close();
    await this.#conversation?.commit({ add: [], remove: [member.leaf] });
  }

  /** Tells everyone who is in our room now. */
  tellDeclaration(): void {
    const declaration = this.#o.declaration();
    if (declaration) this.#tell({ type: 'declaration', body: declaration }, 'everyone');
  }

  tellMedia(media: MediaNotice): void {
    this.#tell({ type: 'media', body: media }, 'everyone');
  }

  acknowledge(id: string): void {
    const member = this.#members.byId(id);
    if (member) this.#tellAcknowledgement(member);
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

  /** Media and keys go first and at once; the goodbye is sealed with what is left, and awaited by nobody. */
  async close(goodbye: 'none' | 'own' | 'whole'): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#presence.close();
    this.#freshness.close();
    this.#epochs.close();
    // Before the links close, so that it can take the direct way as well.
    const said = goodbye === 'none' ? null : this.#conversation?.send({ type: 'goodbye', body: { whole: goodbye === 'whole' } }, { to: 'everyone' });
    if (goodbye !== 'none') await this.#guest?.withdraw();
    await said;
    this.#pairs.closeAll();
    this.#conversation?.close();
    this.#conversation = null;
    this.#members.clear();
    this.#relay.clear();
    this.#transport.close();
  }

  async #openHost(): Promise<void> {
    const { keys, invite, name, policy } = this.#o;
    const conversation = this.#converse(await Group.found({ roomKeys: keys, name }));
    this.#host = await HostLobby.open({
      invite,
      keys,
      transport: this.#transport,
      conversation,
      size: policy.size,
      report: (input) => this.#o.report(input),
      onProblem: (code) => this.#onProblem(code),
      onMember: (id, session) => this.#sessions.set(id, session),
    });
    this.#incarnation = this.#host.incarnation;
    await conversation.begin();
  }

  #openGuest(): void {
    this.#guest = new GuestLobby({
      invite: this.#o.invite,
      keys: this.#o.keys,
      transport: this.#transport,
      name: this.#o.name,
      credentials: this.#o.credentials,
      lastIncarnation: this.#o.lastIncarnation,
      report: (input) => this.#o.report(input),
      onProblem: (code) => this.#onProblem(code),
      onNewHost: () => this.#dropGroup(),
      onJoined: async (group, remembered) => {
        this.#incarnation = remembered.incarnation;
        this.#o.onRemember(remembered);
        await this.#converse(group).begin();
      },
    });
  }

  /** A host that begins anew has another group; nobody is ever in two (§9). */
  #dropGroup(): void {
    this.#conversation?.close();
    this.#conversation = null;
    this.#epoch = null;
    this.#members.clear();
    this.#relay.clear();
    this.#pairs.sync(-1, []);
    this.#o.report({ type: 'roster', members: [], encryption: null });
  }

  #converse(group: Group): Conversation {
    this.#conversation = new Conversation(group, {
      broadcast: (message, route) => this.#broadcast(message, route),
      onEpoch: (secrets) => this.#onEpoch(secrets),
      onMessage: (leaf, message) => this.#onMessage(leaf, message),
      onRemoved: () => this.#o.report({ type: 'failed', code: 'removed-by-host' }),
      onProblem: (code) => this.#onProblem(code),
    });
    return this.#conversation;
  }

  #broadcast(message: Uint8Array, route: 'everywhere' | 'direct'): void {
    if (route === 'everywhere') void this.#transport.send('everyone', { type: 'group', message: toBase64Url(message) });
    this.#pairs.broadcast(message);
  }

  #tell(content: GroupContent, to: number | 'everyone', link = ''): void {
    if (this.#members.others.length > 0) void this.#conversation?.send(content, { to, link });
  }

  /** All that somebody needs to know of us; telling it twice does no harm. */
  #tellState(leaf: number): void {
    const state = this.#o.state();
    const declaration = this.#o.declaration();
    const member = this.#members.byLeaf(leaf);
    if (!state || !declaration || !member) return;
    this.#tell({ type: 'declaration', body: declaration }, leaf);
    this.#tell({ type: 'media', body: state.media }, leaf);
    if (state.participants.find(({ id }) => id === member.id)?.acknowledged.byUs) this.#tellAcknowledgement(member);
  }

  #tellAcknowledgement({ id, leaf }: KnownMember): void {
    const occupants = this.#o.state()?.participants.find((participant) => participant.id === id)?.occupants;
    if (occupants) this.#tell({ type: 'acknowledgement', body: { declaration: occupants.hash } }, leaf);
  }

  async #onEpoch(secrets: EpochSecrets): Promise<void> {
    if (this.#closed) return;
    const { added, removed } = await this.#members.update(secrets.members, secrets.ownLeaf);
    this.#epoch = secrets;
    for (const { id, leaf } of removed) {
      this.#sessions.delete(id);
      this.#epochs.forget(leaf);
      this.#relay.forget(id);
    }
    // Strangers cannot use the relay: the server learns which keys were admitted, not whose they are.
    if (this.#host) this.#broker?.admitted(secrets.members.map(({ signatureKey }) => signatureKey));
    for (const { leaf } of added) this.#epochs.forget(leaf);
    // First what must end, then what may begin (§7).
    this.#pairs.close(removed.map(({ id }) => id));
    await this.#epochs.enter(secrets, removed.length > 0 ? 'now' : 'when-ready');
    this.#o.report({
      type: 'roster',
      members: this.#members.others.map(({ id, name, isHost }) => ({ id, name, host: isHost })),
      encryption: { suite: SUITE_NAME, epoch: String(secrets.epoch), safetyCode: secrets.safetyCode, compared: false },
    });
    this.#pairs.sync(secrets.ownLeaf, this.#members.others);
    this.#freshness.renew();
    this.#tell({ type: 'installed', body: { epoch: Number(secrets.epoch) } }, 'everyone');
    for (const { leaf } of added) this.#tellState(leaf);
  }

  #onMessage(leaf: number, message: GroupMessage): void {
    const member = this.#members.byLeaf(leaf);
    if (!member || this.#closed) return;
    const { id } = member;
    switch (message.type) {
      case 'declaration':
        return void occupantsOf(message.body).then((occupants) => this.#o.report({ type: 'their-occupants', id, occupants }));
      case 'acknowledgement':
        return this.#o.report({ type: 'acknowledged-by-them', id, hash: message.body.declaration });
      case 'media':
        return this.#o.report({ type: 'their-media', id, media: message.body });
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
    if (this.#host) void this.remove(member.id);
  }

  #onSealed(session: string, message: SealedMessage): void {
    if (message.type === 'group') return void this.#conversation?.receive(fromBase64Url(message.message));
    if (message.type === 'present') this.#catchUp(session);
    void (this.#host ?? this.#guest)?.receive(session, message);
  }

  /** Host: somebody is back on the channel; what was committed meanwhile is sent again. */
  #catchUp(session: string): void {
    const [id] = [...this.#sessions].find(([, known]) => known === session) ?? [];
    const member = id === undefined ? null : this.#members.byId(id);
    if (!member || !this.#conversation) return;
    for (const commit of this.#conversation.commitsSince(this.#epochs.reported(member.leaf)))
      void this.#transport.send(session, { type: 'group', message: toBase64Url(commit) });
    this.#tellState(member.leaf);
  }

  #onOnline(): void {
    this.#o.report({ type: 'signaling', signaling: 'online' });
    this.#host?.announce();
    this.#guest?.announce();
    const { participants = [] } = this.#o.state() ?? {};
    this.#pairs.retry((id) => participants.some((p) => p.id === id && (p.connection === 'connected' || p.connection === 'connecting')));
    for (const { leaf } of this.#members.others) this.#tellState(leaf);
  }

  #onPeerJoined(isHost: boolean): void {
    if (this.#guest && isHost) this.#guest.announce();
  }

  #onSessionLeft(session: string): void {
    this.#host?.gone(session);
    this.#guest?.gone(session);
  }

  #watched(): readonly { readonly id: string; readonly present: boolean }[] {
    const { participants = [] } = this.#o.state() ?? {};
    // The host looks after everyone; a guest only after the host.
    return participants
      .filter((p) => this.#host !== null || p.host)
      .map((p) => ({ id: p.id, present: p.connection === 'connected' || this.#isOnChannel(p.id) }));
  }

  #isOnChannel(id: string): boolean {
    const session = this.#sessions.get(id) ?? (this.#members.host?.id === id ? this.#guest?.hostSession : undefined);
    return session !== undefined && session !== null && this.#transport.isPresent(session);
  }

  #onLost(id: string): void {
    if (this.#host) void this.remove(id);
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

function stunServers({ servers }: PublicConfiguration): readonly { readonly urls: readonly string[] }[] {
  return servers.flatMap((server) => (server.role === 'stun' ? [{ urls: server.urls }] : []));
}

function isBroker(channel: SignalingChannel & Partial<RelayBroker>): channel is SignalingChannel & RelayBroker {
  return !!channel.admitted && !!channel.relayNonce && !!channel.relayCredentials;
}
