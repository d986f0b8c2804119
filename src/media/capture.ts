/**
 * Our own camera and microphone (W3C mediacapture-streams): each for itself, so that a missing camera does not cost the voice.
 * Nothing is opened before somebody asks, and nothing stays open afterwards.
 */
import type { ErrorCode } from '../errors.ts';

export type DeviceChoice =
  { readonly kind: 'default' } | { readonly kind: 'none' } | { readonly kind: 'device'; readonly id: string };
export interface DevicesChoice {
  readonly camera: DeviceChoice;
  readonly microphone: DeviceChoice;
}

export interface Device {
  readonly id: string;
  /** Empty until the browser has been allowed to tell. */
  readonly label: string;
}

export interface CaptureResult {
  readonly cameras: readonly Device[];
  readonly microphones: readonly Device[];
  /** Why a wanted device is not there. */
  readonly problems: readonly ErrorCode[];
}

type Kind = keyof DevicesChoice;

/** A face at a desk: enough for expression, little enough for a telephone. */
const CONSTRAINTS: Readonly<Record<Kind, MediaTrackConstraints>> = {
  camera: {
    width: { ideal: 640 },
    height: { ideal: 480 },
    frameRate: { ideal: 30, max: 30 },
    facingMode: { ideal: 'user' },
  },
  microphone: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
};
const PROBLEMS: Readonly<Record<Kind, Readonly<Record<'missing' | 'denied' | 'in-use', ErrorCode>>>> = {
  camera: { missing: 'camera-missing', denied: 'camera-denied', 'in-use': 'camera-in-use' },
  microphone: { missing: 'microphone-missing', denied: 'microphone-denied', 'in-use': 'microphone-in-use' },
};

export class Capture {
  readonly #onChange: (result: CaptureResult) => void;
  readonly #tracks: Record<Kind, MediaStreamTrack | null> = { camera: null, microphone: null };
  #choice: DevicesChoice | null = null;
  #problems: readonly ErrorCode[] = [];
  #found: readonly MediaDeviceInfo[] = [];

  /** @param onChange a device came, went, or stopped by itself */
  constructor(onChange: (result: CaptureResult) => void) {
    this.#onChange = onChange;
  }

  get camera(): MediaStreamTrack | null {
    return this.#tracks.camera;
  }

  get microphone(): MediaStreamTrack | null {
    return this.#tracks.microphone;
  }

  /** Opens what is chosen and closes what is not. Never rejects: what is missing is in the result. */
  async open(choice: DevicesChoice): Promise<CaptureResult> {
    if (!this.#choice) navigator.mediaDevices.addEventListener('devicechange', this.#onDeviceChange);
    this.#choice = choice;
    this.#stop('camera');
    this.#stop('microphone');
    const opened = await Promise.all([
      this.#open('camera', choice.camera),
      this.#open('microphone', choice.microphone),
    ]);
    this.#problems = opened.filter((problem) => problem !== null);
    // Not awaited: Firefox tells no list while its window is in the background.
    void this.#look();
    return this.#result();
  }

  close(): void {
    this.#choice = null;
    navigator.mediaDevices.removeEventListener('devicechange', this.#onDeviceChange);
    this.#stop('camera');
    this.#stop('microphone');
  }

  async #open(kind: Kind, choice: DeviceChoice): Promise<ErrorCode | null> {
    if (choice.kind === 'none') return null;
    const constraints = {
      ...CONSTRAINTS[kind],
      ...(choice.kind === 'device' ? { deviceId: { exact: choice.id } } : {}),
    };
    try {
      const stream = await navigator.mediaDevices.getUserMedia(
        kind === 'camera' ? { video: constraints } : { audio: constraints },
      );
      const [track] = stream.getTracks();
      if (!track) return PROBLEMS[kind].missing;
      // Closed while the person was still being asked.
      if (!this.#choice) track.stop();
      else this.#keep(kind, track);
      return null;
    } catch (error: unknown) {
      return PROBLEMS[kind][reasonOf(error)];
    }
  }

  #keep(kind: Kind, track: MediaStreamTrack): void {
    this.#tracks[kind] = track;
    // Unplugged, or taken away by the system.
    track.addEventListener('ended', () => {
      if (this.#tracks[kind] !== track) return;
      this.#tracks[kind] = null;
      this.#problems = [...this.#problems, PROBLEMS[kind].missing];
      this.#tell();
    });
  }

  #stop(kind: Kind): void {
    this.#tracks[kind]?.stop();
    this.#tracks[kind] = null;
  }

  readonly #onDeviceChange = (): void => void this.#look();

  async #look(): Promise<void> {
    this.#found = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    this.#tell();
  }

  #tell(): void {
    if (this.#choice) this.#onChange(this.#result());
  }

  #result(): CaptureResult {
    const of = (kind: MediaDeviceKind): readonly Device[] =>
      this.#found
        .filter((device) => device.kind === kind && device.deviceId !== '')
        .map(({ deviceId: id, label }) => ({ id, label }));
    return { cameras: of('videoinput'), microphones: of('audioinput'), problems: this.#problems };
  }
}

/** Names of mediacapture-streams §10.3.1; some browsers use older ones for the same. */
function reasonOf(error: unknown): 'missing' | 'denied' | 'in-use' {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  if (name === 'NotReadableError' || name === 'AbortError' || name === 'TrackStartError') return 'in-use';
  return 'missing';
}
