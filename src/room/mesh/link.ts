/**
 * The link to one participant: a peer connection, the frame transforms on it, and the streams that arrive. A link
 * belongs to one leaf for its whole life (protocol.md §7); to reconnect, `Mesh` replaces it by another `Link` with
 * another link id.
 */
import type { FrameWorkerClient, FrameStream } from '../../e2ee/frames/frame-worker-client.ts';
import type { ErrorCode } from '../../errors.ts';
import { addRoomTrack } from '../../guard/entrance.ts';
import type { CameraLimit, OwnTracks } from '../../peer/media-lines.ts';
import {
  Peer,
  type CameraReport,
  type PeerEvent,
  type PacketTime,
  type PeerSignal,
  type UsableRelay,
} from '../../peer/connection.ts';
import { FrameAudit } from './frame-audit.ts';
import { DataReceiver } from './data-receiver.ts';
import { countFrames } from './frame-totals.ts';
import type { ParticipantInput } from '../state/actions.ts';
import type { LinkReport } from './link-report.ts';
import { encodeData, type ChannelMessage, type GroupContent } from '../messages/messages.ts';

export interface LinkOptions {
  readonly id: string;
  readonly leaf: number;
  readonly linkId: string;
  readonly role: 'offerer' | 'answerer';
  readonly frames: FrameWorkerClient;
  readonly iceServers: readonly { readonly urls: readonly string[] }[];
  readonly relayAddresses: readonly string[];
  readonly mode: 'direct-first' | 'relay-only';
  /** The relays that both participants consented to; empty before. */
  readonly relays: readonly UsableRelay[];
  /** Whether they had consented to one in an earlier link. */
  readonly relayedBefore: boolean;
  /** Milliseconds of sound in a packet that we send; default 20. */
  readonly packetTime?: PacketTime | undefined;
  readonly events: LinkEvents;
}

export interface LinkEvents {
  /** Sends to this participant, through the group. */
  send(link: Link, content: GroupContent): void;
  report(input: ParticipantInput): void;
  onGroupMessage(message: Uint8Array<ArrayBuffer>): void;
  /** A message on the data channel; `id` is the participant at the other end. */
  onData(id: string, message: ChannelMessage): void;
  onChannelOpen(link: Link): void;
  onRelayNeeded(link: Link, needed: 'yes' | 'no'): void;
  onConnection(connection: RTCPeerConnection): void;
  onProblem(code: ErrorCode): void;
}

/** First byte of every message on the data channel. */
const ON_CHANNEL = { group: 1, data: 2 } as const;
const STREAMS: readonly FrameStream[] = ['audio', 'camera', 'screen'];

export class Link {
  readonly id: string;
  readonly leaf: number;
  readonly linkId: string;
  readonly role: 'offerer' | 'answerer';
  /** Camera and microphone in one stream, so that the browser keeps them in sync. */
  readonly camera = new MediaStream();
  readonly screen = new MediaStream();
  readonly #peer: Peer;
  readonly #frames: FrameWorkerClient;
  readonly #events: LinkEvents;
  readonly #running = new Set<string>();
  readonly #audit = new FrameAudit();
  readonly #data: DataReceiver;
  #closed = false;

  constructor(o: LinkOptions) {
    ({ id: this.id, leaf: this.leaf, linkId: this.linkId, role: this.role } = o);
    this.#frames = o.frames;
    this.#events = o.events;
    this.#data = new DataReceiver({
      open: (sealed) => o.frames.openData(o.linkId, sealed),
      onData: (message) => o.events.onData(this.id, message),
      onProblem: (code) => o.events.onProblem(code),
    });
    o.frames.openLink(o.linkId, o.leaf);
    this.#peer = new Peer({
      role: o.role,
      iceServers: o.iceServers,
      relayAddresses: o.relayAddresses,
      mode: o.mode,
      relays: o.relays,
      relayedBefore: o.relayedBefore,
      packetTime: o.packetTime,
      createTransform: (stream, direction) => o.frames.createTransform({ linkId: o.linkId, stream, direction }),
      send: (signal) => this.#events.send(this, contentOf(signal)),
      onEvent: (event) => this.#onPeerEvent(event),
    });
  }

  start(): Promise<void> {
    return this.#peer.start();
  }

  receive(signal: PeerSignal): Promise<void> {
    return this.#peer.receive(signal);
  }

  setTracks(tracks: OwnTracks): void {
    this.#peer.setTracks(tracks);
  }

  /** The worker reports that a transform of this link is running; only now may its sender get a track. */
  transformRunning(stream: FrameStream, direction: 'send' | 'receive'): void {
    this.#running.add(`${stream} ${direction}`);
    this.#peer.transformRunning(stream, direction);
    if (this.#running.size === STREAMS.length * 2)
      this.#events.report({ type: 'encrypted', id: this.id, encryption: 'running' });
  }

  /** Sends a raw group message directly to this participant. @returns whether it was sent */
  sendGroupMessage(message: Uint8Array): boolean {
    return this.#sendOnChannel(ON_CHANNEL.group, message);
  }

  /**
   * Sends a message to this participant alone, such as a chat line, encrypted like a frame.
   *
   * @returns whether it was sent
   */
  async sendData(message: ChannelMessage): Promise<boolean> {
    return this.#sendOnChannel(ON_CHANNEL.data, await this.#frames.sealData(encodeData(message)));
  }

  renewRelay(servers: readonly UsableRelay[]): void {
    this.#peer.renewRelay(servers);
  }

  withdrawRelay(): void {
    this.#peer.withdrawRelay();
  }

  /**
   * Compares what the media engine sent with what the worker encrypted. If the engine sent more, frames left
   * unencrypted: the link is closed (invariant 3). Without an answer of the worker there is nothing to compare: it has
   * ended, with the call or with all its links.
   */
  async audit(): Promise<void> {
    const sent = await this.#peer.sent();
    const counters = await this.#frames.counters(this.linkId).catch(() => null);
    if (!counters) return;
    // Some engines count a frame as sent although the worker dropped it because it had no key, or was a carrier without
    // a frame of the studio: such a frame did not leave.
    const handled = (stream: FrameStream): number =>
      counters[stream].encrypted + counters[stream].unused + counters[stream].dropped.noKey;
    const counts = { audio: handled('audio'), camera: handled('camera'), screen: handled('screen') };
    if (this.#audit.check(sent, counts) === 'match' || this.#closed) return;
    this.#events.report({ type: 'encrypted', id: this.id, encryption: 'broken' });
    this.#events.onProblem('encryption-broken');
    this.close();
  }

  /** Milliseconds that its engine took for its last report. */
  get answered(): number {
    return this.#peer.answered;
  }

  cameraStats(): Promise<CameraReport> {
    return this.#peer.cameraStats();
  }

  probe(): void {
    this.#peer.probe();
  }

  limitCamera(limit: CameraLimit): void {
    this.#peer.limitCamera(limit);
  }

  /** @returns null where the worker ended before it answered */
  async report(): Promise<LinkReport | null> {
    const [report, counters] = await Promise.all([
      this.#peer.report(),
      this.#frames.counters(this.linkId).catch(() => null),
    ]);
    return counters && { id: this.id, frames: countFrames(STREAMS.map((stream) => counters[stream])), ...report };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#peer.close();
    this.#frames.closeLink(this.linkId);
    for (const stream of [this.camera, this.screen]) for (const track of stream.getTracks()) stream.removeTrack(track);
    for (const stream of STREAMS) this.#events.report({ type: 'stream', id: this.id, stream, there: false });
  }

  #sendOnChannel(kind: number, payload: Uint8Array): boolean {
    const framed = new Uint8Array(payload.length + 1);
    framed[0] = kind;
    framed.set(payload, 1);
    return this.#peer.sendChannel(framed);
  }

  #onPeerEvent(event: PeerEvent): void {
    const { id } = this;
    switch (event.type) {
      case 'connection':
        if (event.state !== 'closed') this.#events.report({ type: 'connection', id, connection: event.state });
        return;
      case 'path':
        return this.#events.report({ type: 'path', id, path: event.path });
      case 'created':
        return this.#events.onConnection(event.connection);
      case 'track':
        return this.#onTrack(event.stream, event.track);
      case 'relay-needed':
        return this.#events.onRelayNeeded(this, 'yes');
      case 'relay-not-needed':
        return this.#events.onRelayNeeded(this, 'no');
      case 'channel-open':
        return this.#events.onChannelOpen(this);
      case 'channel-message':
        return this.#onChannelMessage(event.data);
      case 'quality':
        return this.#events.report({ type: 'quality', id, quality: event.quality });
      case 'speaking':
        return this.#events.report({ type: 'speaking', id, speaking: event.speaking });
      case 'error':
        return this.#events.onProblem(event.code);
    }
  }

  #onTrack(stream: FrameStream, track: MediaStreamTrack): void {
    const target = stream === 'screen' ? this.screen : this.camera;
    // Browsers may fire two `track` events for one receiver.
    if (!target.getTracks().includes(track)) addRoomTrack(target, track);
    this.#events.report({ type: 'stream', id: this.id, stream, there: true });
  }

  #onChannelMessage(data: Uint8Array<ArrayBuffer>): void {
    const payload = data.subarray(1);
    if (data[0] === ON_CHANNEL.group) this.#events.onGroupMessage(payload);
    else if (data[0] === ON_CHANNEL.data) void this.#data.receive(payload);
    else this.#events.onProblem('message-invalid');
  }
}

function contentOf(signal: PeerSignal): GroupContent {
  return signal.kind === 'description'
    ? { type: 'description', body: { kind: signal.description.kind, sdp: signal.description.sdp } }
    : { type: 'candidates', body: { candidates: [...signal.candidates] } };
}
