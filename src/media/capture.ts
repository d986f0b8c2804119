/**
 * Our own camera and microphone, independent of each other: without a camera the voice still works. Nothing opens before
 * it is asked for, and nothing stays open afterwards. The result is what really runs, at any time.
 */
import type { ErrorCode } from '../errors.ts';
import {
  DeviceSlot,
  type DeviceChoice,
  type DeviceKind,
  type DeviceTrouble,
  type PictureSize,
  type Unavailable,
} from './device-slot.ts';

export type { DeviceChoice, PictureSize, Unavailable } from './device-slot.ts';

export type DevicesChoice = Readonly<Record<DeviceKind, DeviceChoice>>;

export interface Device {
  readonly id: string;
  /** Empty until the user grants permission. */
  readonly label: string;
}

export interface CaptureResult {
  readonly cameras: readonly Device[];
  readonly microphones: readonly Device[];
  readonly loudspeakers: readonly Device[];
  /** `asking` while the browser asks the person about one of them. */
  readonly access: 'asking' | 'answered';
  /** Whether the device is available: open, or resting until it is turned on again. */
  readonly camera: boolean;
  readonly microphone: boolean;
  /** Whether the system mutes an open device, so that nothing of it can be sent. */
  readonly silent: Readonly<Record<DeviceKind, boolean>>;
  /** Why a wanted device sends nothing. */
  readonly problems: readonly ErrorCode[];
}

const KINDS = ['camera', 'microphone'] as const satisfies readonly DeviceKind[];

/** Which devices should run. Off stops the track, so the camera's light goes out [R15]. */
export type DeviceUse = Readonly<Record<DeviceKind, 'on' | 'off'>>;

const PROBLEMS: Readonly<Record<DeviceKind, Readonly<Record<DeviceTrouble, ErrorCode>>>> = {
  camera: {
    missing: 'camera-missing',
    denied: 'camera-denied',
    'in-use': 'camera-in-use',
    lost: 'camera-lost',
    silent: 'camera-silent',
  },
  microphone: {
    missing: 'microphone-missing',
    denied: 'microphone-denied',
    'in-use': 'microphone-in-use',
    lost: 'microphone-lost',
    silent: 'microphone-silent',
  },
};

export interface CaptureOptions {
  /** Called when a device opens, appears, disappears, falls silent or stops. */
  onChange(result: CaptureResult): void;
  /** The browser opens no devices here, whatever the person says: for the site. */
  onUnavailable(why: Unavailable): void;
}

export class Capture {
  readonly #o: CaptureOptions;
  readonly #slots: Readonly<Record<DeviceKind, DeviceSlot>>;
  #use: DeviceUse = { camera: 'on', microphone: 'on' };
  #open = false;
  #found: readonly MediaDeviceInfo[] = [];
  /** How many lists were asked for, and which of them came last: one that was asked for earlier is out of date. */
  #lists = { asked: 0, answered: 0 };

  constructor(o: CaptureOptions) {
    this.#o = o;
    const slot = (kind: DeviceKind): DeviceSlot =>
      new DeviceSlot({
        kind,
        onChange: () => this.#report(),
        // The list may have changed before the track ended: then nothing else would look at it.
        onLost: () => void this.#enumerate('loss'),
        onUnavailable: (why) => o.onUnavailable(why),
      });
    this.#slots = { camera: slot('camera'), microphone: slot('microphone') };
  }

  get camera(): MediaStreamTrack | null {
    return this.#slots.camera.track;
  }

  get microphone(): MediaStreamTrack | null {
    return this.#slots.microphone.track;
  }

  /**
   * Opens the chosen devices and closes the others; one that is open already stays. Never rejects: `problems` of the
   * result lists failures. Resolves at once when another choice replaces this one.
   */
  async open(choice: DevicesChoice): Promise<CaptureResult> {
    if (!this.#open) mediaDevices()?.addEventListener('devicechange', this.#onDeviceChange);
    this.#open = true;
    await Promise.all(KINDS.map((kind) => this.#slots[kind].open(choice[kind], this.#use[kind])));
    // Not awaited: Firefox returns no list while its window is in the background.
    void this.#enumerate();
    return this.result();
  }

  /**
   * Turns devices off, and the same ones on again. Never rejects: a device that fails to open is listed in `problems`
   * and stays resting, so that the next call retries it.
   */
  async use(use: DeviceUse): Promise<CaptureResult> {
    const back = KINDS.filter((kind) => this.#use[kind] === 'off' && use[kind] === 'on');
    this.#use = use;
    for (const kind of KINDS) if (use[kind] === 'off') this.#slots[kind].rest();
    // What came while it was off was not opened.
    if (back.some((kind) => this.#slots[kind].trouble === 'lost')) void this.#enumerate();
    await Promise.all(KINDS.filter((kind) => use[kind] === 'on').map((kind) => this.#slots[kind].wake()));
    return this.result();
  }

  /** How large a picture the camera gives, now and when it opens again. Never rejects. */
  resize(size: PictureSize): Promise<void> {
    return this.#slots.camera.resize(size);
  }

  close(): void {
    this.#open = false;
    this.#use = { camera: 'on', microphone: 'on' };
    mediaDevices()?.removeEventListener('devicechange', this.#onDeviceChange);
    for (const kind of KINDS) this.#slots[kind].close();
  }

  readonly #onDeviceChange = (): void => void this.#enumerate();

  async #enumerate(cause: 'list' | 'loss' = 'list'): Promise<void> {
    const asked = ++this.#lists.asked;
    // Refused, or a web view without the method: no list, and the devices work.
    const found = (await listed()) ?? [];
    if (!this.#open || asked < this.#lists.answered) return;
    this.#lists.answered = asked;
    this.#found = found;
    this.#report();
    for (const kind of KINDS) {
      const input = kind === 'camera' ? 'videoinput' : 'audioinput';
      // Off means off, also for one that comes meanwhile [R15].
      if (this.#use[kind] === 'on')
        void this.#slots[kind].recover(
          found.filter((device) => device.kind === input),
          cause,
        );
    }
  }

  #report(): void {
    if (this.#open) this.#o.onChange(this.result());
  }

  /** The current devices. */
  result(): CaptureResult {
    const list = (kind: MediaDeviceKind): readonly Device[] =>
      this.#found
        .filter((device) => device.kind === kind && device.deviceId !== '')
        .map(({ deviceId: id, label }) => ({ id, label }));
    const { camera, microphone } = this.#slots;
    return {
      cameras: list('videoinput'),
      microphones: list('audioinput'),
      loudspeakers: list('audiooutput'),
      access: camera.asking || microphone.asking ? 'asking' : 'answered',
      camera: camera.available,
      microphone: microphone.available,
      silent: { camera: camera.trouble === 'silent', microphone: microphone.trouble === 'silent' },
      problems: KINDS.flatMap((kind) => {
        const { trouble } = this.#slots[kind];
        return trouble ? [PROBLEMS[kind][trouble]] : [];
      }),
    };
  }
}

async function listed(): Promise<readonly MediaDeviceInfo[] | undefined> {
  try {
    return await mediaDevices()?.enumerateDevices();
  } catch {
    return undefined;
  }
}

/** Absent without a secure context, and in some in-app browsers. */
const mediaDevices = (): MediaDevices | undefined => navigator.mediaDevices as MediaDevices | undefined;
