/**
 * Our own camera and microphone (W3C mediacapture-streams), independent of each other: without a camera the voice
 * still works. Nothing opens before it is asked for, and nothing stays open afterwards.
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
  /** Empty until the user grants permission. */
  readonly label: string;
}

export interface CaptureResult {
  readonly cameras: readonly Device[];
  readonly microphones: readonly Device[];
  /** Whether the device is available: open, or resting until it is turned on again. */
  readonly camera: boolean;
  readonly microphone: boolean;
  /** Why a wanted device is unavailable. */
  readonly problems: readonly ErrorCode[];
}

type Kind = keyof DevicesChoice;
const KINDS = ['camera', 'microphone'] as const satisfies readonly Kind[];

/** Which devices should run. Off stops the track, so the camera's light goes out [R15]. */
export type DeviceUse = Readonly<Record<Kind, 'on' | 'off'>>;

/** Enough for the expression of a face, little enough for a phone. */
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
  /** Devices that are turned off and will be turned on again. */
  readonly #resting = new Map<Kind, DeviceChoice>();
  #use: DeviceUse = { camera: 'on', microphone: 'on' };
  #choice: DevicesChoice | null = null;
  #problems: readonly ErrorCode[] = [];
  #found: readonly MediaDeviceInfo[] = [];

  /** @param onChange called when a device appears, disappears or stops */
  constructor(onChange: (result: CaptureResult) => void) {
    this.#onChange = onChange;
  }

  get camera(): MediaStreamTrack | null {
    return this.#tracks.camera;
  }

  get microphone(): MediaStreamTrack | null {
    return this.#tracks.microphone;
  }

  /** Opens the chosen devices and closes the others. Never rejects: `problems` of the result lists failures. */
  async open(choice: DevicesChoice): Promise<CaptureResult> {
    if (!this.#choice) navigator.mediaDevices.addEventListener('devicechange', this.#onDeviceChange);
    this.#choice = choice;
    for (const kind of KINDS) this.#stop(kind);
    const opened = await Promise.all(KINDS.map((kind) => this.#begin(kind, choice[kind])));
    this.#problems = opened.filter((problem) => problem !== null);
    // Not awaited: Firefox tells no list while its window is in the background.
    void this.#look();
    return this.result();
  }

  /**
   * Turns devices off, and the same ones on again. Never rejects: a device that fails to open is listed in `problems`
   * and stays resting, so that the next call retries it.
   */
  async use(use: DeviceUse): Promise<CaptureResult> {
    this.#use = use;
    const back = KINDS.filter((kind) => use[kind] === 'on' && this.#resting.has(kind));
    for (const kind of KINDS) if (use[kind] === 'off') this.#rest(kind);
    const opened = await Promise.all(back.map((kind) => this.#wake(kind)));
    this.#problems = [
      ...this.#problems.filter((problem) => !back.some((kind) => Object.values(PROBLEMS[kind]).includes(problem))),
      ...opened.filter((problem) => problem !== null),
    ];
    return this.result();
  }

  close(): void {
    this.#choice = null;
    this.#use = { camera: 'on', microphone: 'on' };
    navigator.mediaDevices.removeEventListener('devicechange', this.#onDeviceChange);
    for (const kind of KINDS) this.#stop(kind);
  }

  async #begin(kind: Kind, choice: DeviceChoice): Promise<ErrorCode | null> {
    if (this.#use[kind] === 'on') return this.#open(kind, choice);
    if (choice.kind !== 'none') this.#resting.set(kind, choice);
    return null;
  }

  #rest(kind: Kind): void {
    const track = this.#tracks[kind];
    if (!track) return;
    const { deviceId } = track.getSettings();
    this.#stop(kind);
    this.#resting.set(
      kind,
      deviceId ? { kind: 'device', id: deviceId } : (this.#choice?.[kind] ?? { kind: 'default' }),
    );
  }

  /** Reopens the same device; if it is gone and the person chose none in particular, opens any. */
  async #wake(kind: Kind): Promise<ErrorCode | null> {
    const before = this.#resting.get(kind);
    const chosen = this.#choice?.[kind];
    if (!before || !chosen) return null;
    const problem = await this.#open(kind, before);
    const second = problem === PROBLEMS[kind].missing && chosen.kind === 'default';
    const left = second ? await this.#open(kind, chosen) : problem;
    if (left === null) this.#resting.delete(kind);
    return left;
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
      // Closed or turned off while the permission prompt was open.
      if (!this.#choice || this.#use[kind] === 'off') track.stop();
      else this.#keep(kind, track);
      return null;
    } catch (error: unknown) {
      return PROBLEMS[kind][reasonOf(error)];
    }
  }

  #keep(kind: Kind, track: MediaStreamTrack): void {
    this.#tracks[kind] = track;
    // Unplugged, or revoked by the system.
    track.addEventListener('ended', () => {
      if (this.#tracks[kind] !== track) return;
      this.#tracks[kind] = null;
      this.#problems = [...this.#problems, PROBLEMS[kind].missing];
      this.#tell();
    });
  }

  #stop(kind: Kind): void {
    this.#resting.delete(kind);
    this.#tracks[kind]?.stop();
    this.#tracks[kind] = null;
  }

  readonly #onDeviceChange = (): void => void this.#look();

  async #look(): Promise<void> {
    this.#found = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    this.#tell();
  }

  #tell(): void {
    if (this.#choice) this.#onChange(this.result());
  }

  /** The current devices. */
  result(): CaptureResult {
    const of = (kind: MediaDeviceKind): readonly Device[] =>
      this.#found
        .filter((device) => device.kind === kind && device.deviceId !== '')
        .map(({ deviceId: id, label }) => ({ id, label }));
    const has = (kind: Kind): boolean => this.#tracks[kind] !== null || this.#resting.has(kind);
    return {
      cameras: of('videoinput'),
      microphones: of('audioinput'),
      camera: has('camera'),
      microphone: has('microphone'),
      problems: this.#problems,
    };
  }
}

/** Maps error names of mediacapture-streams §10.3.1; some browsers use older names. */
function reasonOf(error: unknown): 'missing' | 'denied' | 'in-use' {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  if (name === 'NotReadableError' || name === 'AbortError' || name === 'TrackStartError') return 'in-use';
  return 'missing';
}
