/** Runs in a page before anything else of it, in all contenders alike. */

export interface Watched {
  /** When the first remote frame was shown, in milliseconds of the machine's clock; null before. */
  firstFrame: number | null;
}

/** Notes the first picture that a `<video>` shows of a track that came over a peer connection. */
export function watchFirstFrame(): void {
  const watched: Watched = { firstFrame: null };
  const peers: RTCPeerConnection[] = [];
  Object.assign(window, { watched });
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      peers.push(this);
    }
  };
  const isRemote = (stream: MediaProvider): boolean =>
    stream instanceof MediaStream &&
    stream.getVideoTracks().some((track) => peers.some((pc) => pc.getReceivers().some((r) => r.track === track)));
  // Keeps the stream when it is set, because the recording guard refuses reading it from the element.
  const watch = (video: HTMLVideoElement, stream: MediaProvider): void => {
    video.requestVideoFrameCallback(() => {
      if (watched.firstFrame === null && isRemote(stream))
        watched.firstFrame = performance.timeOrigin + performance.now();
      if (watched.firstFrame === null) watch(video, stream);
    });
  };
  const native = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject');
  if (!native) throw new Error('no srcObject');
  Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
    ...native,
    set(this: HTMLMediaElement, stream: MediaProvider | null) {
      native.set?.call(this, stream);
      if (this instanceof HTMLVideoElement && stream) watch(this, stream);
    },
  });
}
