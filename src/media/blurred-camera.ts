/**
 * Blurs our own camera before encoding [R15]: each frame is scaled down until only colours and a pose remain, then
 * scaled up again. Detail that the small frame lacks cannot be recovered. It blurs the whole frame, face and room: it
 * needs no segmentation model, which could be wrong and would have to be loaded.
 *
 * It reads our own camera, which the recording guard permits; room media never reaches it.
 */

/** Frames per second: enough for a face, and an upper limit for the work. */
const RATE = 20;
/** Upper limit for drawing, as a share of one CPU core; a slower machine sends fewer frames. */
const SHARE = 0.25;
/** Size of the reduced frame in pixels: a head is about five pixels wide. */
const LEFT = { width: 32, height: 24 } as const;

type Draw = CanvasRenderingContext2D;

function surface(width: number, height: number): Draw {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  return context;
}

function drawn(picture: CanvasImageSource, on: Draw): HTMLCanvasElement {
  on.drawImage(picture, 0, 0, on.canvas.width, on.canvas.height);
  return on.canvas;
}

/**
 * Whether a canvas shows what was drawn on it. Firefox with `privacy.resistFingerprinting` gives noise instead, in a
 * captured stream too.
 */
function readsTrue(): boolean {
  const test = surface(8, 8);
  test.fillStyle = '#346';
  test.fillRect(0, 0, 8, 8);
  const { data } = test.getImageData(0, 0, 8, 8);
  return data.every((value, index) => value === [0x33, 0x44, 0x66, 0xff][index % 4]);
}

export class BlurredCamera {
  /** The blurred track to send and show; black until the first blurred frame. */
  readonly track: MediaStreamTrack;
  readonly #video = document.createElement('video');
  readonly #out: Draw;
  /** Each half the size of the one before: only when halving does every browser average all pixels. */
  readonly #steps = [8, 4, 2, 1].map((times) => surface(LEFT.width * times, LEFT.height * times));
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #onStalled: () => void;
  #stopped = false;

  /** Whether the window is hidden: browsers then draw once a second or never, and a picture would freeze. */
  get stalled(): boolean {
    return document.hidden;
  }

  /**
   * @param source remains the caller's: `stop()` does not stop it
   * @param onStalled called when {@link stalled} changes
   * @throws {Error} when the browser provides no canvas, or one with noise in it
   */
  constructor(source: MediaStreamTrack, onStalled: () => void) {
    if (!readsTrue()) throw new Error('canvas is randomised');
    this.#onStalled = onStalled;
    document.addEventListener('visibilitychange', this.#onStalled);
    const { width = 640, height = 480 } = source.getSettings();
    this.#out = surface(width, height);
    const [track] = this.#out.canvas.captureStream(RATE).getVideoTracks();
    if (!track) throw new Error('no track of a canvas');
    this.track = track;
    this.#video.muted = true;
    this.#video.playsInline = true;
    this.#video.srcObject = new MediaStream([source]);
    // `play()` may be rejected; drawing continues with the frames that arrive.
    this.#video.play().catch(() => undefined);
    this.#draw();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    document.removeEventListener('visibilitychange', this.#onStalled);
    this.track.stop();
    this.#video.srcObject = null;
  }

  /** Uses a timer: animation frames stop in a covered window, and the picture would freeze. */
  readonly #draw = (): void => {
    if (this.#stopped) return;
    const start = performance.now();
    if (this.#video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) this.#blur();
    const spent = performance.now() - start;
    this.#timer = setTimeout(this.#draw, pause(spent));
  };

  #blur(): void {
    const out = this.#out;
    const { videoWidth, videoHeight } = this.#video;
    // Rotating a phone changes the frame size.
    if (videoWidth > 0 && (out.canvas.width !== videoWidth || out.canvas.height !== videoHeight)) {
      out.canvas.width = videoWidth;
      out.canvas.height = videoHeight;
    }
    let picture: CanvasImageSource = this.#video;
    for (const step of this.#steps) picture = drawn(picture, step);
    // Scales up through a middle size so that no hard edges appear.
    const [, middle] = this.#steps;
    if (middle) picture = drawn(picture, middle);
    out.drawImage(picture, 0, 0, out.canvas.width, out.canvas.height);
  }
}

/** Milliseconds until the next frame, after one that took `spent` milliseconds to draw. */
export function pause(spent: number): number {
  return Math.max(1000 / RATE - spent, spent / SHARE - spent, 4);
}
