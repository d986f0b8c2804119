/**
 * Which media of the page belong to a room [R16]: streams that arrived, their tracks, clones of these, and the elements that show
 * them. Held weakly: what is gone needs no guarding.
 */
const streams = new WeakSet<MediaStream>();
const tracks = new WeakSet<MediaStreamTrack>();

export function protect(stream: MediaStream): void {
  streams.add(stream);
  for (const track of stream.getTracks()) tracks.add(track);
}

export function protectTrack(track: MediaStreamTrack): void {
  tracks.add(track);
}

/** Whether an argument of some interface leads to room media: a stream, a track, an element that plays one. */
export function isRoomMedia(value: unknown): boolean {
  if (value instanceof MediaStreamTrack) return tracks.has(value);
  if (value instanceof MediaStream) return streams.has(value) || value.getTracks().some((track) => tracks.has(track));
  if (value instanceof HTMLMediaElement) return isRoomMedia(value.srcObject);
  return false;
}

/** As {@link isRoomMedia}, and for dictionaries that carry one, such as `{ track }`. */
export function leadsToRoomMedia(value: unknown): boolean {
  if (isRoomMedia(value)) return true;
  if (typeof value !== 'object' || value === null) return false;
  const { track, stream, mediaStream, streams: list } = value as Readonly<Record<string, unknown>>;
  return [track, stream, mediaStream].some(isRoomMedia) || (Array.isArray(list) && list.some(isRoomMedia));
}
