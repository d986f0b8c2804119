/** [R15] Measures what a blurred camera transmits: no detail, only colours and movement, with bounded work. */
import { expect } from '@open-wc/testing';
import { pause, BlurredCamera } from '../../src/media/blurred-camera.ts';
import { waitUntil } from '../support/wait-until.ts';

const SIZE = { width: 320, height: 240 } as const;

/** Something with a lot to see: lines of two pixels, as letters on a wall have them, on a colour that the test chooses. */
class Scene {
  readonly canvas = document.createElement('canvas');
  readonly track: MediaStreamTrack;
  readonly #context: CanvasRenderingContext2D;
  readonly #timer: ReturnType<typeof setInterval>;
  hue = 20;

  constructor() {
    Object.assign(this.canvas, SIZE);
    this.#context = this.canvas.getContext('2d')!;
    this.track = this.canvas.captureStream(20).getVideoTracks()[0]!;
    this.#draw();
    // A camera gives pictures whether or not something moves.
    this.#timer = setInterval(() => this.#draw(), 50);
  }

  #draw(): void {
    this.#context.fillStyle = `hsl(${String(this.hue)} 70% 50%)`;
    this.#context.fillRect(0, 0, SIZE.width, SIZE.height);
    this.#context.fillStyle = '#000';
    for (let x = 0; x < SIZE.width; x += 8) this.#context.fillRect(x, 0, 2, SIZE.height);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.track.stop();
  }
}

class Viewer {
  readonly video = document.createElement('video');
  readonly #context: CanvasRenderingContext2D;

  constructor(track: MediaStreamTrack) {
    this.video.muted = true;
    this.video.srcObject = new MediaStream([track]);
    void this.video.play();
    const canvas = document.createElement('canvas');
    Object.assign(canvas, SIZE);
    this.#context = canvas.getContext('2d', { willReadFrequently: true })!;
  }

  /** Mean difference of neighbours, 0 to 255: what letters and edges make; and the mean colour. */
  look(): { readonly detail: number; readonly red: number; readonly blue: number } {
    this.#context.drawImage(this.video, 0, 0, SIZE.width, SIZE.height);
    const { data } = this.#context.getImageData(0, 0, SIZE.width, SIZE.height);
    let [detail, red, blue] = [0, 0, 0];
    const pixels = SIZE.width * SIZE.height;
    for (let i = 4; i < data.length; i += 4) {
      detail += Math.abs(data[i]! - data[i - 4]!);
      red += data[i]!;
      blue += data[i + 2]!;
    }
    return { detail: detail / pixels, red: red / pixels, blue: blue / pixels };
  }

  stop(): void {
    this.video.srcObject = null;
  }
}

describe('[R15] a blurred camera', () => {
  const cleanup: { stop(): void }[] = [];
  const keep = <T extends { stop(): void }>(one: T): T => {
    cleanup.push(one);
    return one;
  };
  afterEach(() => {
    for (const one of cleanup.splice(0)) one.stop();
  });

  it('removes detail and keeps colours and movement', async () => {
    const scene = keep(new Scene());
    const clear = keep(new Viewer(scene.track));
    await waitUntil(() => clear.look().red > 60, 'the scene is seen');
    const soft = keep(new BlurredCamera(scene.track, () => undefined));
    const softened = keep(new Viewer(soft.track));
    await waitUntil(() => softened.look().red > 60, 'a softened picture is seen');
    const [before, after] = [clear.look(), softened.look()];
    expect(before.detail).to.be.above(20);
    expect(after.detail).to.be.below(before.detail / 20);
    expect(Math.abs(after.red - before.red)).to.be.below(25);
    scene.hue = 220;
    await waitUntil(() => softened.look().blue > softened.look().red + 40, 'what changes is seen');
  });

  it('never shows a clear frame, not even at the start', async () => {
    const scene = keep(new Scene());
    const clear = keep(new Viewer(scene.track));
    await waitUntil(() => clear.look().red > 60, 'the scene is seen');
    const viewer = keep(new Viewer(keep(new BlurredCamera(scene.track, () => undefined)).track));
    let most = 0;
    await waitUntil(
      () => {
        const { detail, red } = viewer.look();
        most = Math.max(most, detail);
        return red > 60;
      },
      'a softened picture is seen',
      { timeout: 10_000, interval: 5 },
    );
    expect(most).to.be.below(3);
  });

  it('stops its own track and leaves the camera running', async () => {
    const scene = keep(new Scene());
    const soft = new BlurredCamera(scene.track, () => undefined);
    soft.stop();
    expect([soft.track.readyState, scene.track.readyState]).to.deep.equal(['ended', 'live']);
  });

  it('is refused when the browser puts noise into canvases', () => {
    const scene = keep(new Scene());
    const { getImageData } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.getImageData = function (this: CanvasRenderingContext2D, x, y, width, height) {
      const image = getImageData.call(this, x, y, width, height);
      image.data[5] = (image.data[5] ?? 0) ^ 1;
      return image;
    };
    try {
      expect(() => new BlurredCamera(scene.track, () => undefined)).to.throw('randomised');
    } finally {
      CanvasRenderingContext2D.prototype.getImageData = getImageData;
    }
  });

  it('reports that it stands still while the window is hidden', () => {
    const scene = keep(new Scene());
    let told = 0;
    const soft = keep(new BlurredCamera(scene.track, () => told++));
    Object.defineProperty(document, 'hidden', { configurable: true, value: true });
    try {
      document.dispatchEvent(new Event('visibilitychange'));
      expect([soft.stalled, told]).to.deep.equal([true, 1]);
    } finally {
      Reflect.deleteProperty(document, 'hidden');
    }
    document.dispatchEvent(new Event('visibilitychange'));
    expect([soft.stalled, told]).to.deep.equal([document.hidden, 2]);
    soft.stop();
    document.dispatchEvent(new Event('visibilitychange'));
    expect(told).to.equal(2);
  });

  it('takes at most a quarter of a CPU core on any machine', () => {
    for (const spent of [0, 1, 5, 12, 40, 200]) {
      const share = spent / (spent + pause(spent));
      expect(share, `${String(spent)} ms`).to.be.at.most(0.251);
    }
    // And a fast one no more than the pictures that are wanted.
    expect(1 + pause(1)).to.be.at.least(50);
  });
});
