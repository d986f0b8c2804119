/**
 * Our own camera, microphone and screen: opened and closed by the room, shown in our own tile, and never played back to
 * us.
 */
import {
  Capture,
  type CaptureResult,
  type DeviceUse,
  type PictureSize,
  type Unavailable,
} from '../../media/capture.ts';
import { MicrophoneLevel } from '../../media/level.ts';
import { openScreen } from '../../media/screen.ts';
import type { RoomInput } from '../state/actions.ts';
import type { OwnTracks } from '../../peer/media-lines.ts';
import { SerialQueue } from '../../util/serial-queue.ts';
import { LocalVideo } from './local-video.ts';
import type { Blur, DevicesChoice } from '../state/state.ts';

/** Milliseconds that a larger picture must have been possible before it is sent. */
const STEADY = 20_000;

export class LocalMedia {
  readonly #report: (input: RoomInput) => void;
  readonly #queue = new SerialQueue();
  readonly #capture: Capture;
  readonly #level = new MicrophoneLevel();
  readonly #video = new LocalVideo(() => this.#report(this.#answer()));
  #blur: Blur = 'off';
  /** For our own tile: video alone, so that no one hears themselves. */
  readonly #cameraStream = new MediaStream();
  readonly #screenStream = new MediaStream();
  #screen: MediaStreamTrack | null = null;
  #settled: Promise<void> = Promise.resolve();
  #larger: ReturnType<typeof setTimeout> | undefined;
  /** The last wish: what comes of an earlier one is not reported. */
  #use: DeviceUse | null = null;

  constructor(o: { report(input: RoomInput): void; onUnavailable(why: Unavailable): void }) {
    this.#report = (input) => o.report(input);
    this.#capture = new Capture({
      onChange: () => void this.#refresh(),
      onUnavailable: (why) => o.onUnavailable(why),
    });
  }

  /** Resolves when the last choice has been opened, or has failed. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  /** What may be sent. */
  get tracks(): OwnTracks {
    return { audio: this.#capture.microphone, camera: this.#video.track, screen: this.#screen };
  }

  /** Opens the chosen devices; the result, including problems, is reported as `devices-answered`. */
  open(choice: DevicesChoice): Promise<void> {
    // Not queued: a permission prompt may stay open for ever, and another choice must not wait for it.
    this.#settled = this.#capture.open(choice).then(() => this.#refresh());
    return this.#settled;
  }

  /** Blurs our own picture, or no longer. There is no picture until the change is complete. */
  async blur(blur: Blur): Promise<void> {
    this.#blur = blur;
    await this.#refresh();
  }

  /**
   * Turns devices off in hardware, and the same devices on again. A device that fails to start is reported and shown as
   * off.
   */
  async use(use: DeviceUse): Promise<void> {
    this.#use = use;
    const result = await this.#capture.use(use);
    await this.#refresh();
    if (this.#use !== use) return;
    const { camera, microphone } = this.#capture;
    if (use.camera === 'on' && result.camera && !camera) this.#reportMissing('camera', result);
    if (use.microphone === 'on' && result.microphone && !microphone) this.#reportMissing('microphone', result);
  }

  /**
   * How large a picture of our camera is sent: smaller at once, larger after a while, because some cameras pause to
   * change.
   */
  resize(size: PictureSize): void {
    clearTimeout(this.#larger);
    // Queued: a blur that is being set would be lost.
    const apply = (): void => void this.#queue.run(() => this.#capture.resize(size));
    if (size === 'small') apply();
    else this.#larger = setTimeout(apply, STEADY);
  }

  /** For our own tile; null while there is nothing to show. */
  stream(kind: 'camera' | 'screen'): MediaStream | null {
    const stream = kind === 'camera' ? this.#cameraStream : this.#screenStream;
    return stream.getTracks().length > 0 ? stream : null;
  }

  /** Microphone level, 0 to 1. */
  level(): number {
    return this.#level.read();
  }

  /**
   * @param isWanted whether it may still be shown when the person has chosen
   * @param allowed lets this one call of `getDisplayMedia` pass the recording guard
   * @throws {ConsultError} `screen-denied`
   */
  async startScreen(
    allowed: <T>(start: () => Promise<T>) => Promise<T>,
    isWanted: () => boolean = () => true,
  ): Promise<'shown' | 'unwanted'> {
    const track = await allowed(() => openScreen());
    // The picker can stay open for long: over the end of the call, or until "someone came in".
    if (!isWanted()) {
      track.stop();
      return 'unwanted';
    }
    this.stopScreen();
    this.#screen = track;
    this.#screenStream.addTrack(track);
    // The browser has a button of its own to stop sharing.
    track.addEventListener('ended', () => this.#report({ type: 'media', media: { screen: false } }));
    return 'shown';
  }

  stopScreen(): void {
    if (!this.#screen) return;
    this.#screen.stop();
    this.#screenStream.removeTrack(this.#screen);
    this.#screen = null;
  }

  close(): void {
    clearTimeout(this.#larger);
    this.stopScreen();
    this.#level.close();
    this.#capture.close();
    this.#video.close();
    this.#blur = 'off';
    this.#showCamera();
    this.#use = null;
    // Closes a device that is still being opened, as soon as it is open, and a blur that is still being set.
    void this.#queue.run(async () => {
      this.#capture.close();
      this.#video.close();
      this.#showCamera();
    });
  }

  #showCamera(): void {
    for (const track of this.#cameraStream.getTracks()) this.#cameraStream.removeTrack(track);
    if (this.#video.track) this.#cameraStream.addTrack(this.#video.track);
  }

  /** Shows and measures what is open now, and reports it: one at a time, because blurring takes a moment. */
  async #refresh(): Promise<void> {
    await this.#queue.run(async () => {
      this.#level.listenTo(this.#capture.microphone);
      const shown = await this.#video.show(this.#capture.camera, this.#blur);
      this.#showCamera();
      this.#report(this.#answer());
      if (shown) return;
      this.#report({ type: 'problem', code: 'blur-unavailable' });
      this.#report({ type: 'media', media: { camera: false } });
    });
  }

  #answer(): RoomInput {
    const result = this.#capture.result();
    const stalled = this.#video.stalled;
    return {
      type: 'devices-answered',
      devices: {
        ...result,
        silent: { ...result.silent, camera: result.silent.camera || stalled },
        problems: stalled ? [...result.problems, 'camera-silent'] : result.problems,
        blurs: this.#video.blursOf(this.#capture.camera),
      },
    };
  }

  #reportMissing(kind: 'camera' | 'microphone', { problems }: CaptureResult): void {
    const code = problems.find((problem) => problem.startsWith(kind));
    if (code) this.#report({ type: 'problem', code });
    this.#report({ type: 'media', media: { [kind]: false } });
  }
}
