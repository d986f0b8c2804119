/** A call of two with the browser's own test camera and tone, both directions, shown at both ends. */
import { call, show, type Call, type Kind } from '../support/call.ts';

declare global {
  interface Window {
    begin(kind: Kind): Promise<void>;
    /** Pictures shown so far at both ends. */
    shown(): number;
    end(): void;
  }
}

let running: {
  readonly call: Call;
  readonly videos: readonly HTMLVideoElement[];
  readonly stream: MediaStream;
} | null = null;

window.begin = async (kind) => {
  const video = { width: 640, height: 480, frameRate: 30 };
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video });
  const [audio = null] = stream.getAudioTracks();
  const [camera = null] = stream.getVideoTracks();
  const it = await call(kind, [
    { audio, camera },
    { audio, camera },
  ]);
  running = { call: it, videos: [it.received, it.back].map(show), stream };
};

window.shown = () =>
  (running?.videos ?? []).reduce((sum, video) => sum + video.getVideoPlaybackQuality().totalVideoFrames, 0);

window.end = () => {
  running?.call.close();
  for (const video of running?.videos ?? []) video.remove();
  for (const track of running?.stream.getTracks() ?? []) track.stop();
  running = null;
};
