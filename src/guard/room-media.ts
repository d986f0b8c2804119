/**
 * Which media of the page belong to a room [R16]: streams that arrived, their tracks, clones of these, and the elements that show
 * them. Held weakly: what is gone needs no guarding.
 *
 * Told by the interfaces themselves, not by `instanceof`: an object of a same-origin frame is as good as one of the page.
 */
const streams = new WeakSet<object>();
const tracks = new WeakSet<object>();

/** The browser's own functions, taken before anything replaced them; none where there is no DOM. */
const tracksOf = typeof MediaStream === 'undefined' ? undefined : MediaStream.prototype.getTracks;
const sourceOf =
  typeof HTMLMediaElement === 'undefined'
    ? undefined
    : Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject')?.get;

export function protect(stream: MediaStream): void {
  protectStream(stream);
  for (const track of stream.getTracks()) tracks.add(track);
}

/** The stream alone: for our own picture, whose track is sent, and may be blurred, by ourselves. */
export function protectStream(stream: MediaStream): void {
  streams.add(stream);
}

export function protectTrack(track: MediaStreamTrack): void {
  tracks.add(track);
}

/** Whether an argument of some interface leads to room media: a stream, a track, an element that plays one. */
export function isRoomMedia(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (tracks.has(value) || streams.has(value)) return true;
  const inner = ask(tracksOf, value);
  if (inner) return inner.some((track) => tracks.has(track));
  return isRoomMedia(ask(sourceOf, value));
}

/** As {@link isRoomMedia}, and for dictionaries that carry one, such as `{ track }`. */
export function leadsToRoomMedia(value: unknown): boolean {
  if (isRoomMedia(value)) return true;
  if (typeof value !== 'object' || value === null) return false;
  const { track, stream, mediaStream, source, streams: list } = value as Readonly<Record<string, unknown>>;
  return [track, stream, mediaStream, source].some(isRoomMedia) || (Array.isArray(list) && list.some(isRoomMedia));
}

/** What the browser's own function says of an object, or undefined where it is of another interface. */
function ask<T>(native: ((this: never) => T) | undefined, value: object): T | undefined {
  try {
    return native?.call(value as never);
  } catch {
    return undefined;
  }
}
