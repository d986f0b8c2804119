/**
 * What leaves of our own camera: the picture itself, or a softened one [R15]. Fails closed: while softening is wanted and not there,
 * nothing leaves, because what somebody wanted to hide must not be seen for a moment.
 */
import { hasPlatformBlur, setPlatformBlur } from '../../media/platform-blur.ts';
import { BlurredCamera } from '../../media/blurred-camera.ts';
import type { Blur } from '../state/state.ts';

export class LocalVideo {
  #blur: Blur = 'off';
  #camera: MediaStreamTrack | null = null;
  #soft: BlurredCamera | null = null;
  /** The camera whose background the system softens because we asked. */
  #platform: MediaStreamTrack | null = null;
  #track: MediaStreamTrack | null = null;

  /** What may be sent and shown. */
  get track(): MediaStreamTrack | null {
    return this.#track;
  }

  /** What this camera can be asked for; the whole picture can be softened everywhere. */
  blursOf(camera: MediaStreamTrack | null): readonly Blur[] {
    return camera && hasPlatformBlur(camera) ? ['off', 'background', 'picture'] : ['off', 'picture'];
  }

  /**
   * Never rejects.
   *
   * @returns whether the picture is as it was wanted; if not, there is none
   */
  async show(camera: MediaStreamTrack | null, blur: Blur): Promise<boolean> {
    if (camera === this.#camera && blur === this.#blur && this.#track !== null) return true;
    this.#soft?.stop();
    this.#soft = null;
    this.#track = null;
    this.#camera = camera;
    this.#blur = blur;
    if (!camera) return true;
    try {
      this.#track = await this.#make(camera, blur);
    } catch {
      // A browser without what it takes to draw: no picture is the safe one.
      this.#track = null;
    }
    return this.#track !== null;
  }

  close(): void {
    this.#soft?.stop();
    this.#soft = null;
    this.#track = null;
    this.#camera = null;
    this.#blur = 'off';
  }

  async #make(camera: MediaStreamTrack, blur: Blur): Promise<MediaStreamTrack | null> {
    if (blur === 'background') {
      this.#platform = camera;
      return (await setPlatformBlur(camera, 'on')) ? camera : null;
    }
    // What somebody set in the system itself is theirs and stays.
    if (this.#platform === camera) await setPlatformBlur(camera, 'off');
    this.#platform = null;
    if (blur === 'off') return camera;
    this.#soft = new BlurredCamera(camera);
    return this.#soft.track;
  }
}
