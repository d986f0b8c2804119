/**
 * The track of a link that carries the studio's frames (protocol.md §7, "Encode once"): grey pictures of 16×16, made on
 * demand. A worker makes them where the browser can (Chromium's `MediaStreamTrackGenerator`), the page draws them on a
 * canvas elsewhere (mediacapture-fromelement §4.2).
 */

/** Not in the compiler's types (mediacapture-transform, as Chromium has it on the page). */
type TrackGenerator = new (o: { readonly kind: 'video' }) => MediaStreamTrack & {
  readonly writable: WritableStream<VideoFrame>;
};

export interface Carrier {
  readonly track: MediaStreamTrack;
  /** Where the worker writes pictures; null where {@link draw} makes them. */
  readonly writable: WritableStream<VideoFrame> | null;
  /** Makes one picture. */
  draw(): void;
  close(): void;
}

const SIZE = 16;

function generatorOf(): TrackGenerator | undefined {
  return (globalThis as { readonly MediaStreamTrackGenerator?: TrackGenerator }).MediaStreamTrackGenerator;
}

/**
 * How this browser makes carriers now. A canvas is captured when the page is rendered, so hardly ever while it is
 * hidden.
 */
export function carriersOf(): 'written' | 'drawn' | 'none' {
  if (generatorOf()) return 'written';
  const canvas = typeof HTMLCanvasElement === 'undefined' ? null : HTMLCanvasElement.prototype;
  return canvas && 'captureStream' in canvas && !isPageHidden() ? 'drawn' : 'none';
}

export function isPageHidden(): boolean {
  return typeof document !== 'undefined' && document.hidden;
}

/** Calls back when {@link carriersOf} may have changed. @returns ends that */
export function watchCarriers(act: () => void): () => void {
  if (typeof document === 'undefined') return () => undefined;
  document.addEventListener('visibilitychange', act);
  return () => document.removeEventListener('visibilitychange', act);
}

/** @throws {Error} where the browser has no such track after all */
export function makeCarrier(): Carrier {
  const Generator = generatorOf();
  return Generator ? written(new Generator({ kind: 'video' })) : drawn();
}

function written(track: InstanceType<TrackGenerator>): Carrier {
  return { track, writable: track.writable, draw: () => undefined, close: () => track.stop() };
}

/** On the track by the standard (mediacapture-fromelement §4.2.1), on its stream in Firefox. */
interface OnDemand {
  requestFrame?(): void;
}

function drawn(): Carrier {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [SIZE, SIZE];
  const pen = canvas.getContext('2d');
  const stream: MediaStream & OnDemand = canvas.captureStream(0);
  const [track] = stream.getVideoTracks() as (MediaStreamTrack & OnDemand)[];
  const source = track?.requestFrame ? track : stream;
  if (!pen || !track || !source.requestFrame) throw new Error('no track of a canvas');
  let odd = false;
  const draw = (): void => {
    odd = !odd;
    // Only a canvas that changed is captured.
    pen.fillStyle = odd ? '#888' : '#898';
    pen.fillRect(0, 0, SIZE, SIZE);
    source.requestFrame?.();
  };
  draw();
  return { track, writable: null, draw, close: () => track.stop() };
}
