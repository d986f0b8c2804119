/** Screen sharing (W3C screen-capture) through the browser's own picker. */
import { ConsultError } from '../errors.ts';

/**
 * Opens the picker and returns the video track. Never captures audio: counselling has no need for the sound of a
 * screen.
 *
 * @throws {ConsultError} `screen-denied`
 */
export async function openScreen(): Promise<MediaStreamTrack> {
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: false });
    const [track] = stream.getVideoTracks();
    // What was chosen may be closed by now: no event will say that it ended.
    if (track?.readyState !== 'live') throw new ConsultError('screen-denied');
    return track;
  } catch (error: unknown) {
    throw error instanceof ConsultError ? error : new ConsultError('screen-denied', { cause: error });
  }
}
