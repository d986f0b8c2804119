/**
 * All links of a mesh: opened and closed with the roster, one per participant, the lower leaf offering (protocol.md §7).
 */
import type { FrameWorkerClient, TransformName } from '../../e2ee/frames/frame-worker-client.ts';
import { toBase64Url } from '../../util/base64url.ts';
import type { PeerSignal, UsableRelay } from '../../peer/connection.ts';
import type { ParticipantInput } from '../state/actions.ts';
import { LinkRetry } from './link-retry.ts';
import { Link, type OwnTracks, type LinkEvents, type LinkOptions } from './link.ts';
import type { LinkReport } from './link-report.ts';
import { Outbox } from './outbox.ts';
import type { DataMessage, GroupMessage } from '../messages/messages.ts';

export interface MeshOptions extends Pick<LinkOptions, 'frames' | 'iceServers' | 'relayAddresses' | 'mode'> {
  readonly events: LinkEvents;
  /** Whether the others can be told anything now. */
  isOnline(): boolean;
  /** Own tracks for a participant, as far as they may go there now. */
  tracksTo(id: string): OwnTracks;
}

interface Entry {
  readonly id: string;
  readonly leaf: number;
  readonly retry: LinkRetry;
  readonly outbox: Outbox<DataMessage>;
  link: Link | null;
  /** Milliseconds since the page began: when the present link was made. */
  since: number;
  /** What both people of this pair agreed to; none before, and none after one of them took it back. */
  relays: readonly UsableRelay[];
  /** Whether they ever agreed to one: an allocation may outlive its connection. */
  relayedBefore: boolean;
}

/** How often sent and encrypted frames are compared, in milliseconds. */
const AUDIT_EVERY = 2_000;
/** A link younger than this is not replaced because the other side misses one: it is the replacement. Milliseconds. */
const YOUNG = 3_000;

export class Mesh {
  readonly #o: MeshOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #frames: FrameWorkerClient;
  readonly #audit: ReturnType<typeof setInterval>;
  #ownLeaf = -1;

  constructor(o: MeshOptions) {
    this.#o = o;
    this.#frames = o.frames;
    this.#frames.addEventListener('running', this.#onRunning);
    this.#frames.addEventListener('lost', this.#onLost);
    this.#audit = setInterval(() => {
      for (const { link } of this.#entries.values()) void link?.audit();
    }, AUDIT_EVERY);
  }

  /** Opens links to who is new. Who is gone is closed too, though {@link close} should have done it earlier. */
  sync(ownLeaf: number, members: readonly { readonly id: string; readonly leaf: number }[]): void {
    this.#ownLeaf = ownLeaf;
    this.close([...this.#entries.keys()].filter((id) => !members.some((member) => member.id === id)));
    for (const { id, leaf } of members) {
      if (this.#entries.has(id)) continue;
      const retry = new LinkRetry({ renew: () => this.#renew(entry), isOnline: () => this.#o.isOnline() });
      const outbox = new Outbox<DataMessage>(async (message) => (await entry.link?.sendData(message)) ?? false);
      const entry: Entry = { id, leaf, retry, outbox, link: null, since: 0, relays: [], relayedBefore: false };
      this.#entries.set(id, entry);
      if (ownLeaf < leaf) this.#offer(entry);
    }
  }

  /** A message about a link from its verified owner. */
  receive(id: string, message: GroupMessage): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    if (message.type === 'link-lost') return this.#onLinkLost(entry, message.link);
    const signal = signalOf(message);
    if (!signal) return;
    // The frame worker knows links by these names alone: one that takes another's would end that link.
    if ([...this.#entries.values()].some((other) => other !== entry && other.link?.linkId === message.link)) return;
    const isOffer = signal.kind === 'description' && signal.description.kind === 'offer';
    // Only the offerer names a new link; whatever is about another one is late.
    if (isOffer && entry.link?.linkId !== message.link && this.#ownLeaf > entry.leaf && !entry.retry.isStopped)
      this.#make(entry, message.link, 'answerer');
    if (entry.link?.linkId === message.link) void entry.link.receive(signal);
  }

  get(id: string): Link | null {
    return this.#entries.get(id)?.link ?? null;
  }

  refreshTracks(id: string): void {
    this.get(id)?.setTracks(this.#o.tracksTo(id));
  }

  /** Signalling is back. */
  onOnline(): void {
    for (const { retry } of this.#entries.values()) retry.onOnline();
  }

  /**
   * Both agreed to these relays, or they have new credentials. A link that was made without them is replaced rather than restarted:
   * ICE restarts on two sides at once, in the middle of checking, cost ten seconds in Chromium (measured).
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

  /** Ends a relayed link at once; a direct one stays. */
  withdrawRelay(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.relays = [];
    entry.retry.stop();
    entry.link?.withdrawRelay();
  }

  /** People decided against a connection: no more attempts. */
  stopRetrying(id: string): void {
    this.#entries.get(id)?.retry.stop();
  }

  /** From the relay to the direct way: the relayed link ends, and a direct one is made. */
  goDirect(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.relays = [];
    entry.retry.resume();
    // Even where the path is direct by now: an allocation at the relay lasts as long as its connection.
    if (this.#ownLeaf < entry.leaf) return this.#offer(entry);
    const { link } = entry;
    link?.close();
    if (link) this.#report(entry, link.linkId, { type: 'connection', id, connection: 'connecting' });
  }

  /** A raw group message to every direct neighbour. */
  broadcast(message: Uint8Array): void {
    for (const { link } of this.#entries.values()) link?.sendGroupMessage(message);
  }

  /** To everyone; to those whose link is down when it is up again. */
  async sendData(message: DataMessage): Promise<void> {
    for (const { outbox } of this.#entries.values()) await outbox.add(message);
  }

  reports(): Promise<readonly LinkReport[]> {
    return Promise.all([...this.#entries.values()].flatMap(({ link }) => (link ? [link.report()] : [])));
  }

  close(ids: readonly string[]): void {
    for (const id of ids) {
      const entry = this.#entries.get(id);
      entry?.retry.close();
      entry?.link?.close();
      this.#entries.delete(id);
    }
  }

  closeAll(): void {
    clearInterval(this.#audit);
    this.#frames.removeEventListener('running', this.#onRunning);
    this.#frames.removeEventListener('lost', this.#onLost);
    this.close([...this.#entries.keys()]);
  }

  #offer(entry: Entry): void {
    void this.#make(entry, toBase64Url(crypto.getRandomValues(new Uint8Array(16))), 'offerer').start();
  }

  #make(entry: Entry, linkId: string, role: 'offerer' | 'answerer'): Link {
    entry.link?.close();
    const { id, leaf, relays, relayedBefore } = entry;
    entry.since = performance.now();
    const report = (input: ParticipantInput): void => this.#report(entry, linkId, input);
    const { frames, iceServers, relayAddresses, mode } = this.#o;
    const onChannelOpen = (opened: Link): void => {
      this.#o.events.onChannelOpen(opened);
      void entry.outbox.flush();
    };
    const events = { ...this.#o.events, report, onChannelOpen };
    const servers = { iceServers, relayAddresses, relays, relayedBefore };
    const link = new Link({ id, leaf, linkId, role, frames, mode, ...servers, events });
    entry.link = link;
    report({ type: 'encrypted', id, encryption: 'pending' });
    report({ type: 'connection', id, connection: 'connecting' });
    link.setTracks(this.#o.tracksTo(id));
    return link;
  }

  #report(entry: Entry, linkId: string, input: ParticipantInput): void {
    // What a link says that was replaced is late.
    if (entry.link?.linkId !== linkId) return;
    this.#o.events.report(input);
    // Where only a relay may be used, nothing can come up before it was agreed to.
    const possible = this.#o.mode === 'direct-first' || entry.relays.length > 0;
    if (input.type === 'connection' && possible) entry.retry.onConnection(input.connection);
  }

  /** Only the offerer names a new link; the other side can ask for it. */
  #renew(entry: Entry): void {
    if (this.#ownLeaf < entry.leaf) this.#offer(entry);
    else if (entry.link) this.#o.events.send(entry.link, { type: 'link-lost', body: {} });
  }

  #onLinkLost(entry: Entry, link: string): void {
    if (this.#ownLeaf > entry.leaf || entry.retry.isStopped) return;
    // Another link than ours: the offer of ours never arrived, unless it is still under way.
    const isOurs = entry.link?.linkId === link;
    if (isOurs || (!entry.retry.isUp && performance.now() - entry.since > YOUNG)) this.#offer(entry);
  }

  readonly #onRunning = ({ detail }: CustomEvent<TransformName>): void => {
    const { linkId, stream, direction } = detail;
    for (const { link } of this.#entries.values())
      if (link?.linkId === linkId) link.transformRunning(stream, direction);
  };

  /** The worker died: media has stopped by itself, and one transform per sender means new connections (§7). */
  readonly #onLost = (): void => {
    for (const entry of this.#entries.values()) {
      const { id, link, retry } = entry;
      if (!link) continue;
      if (!retry.isStopped) this.#renew(entry);
      else if (!retry.isUp) continue;
      // After a no there is no other link, not even in place of a direct one that was up.
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
