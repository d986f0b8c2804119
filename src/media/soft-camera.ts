/**
 * Our own camera with less to see [R15], before anybody gets it: each picture is made so small that nothing but colours and a pose is left,
 * and drawn large again. What is not in the small picture cannot be sharpened back. The whole picture, face and room: without a model
 * that finds people there is nothing to be wrong about, nothing to be loaded, and no other origin.
 *
 * It reads our own camera, which the recording guard leaves alone; room media never gets here.
 */

/** Pictures in a second; enough for a face, and a bound for the work. */
const RATE = 20;
/** Drawing takes at most this part of one processor core; a slower machine gets fewer pictures, not a hot case. */
const SHARE = 0.25;
/** Pixels in each direction of what is left of a picture: a head is five of them. */
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

export class SoftCamera {
  /** What is to be sent and shown; black until the first picture is soft. */
  readonly track: MediaStreamTrack;
  readonly #video = document.createElement('video');
  readonly #out: Draw;
  /** Each half of the one before: only from half to half does every browser's drawing take the mean of all pixels. */
  readonly #steps = [8, 4, 2, 1].map((times) => surface(LEFT.width * times, LEFT.height * times));
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  /**
   * @param source stays whose it is: stopping this does not stop it
   * @throws where the browser has no canvas to draw on
   */
  constructor(source: MediaStreamTrack) {
    const { width = 640, height = 480 } = source.getSettings();
    this.#out = surface(width, height);
    const [track] = this.#out.canvas.captureStream(RATE).getVideoTracks();
    if (!track) throw new Error('no track of a canvas');
    this.track = track;
    this.#video.muted = true;
    this.#video.playsInline = true;
    this.#video.srcObject = new MediaStream([source]);
    // Played again where a browser stops it; drawing goes on with what there is.
    this.#video.play().catch(() => undefined);
    this.#draw();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.track.stop();
    this.#video.srcObject = null;
  }

  /** A timer and no animation frame: in a window behind others those stop, and the picture would stand still. */
  readonly #draw = (): void => {
    if (this.#stopped) return;
    const start = performance.now();
    if (this.#video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) this.#soften();
    const spent = performance.now() - start;
    this.#timer = setTimeout(this.#draw, pause(spent));
  };

  #soften(): void {
    const out = this.#out;
    const { videoWidth, videoHeight } = this.#video;
    // A telephone that is turned has another picture.
    if (videoWidth > 0 && (out.canvas.width !== videoWidth || out.canvas.height !== videoHeight)) {
      out.canvas.width = videoWidth;
      out.canvas.height = videoHeight;
    }
    let picture: CanvasImageSource = this.#video;
    for (const step of this.#steps) picture = drawn(picture, step);
    // And large again by way of a middle size, so that there are no edges.
    const [, middle] = this.#steps;
    if (middle) picture = drawn(picture, middle);
    out.drawImage(picture, 0, 0, out.canvas.width, out.canvas.height);
  }
}

/** Milliseconds until the next picture, after one that took so long to draw. */
export function pause(spent: number): number {
  return Math.max(1000 / RATE - spent, spent / SHARE - spent, 4);
}
