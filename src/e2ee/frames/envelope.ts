/**
 * What stands around an encrypted frame (protocol.md §7): an invented minimal codec header, because packetisers read a few
 * bytes of every frame, and the padding of audio. The receiver strips the header and never trusts it: nothing of the picture
 * is in clear, and nothing that a depacketiser rewrites is authenticated.
 */

type Bytes = Uint8Array<ArrayBuffer>;

export type FrameStream = 'audio' | 'camera' | 'screen';

/** The streams as authenticated metadata, so that none passes for another. `data` is for data channels. */
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

/** How many bytes of codec header a received frame begins with: by the P bit alone, whatever else stands there. */
export function codecHeaderLength(stream: FrameStream, frame: Uint8Array): number {
  if (stream === 'audio') return 0;
  return ((frame[0] ?? 0) & 0x01) === 1 ? VP8_DELTA.length : VP8_KEY.length;
}

/**
 * Lengths that audio is padded to before encryption, in bytes. Chromium's constant bit rate gives 80, Firefox's variable one
 * up to some 270; the others are for settings beyond today's.
 */
export const AUDIO_CLASSES = [128, 320, 640, 1280] as const;

/**
 * Pads audio, never to a smaller class than before: with a variable rate a class that came and went would tell speech from
 * silence (RFC 6562).
 */
export class AudioPadding {
  #class = 0;

  /** ISO/IEC 7816-4: 0x80, then zeros. */
  pad(frame: Uint8Array): Bytes {
    const fitting = AUDIO_CLASSES.findIndex((size) => size > frame.length);
    this.#class = Math.max(this.#class, fitting < 0 ? AUDIO_CLASSES.length - 1 : fitting);
    // A frame beyond the largest class is none that Opus makes; it is padded by one byte, so that unpadding stays one rule.
    const padded = new Uint8Array(Math.max(AUDIO_CLASSES[this.#class] ?? 0, frame.length + 1));
    padded.set(frame);
    padded[frame.length] = 0x80;
    return padded;
  }
}

/** @returns null where the padding is not ours; the frame was authentic, so this is a mistake and not an attack */
export function unpadAudio(padded: ArrayBuffer): ArrayBuffer | null {
  const bytes = new Uint8Array(padded);
  const end = bytes.lastIndexOf(0x80);
  if (end < 0) return null;
  for (let index = end + 1; index < bytes.length; index++) if (bytes[index] !== 0) return null;
  return padded.slice(0, end);
}
