/**
 * One session: creates the services of one call, connects them with each other, and reports what happens. Phases are decided by
 * the room's reducer, never here.
 */
import { NOBODY, type Rank } from '../../e2ee/admission/delegation.ts';
import type { Bytes } from '../../e2ee/bytes.ts';
import { loadFollowCommit, type EpochSecrets, type Group } from '../../e2ee/mls/group.ts';
import type { LeafKey } from '../../e2ee/mls/leaf-key.ts';
import { Seal } from '../../e2ee/seal.ts';
import type { ErrorCode } from '../../errors.ts';
import { isBroker } from '../../signaling/channel.ts';
import { fromBase64Url, toBase64Url } from '../../util/base64url.ts';
import { untilLoaded } from '../../util/until-loaded.ts';
import { whenIdle } from '../../util/when-idle.ts';
import { openLobby, type AdmissionOptions, type AnyLobby } from '../admission/admission.ts';
import type { HostLobby } from '../admission/host-lobby.ts';
import type { Pressed } from '../admission/waiting-list.ts';
import { Beacon } from '../group/beacon.ts';
import { EpochSwitch } from '../group/epoch-switch.ts';
import { GroupChannel } from '../group/group-channel.ts';
import { Members } from '../group/members.ts';
import { Mesh, type MeshEvents } from '../mesh/mesh.ts';
import type { Link } from '../mesh/link.ts';
import { codeOfHandlerError } from '../messages/handler-errors.ts';
import type { DataMessage, SealedMessage } from '../messages/messages.ts';
import { SealedTransport } from '../messages/sealed-transport.ts';
import { CatchUp } from './catch-up.ts';
import { Departures } from './departures.ts';
import type { EpochRepair } from './epoch-repair.ts';
import { EpochEntry } from './epoch-entry.ts';
import { GroupReceiver } from './group-receiver.ts';
import { answeringOf, type Answering } from './answering.ts';
import { leadershipOf, serverErrorsOf } from './leading.ts';
import type { Leadership } from './leadership.ts';
import { GroupSender } from './group-sender.ts';
import type { PresenceMonitor } from './presence-monitor.ts';
import { RoomMemory } from './room-memory.ts';
import { readmittedAfterReload, readmittedAfterRepair } from './room-record.ts';
import { iceOf, type Ice } from './ice.ts';
import { lateRelayingOf, loadRelaying, type LateRelaying } from './late-relaying.ts';
import type { ServerErrors } from './server-errors.ts';
import type { RoomRecord } from '../setup/reload-record.ts';
import type { SessionOptions } from './session-options.ts';
import { Signs } from './signs.ts';
import { OwnChat } from './own-chat.ts';
import { presenceOf, repairOf } from './watching.ts';

/** Group messages kept while a Welcome is being processed. */
const EARLY_KEPT = 64;

/** People in a room from which on sound travels in longer packets. */
const GROUP = 4;
/**
 * Milliseconds between the opening of a direct link and the moment when everything is sent again on it, in case the server withheld
 * something: these messages are work at both ends, and the first picture needs the first moments.
 */
const SYNC_AFTER = 1_000;

/** What few calls need, and then perhaps while the network is down. */
function loadLateParts(): void {
  for (const load of [loadRelaying, loadFollowCommit]) void untilLoaded<unknown>(load);
}

export class Session {
  readonly #o: SessionOptions;
  readonly #transport: SealedTransport;
  readonly #members = new Members();
  readonly #epochs: EpochSwitch;
  /** What this client tells the others in the group. */
  readonly sender: GroupSender;
  /** Whether a relay may be used, per participant. */
  readonly relay: LateRelaying;
  /** The links to the other participants. */
  readonly mesh: Mesh;
  readonly #receiver: GroupReceiver;
  readonly #epochEntry: EpochEntry;
  readonly #departures: Departures;
  readonly #memory: RoomMemory;
  readonly #catchUp: CatchUp;
  readonly #presence: PresenceMonitor;
  /** Orders of the host, and what participants signal without words. */
  readonly signs: Signs;
  /** What we write. */
  readonly chat: OwnChat;
  readonly #beacon: Beacon;
  readonly #serverErrors: ServerErrors;
  /** Who leads the room, and who may. */
  readonly leadership: Leadership;
  /** The spoken code; null for a guest, for a delegate, and without a server. */
  readonly code: Answering | null;
  /** Null for a guest. */
  readonly #repair: EpochRepair | null;
  #lobby: AnyLobby | null = null;
  /** Null outside of a group. */
  #channel: GroupChannel | null = null;
  readonly #early: Bytes[] = [];
  #rank: Rank | null = null;
  #joined = false;
  #closed = false;

  private constructor(o: SessionOptions) {
    this.#o = o;
    this.#memory = this.#createMemory();
    this.#serverErrors = serverErrorsOf(o, () => this.leadership);
    this.#transport = this.#createTransport();
    this.#epochs = new EpochSwitch(o.frames);
    this.sender = new GroupSender({
      members: this.#members,
      channel: () => this.#channel,
      state: () => o.state(),
      declaration: () => o.declaration(),
      repeatLead: (leaf) => this.leadership.repeat(leaf),
    });
    const ice = iceOf(o);
    this.relay = lateRelayingOf(o, {
      ice,
      members: this.#members,
      sender: this.sender,
      broker: this.#broker,
      leafKey: this.leafKey,
      links: () => this.mesh,
      onProblem: (code) => this.#onProblem(code),
    });
    this.mesh = this.#createMesh(ice);
    const common = {
      members: this.#members,
      epochs: this.#epochs,
      mesh: this.mesh,
      relay: this.relay,
      sender: this.sender,
      report: o.report,
      hostLobby: this.#hostLobby,
      channel: () => this.#channel,
    };
    this.#beacon = this.#createBeacon();
    this.leadership = leadershipOf(o, {
      ...common,
      lobby: () => this.#lobby,
      rank: () => this.#rank,
      roomRecord: () => this.roomRecord(),
    });
    this.chat = new OwnChat({ ...common, state: () => o.state() });
    this.signs = new Signs({ ...common, state: () => o.state(), viewOf: (id) => o.viewOf(id) });
    this.#epochEntry = new EpochEntry({
      ...common,
      role: o.invite.role,
      beacon: this.#beacon,
      broker: this.#broker,
    });
    const onRemoving = this.#memory.forget;
    this.#departures = new Departures({ ...common, onRemoving, onHostLost: () => this.leadership.onHostLost() });
    this.#catchUp = new CatchUp({ ...common, transport: this.#transport });
    this.#receiver = new GroupReceiver({
      ...common,
      beacon: this.#beacon,
      signs: this.signs,
      leadership: this.leadership,
      onHeard: (member) => this.#hostLobby()?.onHeard(member),
      onGoodbye: (member, goodbye) => this.#departures.onGoodbye(member, goodbye),
    });
    const watching = { ...common, lobby: () => this.#lobby, departures: this.#departures, leadership: this.leadership };
    this.#presence = presenceOf(o, watching);
    this.#repair = repairOf(o, {
      ...watching,
      catchUp: this.#catchUp,
      onSplit: (ids) => void this.#repairGroup(ids).catch((error: unknown) => this.#onError(error)),
    });
    this.code = answeringOf(o, this.#transport.channel);
  }

  #createMemory(): RoomMemory {
    return new RoomMemory({
      members: this.#members,
      state: () => this.#o.state(),
      hostLobby: this.#hostLobby,
      rank: () => this.#rank ?? NOBODY,
      onRoom: (room) => this.#o.onRoom(room),
    });
  }

  static async open(o: SessionOptions): Promise<Session> {
    const session = new Session(o);
    o.report({ type: 'authority', authority: session.leadership.authority });
    await session.#open();
    whenIdle(loadLateParts);
    return session;
  }

  /** Host: lets these people in; does nothing for a guest. */
  admit(pressed: readonly Pressed[]): Promise<void> {
    return this.#hostLobby()?.admit(pressed) ?? Promise.resolve();
  }

  /** Host: refuses one person; does nothing for a guest. */
  refuse(pressed: Pressed): Promise<void> {
    return this.#hostLobby()?.refuse(pressed) ?? Promise.resolve();
  }

  readonly #hostLobby = (): HostLobby | null => (this.#lobby?.role === 'host' ? this.#lobby : null);

  /** Host: removes a person from the group, under the id that they have by now. */
  async remove(id: string): Promise<void> {
    await this.#departures.remove(id, 'person');
    this.leadership.onRemoval();
  }

  /** Host: those whom the locked room kept out knock again when they see the hello. */
  unlock(): void {
    this.#hostLobby()?.announce();
  }

  /** What a reload of the host's page has to know of the room, or who leads it next. */
  roomRecord(): RoomRecord {
    return this.#memory.record;
  }

  acknowledge(id: string): void {
    const member = this.#members.byId(id);
    if (member) this.sender.acknowledge(member);
  }

  /** Our leaf key in the group; null outside of one. */
  readonly leafKey = (): LeafKey | null => this.#channel?.group.leafKey ?? null;

  stream(id: string, kind: 'camera' | 'screen'): MediaStream | null {
    return this.mesh.get(id)?.[kind] ?? null;
  }

  /** Ends timers and links at once; waits for a goodbye only until it is sealed. */
  async close(goodbye: 'none' | 'leave' | 'end-room'): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const timed = [this.#presence, this.signs, this.#serverErrors, this.#beacon, this.#epochs, this.#catchUp];
    for (const part of [...timed, this.#repair, this.#lobby, this.leadership, this.code]) part?.close();
    this.relay.clear();
    if (goodbye !== 'none') await this.#sendGoodbye(goodbye);
    this.mesh.closeAll();
    this.#channel?.close();
    this.#channel = null;
    this.#members.clear();
    await this.#transport.close();
  }

  async #sendGoodbye(goodbye: 'leave' | 'end-room'): Promise<void> {
    // Before the links close, so that it can take the direct path as well.
    await this.#channel?.send({ type: 'goodbye', body: { endsRoom: goodbye === 'end-room' } }, { to: 'everyone' });
    if (this.#lobby?.role === 'guest') await this.#lobby.withdraw();
  }

  // --- creating the services -----------------------------------------------------------------------------------------

  #createTransport(): SealedTransport {
    const { keys, channel, report } = this.#o;
    return new SealedTransport({
      seal: new Seal(keys),
      channel,
      events: {
        onOnline: () => this.#onOnline(),
        onOffline: () => report({ type: 'signaling', signaling: 'offline' }),
        onPeerJoined: (peer) => (peer.host && this.#lobby?.role === 'guest' ? this.#lobby.announce() : undefined),
        onSessionLeft: (session) => this.#lobby?.onSessionLeft(session),
        onMessage: (session, message) => this.#onSealed(session, message),
        onCode: (event) => this.code?.onEvent(event),
        onProblem: (code, detail) => this.#onChannelProblem(code, detail),
        onError: (error) => this.#onError(error),
      },
    });
  }

  get #broker() {
    const { channel } = this.#transport;
    return isBroker(channel) ? channel : null;
  }

  #createMesh(ice: Ice): Mesh {
    const { frames, tracksTo, policy } = this.#o;
    const isOnline = (): boolean => this.#transport.online;
    const ownRole = () => (this.#o.state()?.interpreting ? 'interpreter' : 'other');
    // Eight links with fifty packets a second each way take more of a device than their pictures.
    const packetTime = policy.size >= GROUP ? 60 : 20;
    const onLoad = (): void => this.signs.tellViews();
    return new Mesh({ ...ice, frames, isOnline, tracksTo, ownRole, packetTime, onLoad, events: this.#meshEvents() });
  }

  #meshEvents(): MeshEvents {
    const { report, onConnection } = this.#o;
    return {
      send: (link, content) => this.sender.send(content, link.leaf, link.linkId),
      report: (input) => {
        report(input);
        if (input.type === 'path') this.relay.whole?.directPath.onPath(input.id, input.path);
        if (input.type === 'attempt-failed') this.relay.whole?.consent.onAttemptFailed(input.id);
      },
      onData: (id, message) => this.#onData(id, message),
      onGroupMessage: (message) => this.#onGroupMessage(message),
      onChannelOpen: (link) => this.#syncLater(link),
      onRelayNeeded: ({ id }, needed) => (needed === 'yes' ? this.relay.needed(id) : this.relay.notNeeded(id)),
      onConnection,
      onProblem: (code) => this.#onProblem(code),
    };
  }

  #createBeacon(): Beacon {
    const { invite, report } = this.#o;
    return new Beacon({
      role: invite.role,
      current: () => this.#epochEntry.beaconBody(this.#rank?.incarnation ?? 0),
      send: (body) => void this.#channel?.send({ type: 'beacon', body }, { to: 'everyone', route: 'direct' }),
      isLinked: () =>
        this.#o.state()?.participants.some(({ connection }) => !['none', 'connecting'].includes(connection)) ?? false,
      onStale: () => report({ type: 'stale' }),
      onMissed: () => this.#onProblem('group-stale'),
      onFresh: () => report({ type: 'fresh' }),
    });
  }

  // --- entering and leaving a group ----------------------------------------------------------------------------------

  async #open(): Promise<void> {
    const { room } = this.#o;
    const readmitted = readmittedAfterReload(room);
    this.#lobby = await this.#openLobby({ readmitted, recordedAt: room?.rank ?? NOBODY });
    if (this.#closed) return;
    if (this.#lobby.role === 'host') this.#memory.remember();
    this.#transport.open(this.#o.entry);
  }

  #openLobby(repair: Pick<AdmissionOptions, 'readmitted' | 'recordedAt'>): Promise<AnyLobby> {
    const { invite, keys, name, policy, admitted, authority, lead, report, onRemember } = this.#o;
    return openLobby({
      ...repair,
      invite,
      keys,
      name,
      size: policy.size,
      isLocked: () => this.#o.state()?.locked ?? false,
      now: () => this.#o.now(),
      transport: this.#transport,
      standIns: policy.standIn,
      admitted,
      isHostLost: () => this.leadership.isHostLost,
      authority: invite.role === 'host' ? authority : null,
      since: lead?.role === 'host' ? lead.since : 0,
      revoked: lead?.role === 'host' ? lead.signed : 0,
      onOutranked: (hello) => this.leadership.onOutranked(hello),
      onComing: this.#memory.remember,
      onReturned: (before, now) => this.leadership.onReturned(before, now),
      onOutdated: (ids) => void this.#repairGroup(ids, 'at-once').catch((error: unknown) => this.#onError(error)),
      report,
      onRemember,
      onProblem: (code) => this.#onProblem(code),
      onGroup: (group, rank) => this.#enterGroup(group, rank),
      onGroupOver: () => this.#leaveGroup(),
    });
  }

  /**
   * Host: starts a fresh group, as after a reload. The members knock again by themselves and come in without a question, except those
   * who did not follow twice.
   */
  async #repairGroup(split: readonly string[], asked: 'twice' | 'at-once' = 'twice'): Promise<void> {
    const lobby = this.#hostLobby();
    if (!lobby || this.#closed) return;
    const room = this.#memory.hold();
    const readmitted = readmittedAfterRepair(
      room,
      this.#members.others,
      split,
      asked === 'twice' ? lobby : { wasSplit: () => true },
    );
    lobby.close();
    this.#channel?.close();
    this.#channel = null;
    this.#epochEntry.leave();
    // Those who wait hear the new hello and knock again.
    for (const { id } of this.#o.state()?.knocks ?? []) this.#o.report({ type: 'knock-gone', id });
    this.#onProblem('group-repaired');
    const recordedAt = this.#rank ?? NOBODY;
    this.#lobby = await this.#openLobby({ readmitted, recordedAt });
    if (this.#closed) return;
    this.#memory.release();
    this.#lobby.announce();
  }

  async #enterGroup(group: Group, rank: Rank): Promise<GroupChannel> {
    this.#rank = rank;
    this.leadership.onHostPresent();
    const channel = new GroupChannel(group, {
      broadcast: (message, route) => this.#broadcast(message, route),
      onEpoch: (secrets) => this.#onEpoch(secrets),
      onMessage: (leaf, message) => (this.#closed ? undefined : this.#receiver.receive(leaf, message)),
      onRemoved: () => this.#o.report({ type: 'failed', code: 'removed-by-host' }),
      onProblem: (code) => this.#onProblem(code),
      onError: (error) => this.#onError(error),
    });
    this.#channel = channel;
    const begun = channel.begin();
    // In the order of arrival: before anything that comes from now on.
    for (const message of this.#early.splice(0)) void channel.receive(message);
    await begun;
    return channel;
  }

  async #onEpoch(secrets: EpochSecrets): Promise<void> {
    if (this.#closed) return;
    await this.#epochEntry.enter(secrets);
    this.leadership.onRoster();
  }

  async #leaveGroup(): Promise<void> {
    // The host's earlier page, if it is still open somewhere, learns from each guest that they have moved on.
    await this.#channel?.send({ type: 'goodbye', body: { endsRoom: false } }, { to: 'everyone', route: 'direct' });
    this.#channel?.close();
    this.#channel = null;
    this.#epochEntry.leave();
  }

  // --- messages ------------------------------------------------------------------------------------------------------

  #broadcast(message: Uint8Array, route: 'everywhere' | 'direct'): void {
    if (route === 'everywhere') void this.#transport.send('everyone', { type: 'group', message: toBase64Url(message) });
    this.mesh.broadcast(message);
  }

  #onSealed(session: string, message: SealedMessage): void {
    if (message.type === 'group') return this.#onGroupMessage(fromBase64Url(message.message));
    if (message.type === 'present') this.#catchUp.present(session);
    void this.#lobby?.receive(session, message);
  }

  /** Messages for a group that we are about to join wait for the Welcome: they were sent to us as well. */
  #onGroupMessage(message: Bytes): void {
    if (this.#channel) void this.#channel.receive(message);
    else if (this.#early.length < EARLY_KEPT) this.#early.push(message);
  }

  #onData(id: string, message: DataMessage): void {
    if (message.type === 'break') this.signs.receiveBreak(id, message);
    else if (message.type === 'view') this.signs.receiveView(id, message);
    else this.#o.report({ type: 'chat', from: id, text: message.text, at: Date.now() });
  }

  #syncLater(link: Link): void {
    this.signs.tellView(link.id);
    setTimeout(() => {
      if (this.mesh.get(link.id) !== link) return;
      this.sender.sync(link.leaf);
      this.signs.onChannelOpen(link.id);
    }, SYNC_AFTER);
  }

  #onOnline(): void {
    this.#joined = true;
    this.#o.report({ type: 'signaling', signaling: 'online' });
    this.code?.open();
    this.#lobby?.announce();
    this.mesh.onOnline();
    this.relay.whole?.consent.onOnline();
    for (const { leaf } of this.#members.others) this.sender.sync(leaf);
  }

  // --- problems ------------------------------------------------------------------------------------------------------

  #onChannelProblem(code: ErrorCode, detail?: string): void {
    // Before we first joined, another device has the room: that is a question. Later it means that we were replaced.
    if (code === 'host-elsewhere' && !this.#joined) return this.leadership.onSeatRefused();
    if (code === 'host-elsewhere' && this.leadership.onSeatTaken() === 'expected') return;
    this.#serverErrors.onServerError(code, detail);
  }

  #onError(error: unknown): void {
    this.#onProblem(codeOfHandlerError(error));
  }

  #onProblem(code: ErrorCode): void {
    this.#o.report({ type: 'problem', code });
  }
}
