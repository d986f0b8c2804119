/**
 * A call on one page, in the browser: two ends, sound and a camera, either through this library's frame workers, one an
 * end, or with no transform at all. The library has no such switch: the plain call is made of nothing but
 * `RTCPeerConnection`.
 */
import { FrameWorkerClient } from '../../../src/e2ee/frames/frame-worker-client.ts';

export type Kind = 'encrypted' | 'plain';

export interface Call {
  /** What the second end receives; the first one's comes back in `back`, where the call has two directions. */
  readonly received: MediaStreamTrack;
  readonly back: MediaStreamTrack;
  close(): void;
}

type Transformable = { transform: RTCRtpScriptTransform | null };
interface Tracks {
  readonly audio: MediaStreamTrack | null;
  readonly camera: MediaStreamTrack | null;
}

const LINK = 'bench';
const MAX_BITRATE = 1_200_000;

async function member(ownLeaf: number): Promise<FrameWorkerClient> {
  const cipher = new FrameWorkerClient({
    createWorker: () => new Worker('/support/frame-worker.js', { type: 'module' }),
  });
  await cipher.ready;
  await cipher.installEpoch({ epoch: 1n, ownLeaf, leaves: [0, 1], baseKey: new Uint8Array(32).fill(1) });
  await cipher.switchSender(1n);
  cipher.openLink(LINK, 1 - ownLeaf);
  return cipher;
}

function attach(pc: RTCPeerConnection, cipher: FrameWorkerClient): void {
  pc.getTransceivers().forEach(({ sender, receiver }, index) => {
    const stream = index === 0 ? 'audio' : 'camera';
    (sender as unknown as Transformable).transform = cipher.createTransform({
      linkId: LINK,
      stream,
      direction: 'send',
    });
    (receiver as unknown as Transformable).transform = cipher.createTransform({
      linkId: LINK,
      stream,
      direction: 'receive',
    });
  });
}

function addLines(pc: RTCPeerConnection): void {
  pc.addTransceiver('audio');
  const camera = pc.addTransceiver('video');
  const { codecs = [] } = RTCRtpReceiver.getCapabilities('video') ?? {};
  camera.setCodecPreferences(codecs.filter(({ mimeType }) => /^video\/(vp8|rtx)$/iu.test(mimeType)));
}

async function send(pc: RTCPeerConnection, { audio, camera }: Tracks): Promise<void> {
  const [first, second] = pc.getTransceivers();
  await first?.sender.replaceTrack(audio);
  await second?.sender.replaceTrack(camera);
  const parameters = second?.sender.getParameters();
  const [encoding] = parameters?.encodings ?? [];
  if (!second || !parameters || !encoding) throw new Error('the camera has no line');
  encoding.maxBitrate = MAX_BITRATE;
  await second.sender.setParameters(parameters);
}

/** Both kinds with the same lines, codec and limits. */
export async function call(kind: Kind, tracks: readonly [Tracks, Tracks]): Promise<Call> {
  const ciphers = kind === 'encrypted' ? await Promise.all([member(0), member(1)]) : null;
  const configuration = (ciphers ? { encodedInsertableStreams: true } : {}) as RTCConfiguration;
  const [a, b] = [new RTCPeerConnection(configuration), new RTCPeerConnection(configuration)];
  a.addEventListener('icecandidate', ({ candidate }) => void b.addIceCandidate(candidate ?? undefined));
  b.addEventListener('icecandidate', ({ candidate }) => void a.addIceCandidate(candidate ?? undefined));
  addLines(a);
  if (ciphers) attach(a, ciphers[0]);
  const offer = await a.createOffer();
  const local = a.setLocalDescription(offer);
  await b.setRemoteDescription(offer);
  for (const transceiver of b.getTransceivers()) transceiver.direction = 'sendrecv';
  if (ciphers) attach(b, ciphers[1]);
  await local;
  await b.setLocalDescription();
  if (!b.localDescription) throw new Error('no answer');
  await a.setRemoteDescription(b.localDescription);
  await send(a, tracks[0]);
  await send(b, tracks[1]);
  const [received, back] = [b, a].map((pc) => pc.getReceivers()[1]?.track);
  if (!received || !back) throw new Error('no receivers');
  return {
    received,
    back,
    close: () => {
      a.close();
      b.close();
      for (const cipher of ciphers ?? []) cipher.close();
    },
  };
}

/** Shows a track, muted, as a page would. */
export function show(track: MediaStreamTrack): HTMLVideoElement {
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = new MediaStream([track]);
  document.body.append(video);
  void video.play();
  return video;
}
