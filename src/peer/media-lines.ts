/**
 * The media lines of a connection: audio, camera and screen, in this order on both sides. Transforms are set in the
 * task in which the transceivers appear, because Chromium ignores later ones; a sender gets its track only once its
 * transform runs (protocol.md §7).
 */
import { neededExtension } from './session-description.ts';
import { number, statsOf, type Stat } from './path.ts';
import { scaleTo, type PictureLimits } from './picture-limits.ts';

export type Stream = 'audio' | 'camera' | 'screen';
export type Direction = 'send' | 'receive';
export const STREAMS: readonly Stream[] = ['audio', 'camera', 'screen'];

/** Bits per second: enough for a face at 640×480 and for reading a shared page. */
const MAX_BITRATE: Readonly<Record<Stream, number>> = { audio: 64_000, camera: 1_200_000, screen: 1_500_000 };
/** Bits per second, and lines from which on a camera's picture may have them: enough for a face at 1280×720. */
const LARGE = { bitrate: 1_800_000, lines: 720 } as const;
/** Bits per second between two limits that make an engine look for more room. */
const PROBE_STEP = 50_000;
/** Codecs of protocol version 1. No RED and no ULPFEC: they would carry frames past the transform. */
const CODECS: Readonly<Record<'audio' | 'video', readonly string[]>> = {
  audio: ['audio/opus'],
  video: ['video/vp8', 'video/rtx'],
};

/** Not in every browser, and not in the compiler's types yet (W3C webrtc-extensions). */
interface HeaderExtensionControl {
  getHeaderExtensionsToNegotiate?(): readonly { readonly uri: string; readonly direction: string }[];
  setHeaderExtensionsToNegotiate?(extensions: readonly { readonly uri: string; readonly direction: string }[]): void;
}

/** W3C webrtc-encoded-transform. */
interface Transformable {
  transform: RTCRtpScriptTransform | null;
}

interface Encoding {
  readonly active: boolean;
  /** Bits per second. */
  readonly maxBitrate: number;
  /** Both only once the camera was limited: an engine that was never told keeps its defaults. */
  readonly scaleResolutionDownBy?: number;
  readonly maxFramerate?: number | undefined;
}
const ENCODING = ['active', 'maxBitrate', 'scaleResolutionDownBy', 'maxFramerate'] as const;

/** What is made of one camera: `off` nothing, null as much as fits. */
export interface CameraLimit {
  readonly camera: MediaStreamTrack;
  readonly limits: PictureLimits | 'off' | null;
}

export interface MediaLinesOptions {
  createTransform(stream: Stream, direction: Direction): RTCRtpScriptTransform;
}

/** Frames that left, per stream; of audio, packets. */
export type Sent = Readonly<Record<Stream, number>>;
export const NOTHING_SENT: Sent = { audio: 0, camera: 0, screen: 0 };

export type OwnTracks = Readonly<Record<Stream, MediaStreamTrack | null>>;

export class MediaLines {
  readonly #createTransform: MediaLinesOptions['createTransform'];
  readonly #transceivers = new Map<Stream, RTCRtpTransceiver>();
  readonly #running = new Set<Stream>();
  /** One change of a sender at a time: a second `setParameters` during a first is refused (webrtc-pc §5.2). */
  readonly #changes = new Map<Stream, Promise<void>>();
  /** Streams whose encoding is on. */
  readonly #active = new Set<Stream>();
  /** What the engine was told of each sender. Asking it stops the page until it answers, which a busy one does late. */
  readonly #encodings = new Map<Stream, Encoding>();
  #wanted: OwnTracks = { audio: null, camera: null, screen: null };
  #limit: CameraLimit | null = null;
  #probes = 0;

  constructor(o: MediaLinesOptions) {
    this.#createTransform = (stream, direction) => o.createTransform(stream, direction);
  }

  /** Offerer: creates the lines. */
  add(pc: RTCPeerConnection): void {
    for (const stream of STREAMS) {
      const encoding = { active: true, maxBitrate: MAX_BITRATE[stream] };
      const init: RTCRtpTransceiverInit = { direction: 'sendrecv', sendEncodings: [encoding] };
      this.#attach(stream, pc.addTransceiver(stream === 'audio' ? 'audio' : 'video', init));
      this.#encodings.set(stream, encoding);
    }
  }

  /** Answerer: adopts the lines of the first offer, right after it was applied and before anything is awaited. */
  adopt(pc: RTCPeerConnection): void {
    if (this.#transceivers.size > 0) return;
    for (const [index, transceiver] of pc.getTransceivers().entries()) {
      const stream = STREAMS[index];
      if (!stream) continue;
      transceiver.direction = 'sendrecv';
      this.#attach(stream, transceiver);
    }
  }

  /** A transform cannot be set twice, so each line is attached once. */
  #attach(stream: Stream, transceiver: RTCRtpTransceiver): void {
    this.#transceivers.set(stream, transceiver);
    (transceiver.sender as RTCRtpSender & Transformable).transform = this.#createTransform(stream, 'send');
    (transceiver.receiver as RTCRtpReceiver & Transformable).transform = this.#createTransform(stream, 'receive');
    const kind = stream === 'audio' ? 'audio' : 'video';
    const codecs = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
    transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => CODECS[kind].includes(mimeType.toLowerCase())));
    const control = transceiver as RTCRtpTransceiver & HeaderExtensionControl;
    const extensions = control.getHeaderExtensionsToNegotiate?.();
    if (extensions)
      control.setHeaderExtensionsToNegotiate?.(
        extensions.map((e) => ({ ...e, direction: neededExtension(e.uri) ? e.direction : 'stopped' })),
      );
  }

  /** The received track of each line. */
  received(): readonly { readonly stream: Stream; readonly track: MediaStreamTrack }[] {
    return [...this.#transceivers].map(([stream, { receiver }]) => ({ stream, track: receiver.track }));
  }

  transformRunning(stream: Stream): void {
    this.#running.add(stream);
    void this.#apply(stream);
  }

  setTracks(tracks: OwnTracks): void {
    this.#wanted = tracks;
    for (const stream of STREAMS) void this.#apply(stream);
  }

  /** What the line's own encoder makes of this camera from now on; a carrier in its place is not limited. */
  limitCamera(limit: CameraLimit): void {
    this.#limit = limit;
    if (this.#transceivers.get('camera')?.sender.track === limit.camera)
      void this.#change('camera', async () => void (await this.#encode('camera')));
  }

  /** Not awaited: the other side's candidates come next, and they must not be delayed. */
  limitBitrates(): void {
    for (const [stream, { sender }] of this.#transceivers)
      // A sender without a track gets its limit with it.
      if (sender.track) void this.#change(stream, async () => void (await this.#encode(stream)));
  }

  /** Frames that the engine has sent, per stream; for audio, packets. */
  async sent(): Promise<Sent> {
    const totals = { ...NOTHING_SENT };
    for (const [stream, { sender }] of this.#transceivers)
      for (const stat of statsOf(await sender.getStats()))
        if (stat.type === 'outbound-rtp') totals[stream] += sentBy(stat, stream);
    return totals;
  }

  /**
   * Of a whole report, what {@link sent} would tell.
   *
   * @returns null where the engine does not name the line of a sender (webrtc-stats, `mid`)
   */
  sentOf(stats: readonly Stat[]): Sent | null {
    const totals = { ...NOTHING_SENT };
    const streams = new Map([...this.#transceivers].map(([stream, { mid }]) => [mid, stream]));
    for (const stat of stats) {
      if (stat.type !== 'outbound-rtp') continue;
      if (typeof stat['mid'] !== 'string') return null;
      const stream = streams.get(stat['mid']);
      if (stream) totals[stream] += sentBy(stat, stream);
    }
    return totals;
  }

  /**
   * Of a whole report, what {@link cameraStats} would tell.
   *
   * @returns null where the engine does not name the line of a sender (webrtc-stats, `mid`)
   */
  cameraOf(stats: readonly Stat[]): readonly Stat[] | null {
    const mid = this.#transceivers.get('camera')?.mid;
    const sender = stats.find((stat) => stat.type === 'outbound-rtp' && typeof mid === 'string' && stat['mid'] === mid);
    if (!sender) return null;
    return stats.filter(
      (stat) =>
        !/^(?:outbound|remote-inbound)-rtp$/u.test(stat.type) || stat === sender || stat['localId'] === sender.id,
    );
  }

  /** The statistics of our camera's sender, and of the path that it uses. */
  async cameraStats(): Promise<readonly Stat[]> {
    const sender = this.#transceivers.get('camera')?.sender;
    return sender ? statsOf(await sender.getStats()) : [];
  }

  /**
   * Raises or lowers the camera's limit a little: a sender that uses less than it may has its way probed only then
   * (measured in Chromium).
   */
  probe(): void {
    this.#probes++;
    const more = (this.#probes % 2) * PROBE_STEP;
    void this.#change('camera', async () => void (await this.#encode('camera', more)));
  }

  /** Loudness of the other side, 0 to 1: measured at our end, so that nothing on the wire reveals it. */
  async loudness(): Promise<number> {
    const receiver = this.#transceivers.get('audio')?.receiver;
    if (!receiver) return 0;
    return loudnessOf(statsOf(await receiver.getStats()));
  }

  /**
   * Never `transform = null`: Firefox would send in clear. A stream that is off has no track and an inactive
   * encoding: without a track Firefox keeps sending the last picture, once a second (measured with 140).
   */
  #apply(stream: Stream): Promise<void> {
    return this.#change(stream, async () => {
      const sender = this.#transceivers.get(stream)?.sender;
      const track = this.#wantedOn(stream);
      const active = track !== null;
      if (!sender || (sender.track === track && this.#active.has(stream) === active)) return;
      // A closed connection has nothing to send.
      if (sender.track !== track) await sender.replaceTrack(track).catch(() => undefined);
      // Replaced meanwhile: the next change applies the newer track, and nothing is turned on before it.
      if (this.#wantedOn(stream) !== track) return;
      if (!(await this.#encode(stream))) return;
      if (active) this.#active.add(stream);
      else this.#active.delete(stream);
    });
  }

  /**
   * @param more bits per second above the limit
   * @returns whether it was applied: a sender whose parameters changed meanwhile gets the limit with the next
   *   negotiation
   */
  async #encode(stream: Stream, more = 0): Promise<boolean> {
    const sender = this.#transceivers.get(stream)?.sender;
    if (!sender) return false;
    const told = this.#encodings.get(stream);
    const wanted = this.#encodingOf(stream, sender.track, more);
    if (told && ENCODING.every((name) => told[name] === wanted[name])) return true;
    try {
      const parameters = sender.getParameters();
      const [encoding] = parameters.encodings;
      if (!encoding) return false;
      Object.assign(encoding, wanted);
      await sender.setParameters(parameters);
      this.#encodings.set(stream, wanted);
      return true;
    } catch {
      this.#encodings.delete(stream);
      return false;
    }
  }

  #encodingOf(stream: Stream, track: MediaStreamTrack | null, more: number): Encoding {
    const { camera, limits = null } = this.#limit ?? {};
    const own = stream === 'camera' && track === camera ? limits : null;
    const maxBitrate = limitOf(stream, track) + more;
    if (own === 'off') return { active: false, maxBitrate };
    const encoding = { active: track !== null, maxBitrate };
    if (own && track) {
      const { height, rate, bitrate } = own;
      const scale = scaleTo(track, height);
      return { ...encoding, maxBitrate: bitrate, scaleResolutionDownBy: scale, maxFramerate: rate };
    }
    const wasLimited = stream === 'camera' && this.#limit !== null;
    return wasLimited ? { ...encoding, scaleResolutionDownBy: 1, maxFramerate: undefined } : encoding;
  }

  #wantedOn(stream: Stream): MediaStreamTrack | null {
    return this.#running.has(stream) ? this.#wanted[stream] : null;
  }

  /**
   * Runs in the current task where no change is pending: a picture need not wait for the next rendering of the page.
   */
  async #change(stream: Stream, act: () => Promise<void>): Promise<void> {
    const before = this.#changes.get(stream);
    const change = before ? before.then(act, act) : act();
    this.#changes.set(stream, change);
    await change.catch(() => undefined);
    if (this.#changes.get(stream) === change) this.#changes.delete(stream);
  }
}

/** Loudness of the other side in a report (webrtc-stats, `audioLevel`), 0 to 1. */
export function loudnessOf(stats: readonly Stat[]): number {
  const stat = stats.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio');
  return typeof stat?.['audioLevel'] === 'number' ? stat['audioLevel'] : 0;
}

const sentBy = (stat: Stat, stream: Stream): number => number(stat, stream === 'audio' ? 'packetsSent' : 'framesSent');

/** Bits per second that a stream may have. */
function limitOf(stream: Stream, track: MediaStreamTrack | null): number {
  const { width = 0, height = 0 } = track?.getSettings() ?? {};
  return stream === 'camera' && Math.min(width, height) >= LARGE.lines ? LARGE.bitrate : MAX_BITRATE[stream];
}
