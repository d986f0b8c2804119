/**
 * One kind of device, camera or microphone (W3C mediacapture-streams): which one is wanted, whether it is open, and why
 * it is not. Only the last wish counts: a device that opens after another wish was made is closed at once.
 */
export type DeviceKind = 'camera' | 'microphone';
export type DeviceChoice =
  { readonly kind: 'default' } | { readonly kind: 'none' } | { readonly kind: 'device'; readonly id: string };

/** Why a wanted device sends nothing. `lost`: it was open and went away. `silent`: it is open and the system mutes it. */
export type DeviceTrouble = 'missing' | 'denied' | 'in-use' | 'lost' | 'silent';
/** A listed device, as far as it matters here. */
export type Listed = Pick<MediaDeviceInfo, 'deviceId' | 'groupId'>;
/** Why the browser cannot open any device here: for the site, which can change it. */
export type Unavailable = 'no-api' | 'frame';

/**
 * How large a picture the camera gives. `large` for one other person who has the room for it; `small` is enough for the
 * expression of a face, and little enough to be encoded for several.
 */
export type PictureSize = 'large' | 'small';

const PICTURES: Readonly<Record<PictureSize, MediaTrackConstraints>> = {
  large: { width: { ideal: 1280 }, height: { ideal: 720 } },
  small: { width: { ideal: 640 }, height: { ideal: 480 } },
};

/** What we ask for beside the size of the picture. */
const WISHES: Readonly<Record<DeviceKind, MediaTrackConstraints>> = {
  camera: { frameRate: { ideal: 30, max: 30 }, facingMode: { ideal: 'user' } },
  microphone: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
};

export interface DeviceSlotOptions {
  readonly kind: DeviceKind;
  /** Track, trouble or prompt have changed by themselves. */
  onChange(): void;
  /** It was open and went away. */
  onLost(): void;
  onUnavailable(why: Unavailable): void;
}

export class DeviceSlot {
  readonly #o: DeviceSlotOptions;
  #choice: DeviceChoice = { kind: 'none' };
  #size: PictureSize = 'large';
  #track: MediaStreamTrack | null = null;
  #trouble: DeviceTrouble | null = null;
  /** The device to open when it is turned on again; null while it is on or not wanted. */
  #resting: DeviceChoice | null = null;
  /** The attempt that counts: what it opens, and what to call when it is over or another wish takes its place. */
  #attempt: { readonly choice: DeviceChoice; readonly done: (how: 'over' | 'superseded') => void } | null = null;
  /** What we had when it went away. */
  #lost: MediaTrackSettings = {};
  /** Whether devices came or went during an attempt. */
  #moved = false;

  constructor(o: DeviceSlotOptions) {
    this.#o = o;
  }

  get track(): MediaStreamTrack | null {
    return this.#track;
  }

  get trouble(): DeviceTrouble | null {
    return this.#trouble;
  }

  /** Whether the browser still asks the person. */
  get asking(): boolean {
    return this.#attempt !== null;
  }

  /** Whether there is a device: open, or resting until it is turned on again. */
  get available(): boolean {
    return this.#track !== null || this.#resting !== null;
  }

  /** Resolves when it is open or cannot be opened, or when another wish took its place. Never rejects. */
  async open(choice: DeviceChoice, use: 'on' | 'off'): Promise<void> {
    const same = JSON.stringify(choice) === JSON.stringify(this.#choice);
    if (same && (this.#track?.readyState === 'live' || (use === 'off' && this.#resting))) return;
    this.close();
    this.#choice = choice;
    if (choice.kind === 'none') return;
    if (use === 'off') this.#resting = choice;
    else await this.#try(choice);
  }

  /** Off means off: the track is stopped and the light of the camera goes out [R15]. */
  rest(): void {
    if (!this.#track && !this.#attempt) return;
    const id = this.#track?.getSettings().deviceId;
    const { trouble } = this;
    this.#resting = id ? { kind: 'device', id } : (this.#attempt?.choice ?? this.#choice);
    this.#stop();
    this.#trouble = trouble === 'silent' ? null : trouble;
  }

  /** The same device again; if it is gone and the person chose none in particular, any. Failing, it stays resting. */
  async wake(): Promise<void> {
    const before = this.#resting;
    if (!before) return;
    // What took its place says itself what rests now.
    if ((await this.#try(before)) === 'superseded') return;
    const isGone = this.#trouble === 'missing' && this.#choice.kind === 'default' && before.kind === 'device';
    if (isGone && (await this.#try(this.#choice)) === 'superseded') return;
    this.#resting = this.#track || !this.#trouble ? null : before;
  }

  /** How large a picture the camera gives from now on. Never rejects: a camera that has one size only keeps it. */
  async resize(size: PictureSize): Promise<void> {
    if (size === this.#size) return;
    this.#size = size;
    if (this.#track) await reshape(this.#track, size);
  }

  /**
   * Opens another device where ours was lost. Where that fails, the next change of the list tries again.
   *
   * @param devices those of this kind that are there; without ids where the browser tells none
   * @param cause why we look: the list has changed, or our track has ended. A track also ends when a person takes the
   *   permission back; then its device is still there, and nobody is asked again at once.
   */
  async recover(devices: readonly Listed[], cause: 'list' | 'loss'): Promise<void> {
    if (this.#attempt) this.#moved = true;
    if (this.#trouble !== 'lost' || this.#attempt || devices.length === 0) return;
    if (cause === 'loss' && !this.#isUnplugged(devices)) return;
    do {
      this.#moved = false;
      if ((await this.#try({ kind: 'default' }, 'lost')) === 'superseded') return;
    } while (this.#moved && !this.#track);
  }

  #isUnplugged(devices: readonly Listed[]): boolean {
    const { deviceId, groupId } = this.#lost;
    // Chromium calls whichever microphone is first `default`.
    const isOurs = (one: Listed): boolean =>
      one.groupId === groupId || (one.deviceId === deviceId && deviceId !== 'default');
    return devices.some((one) => one.deviceId !== '') && !devices.some(isOurs);
  }

  close(): void {
    this.#stop();
    this.#trouble = null;
    this.#resting = null;
    this.#choice = { kind: 'none' };
  }

  get #wishes(): MediaTrackConstraints {
    const { kind } = this.#o;
    return kind === 'camera' ? { ...WISHES.camera, ...PICTURES[this.#size] } : WISHES[kind];
  }

  #stop(): void {
    this.#attempt?.done('superseded');
    this.#attempt = null;
    this.#track?.stop();
    this.#track = null;
  }

  /** @param otherwise the trouble that a failure leaves; default: its own */
  #try(choice: DeviceChoice, otherwise?: DeviceTrouble): Promise<'over' | 'superseded'> {
    this.#stop();
    return new Promise((resolve) => {
      const attempt = { choice, done: resolve };
      this.#attempt = attempt;
      const size = this.#size;
      void openTrack(this.#o.kind, choice, this.#wishes).then((result) => {
        const track = typeof result === 'string' ? null : result;
        // Closed, turned off, or another device chosen while the permission prompt was open.
        if (this.#attempt !== attempt) return track?.stop();
        this.#attempt = null;
        const failure = result === 'missing' || result === 'denied' || result === 'in-use' ? result : null;
        this.#trouble = failure && (otherwise ?? failure);
        if (result === 'no-api' || result === 'frame') this.#o.onUnavailable(result);
        if (track) this.#keep(track);
        // Another size was wanted while the permission prompt was open.
        if (track && size !== this.#size) void reshape(track, this.#size);
        resolve('over');
        this.#o.onChange();
      });
    });
  }

  #keep(track: MediaStreamTrack): void {
    this.#track = track;
    this.#resting = null;
    const settings = track.getSettings();
    const changed = (trouble: DeviceTrouble | null): void => {
      if (this.#track !== track) return;
      this.#trouble = trouble;
      if (trouble === 'lost') {
        this.#track = null;
        this.#lost = settings;
        this.#o.onLost();
      }
      this.#o.onChange();
    };
    // Unplugged, revoked, or taken away while the machine slept.
    track.addEventListener('ended', () => changed('lost'));
    // A telephone call, a shutter, the switch of the system (mediacapture-streams §4.3.1.1).
    track.addEventListener('mute', () => changed('silent'));
    track.addEventListener('unmute', () => changed(null));
    if (track.muted) this.#trouble = 'silent';
    // It ended while it was opened: no event will say so.
    if (track.readyState === 'ended') changed('lost');
  }
}

/** Keeps what else is set: each call replaces all constraints, and a blur must not end (mediacapture-streams §11). */
async function reshape(track: MediaStreamTrack, size: PictureSize): Promise<void> {
  await track.applyConstraints({ ...track.getConstraints(), ...PICTURES[size] }).catch(() => undefined);
}

/** Never rejects: why there is no track is the result. */
async function openTrack(
  kind: DeviceKind,
  choice: DeviceChoice,
  wanted: MediaTrackConstraints,
): Promise<MediaStreamTrack | Exclude<DeviceTrouble, 'lost' | 'silent'> | Unavailable> {
  // Absent without a secure context, and in some in-app browsers.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices?.getUserMedia) return 'no-api';
  const device = choice.kind === 'device' ? { deviceId: { exact: choice.id } } : {};
  let failure: unknown;
  // Some drivers meet no size or rate that is asked for, even where it is a wish: then whatever they have.
  for (const wishes of [wanted, {}]) {
    const constraints = { ...wishes, ...device };
    try {
      const stream = await devices.getUserMedia(kind === 'camera' ? { video: constraints } : { audio: constraints });
      return stream.getTracks()[0] ?? 'missing';
    } catch (error: unknown) {
      failure = error;
      if (!UNMET.includes(nameOf(error))) break;
    }
  }
  const reason = reasonOf(failure);
  return reason === 'denied' && isForbiddenHere(kind) ? 'frame' : reason;
}

const nameOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';

/** Error names of mediacapture-streams §10.3.1, and the older ones of some browsers and of web views. */
const REASONS: Readonly<Record<string, 'missing' | 'denied'>> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  PermissionDeniedError: 'denied',
  PermissionDismissedError: 'denied',
  NotFoundError: 'missing',
  DevicesNotFoundError: 'missing',
  OverconstrainedError: 'missing',
  ConstraintNotSatisfiedError: 'missing',
};
const UNMET: readonly string[] = ['OverconstrainedError', 'ConstraintNotSatisfiedError'];

/** Any other failure says only that a device that is there did not open: most often another program has it. */
const reasonOf = (error: unknown): 'missing' | 'denied' | 'in-use' =>
  Object.entries(REASONS).find(([name]) => name === nameOf(error))?.[1] ?? 'in-use';

interface PolicyDocument {
  readonly featurePolicy?: { allowsFeature(name: string): boolean };
  readonly permissionsPolicy?: { allowsFeature(name: string): boolean };
}

/** Whether the page's frame lacks the permission (W3C permissions-policy), where the browser tells. */
function isForbiddenHere(kind: DeviceKind): boolean {
  const { permissionsPolicy, featurePolicy } = document as PolicyDocument;
  return (permissionsPolicy ?? featurePolicy)?.allowsFeature(kind) === false;
}
