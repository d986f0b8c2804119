/**
 * One session: the services of the layers below, wired. It carries out what the room decides and reports what happens; it
 * decides nothing about phases and writes no state.
 */
import { fromBase64Url, toBase64Url } from '../../util/base64url.ts';
import { type Bytes } from '../../e2ee/bytes.ts';
import type { Group } from '../../e2ee/mls/group.ts';
import type { LeafKey } from '../../e2ee/mls/leaf-key.ts';
import { Seal } from '../../e2ee/seal.ts';
import type { ErrorCode } from '../../errors.ts';
import { isBroker, type RelayBroker } from '../../signaling/channel.ts';
import { CatchUp } from './catch-up.ts';
import { GroupChannel } from '../group/group-channel.ts';
import { Departures } from './departures.ts';
import { openLobby, type AnyLobby } from '../admission/admission.ts';
import type { HostLobby } from '../admission/host-lobby.ts';
import { EpochSwitch } from '../group/epoch-switch.ts';
import { Beacon } from '../group/beacon.ts';
import { GroupReceiver } from './group-receiver.ts';
import { Members } from '../group/members.ts';
import type { Mesh } from '../mesh/mesh.ts';
import { PresenceMonitor } from './presence-monitor.ts';
import type { RelayConsent } from '../relay/relay-consent.ts';
import { EpochEntry } from './epoch-entry.ts';
import type { SessionOptions } from './session-options.ts';
import { createParts } from './session-parts.ts';
import { GroupSender } from '../group/group-sender.ts';
import { SealedTransport } from '../messages/sealed-transport.ts';
import { ServerErrors } from './server-errors.ts';
import type { SealedMessage } from '../messages/messages.ts';

/** Group messages kept while a Welcome is being taken in. */
const EARLY_KEPT = 64;

export class Session {
  readonly #o: SessionOptions;
  readonly #members = new Members();
  readonly #transport: SealedTransport;
  /** What the room says to the others. */
  readonly telling: GroupSender;
  readonly #epochs: EpochSwitch;
  /** The question of a relay. */
  readonly relay: RelayConsent;
  /** The links of the mesh. */
  readonly mesh: Mesh;
  readonly #presence: PresenceMonitor;
  readonly #freshness: Beacon;
  readonly #roster: EpochEntry;
  readonly #inbox: GroupReceiver;
  readonly #departures: Departures;
  readonly #catchUp: CatchUp;
  readonly #verdict: ServerErrors;
  #broker: RelayBroker | null = null;
  #lobby: AnyLobby | null = null;
  #conversation: GroupChannel | null = null;
  readonly #early: Bytes[] = [];
  #incarnation = 0;
  #joined = false;
  #closed = false;

  private constructor(o: SessionOptions) {
    this.#o = o;
    this.#epochs = new EpochSwitch(o.frames);
    this.#verdict = new ServerErrors(o);
    this.#transport = this.#openTransport();
    this.telling = new GroupSender({
      members: this.#members,
      conversation: () => this.#conversation,
      state: () => o.state(),
      declaration: () => o.declaration(),
    });
    const { mesh, relay, directPath } = createParts({
      session: o,
      members: this.#members,
      telling: this.telling,
      broker: this.#broker,
      conversation: () => this.#conversation,
      isOnline: () => this.#transport.online,
      onGroupMessage: (message) => this.#onGroupMessage(message),
      onProblem: (code) => this.#onProblem(code),
    });
    this.relay = relay;
    this.mesh = mesh;
    const common = {
      members: this.#members,
      epochs: this.#epochs,
      mesh: this.mesh,
      relay: this.relay,
      hostLobby: this.#hostLobby,
      report: o.report,
    };
    this.#roster = new EpochEntry({
      ...common,
      role: o.invite.role,
      freshness: () => this.#freshness,
      telling: this.telling,
      broker: this.#broker,
    });
    const conversation = (): GroupChannel | null => this.#conversation;
    this.#departures = new Departures({ ...common, conversation });
    this.#catchUp = new CatchUp({
      ...common,
      conversation,
      transport: this.#transport,
      telling: this.telling,
    });
    this.#inbox = new GroupReceiver({
      ...common,
      directPath,
      freshness: () => this.#freshness,
      onGoodbye: (member, whole) => this.#departures.goodbye(member, whole),
    });
    this.#presence = new PresenceMonitor({
      graceSeconds: o.policy.graceSeconds,
      role: o.invite.role,
      participants: () => o.state()?.participants ?? [],
      isPresent: (id) => this.#lobby?.isPresent(id) ?? false,
      onLost: (id) => this.#departures.lost(id),
    });
    this.#freshness = new Beacon({
      role: o.invite.role,
      current: () => this.#roster.sign(this.#incarnation),
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
    return this.#hostLobby()?.admit(ids) ?? Promise.resolve();
  }

  refuse(id: string): Promise<void> {
    return this.#hostLobby()?.refuse(id) ?? Promise.resolve();
  }

  readonly #hostLobby = (): HostLobby | null => (this.#lobby?.role === 'host' ? this.#lobby : null);

  /** Host: takes a person out of the group, under whichever id they are in it by now. */
  remove(id: string): Promise<void> {
    return this.#departures.remove(id, 'person');
  }

  acknowledge(id: string): void {
    const member = this.#members.byId(id);
    if (member) this.telling.acknowledgement(member);
  }

  /** Ours in the group; null outside of one. */
  readonly leafKey = (): LeafKey | null => this.#conversation?.group.leafKey ?? null;

  stream(id: string, kind: 'camera' | 'screen'): MediaStream | null {
    return this.mesh.get(id)?.[kind] ?? null;
  }

  /** Timers and links end at once; a goodbye is awaited only as long as it takes to be sealed. */
  async close(goodbye: 'none' | 'own' | 'whole'): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const timed = [this.#presence, this.#verdict, this.#freshness, this.#epochs, this.#catchUp, this.#lobby];
    for (const part of timed) part?.close();
    this.relay.clear();
    if (goodbye !== 'none') await this.#sayGoodbye(goodbye === 'whole');
    this.mesh.closeAll();
    this.#conversation?.close();
    this.#conversation = null;
    this.#members.clear();
    await this.#transport.close();
  }

  async #sayGoodbye(whole: boolean): Promise<void> {
    // Before the links close, so that it can take the direct way as well.
    await this.#conversation?.send({ type: 'goodbye', body: { whole } }, { to: 'everyone' });
    if (this.#lobby?.role === 'guest') await this.#lobby.withdraw();
  }

  #openTransport(): SealedTransport {
    const { keys, channel, report } = this.#o;
    return new SealedTransport({
      seal: new Seal(keys),
      channel: (onEvent) => {
        const opened = channel(onEvent);
        this.#broker = isBroker(opened) ? opened : null;
        return opened;
      },
      events: {
        onOnline: () => this.#onOnline(),
        onOffline: () => report({ type: 'signaling', signaling: 'offline' }),
        onPeerJoined: (peer) => (peer.host && this.#lobby?.role === 'guest' ? this.#lobby.announce() : undefined),
        onSessionLeft: (session) => this.#lobby?.onSessionLeft(session),
        onMessage: (session, message) => this.#onSealed(session, message),
        onProblem: (code) => this.#onChannelProblem(code),
      },
    });
  }

  async #open(): Promise<void> {
    const { invite, keys, name, policy, credentials, lastIncarnation, report, onRemember } = this.#o;
    this.#lobby = await openLobby({
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
    if (!this.#closed) this.#transport.open(this.#o.entry);
  }

  async #enter(group: Group, incarnation: number): Promise<GroupChannel> {
    this.#incarnation = incarnation;
    const conversation = new GroupChannel(group, {
      broadcast: (message, route) => this.#broadcast(message, route),
      onEpoch: async (secrets) => (this.#closed ? undefined : this.#roster.enter(secrets)),
      onMessage: (leaf, message) => (this.#closed ? undefined : this.#inbox.receive(leaf, message)),
      onRemoved: () => this.#o.report({ type: 'failed', code: 'removed-by-host' }),
      onProblem: (code) => this.#onProblem(code),
    });
    this.#conversation = conversation;
    const begun = conversation.begin();
    // In the order in which they were said: before anything that comes from now on.
    for (const message of this.#early.splice(0)) void conversation.receive(message);
    await begun;
    return conversation;
  }

  async #leaveGroup(): Promise<void> {
    // The host's earlier page, if it still stands open somewhere, hears from each of us that we have moved on.
    await this.#conversation?.send({ type: 'goodbye', body: { whole: false } }, { to: 'everyone', route: 'direct' });
    this.#conversation?.close();
    this.#conversation = null;
    this.#roster.leave();
  }

  #broadcast(message: Uint8Array, route: 'everywhere' | 'direct'): void {
    if (route === 'everywhere') void this.#transport.send('everyone', { type: 'group', message: toBase64Url(message) });
    this.mesh.broadcast(message);
  }

  #onSealed(session: string, message: SealedMessage): void {
    if (message.type === 'group') return this.#onGroupMessage(fromBase64Url(message.message));
    if (message.type === 'present') this.#catchUp.present(session);
    void this.#lobby?.receive(session, message);
  }

  /** What comes for a group that we are just joining waits for it: it was said to us as well. */
  #onGroupMessage(message: Bytes): void {
    if (this.#conversation) void this.#conversation.receive(message);
    else if (this.#early.length < EARLY_KEPT) this.#early.push(message);
  }

  #onChannelProblem(code: ErrorCode): void {
    // Before we were ever in, somebody else is: that is a question. Later it means that we were replaced.
    if (code === 'host-elsewhere' && !this.#joined)
      return this.#o.report({ type: 'signaling', signaling: 'elsewhere' });
    this.#verdict.hear(code);
  }

  #onOnline(): void {
    this.#joined = true;
    this.#o.report({ type: 'signaling', signaling: 'online' });
    this.#lobby?.announce();
    this.mesh.onOnline();
    for (const { leaf } of this.#members.others) this.telling.all(leaf);
  }

  #onProblem(code: ErrorCode): void {
    this.#o.report({ type: 'problem', code });
  }
}
