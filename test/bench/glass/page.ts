/**
 * Draws a number into each picture of a source and reads it again where the picture is shown at the other end. The
 * pictures come at uneven times, so that they meet the screen's refresh at every phase of it.
 */
import { call, show, type Kind } from '../support/call.ts';

declare global {
  interface Window {
    /** Milliseconds from drawing to being shown, for each picture that arrived. */
    glass(kind: Kind, pictures: number): Promise<number[]>;
  }
}

const WIDTH = 640;
const HEIGHT = 480;
const BITS = 12;
/** One block per bit, twelve of them over the picture's width; large enough for any encoder. */
const BLOCK = WIDTH / BITS;
const SKIPPED = 60;

function drawing(): { readonly context: CanvasRenderingContext2D; readonly canvas: HTMLCanvasElement } {
  const canvas = Object.assign(document.createElement('canvas'), { width: WIDTH, height: HEIGHT });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas');
  return { canvas, context };
}

function draw(context: CanvasRenderingContext2D, number: number): void {
  // Something that moves, so that the encoder has work like that of a camera.
  for (let column = 0; column < 16; column++) {
    context.fillStyle = `hsl(${(column * 23 + number * 3) % 360} 60% 50%)`;
    context.fillRect(column * 40, BLOCK, 40, HEIGHT);
  }
  for (let bit = 0; bit < BITS; bit++) {
    context.fillStyle = (number >> bit) & 1 ? '#fff' : '#000';
    context.fillRect(bit * BLOCK, 0, BLOCK, BLOCK);
  }
}

function read(context: CanvasRenderingContext2D, video: HTMLVideoElement): number {
  context.drawImage(video, 0, 0, WIDTH, HEIGHT);
  const { data } = context.getImageData(0, BLOCK / 2, WIDTH, 1);
  let number = 0;
  for (let bit = 0; bit < BITS; bit++) {
    const bright = (data[Math.floor((bit + 0.5) * BLOCK) * 4] ?? 0) > 127;
    if (bright) number |= 1 << bit;
  }
  return number;
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

window.glass = async (kind, pictures) => {
  const source = drawing();
  const camera = source.canvas.captureStream(0).getVideoTracks()[0] as CanvasCaptureMediaStreamTrack | undefined;
  if (!camera) throw new Error('no track');
  const none = { audio: null, camera: null };
  const it = await call(kind, [{ audio: null, camera }, none]);
  const video = show(it.received);
  const target = drawing();
  const drawn: number[] = [];
  const delays = new Map<number, number>();
  const onPicture = (now: number): void => {
    const number = read(target.context, video);
    const at = drawn[number];
    if (at !== undefined && number >= SKIPPED && !delays.has(number)) delays.set(number, now - at);
    video.requestVideoFrameCallback(onPicture);
  };
  video.requestVideoFrameCallback(onPicture);
  for (let number = 0; number < SKIPPED + pictures; number++) {
    draw(source.context, number);
    drawn.push(performance.now());
    camera.requestFrame();
    await pause(20 + Math.random() * 26);
  }
  await pause(200);
  it.close();
  camera.stop();
  video.remove();
  return [...delays.values()];
};
