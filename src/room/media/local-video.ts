/**
 * The outgoing picture of our own camera: as it is, or blurred [R15]. Fails closed: while a blur is wanted and not
 * available, there is no picture, because what a person wants to hide must not be visible even for a moment.
 */
import { hasPlatformBlur, setPlatformBlur } from '../../media/platform-blur.ts';
import { BlurredCamera } from '../../media/blurred-camera.ts';
import type { Blur } from '../state/state.ts';

export class LocalVideo {
  #blur: Blur = 'off';
  #camera: MediaStreamTrack | null = null;
  #blurred: BlurredCamera | null = null;
  /** The camera whose background the system blurs at our request. */
  #platform: MediaStreamTrack | null = null;
  #track: MediaStreamTrack | null = null;
  readonly #onStalled: () => void;

  /** @param onStalled called when {@link stalled} changes */
  constructor(onStalled: () => void) {
    this.#onStalled = onStalled;
  }

  /** Whether the picture stands still because this window is hidden. */
  get stalled(): boolean {
    return this.#blurred?.stalled ?? false;
  }

  /** What may be sent and shown. */
  get track(): MediaStreamTrack | null {
    return this.#track;
  }

  /** The blurs that this camera offers; the whole picture can always be blurred. */
  blursOf(camera: MediaStreamTrack | null): readonly Blur[] {
    return camera && hasPlatformBlur(camera) ? ['off', 'background', 'picture'] : ['off', 'picture'];
  }

  /**
   * Never rejects.
   *
   * @returns whether the picture is as wanted; if not, there is none
   */
  async show(camera: MediaStreamTrack | null, blur: Blur): Promise<boolean> {
    if (camera === this.#camera && blur === this.#blur && this.#track !== null) return true;
    this.#blurred?.stop();
    this.#blurred = null;
    this.#track = null;
    this.#camera = camera;
    this.#blur = blur;
    if (!camera) return true;
    try {
      this.#track = await this.#create(camera, blur);
    } catch {
      // The browser cannot draw a blurred picture.
      this.#track = null;
    }
    return this.#track !== null;
  }

  close(): void {
    this.#blurred?.stop();
    this.#blurred = null;
    this.#track = null;
    this.#camera = null;
    this.#blur = 'off';
  }

  async #create(camera: MediaStreamTrack, blur: Blur): Promise<MediaStreamTrack | null> {
    if (blur === 'background') {
      this.#platform = camera;
      return (await setPlatformBlur(camera, 'on')) ? camera : null;
    }
    // A blur that the person chose in the system settings stays.
    if (this.#platform === camera) await setPlatformBlur(camera, 'off');
    this.#platform = null;
    if (blur === 'off') return camera;
    this.#blurred = new BlurredCamera(camera, this.#onStalled);
    return this.#blurred.track;
  }
}
