/** Showing one's screen (W3C screen-capture), by the person's own choice in the browser's own picker. */
import { ConsultError } from '../errors.ts';

/**
 * Picture only: the sound of a screen is nobody's business in counselling.
 *
 * @throws {ConsultError} `screen-denied`
 */
export async function openScreen(): Promise<MediaStreamTrack> {
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: false });
    const [track] = stream.getVideoTracks();
    if (!track) throw new ConsultError('screen-denied');
    return track;
  } catch (error: unknown) {
    throw error instanceof ConsultError ? error : new ConsultError('screen-denied', { cause: error });
  }
}
