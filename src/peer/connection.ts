/**
 * One peer connection to one person: direct first, encrypted frames only, and nothing through a relay before both consented
 * (protocol.md §7, §10). Knows no keys: transforms come from outside, and the room decides which tracks may go.
 */
// Evens out what browsers do differently; it sends nothing and changes no address.
import 'webrtc-adapter';
import type { ErrorCode } from '../errors.ts';
import { MediaLines, type Direction, type OwnTracks, type Stream } from './media-lines.ts';
import { Negotiation, type PeerSignal } from './negotiation.ts';
import { statsOf, type Path } from './path.ts';
import { PathWatch } from './path-watch.ts';
import { QualityMeter, type Quality } from './quality.ts';
import { reportOf, type PeerReport } from './peer-report.ts';
import { RelayGate, type UsableRelay, type StunServer } from './relay-gate.ts';

export type { UsableRelay } from './relay-gate.ts';
export type { PeerSignal } from './negotiation.ts';

export interface PeerOptions {
  readonly role: 'offerer' | 'answerer';
  readonly iceServers: readonly StunServer[];
  /** The declared relays' own addresses. */
  readonly relayAddresses: readonly string[];
  readonly mode: 'direct-first' | 'relay-only';
  /** Those that both people agreed to; none before. */
  readonly relays: readonly UsableRelay[];
  /** Whether they had agreed to any in an earlier connection. */
  readonly relayedBefore?: boolean;
  /** Milliseconds without a direct path after which people are asked; default 5,000. */
  readonly askAfter?: number;
  createTransform(stream: Stream, direction: Direction): RTCRtpScriptTransform;
  send(signal: PeerSignal): void;
  onEvent(event: PeerEvent): void;
}

export type PeerEvent =
  | { readonly type: 'connection'; readonly state: 'connecting' | 'connected' | 'interrupted' | 'failed' | 'closed' }
  | { readonly type: 'track'; readonly stream: Stream; readonly track: MediaStreamTrack }
  | { readonly type: 'path'; readonly path: Path }
  | { readonly type: 'relay-needed' }
  | { readonly type: 'relay-not-needed' }
  | { readonly type: 'channel-open' }
  | { readonly type: 'channel-closed' }
  | { readonly type: 'channel-message'; readonly data: Uint8Array<ArrayBuffer> }
  | { readonly type: 'quality'; readonly quality: Quality }
  | { readonly type: 'speaking'; readonly speaking: boolean }
  | { readonly type: 'error'; readonly code: ErrorCode };

/** ICE fails only after some 15 s (measured); a person is asked well before. */
const ASK_AFTER = 5_000;
/** A short gap heals by itself; then ICE is restarted, by one side first, so that they do not both at once. */
const RESTART_AFTER = { offerer: 2_000, answerer: 4_000 } as const;
const NO_TRACKS: OwnTracks = { audio: null, camera: null, screen: null };
const LOOK_EVERY = 500;
/** Every fourth look reads the whole report. */
const FULL_LOOK = 4;
const LOUD = 0.02;

/** Chromium's flag by which a connection fails closed: what has no transform moves no frame. Others ignore it. */
interface FailClosed extends RTCConfiguration {
  readonly encodedInsertableStreams: true;
}

export class Peer {
  readonly #o: PeerOptions;
  readonly #gate: RelayGate;
  readonly #pc: RTCPeerConnection;
  readonly #lines: MediaLines;
  readonly #negotiation: Negotiation;
  readonly #channel: RTCDataChannel;
  readonly #quality = new QualityMeter();
  readonly #looks: ReturnType<typeof setInterval>;
  readonly #watch: PathWatch;
  #ask: ReturnType<typeof setTimeout> | undefined;
  #restart: ReturnType<typeof setTimeout> | undefined;
  #tracks: OwnTracks = NO_TRACKS;
  #connected = false;
  #speaking = false;
  #look = 0;
  #closed = false;

  constructor(o: PeerOptions) {
    this.#o = o;
    const { iceServers: stun, relayAddresses, mode, relays, relayedBefore = false } = o;
    this.#gate = new RelayGate({ stun, relayAddresses, mode, relays, relayedBefore });
    this.#pc = new RTCPeerConnection(this.#configuration());
    this.#lines = new MediaLines({ createTransform: (stream, direction) => o.createTransform(stream, direction) });
    this.#negotiation = new Negotiation({
      pc: this.#pc,
      role: o.role,
      gate: this.#gate,
      lines: this.#lines,
      send: (signal) => o.send(signal),
      onDescribed: () => this.#tellTracks(),
      onTold: () => void this.#watch.look(),
      onError: (code) => o.onEvent({ type: 'error', code }),
    });
    if (o.role === 'offerer') this.#lines.add(this.#pc);
    this.#watch = this.#watchPath();
    this.#channel = this.#openChannel();
    this.#pc.addEventListener('connectionstatechange', this.#onState);
    this.#looks = setInterval(() => void this.#lookAround(), LOOK_EVERY);
    this.#ask = setTimeout(() => this.#needRelay(), o.mode === 'relay-only' ? 0 : (o.askAfter ?? ASK_AFTER));
  }

  /** Offerer: makes the first offer. */
  start(): Promise<void> {
    return this.#negotiation.offer();
  }

  /** Never throws: what is wrong with a signal is an event. */
  receive(signal: PeerSignal): Promise<void> {
    return this.#negotiation.receive(signal);
  }

  transformRunning(stream: Stream, direction: Direction): void {
    if (direction === 'send') this.#lines.transformRunning(stream);
  }

  /** What goes to this person from now on; a track waits until its transform runs and the path is known. */
  setTracks(tracks: OwnTracks): void {
    this.#tracks = tracks;
    this.#lines.setTracks(this.#watch.media === 'open' ? tracks : NO_TRACKS);
  }

  restartIce(): void {
    if (this.#closed) return;
    this.#pc.restartIce();
  }

  /** Credentials for the relays that this connection was made with, in the place of old ones: for the next ICE restart. */
  renewRelay(servers: readonly UsableRelay[]): void {
    if (this.#closed || !this.#gate.isOpen) return;
    this.#gate.open(servers);
    this.#pc.setConfiguration(this.#configuration());
  }

  /** Closes a relayed path at once, and locally; a direct one stays. */
  withdrawRelay(): void {
    if (this.#closed) return;
    this.#gate.close();
    if (this.#watch.path !== 'direct') return this.#fail();
    this.#pc.setConfiguration(this.#configuration());
    // An unsent look behind: the path may have changed this very moment.
    void this.#watch.look();
  }

  /** @returns whether it was sent */
  sendChannel(data: Uint8Array<ArrayBuffer>): boolean {
    if (this.#channel.readyState !== 'open' || this.#watch.media !== 'open') return false;
    try {
      this.#channel.send(data);
      return true;
    } catch {
      // The buffer is full: the other end does not take anything in.
      return false;
    }
  }

  /** Frames that the engine has sent, per stream, for comparing with what was encrypted. */
  sent(): Promise<Readonly<Record<Stream, number>>> {
    return this.#lines.sent();
  }

  async report(): Promise<PeerReport> {
    return reportOf(this.#closed ? [] : statsOf(await this.#pc.getStats()), this.#watch.path);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#ask);
    clearTimeout(this.#restart);
    clearInterval(this.#looks);
    this.#negotiation.close();
    this.#pc.removeEventListener('connectionstatechange', this.#onState);
    for (const { track } of this.#pc.getReceivers()) track.stop();
    this.#channel.close();
    this.#pc.close();
    this.#watch.lost();
    this.#watch.close();
    this.#o.onEvent({ type: 'connection', state: 'closed' });
  }

  #openChannel(): RTCDataChannel {
    // Negotiated, so that no message of the engine announces it.
    const channel = this.#pc.createDataChannel('consult-room', { negotiated: true, id: 0 });
    channel.binaryType = 'arraybuffer';
    channel.addEventListener('open', () => this.#tellChannel());
    channel.addEventListener('close', () => this.#o.onEvent({ type: 'channel-closed' }));
    channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer && !this.#closed)
        this.#o.onEvent({ type: 'channel-message', data: new Uint8Array(data) });
    });
    return channel;
  }

  /** All lines have their receivers from the first description on; `track` events would come before they are named. */
  #tellTracks(): void {
    for (const { stream, track } of this.#lines.received()) this.#o.onEvent({ type: 'track', stream, track });
  }

  #watchPath(): PathWatch {
    return new PathWatch({
      pc: this.#pc,
      gate: this.#gate,
      onPath: (path) => this.#onPath(path),
      onMedia: (media) => this.#onMedia(media),
      onMapping: (candidate) => this.#negotiation.tellMapping(candidate),
      onForbidden: () => {
        this.#o.onEvent({ type: 'error', code: 'relay-undeclared' });
        this.#needRelay();
        this.#fail();
      },
    });
  }

  #onPath(path: Path): void {
    this.#o.onEvent({ type: 'path', path });
    if (path === 'none') return;
    clearTimeout(this.#ask);
    if (path === 'direct') this.#o.onEvent({ type: 'relay-not-needed' });
  }

  #onMedia(media: 'open' | 'held'): void {
    this.setTracks(this.#tracks);
    if (media === 'held') return;
    this.#tellConnected();
    this.#tellChannel();
  }

  #tellConnected(): void {
    if (this.#connected || this.#watch.media !== 'open' || this.#pc.connectionState !== 'connected') return;
    this.#connected = true;
    this.#o.onEvent({ type: 'connection', state: 'connected' });
  }

  #tellChannel(): void {
    if (this.#channel.readyState === 'open' && this.#watch.media === 'open') this.#o.onEvent({ type: 'channel-open' });
  }

  #configuration(): FailClosed {
    return { ...this.#gate.configuration(), encodedInsertableStreams: true };
  }

  readonly #onState = (): void => {
    const { connectionState } = this.#pc;
    clearTimeout(this.#restart);
    if (connectionState === 'connected') {
      this.#tellConnected();
      void this.#watch.look();
    } else if (connectionState === 'disconnected') {
      this.#connected = false;
      this.#o.onEvent({ type: 'connection', state: 'interrupted' });
      this.#restart = setTimeout(() => this.restartIce(), RESTART_AFTER[this.#o.role]);
    } else if (connectionState === 'failed') {
      this.#connected = false;
      this.#watch.lost();
      this.#o.onEvent({ type: 'connection', state: 'failed' });
      this.#needRelay();
    }
  };

  #needRelay(): void {
    clearTimeout(this.#ask);
    if (!this.#closed && !this.#gate.isOpen && this.#watch.path !== 'direct') this.#o.onEvent({ type: 'relay-needed' });
  }

  /** For good: the room makes another connection if there is to be one. */
  #fail(): void {
    this.#o.onEvent({ type: 'connection', state: 'failed' });
    this.close();
  }

  async #lookAround(): Promise<void> {
    if (this.#pc.connectionState !== 'connected') return;
    const speaking = (await this.#lines.loudness()) > LOUD;
    if (this.#closed) return;
    if (speaking !== this.#speaking) {
      this.#speaking = speaking;
      this.#o.onEvent({ type: 'speaking', speaking });
    }
    this.#look = (this.#look + 1) % FULL_LOOK;
    if (this.#look === 0) await this.#lookClosely();
  }

  async #lookClosely(): Promise<void> {
    const stats = statsOf(await this.#pc.getStats());
    this.#watch.judge(stats);
    if (this.#closed) return;
    const quality = this.#quality.look(stats);
    if (quality) this.#o.onEvent({ type: 'quality', quality });
  }
}
