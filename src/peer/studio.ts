/**
 * The encoder of our camera for many links (protocol.md §7, "Encode once"): two senders on a connection that begins and
 * ends in this page. It has no ICE servers, its candidates are those of this device and are never sent, and no frame
 * leaves on it: the worker takes them all. If a real link's sender were the encoder, its bad weather would be everybody's (measured:
 * 250 kbit/s on it left all others 11 pictures a second).
 */
import { number, statsOf } from './path.ts';
import { scaleTo, type PictureLimits } from './picture-limits.ts';
import { SerialQueue } from '../util/serial-queue.ts';

export type StudioRung = 'high' | 'low';

/** What each rung is encoded with; null while nobody needs it. */
export type StudioPlan = Readonly<Record<StudioRung, PictureLimits | null>>;

/** What the engine says of a studio. */
export interface StudioReport {
  /** `cpu` where the encoder finds the device too slow (webrtc-stats, `qualityLimitationReason`). */
  readonly strain: 'none' | 'cpu';
  /** Pictures that the encoders got of the camera so far (webrtc-stats, `frames` of `media-source`); null if not told. */
  readonly filmed: number | null;
}

export interface StudioOptions {
  createTransform(rung: StudioRung): RTCRtpScriptTransform;
  /** The connection is up, or never will be, or has ended. */
  onState(state: 'connected' | 'failed'): void;
  /** Milliseconds until it has to be up; default 60,000: a slow device that sets up nine links takes half of that. */
  readonly patience?: number;
}

const RUNGS: readonly StudioRung[] = ['high', 'low'];
const PATIENCE = 60_000;
/** Bits a second that the connection may always use: nothing on the way is narrower than this device. */
const FLOOR = 900_000;
/** Two temporal layers: a link that is too slow for all pictures takes every other (W3C webrtc-svc). Not in Firefox. */
const LAYERS = 'L1T2';

const ENCODING = ['active', 'scaleResolutionDownBy', 'maxFramerate', 'maxBitrate'] as const;

interface Transformable {
  transform: RTCRtpScriptTransform | null;
}

/** W3C webrtc-extensions: a key frame on demand. Not in the compiler's types. */
interface KeyFrameControl {
  setParameters(
    parameters: RTCRtpSendParameters,
    options: { readonly encodingOptions: readonly { readonly keyFrame: boolean }[] },
  ): Promise<void>;
}

export class Studio {
  readonly #o: StudioOptions;
  readonly #ends: readonly [RTCPeerConnection, RTCPeerConnection];
  readonly #senders = new Map<StudioRung, RTCRtpSender>();
  readonly #running = new Set<StudioRung>();
  /** One change at a time: a second `setParameters` during a first is refused (webrtc-pc §5.2). */
  readonly #changes = new SerialQueue();
  readonly #timer: ReturnType<typeof setTimeout>;
  /** Candidates for an end that has no description of the other yet. */
  readonly #early = new Map<RTCPeerConnection, RTCIceCandidate[]>();
  readonly #applied = new Map<StudioRung, Partial<RTCRtpEncodingParameters>>();
  #camera: MediaStreamTrack | null = null;
  /**
   * The camera of the low rung. One track gives all its senders the lowest rate that any of them may have (measured in
   * Chromium): on one track, a single participant who shows us small would leave all others half of the pictures.
   */
  #clone: MediaStreamTrack | null = null;
  #plan: StudioPlan = { high: null, low: null };
  #closed = false;

  constructor(o: StudioOptions) {
    this.#o = o;
    // Chromium moves no frame without a transform then, as on every link.
    const configuration = { iceServers: [], encodedInsertableStreams: true } as RTCConfiguration;
    this.#ends = [new RTCPeerConnection(configuration), new RTCPeerConnection(configuration)];
    this.#timer = setTimeout(() => this.#fail(), o.patience ?? PATIENCE);
    const [near, far] = this.#ends;
    for (const end of this.#ends) this.#early.set(end, []);
    this.#pass(near, far);
    this.#pass(far, near);
    near.addEventListener('connectionstatechange', () => this.#onState());
    this.#connect().catch(() => this.#fail());
  }

  /** The transform of a rung's sender runs: only now may it get the camera. */
  transformRunning(rung: StudioRung): void {
    this.#running.add(rung);
    this.#apply();
  }

  /** Encodes this camera from now on; null encodes nothing. */
  film(camera: MediaStreamTrack | null, plan: StudioPlan): void {
    // A clone keeps the device open, so it ends with its camera, and before anything is waited for.
    if (camera !== this.#camera || !plan.low) this.#endClone();
    this.#camera = camera;
    this.#plan = plan;
    this.#apply();
  }

  /** Where the worker cannot make the encoder do it, as in Chromium. */
  requestKeyFrame(rung: StudioRung): void {
    void this.#changes.run(async () => {
      const sender = this.#senders.get(rung);
      if (!sender || this.#closed) return;
      const parameters = sender.getParameters();
      const encodingOptions = parameters.encodings.map(() => ({ keyFrame: true }));
      await (sender as unknown as KeyFrameControl).setParameters(parameters, { encodingOptions });
    });
  }

  async report(): Promise<StudioReport> {
    const [near] = this.#ends;
    const stats = this.#closed ? [] : statsOf(await near.getStats());
    const sources = stats.filter(({ type, frames }) => type === 'media-source' && typeof frames === 'number');
    return {
      strain: stats.some((stat) => stat['qualityLimitationReason'] === 'cpu') ? 'cpu' : 'none',
      filmed: sources.length === 0 ? null : sources.reduce((sum, source) => sum + number(source, 'frames'), 0),
    };
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#endClone();
    for (const end of this.#ends) end.close();
  }

  #endClone(): void {
    this.#clone?.stop();
    this.#clone = null;
  }

  async #connect(): Promise<void> {
    const [near, far] = this.#ends;
    for (const rung of RUNGS) {
      const encoding = { active: false, scalabilityMode: LAYERS };
      const transceiver = near.addTransceiver('video', { direction: 'sendonly', sendEncodings: [encoding] });
      const { codecs = [] } = RTCRtpReceiver.getCapabilities('video') ?? {};
      transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => mimeType.toLowerCase() === 'video/vp8'));
      (transceiver.sender as RTCRtpSender & Transformable).transform = this.#o.createTransform(rung);
      this.#senders.set(rung, transceiver.sender);
    }
    await near.setLocalDescription();
    await this.#describe(far, { type: 'offer', sdp: quiet(near.localDescription?.sdp ?? '') });
    await far.setLocalDescription();
    await this.#describe(near, { type: 'answer', sdp: wide(quiet(far.localDescription?.sdp ?? '')) });
  }

  /** Candidates go from one end to the other within the page. */
  #pass(from: RTCPeerConnection, to: RTCPeerConnection): void {
    from.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate?.type !== 'host') return;
      if (to.remoteDescription) add(to, candidate);
      else this.#early.get(to)?.push(candidate);
    });
  }

  async #describe(end: RTCPeerConnection, description: RTCSessionDescriptionInit): Promise<void> {
    await end.setRemoteDescription(description);
    for (const candidate of this.#early.get(end)?.splice(0) ?? []) add(end, candidate);
  }

  #onState(): void {
    const [near] = this.#ends;
    if (near.connectionState === 'failed') return this.#fail();
    if (near.connectionState !== 'connected' || this.#closed) return;
    clearTimeout(this.#timer);
    this.#apply();
    this.#o.onState('connected');
  }

  #fail(): void {
    if (this.#closed) return;
    this.close();
    this.#o.onState('failed');
  }

  #trackOf(rung: StudioRung): MediaStreamTrack | null {
    if (rung === 'high') return this.#camera;
    return (this.#clone ??= this.#camera?.clone() ?? null);
  }

  #apply(): void {
    for (const [rung, sender] of this.#senders)
      void this.#changes.run(async () => {
        if (this.#closed) return;
        const settings = this.#running.has(rung) ? this.#plan[rung] : null;
        const camera = settings && this.#trackOf(rung);
        if (sender.track !== camera) await sender.replaceTrack(camera);
        const wanted = encodingOf(camera, settings);
        const before = this.#applied.get(rung);
        // Reading the parameters stops the page until the engine answers, which a busy one does late.
        if (before && ENCODING.every((name) => before[name] === wanted[name])) return;
        const parameters = sender.getParameters();
        const [encoding] = parameters.encodings;
        if (!encoding) return;
        Object.assign(encoding, wanted);
        parameters.degradationPreference = 'maintain-resolution';
        await sender.setParameters(parameters);
        this.#applied.set(rung, wanted);
      });
  }
}

function encodingOf(camera: MediaStreamTrack | null, limits: PictureLimits | null): Partial<RTCRtpEncodingParameters> {
  if (!camera || !limits) return { active: false };
  const { height, rate, bitrate } = limits;
  return { active: true, scaleResolutionDownBy: scaleTo(camera, height), maxFramerate: rate, maxBitrate: bitrate };
}

/** A candidate that does not fit ends nothing: another may. */
function add(end: RTCPeerConnection, candidate: RTCIceCandidate): void {
  end.addIceCandidate(candidate).catch(() => undefined);
}

/**
 * Without retransmissions and key-frame requests (RFC 4585 §6.2.1, §6.3.1, RFC 5104 §4.3.1): the far end gets no frame,
 * and only the links ask for key frames.
 */
function quiet(sdp: string): string {
  return sdp.replace(/^a=rtcp-fb:\S+ (?:nack|ccm fir)\b.*\r\n/gmu, '');
}

/** Chromium begins at 300 kbit/s and falls below on a busy machine, although nothing here is narrow. */
function wide(sdp: string): string {
  const floor = String(FLOOR / 1_000);
  return sdp.replace(
    /^a=rtpmap:(?<payload>\d+) VP8\/90000\r\n/gimu,
    (line, payload: string) =>
      `${line}a=fmtp:${payload} x-google-min-bitrate=${floor};x-google-start-bitrate=${floor}\r\n`,
  );
}
