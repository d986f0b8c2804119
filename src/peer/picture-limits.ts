/** What an encoder of our camera makes at most: one rung of the studio, or the own encoder of a link. */
export interface PictureLimits {
  /** Lines of the picture; the camera's shape stays. */
  readonly height: number;
  /** Pictures a second. */
  readonly rate: number;
  /** Bits a second. */
  readonly bitrate: number;
}

/** By how much a camera's picture has to be scaled down, 1 or more (webrtc-pc §5.2.2, `scaleResolutionDownBy`). */
export function scaleTo(camera: MediaStreamTrack, height: number): number {
  const { width = 0, height: own = 0 } = camera.getSettings();
  // A phone held upright is high, not wide.
  const lines = Math.min(width, own) || height;
  return Math.max(1, lines / height);
}
