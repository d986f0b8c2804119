/**
 * The only way for room media into an element [R16]. Exits can be closed one by one, but a capture that was set on an
 * element beforehand follows whatever enters the element later (mediacapture-fromelement §3.1, Web Audio §1.21). So
 * nothing else may put room media into an element, and an element that is being captured gets none.
 */
import { isTapped, play, playedBy, protectTrack } from './room-media.ts';

/** Elements that show media of a room now, and the stream that a script reads from each instead of the real one. */
const shown = new Map<HTMLMediaElement, MediaStream>();

/** The browser's own function, saved before any patch; undefined where there is no DOM. */
const addTrack = typeof MediaStream === 'undefined' ? undefined : MediaStream.prototype.addTrack;

/** Adds a track of a room to a stream of ours, which no other script may do. */
export function addRoomTrack(stream: MediaStream, track: MediaStreamTrack): void {
  protectTrack(track);
  addTrack?.call(stream, track);
}

/** The elements that show media of a room now. */
export function shownElements(): Iterable<HTMLMediaElement> {
  return shown.keys();
}

/**
 * Shows a stream in an element, or nothing. Showing the same stream again changes nothing, so that it does not restart.
 *
 * @returns `refused` when another script captures the element; it then shows nothing
 */
export function show(element: HTMLVideoElement, stream: MediaStream | null): 'shown' | 'refused' {
  if (stream === null) {
    if (shown.has(element)) play(element, null);
    forget(element);
    return 'shown';
  }
  if (isTapped(element) || isHeard(element) || inOwnWindow(element)) {
    show(element, null);
    return 'refused';
  }
  if (shown.has(element) && playedBy(element) === stream) return 'shown';
  if (!shown.has(element)) {
    element.addEventListener('loadedmetadata', stopHere, { capture: true });
    // The browser's own buttons lead to windows and devices outside the page.
    element.disablePictureInPicture = true;
    element.disableRemotePlayback = true;
    shown.set(element, new MediaStream());
  }
  play(element, stream);
  return 'shown';
}

/** Ends the bookkeeping for an element that a script has given another source. */
export function forget(element: unknown): void {
  if (!shown.delete(element as HTMLMediaElement)) return;
  (element as HTMLMediaElement).removeEventListener('loadedmetadata', stopHere, { capture: true });
}

/**
 * What a script reads as `srcObject` of an element that shows room media: an empty stream, always the same one, so that
 * code which compares before it sets keeps working. Undefined for all other elements.
 */
export function standInOf(element: unknown): MediaStream | undefined {
  return shown.get(element as HTMLMediaElement);
}

/**
 * Chromium fills a captured stream in a listener for `loadedmetadata` that `captureStream()` put on the element, however
 * long ago. A capturing listener on the element runs before it (DOM §2.9) and stops the event.
 */
function stopHere(event: Event): void {
  event.stopImmediatePropagation();
}

/** Whether an audio graph took over the element's sound, however long ago; only Firefox tells. */
function isHeard(element: HTMLMediaElement & { readonly mozAudioCaptured?: boolean }): boolean {
  return element.mozAudioCaptured === true;
}

/** Whether the element is in a picture-in-picture window. */
function inOwnWindow(element: HTMLVideoElement): boolean {
  const root = element.getRootNode() as Partial<DocumentOrShadowRoot>;
  return root.pictureInPictureElement === element;
}
