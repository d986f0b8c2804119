/**
 * Loads `webrtc-adapter`, which mends WebRTC in older browsers, only where this browser lacks something that we use. It sends nothing
 * and changes no address.
 */
import { part } from '../util/part.ts';

/** Member of an interface that the library uses, and that `webrtc-adapter` adds where it is missing. */
const NEEDED = [
  ['RTCPeerConnection', 'connectionState'],
  ['RTCPeerConnection', 'addTransceiver'],
  ['RTCPeerConnection', 'ontrack'],
  ['RTCTrackEvent', 'transceiver'],
  ['RTCRtpSender', 'getStats'],
  ['RTCRtpReceiver', 'getStats'],
  ['RTCIceCandidate', 'foundation'],
] as const;

type Scope = Readonly<Record<string, { readonly prototype: object } | undefined>>;

/** What this browser lacks, such as `RTCPeerConnection.connectionState`. */
export function lacking(scope: Scope = globalThis as unknown as Scope): readonly string[] {
  return NEEDED.filter(([name, member]) => {
    const found = scope[name];
    return found === undefined || !(member in found.prototype);
  }).map((path) => path.join('.'));
}

const loadAdapter = part(() => import('webrtc-adapter'));

/**
 * Resolves when connections may be made. In a current browser it loads nothing.
 *
 * @throws {ConsultError} `part-unavailable`
 */
export async function mendWebRtc(): Promise<void> {
  if (lacking().length > 0) await loadAdapter();
}
