/**
 * One peer connection to one participant: direct first, encrypted frames only, and nothing over a relay before both
 * consented (protocol.md §7, §10). It knows no keys: transforms come from outside, and the room decides which tracks
 * it may send.
 */
import type { PacketTime } from './session-description.ts';
import type { ErrorCode } from '../errors.ts';
import {
  loudnessOf,
  MediaLines,
  NOTHING_SENT,
  type CameraLimit,
  type Direction,
  type OwnTracks,
  type Sent,
  type Stream,
} from './media-lines.ts';
import { Negotiation, type PeerSignal } from './negotiation.ts';
import { statsOf, type Path, type Stat } from './path.ts';
import { PathWatch } from './path-watch.ts';
import { QualityMeter, type Quality } from './quality.ts';
import { reportOf, type PeerReport } from './peer-report.ts';
import { RelayGate, type UsableRelay, type StunServer } from './relay-gate.ts';

export type { PacketTime } from './session-description.ts';
export type { UsableRelay } from './relay-gate.ts';
export type { PeerSignal } from './negotiation.ts';

export interface PeerOptions {
  readonly role: 'offerer' | 'answerer';
  readonly iceServers: readonly StunServer[];
  /** IP addresses of the declared relays. */
  readonly relayAddresses: readonly string[];
  readonly mode: 'direct-first' | 'relay-only';
  /** Relays that both participants agreed to; empty before. */
  readonly relays: readonly UsableRelay[];
  /** Whether they agreed to one in an earlier connection. */
  readonly relayedBefore?: boolean;
  /** Milliseconds of sound in a packet that we send; default 20. */
  readonly packetTime?: PacketTime | undefined;
  /** Milliseconds without a direct path after which participants are asked about a relay; default 5,000. */
  readonly askAfter?: number;
  createTransform(stream: Stream, direction: Direction): RTCRtpScriptTransform;
  send(signal: PeerSignal): void;
  onEvent(event: PeerEvent): void;
}

/** What is known of our camera's sender, and of the path that it uses. */
export interface CameraReport {
  /** Milliseconds of `performance.now()` when it was made. */
  readonly at: number;
  readonly stats: readonly Stat[];
}

export type PeerEvent =
  | { readonly type: 'connection'; readonly state: 'connecting' | 'connected' | 'interrupted' | 'failed' | 'closed' }
  /** Before anything is on it. */
  | { readonly type: 'created'; readonly connection: RTCPeerConnection }
  | { readonly type: 'track'; readonly stream: Stream; readonly track: MediaStreamTrack }
  | { readonly type: 'path'; readonly path: Path }
  | { readonly type: 'relay-needed' }
  | { readonly type: 'relay-not-needed' }
  | { readonly type: 'channel-open' }
  | { readonly type: 'channel-message'; readonly data: Uint8Array<ArrayBuffer> }
  | { readonly type: 'quality'; readonly quality: Quality }
  | { readonly type: 'speaking'; readonly speaking: boolean }
  | { readonly type: 'error'; readonly code: ErrorCode };

/** Milliseconds. ICE fails only after some 15 s (measured); participants are asked well before. */
const ASK_AFTER = 5_000;
/**
 * Milliseconds. A short gap recovers without a restart. The two sides wait differently, so that they do not restart
 * ICE at once.
 */
const RESTART_AFTER = { offerer: 2_000, answerer: 4_000 } as const;
const NO_TRACKS: OwnTracks = { audio: null, camera: null, screen: null };
/**
 * Milliseconds between two polls of the statistics. Collecting a report stops three threads of the engine for some 0.6 ms
 * (measured), eight times as long in a group of nine: each is read by all who need one.
 */
const POLL_EVERY = 500;
/** Of the polls, those that read the whole report, and those that judge the quality by it. */
const WHOLE = 2;
const JUDGED = 4;
/** Milliseconds for which a whole report says what has been sent: one that is on its way takes a slow device longer. */
const RECENT = 5_000;
/**
 * Milliseconds of an answer from which an engine is asked less: first not in between, then only to judge the quality. Its
 * device has other things to do.
 */
const BUSY = { some: 25, very: 60 } as const;
/** Audio level from 0 to 1 above which a participant is speaking. */
const LOUD = 0.02;

/** Makes a connection fail closed in Chromium: without a transform it moves no frame. Other browsers ignore it. */
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
  readonly #polls: ReturnType<typeof setInterval>;
  readonly #watch: PathWatch;
  #ask: ReturnType<typeof setTimeout> | undefined;
  #restart: ReturnType<typeof setTimeout> | undefined;
  #tracks: OwnTracks = NO_TRACKS;
  #connected = false;
  #speaking = false;
  #poll = 0;
  #polling = false;
  /** The last whole report; none before the first poll of a connection. */
  #last: CameraReport = { at: 0, stats: [] };
  #answered = 0;
  #closed = false;

  constructor(o: PeerOptions) {
    this.#o = o;
    const { iceServers: stun, relayAddresses, mode, relays, relayedBefore = false } = o;
    this.#gate = new RelayGate({ stun, relayAddresses, mode, relays, relayedBefore });
    this.#pc = new RTCPeerConnection(this.#configuration());
    o.onEvent({ type: 'created', connection: this.#pc });
    this.#lines = new MediaLines({ createTransform: (stream, direction) => o.createTransform(stream, direction) });
    this.#negotiation = new Negotiation({
      pc: this.#pc,
      role: o.role,
      gate: this.#gate,
      lines: this.#lines,
      packetTime: o.packetTime,
      send: (signal) => o.send(signal),
      onDescribed: () => this.#reportTracks(),
      onCandidates: () => this.#watch.told(),
      onError: (code) => o.onEvent({ type: 'error', code }),
    });
    if (o.role === 'offerer') this.#lines.add(this.#pc);
    this.#watch = this.#watchPath();
    this.#channel = this.#openChannel();
    this.#pc.addEventListener('connectionstatechange', this.#onState);
    this.#polls = setInterval(() => void this.#pollStatistics(), POLL_EVERY);
    this.#ask = setTimeout(() => this.#needRelay(), o.mode === 'relay-only' ? 0 : (o.askAfter ?? ASK_AFTER));
  }

  /** Offerer: makes the first offer. */
  start(): Promise<void> {
    return this.#negotiation.offer();
  }

  /** Never throws: a bad signal is reported as an event. */
  receive(signal: PeerSignal): Promise<void> {
    return this.#negotiation.receive(signal);
  }

  transformRunning(stream: Stream, direction: Direction): void {
    if (direction === 'send') this.#lines.transformRunning(stream);
  }

  /** Sets the tracks to send from now on; each waits until its transform runs and the path is known. */
  setTracks(tracks: OwnTracks): void {
    this.#tracks = tracks;
    this.#lines.setTracks(this.#watch.media === 'open' ? tracks : NO_TRACKS);
  }

  /** Limits what its own encoder makes of our camera. */
  limitCamera(limit: CameraLimit): void {
    this.#lines.limitCamera(limit);
  }

  restartIce(): void {
    if (this.#closed) return;
    this.#pc.restartIce();
  }

  /** Replaces the credentials of the relays that this connection was made with: for the next ICE restart. */
  renewRelay(servers: readonly UsableRelay[]): void {
    if (this.#closed || !this.#gate.isOpen) return;
    this.#gate.open(servers);
    this.#pc.setConfiguration(this.#configuration());
  }

  /** Closes a relayed path immediately, without waiting for the other side; a direct path stays. */
  withdrawRelay(): void {
    if (this.#closed) return;
    this.#gate.close();
    if (this.#watch.path !== 'direct') return this.#fail();
    this.#pc.setConfiguration(this.#configuration());
    // The path may have changed since it was last read.
    this.#watch.look();
  }

  /** @returns whether it was sent */
  sendChannel(data: Uint8Array<ArrayBuffer>): boolean {
    if (this.#channel.readyState !== 'open' || this.#watch.media !== 'open') return false;
    try {
      this.#channel.send(data);
      return true;
    } catch {
      // The buffer is full: the other end does not read.
      return false;
    }
  }

  /** Frames that the engine has sent up to now, or up to some seconds ago, to compare with those encrypted until now. */
  async sent(): Promise<Sent> {
    const { at, stats } = this.#last;
    if (at === 0 && /^(?:new|connecting)$/u.test(this.#pc.connectionState)) return NOTHING_SENT;
    const recent = performance.now() - at < RECENT ? this.#lines.sentOf(stats) : null;
    return recent ?? this.#lines.sent();
  }

  /** Milliseconds that the engine took for its last whole report. */
  get answered(): number {
    return this.#answered;
  }

  /** The newest statistics of our camera's sender, up to a second old; empty once closed. */
  async cameraStats(): Promise<CameraReport> {
    if (this.#closed) return { at: this.#last.at, stats: [] };
    const stats = this.#lines.cameraOf(this.#last.stats);
    return stats ? { at: this.#last.at, stats } : { at: performance.now(), stats: await this.#lines.cameraStats() };
  }

  /** Has the engine look whether the way has become wider. */
  probe(): void {
    if (!this.#closed) this.#lines.probe();
  }

  async report(): Promise<PeerReport> {
    return reportOf(this.#closed ? [] : statsOf(await this.#pc.getStats()), this.#watch.path);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#ask);
    clearTimeout(this.#restart);
    clearInterval(this.#polls);
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
    // Negotiated out of band: otherwise the engine announces the channel with a message of its own (RFC 8832).
    const channel = this.#pc.createDataChannel('consult-room', { negotiated: true, id: 0 });
    channel.binaryType = 'arraybuffer';
    channel.addEventListener('open', () => this.#reportChannel());
    channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer && !this.#closed)
        this.#o.onEvent({ type: 'channel-message', data: new Uint8Array(data) });
    });
    return channel;
  }

  /** All lines have receivers from the first description on; `track` events would come before the lines are named. */
  #reportTracks(): void {
    for (const { stream, track } of this.#lines.received()) this.#o.onEvent({ type: 'track', stream, track });
  }

  #watchPath(): PathWatch {
    return new PathWatch({
      pc: this.#pc,
      gate: this.#gate,
      onPath: (path) => this.#onPath(path),
      onMedia: (media) => this.#onMedia(media),
      onMapping: (candidate) => this.#negotiation.sendMapping(candidate),
      onForbidden: (why) => {
        // A connection that ends is no accusation: its addresses may have been lost with a network.
        if (why === 'undeclared') this.#o.onEvent({ type: 'error', code: 'relay-undeclared' });
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
    this.#reportConnected();
    this.#reportChannel();
  }

  #reportConnected(): void {
    if (this.#connected || this.#watch.media !== 'open' || this.#pc.connectionState !== 'connected') return;
    this.#connected = true;
    this.#o.onEvent({ type: 'connection', state: 'connected' });
  }

  #reportChannel(): void {
    if (this.#channel.readyState === 'open' && this.#watch.media === 'open') this.#o.onEvent({ type: 'channel-open' });
  }

  #configuration(): FailClosed {
    return { ...this.#gate.configuration(), encodedInsertableStreams: true };
  }

  readonly #onState = (): void => {
    const { connectionState } = this.#pc;
    clearTimeout(this.#restart);
    if (connectionState === 'connected') {
      this.#reportConnected();
      this.#watch.look();
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

  /** Ends this connection; the room makes a new one where it needs one. */
  #fail(): void {
    this.#o.onEvent({ type: 'connection', state: 'failed' });
    this.close();
  }

  async #pollStatistics(): Promise<void> {
    if (this.#polling || this.#pc.connectionState !== 'connected') return;
    this.#polling = true;
    try {
      this.#poll = (this.#poll + 1) % JUDGED;
      if (this.#poll % (this.#answered < BUSY.very ? WHOLE : JUDGED) === 0) await this.#pollAll();
      else if (this.#answered < BUSY.some) this.#hear(await this.#lines.loudness());
    } finally {
      this.#polling = false;
    }
  }

  async #pollAll(): Promise<void> {
    const at = performance.now();
    const stats = statsOf(await this.#pc.getStats());
    this.#answered = performance.now() - at;
    this.#last = { at, stats };
    this.#hear(loudnessOf(stats));
    this.#watch.judge(stats);
    if (this.#closed || this.#poll !== 0) return;
    const quality = this.#quality.sample(stats);
    if (quality) this.#o.onEvent({ type: 'quality', quality });
  }

  #hear(loudness: number): void {
    const speaking = loudness > LOUD;
    if (this.#closed || speaking === this.#speaking) return;
    this.#speaking = speaking;
    this.#o.onEvent({ type: 'speaking', speaking });
  }
}
