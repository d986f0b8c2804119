/**
 * What surrounds an encrypted frame (protocol.md §7): a made-up minimal codec header, because packetizers read a few bytes of every
 * frame. The receiver strips it and never trusts it: no part of the picture is in clear, and nothing that a depacketizer rewrites is
 * authenticated.
 */

type Bytes = Uint8Array<ArrayBuffer>;

export type FrameStream = 'audio' | 'camera' | 'screen';

/** The stream as authenticated metadata, so that a frame of one stream is not accepted on another. `data` is for data channels. */
export const STREAM_METADATA: Readonly<Record<FrameStream | 'data', Bytes>> = {
  audio: Uint8Array.of(1),
  camera: Uint8Array.of(2),
  screen: Uint8Array.of(3),
  data: Uint8Array.of(4),
};

/** VP8 (RFC 6386 §9.1): frame tag of a shown key frame, start code, and a fixed 640×480. */
const VP8_KEY: Bytes = Uint8Array.of(0x10, 0x00, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0xe0, 0x01);
/** First byte of the frame tag of a shown inter frame. */
const VP8_DELTA: Bytes = Uint8Array.of(0x11);
const NONE: Bytes = new Uint8Array(0);

export function codecHeader(stream: FrameStream, kind: 'key' | 'delta'): Bytes {
  if (stream === 'audio') return NONE;
  return kind === 'key' ? VP8_KEY : VP8_DELTA;
}

/** The length of the codec header of a received frame, read from the P bit alone. */
export function codecHeaderLength(stream: FrameStream, frame: Uint8Array): number {
  if (stream === 'audio') return 0;
  return ((frame[0] ?? 0) & 0x01) === 1 ? VP8_DELTA.length : VP8_KEY.length;
}
