/** Camera pictures without a camera: head and shoulders on a canvas, drawn once per person, in several shapes of camera. */

/** Aspect of the camera: 4:3, 16:9, 21:9, or a phone held upright. */
export type CameraShape = 'usual' | 'wide' | 'ultra-wide' | 'portrait';

const SIZES: Readonly<Record<CameraShape, readonly [width: number, height: number]>> = {
  usual: [640, 480],
  wide: [640, 360],
  'ultra-wide': [840, 360],
  portrait: [360, 480],
};

/** Milliseconds between two frames: a still canvas gives none by itself. */
const FRAME = 100;

/** Timers of the cameras that were not stopped. */
const running = new Map<MediaStream, ReturnType<typeof setInterval>>();

/**
 * A stream of a still picture, without sound. Its frames end with `track.stop()`. Needs a document.
 *
 * @param person any whole number; its colours tell the people apart
 */
export function drawnCamera(person = 0, shape: CameraShape = 'usual'): MediaStream {
  const canvas = document.createElement('canvas');
  const [width, height] = SIZES[shape];
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2d context');
  const hue = (person * 47) % 360;
  const fill = (colour: string, draw: () => void): void => {
    context.fillStyle = colour;
    context.beginPath();
    draw();
    context.fill();
  };
  fill(`hsl(${String(hue)} 18% 62%)`, () => context.rect(0, 0, width, height));
  fill('rgb(255 255 255 / 25%)', () => context.rect(width * 0.06, height * 0.08, width * 0.2, height * 0.4));
  const [x, y, r] = [width / 2, height * 0.42, height * 0.19];
  fill(`hsl(${String(hue + 180)} 30% 18%)`, () => context.ellipse(x, y - r * 0.1, r * 0.98, r * 1.2, 0, 0, 7));
  fill(`hsl(${String(hue + 120)} 28% 36%)`, () => context.ellipse(x, height * 1.02, r * 1.7, r * 1.5, 0, 0, 7));
  fill(`hsl(25 45% ${String(38 + ((person * 17) % 40))}%)`, () => context.ellipse(x, y, r * 0.78, r, 0, 0, 7));
  const stream = canvas.captureStream();
  const timer = setInterval(() => {
    if (stream.getTracks().some(({ readyState }) => readyState === 'live')) context.fillRect(0, 0, 1, 1);
    else stop(stream);
  }, FRAME);
  running.set(stream, timer);
  return stream;
}

function stop(stream: MediaStream): void {
  clearInterval(running.get(stream));
  running.delete(stream);
  for (const track of stream.getTracks()) track.stop();
}

/** Stops every drawn camera of the page: those of an earlier test or story cost time. */
export function stopDrawnCameras(): void {
  for (const stream of running.keys()) stop(stream);
}
