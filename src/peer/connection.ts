/**
 * One peer connection to one person: direct first, encrypted frames only, and nothing through a relay before both consented
 * (protocol.md §7, §10). Knows no keys: transforms come from outside, and the room decides which tracks may go.
 */
// Evens out what browsers do differently; it sends nothing and changes no address.
import 'webrtc-adapter';
import type { ErrorCode } from '../errors.ts';
import { MediaLines, type Direction, type OwnTracks, type Stream } from './media-lines.ts';
import { Negotiation, type PeerSignal } from './negotiation.ts';
import { pathOf, selectedPair, statsOf, type Path, type Stat } from './path.ts';
import { number, QualityMeter, type Quality } from './quality.ts';
import { RelayGate, type RelayServer, type StunServer } from './relay-gate.ts';

export type { RelayServer } from './relay-gate.ts';
export type { PeerSignal } from './negotiation.ts';

export interface PeerOptions {
  readonly role: 'offerer' | 'answerer';
  readonly iceServers: readonly StunServer[];
  /** The declared relays' own addresses. */
  readonly relayAddresses: readonly string[];
  readonly mode: 'direct-first' | 'relay-only';
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

export interface PeerReport {
  readonly path: Path;
  readonly dtls: { readonly version: string; readonly cipher: string } | null;
  readonly srtp: string | null;
  readonly codecs: readonly string[];
  /** Milliseconds. */
  readonly roundTrip: number | null;
}

/** ICE fails only after some 15 s (measured); a person is asked well before. */
const ASK_AFTER = 5_000;
/** A short gap heals by itself; then ICE is restarted. */
const RESTART_AFTER = 2_000;
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
  #ask: ReturnType<typeof setTimeout> | undefined;
  #restart: ReturnType<typeof setTimeout> | undefined;
  #path: Path = 'none';
  #speaking = false;
  #look = 0;
  #closed = false;

  constructor(o: PeerOptions) {
    this.#o = o;
    this.#gate = new RelayGate({ stun: o.iceServers, relayAddresses: o.relayAddresses, mode: o.mode });
    const configuration: FailClosed = { ...this.#gate.configuration(), encodedInsertableStreams: true };
    this.#pc = new RTCPeerConnection(configuration);
    this.#lines = new MediaLines({ createTransform: (stream, direction) => o.createTransform(stream, direction) });
    this.#negotiation = new Negotiation({
      pc: this.#pc,
      role: o.role,
      gate: this.#gate,
      lines: this.#lines,
      send: (signal) => o.send(signal),
      onDescribed: () => this.#tellTracks(),
      onError: (code) => o.onEvent({ type: 'error', code }),
    });
    if (o.role === 'offerer') this.#lines.add(this.#pc);
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

  /** What goes to this person from now on; a track waits until its transform runs. */
  setTracks(tracks: OwnTracks): void {
    this.#lines.setTracks(tracks);
  }

  restartIce(): void {
    if (this.#closed) return;
    this.#pc.restartIce();
  }

  /** Both consented: these relays may be used. The offerer restarts ICE; its relayed candidates are enough for both. */
  async allowRelay(servers: readonly RelayServer[]): Promise<void> {
    if (this.#closed) return;
    this.#gate.open(servers);
    this.#pc.setConfiguration(this.#gate.configuration());
    if (this.#o.role === 'offerer') this.#pc.restartIce();
  }

  /** Closes a relayed path at once and locally; a direct one stays. */
  async withdrawRelay(): Promise<void> {
    if (this.#closed) return;
    this.#gate.close();
    this.#pc.setConfiguration(this.#gate.configuration());
    if ((await this.#readPath()) !== 'direct') this.#fail();
  }

  /** @returns whether it was sent */
  sendChannel(data: Uint8Array<ArrayBuffer>): boolean {
    if (this.#channel.readyState !== 'open') return false;
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
    const stats = this.#closed ? [] : statsOf(await this.#pc.getStats());
    const transport = stats.find(({ type }) => type === 'transport');
    const text = (stat: Stat | undefined, name: string): string => (typeof stat?.[name] === 'string' ? stat[name] : '');
    const version = text(transport, 'tlsVersion');
    const roundTrip = number(selectedPair(stats), 'currentRoundTripTime');
    const codecs = stats.filter(({ type }) => type === 'codec').map((stat) => text(stat, 'mimeType'));
    return {
      path: this.#path,
      dtls: version === '' ? null : { version, cipher: text(transport, 'dtlsCipher') },
      srtp: text(transport, 'srtpCipher') || null,
      codecs: [...new Set(codecs)],
      roundTrip: roundTrip > 0 ? Math.round(roundTrip * 1000) : null,
    };
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
    this.#tellPath('none');
    this.#o.onEvent({ type: 'connection', state: 'closed' });
  }

  #openChannel(): RTCDataChannel {
    // Negotiated, so that no message of the engine announces it.
    const channel = this.#pc.createDataChannel('consult-room', { negotiated: true, id: 0 });
    channel.binaryType = 'arraybuffer';
    channel.addEventListener('open', () => this.#o.onEvent({ type: 'channel-open' }));
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

  readonly #onState = (): void => {
    const { connectionState } = this.#pc;
    clearTimeout(this.#restart);
    if (connectionState === 'connected') void this.#onConnected();
    else if (connectionState === 'disconnected') {
      this.#o.onEvent({ type: 'connection', state: 'interrupted' });
      this.#restart = setTimeout(() => this.restartIce(), RESTART_AFTER);
    } else if (connectionState === 'failed') {
      this.#o.onEvent({ type: 'connection', state: 'failed' });
      this.#tellPath('none');
      this.#needRelay();
      this.restartIce();
    }
  };

  async #onConnected(): Promise<void> {
    const path = await this.#readPath();
    if (this.#closed || path === 'undeclared') return;
    this.#o.onEvent({ type: 'connection', state: 'connected' });
    if (path !== 'direct') return;
    clearTimeout(this.#ask);
    this.#o.onEvent({ type: 'relay-not-needed' });
  }

  #needRelay(): void {
    clearTimeout(this.#ask);
    if (!this.#closed && !this.#gate.isOpen && this.#path !== 'direct') this.#o.onEvent({ type: 'relay-needed' });
  }

  /** Reads the path, tells it where it changed, and closes a relayed one that nobody agreed to. */
  async #readPath(): Promise<Path | 'undeclared'> {
    if (this.#closed) return 'none';
    return this.#judge(statsOf(await this.#pc.getStats()));
  }

  #judge(stats: readonly Stat[]): Path | 'undeclared' {
    if (this.#closed) return 'none';
    const path = pathOf(stats, (address) => this.#gate.isRelayAddress(address));
    if (path === 'relay' && !this.#gate.isOpen) {
      this.#o.onEvent({ type: 'error', code: 'relay-undeclared' });
      this.#fail();
      return 'undeclared';
    }
    if (path !== 'none') this.#tellPath(path);
    return path;
  }

  #tellPath(path: Path): void {
    if (path === this.#path) return;
    this.#path = path;
    this.#o.onEvent({ type: 'path', path });
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
    if (this.#closed || this.#judge(stats) === 'undeclared') return;
    const quality = this.#quality.look(stats);
    if (quality) this.#o.onEvent({ type: 'quality', quality });
  }
}
