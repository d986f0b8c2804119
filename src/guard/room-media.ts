/**
 * Registry of room media [R16]: received streams, their tracks and clones, and the elements that show them. Held
 * weakly.
 *
 * Objects are recognised by calling the browser's own functions on them, not by `instanceof`, so objects of
 * same-origin frames count too.
 */
const streams = new WeakSet<object>();
const tracks = new WeakSet<object>();

/** The browser's own functions, saved before any patch; undefined where there is no DOM. */
const tracksOf = typeof MediaStream === 'undefined' ? undefined : MediaStream.prototype.getTracks;
const sourceOf =
  typeof HTMLMediaElement === 'undefined'
    ? undefined
    : Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject')?.get;

export function protect(stream: MediaStream): void {
  protectStream(stream);
  for (const track of stream.getTracks()) tracks.add(track);
}

/** Protects the stream without its tracks: our own code sends and blurs the track of the self-view. */
export function protectStream(stream: MediaStream): void {
  streams.add(stream);
}

export function protectTrack(track: MediaStreamTrack): void {
  tracks.add(track);
}

/** Whether a value is room media: a stream, a track, or an element that plays one. */
export function isRoomMedia(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (tracks.has(value) || streams.has(value)) return true;
  const inner = callNative(tracksOf, value);
  if (inner) return inner.some((track) => tracks.has(track));
  return isRoomMedia(callNative(sourceOf, value));
}

/** Like {@link isRoomMedia}, also for dictionaries that contain room media, such as `{ track }`. */
export function leadsToRoomMedia(value: unknown): boolean {
  if (isRoomMedia(value)) return true;
  if (typeof value !== 'object' || value === null) return false;
  const { track, stream, mediaStream, source, streams: list } = value as Readonly<Record<string, unknown>>;
  return [track, stream, mediaStream, source].some(isRoomMedia) || (Array.isArray(list) && list.some(isRoomMedia));
}

/** Calls a browser function on an object; undefined when the object is of another interface. */
function callNative<T>(native: ((this: never) => T) | undefined, value: object): T | undefined {
  try {
    return native?.call(value as never);
  } catch {
    return undefined;
  }
}
