/**
 * The links to all participants: one each, opened and closed with the roster. The lower leaf offers (protocol.md §7).
 */
import type { FrameWorkerClient, TransformName } from '../../e2ee/frames/frame-worker-client.ts';
import { toBase64Url } from '../../util/base64url.ts';
import type { PacketTime, PeerSignal, UsableRelay } from '../../peer/connection.ts';
import type { ParticipantInput } from '../state/actions.ts';
import type { ViewSize } from '../state/state.ts';
import type { EncodeOnce } from './encode-once.ts';
import { LinkRetry } from './link-retry.ts';
import type { OwnTracks } from '../../peer/media-lines.ts';
import { Inbox } from './inbox.ts';
import { Link, type LinkEvents, type LinkOptions } from './link.ts';
import type { LinkReport } from './link-report.ts';
import { Outbox, type OutboxOptions } from './outbox.ts';
import { part } from '../../util/part.ts';
import type { ChannelMessage, DataMessage, GroupMessage } from '../messages/messages.ts';

export interface MeshEvents extends Omit<LinkEvents, 'onData'> {
  /** A message of this participant over a data channel, each once and in order. */
  onData(id: string, message: DataMessage): void;
}

export interface MeshOptions extends Pick<LinkOptions, 'frames' | 'iceServers' | 'relayAddresses' | 'mode'> {
  readonly events: MeshEvents;
  /** Whether signalling can carry an offer now. */
  isOnline(): boolean;
  /** Which of our tracks this participant may receive now. */
  tracksTo(id: string): OwnTracks;
  /** Milliseconds of sound in a packet that we send; default 20. */
  readonly packetTime?: PacketTime | undefined;
  /** Of an interpreter's pictures none is left out; default `other`. */
  ownRole?(): 'interpreter' | 'other';
  /** {@link Mesh.told} has changed for everyone. */
  onLoad?(): void;
}

const loadEncodeOnce = part(() => import('./encode-once.ts'));

interface Entry {
  readonly id: string;
  readonly leaf: number;
  readonly retry: LinkRetry;
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  link: Link | null;
  /** When the current link was created, in milliseconds of `performance.now()`. */
  since: number;
  /** The relays that both participants consented to; empty before, and after a withdrawal. */
  relays: readonly UsableRelay[];
  /** Whether they ever consented to one: an allocation may outlive its connection. */
  relayedBefore: boolean;
}

/** Milliseconds between two comparisons of sent with encrypted frames. */
const AUDIT_EVERY = 2_000;
/**
 * Milliseconds during which a new link is not replaced because the other side reports its own as lost: it is the
 * replacement.
 */
const YOUNG = 3_000;
/** More than one outbox ever gives: another one to the same participant is above it, and not taken for a repetition. */
const OUTBOX_NUMBERS = 2 ** 32;

/** Milliseconds of an engine's answer from which a device is too slow. */
const SLOW = 300;

export class Mesh {
  readonly #o: MeshOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #frames: FrameWorkerClient;
  readonly #audit: ReturnType<typeof setInterval>;
  /** What each link gets of our camera: one encoder for all from three people on. Loaded when it is needed. */
  #once: EncodeOnce | null = null;
  /** How large participants show our camera, where they said so. */
  readonly #views = new Map<string, ViewSize>();
  #closed = false;
  #ownLeaf = -1;
  #outboxes = 0;

  constructor(o: MeshOptions) {
    this.#o = o;
    this.#frames = o.frames;
    this.#frames.addEventListener('running', this.#onRunning);
    this.#frames.addEventListener('lost', this.#onLost);
    this.#audit = setInterval(() => {
      for (const { link } of this.#entries.values()) void link?.audit();
      if (!this.#once) this.#countOthers();
    }, AUDIT_EVERY);
  }

  /** Opens links to new members and closes those to removed ones, unless {@link close} already did. */
  sync(ownLeaf: number, members: readonly { readonly id: string; readonly leaf: number }[]): void {
    this.#ownLeaf = ownLeaf;
    this.close([...this.#entries.keys()].filter((id) => !members.some((member) => member.id === id)));
    for (const { id, leaf } of members) {
      if (this.#entries.has(id)) continue;
      const retry = new LinkRetry({
        renew: () => this.#giveUp(entry),
        isOnline: () => this.#o.isOnline(),
        othersConnecting: () => this.#connecting().filter((one) => one !== entry).length,
        // Each side begins its wait again with the other's attempts, so one of them may never count two.
        onLate: () => this.#o.events.report({ type: 'attempt-failed', id, attempts: 2 }),
      });
      const deliver = async (message: ChannelMessage) => (await entry.link?.sendData(message)) ?? false;
      const onDelivery: OutboxOptions['onDelivery'] = (line, delivery) =>
        this.#o.events.report({ type: 'chat-delivery', id, line, delivery });
      const outbox = new Outbox({ deliver, onDelivery }, this.#outboxes++ * OUTBOX_NUMBERS);
      const inbox = new Inbox((n) => deliver({ type: 'ack', n }));
      const entry: Entry = { id, leaf, retry, outbox, inbox, link: null, since: 0, relays: [], relayedBefore: false };
      this.#entries.set(id, entry);
      if (ownLeaf < leaf) this.#offer(entry);
    }
    this.#countOthers();
  }

  /** Handles a message about a link; `id` is its verified sender. */
  receive(id: string, message: GroupMessage): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    if (message.type === 'link-lost') return this.#onLinkLost(entry, message.link);
    const signal = signalOf(message);
    if (!signal) return;
    // The frame worker identifies links by this id alone: a participant who reuses another's would end that link.
    if ([...this.#entries.values()].some((other) => other !== entry && other.link?.linkId === message.link)) return;
    const isOffer = signal.kind === 'description' && signal.description.kind === 'offer';
    // Only the offerer chooses the id of a new link; a message about any other link is late.
    if (isOffer && entry.link?.linkId !== message.link && this.#ownLeaf > entry.leaf && !entry.retry.isStopped)
      this.#make(entry, message.link, 'answerer');
    if (entry.link?.linkId === message.link) void entry.link.receive(signal);
  }

  get(id: string): Link | null {
    return this.#entries.get(id)?.link ?? null;
  }

  refreshTracks(id: string): void {
    const link = this.get(id);
    const tracks = this.#o.tracksTo(id);
    link?.setTracks(this.#once?.tracks(link, tracks) ?? tracks);
  }

  /** How large this participant shows our camera. */
  setView(id: string, view: ViewSize): void {
    if (!this.#entries.has(id)) return;
    this.#views.set(id, view);
    const link = this.get(id);
    if (link) this.#once?.setView(link, view);
    if (!this.#once) this.#countOthers();
  }

  /** What participants are to be told of a size in which we show them: less, where this device is too slow. */
  told(view: ViewSize): ViewSize {
    return this.#once?.told(view) ?? view;
  }

  /** Signalling is available again. */
  onOnline(): void {
    for (const { retry } of this.#entries.values()) retry.onOnline();
  }

  /**
   * Both participants consented to these relays, or there are new credentials. A link that was created without relays
   * is replaced: simultaneous ICE restarts during connectivity checks cost ten seconds in Chromium (measured).
   */
  allowRelay(id: string, relays: readonly UsableRelay[]): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    const first = entry.relays.length === 0;
    entry.relays = relays;
    entry.relayedBefore = true;
    if (!first) return entry.link?.renewRelay(relays);
    entry.retry.resume();
    if (!entry.retry.isUp && this.#ownLeaf < entry.leaf) this.#offer(entry);
  }

  /** Closes a relayed link immediately; a direct one stays. */
  withdrawRelay(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.relays = [];
    entry.retry.stop();
    entry.link?.withdrawRelay();
  }

  /** A participant declined the connection: no more attempts. */
  stopRetrying(id: string): void {
    this.#entries.get(id)?.retry.stop();
  }

  /** Replaces a relayed link by a direct one. */
  goDirect(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.relays = [];
    entry.retry.resume();
    // Also where the path is already direct: an allocation at the relay lasts as long as its connection.
    if (this.#ownLeaf < entry.leaf) return this.#offer(entry);
    const { link } = entry;
    link?.close();
    if (link) this.#report(entry, link.linkId, { type: 'connection', id, connection: 'connecting' });
  }

  /** Sends a raw group message over every link. */
  broadcast(message: Uint8Array): void {
    for (const { link } of this.#entries.values()) link?.sendGroupMessage(message);
  }

  /** Sends to one participant; the outbox keeps the message until they have confirmed it. @param line id of the chat line that it is */
  sendDataTo(id: string, message: DataMessage, line?: number): void {
    const entry = this.#entries.get(id);
    if (entry) void entry.outbox.add(message, line);
    // They have left meanwhile.
    else if (line !== undefined) this.#o.events.report({ type: 'chat-delivery', id, line, delivery: 'late' });
  }

  async reports(): Promise<readonly LinkReport[]> {
    const reports = await Promise.all([...this.#entries.values()].flatMap(({ link }) => (link ? [link.report()] : [])));
    return reports.filter((report) => report !== null);
  }

  close(ids: readonly string[]): void {
    for (const id of ids) {
      const entry = this.#entries.get(id);
      entry?.retry.close();
      entry?.outbox.close();
      if (entry) this.#closeLink(entry);
      this.#entries.delete(id);
      this.#views.delete(id);
    }
    this.#countOthers();
  }

  closeAll(): void {
    this.#closed = true;
    clearInterval(this.#audit);
    this.#frames.removeEventListener('running', this.#onRunning);
    this.#frames.removeEventListener('lost', this.#onLost);
    this.close([...this.#entries.keys()]);
    this.#once?.close();
  }

  #connecting(): readonly Entry[] {
    return [...this.#entries.values()].filter(({ retry }) => !retry.isUp && !retry.isStopped);
  }

  #countOthers(): void {
    const others = this.#entries.size;
    if (this.#once || !this.#mustManage()) return this.#once?.setOthers(others);
    // Where it cannot be loaded, links keep their own encoders, and the next change of the group tries again.
    loadEncodeOnce().then(
      ({ EncodeOnce: Once }) => this.#encodeWith(Once),
      () => undefined,
    );
  }

  /** For two people their engines do well alone, but for a device that is too slow, and what nobody looks at. */
  #mustManage(): boolean {
    const entries = [...this.#entries.values()];
    if (entries.length !== 1) return entries.length > 1;
    return [...this.#views.values()].some((view) => view !== 'large') || (entries[0]?.link?.answered ?? 0) > SLOW;
  }

  #encodeWith(Once: typeof EncodeOnce): void {
    if (this.#once || this.#closed) return;
    this.#once = new Once({
      frames: this.#frames,
      refresh: () => this.#refreshAll(),
      connecting: () => this.#connecting().length,
      role: () => this.#o.ownRole?.() ?? 'other',
      onLoad: () => this.#o.onLoad?.(),
    });
    for (const [id, view] of this.#views) this.setView(id, view);
    this.#refreshAll();
    this.#once.setOthers(this.#entries.size);
  }

  #refreshAll(): void {
    for (const id of this.#entries.keys()) this.refreshTracks(id);
  }

  #closeLink({ link }: Entry): void {
    link?.close();
    if (link) this.#once?.closeLink(link.linkId);
  }

  #offer(entry: Entry): void {
    void this.#make(entry, toBase64Url(crypto.getRandomValues(new Uint8Array(16))), 'offerer').start();
  }

  #make(entry: Entry, linkId: string, role: 'offerer' | 'answerer'): Link {
    this.#closeLink(entry);
    const { id, leaf, relays, relayedBefore } = entry;
    entry.since = performance.now();
    const report = (input: ParticipantInput): void => this.#report(entry, linkId, input);
    const { frames, iceServers, relayAddresses, mode, packetTime } = this.#o;
    const onChannelOpen = (opened: Link): void => {
      this.#o.events.onChannelOpen(opened);
      void entry.outbox.onOpen();
    };
    const onData = (_: string, message: ChannelMessage): void => this.#onData(entry, message);
    const events = { ...this.#o.events, report, onChannelOpen, onData };
    const servers = { iceServers, relayAddresses, relays, relayedBefore };
    const link = new Link({ id, leaf, linkId, role, frames, mode, packetTime, ...servers, events });
    entry.link = link;
    report({ type: 'encrypted', id, encryption: 'pending' });
    report({ type: 'connection', id, connection: 'connecting' });
    this.refreshTracks(id);
    return link;
  }

  #onData(entry: Entry, message: ChannelMessage): void {
    // Still being decrypted when its sender left.
    if (this.#entries.get(entry.id) !== entry) return;
    if (message.type === 'ack') entry.outbox.onAck(message.n);
    else if (entry.inbox.take(message)) this.#o.events.onData(entry.id, message);
  }

  #report(entry: Entry, linkId: string, input: ParticipantInput): void {
    // Reports of a replaced link are late.
    if (entry.link?.linkId !== linkId) return;
    this.#o.events.report(input);
    // With `relay-only`, no link can connect before both consented.
    const possible = this.#o.mode === 'direct-first' || entry.relays.length > 0;
    if (input.type !== 'connection' || !possible) return;
    entry.retry.onConnection(input.connection);
    if (input.connection === 'connected') this.#once?.onConnected();
  }

  /** The link did not come up, or not again, in time. */
  #giveUp(entry: Entry): void {
    this.#o.events.report({ type: 'attempt-failed', id: entry.id, attempts: 1 });
    this.#renew(entry);
  }

  /** Only the offerer creates a new link; the other side can request one. */
  #renew(entry: Entry): void {
    if (this.#ownLeaf < entry.leaf) this.#offer(entry);
    else if (entry.link) this.#o.events.send(entry.link, { type: 'link-lost', body: {} });
  }

  #onLinkLost(entry: Entry, link: string): void {
    if (this.#ownLeaf > entry.leaf || entry.retry.isStopped) return;
    // The other side lost another link than ours: it never received our offer, unless that is still in transit.
    const isOurs = entry.link?.linkId === link;
    if (!isOurs && (entry.retry.isUp || performance.now() - entry.since <= YOUNG)) return;
    // Our own wait begins again with the new offer, so the attempt is counted here.
    this.#o.events.report({ type: 'attempt-failed', id: entry.id, attempts: 1 });
    this.#offer(entry);
  }

  readonly #onRunning = ({ detail }: CustomEvent<TransformName>): void => {
    const { linkId, stream, direction } = detail;
    for (const { link } of this.#entries.values())
      if (link?.linkId === linkId) link.transformRunning(stream, direction);
  };

  /** The worker died, and media with it. A sender gets only one transform, so every link has to be replaced (§7). */
  readonly #onLost = (): void => {
    this.#once?.onWorkerLost();
    for (const entry of this.#entries.values()) {
      const { id, link, retry } = entry;
      if (!link) continue;
      if (!retry.isStopped) this.#renew(entry);
      else if (!retry.isUp) continue;
      // After a refusal there is no new link, not even to replace a direct one.
      if (entry.link !== link) continue;
      link.close();
      this.#report(entry, link.linkId, {
        type: 'connection',
        id,
        connection: retry.isStopped ? 'failed' : 'connecting',
      });
    }
  };
}

function signalOf(message: GroupMessage): PeerSignal | null {
  if (message.type === 'description') return { kind: 'description', description: message.body };
  if (message.type === 'candidates') return { kind: 'candidates', candidates: message.body.candidates };
  return null;
}
