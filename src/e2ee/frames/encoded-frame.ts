/** One frame between an encoder and the network. */

/** The part of `RTCEncodedVideoFrame` and `RTCEncodedAudioFrame` (W3C encoded transform) in use. */
export interface EncodedFrame {
  data: ArrayBuffer;
  readonly type?: 'key' | 'delta' | 'empty';
  /** Chromium names the temporal layer of a frame; Firefox encodes without layers. */
  getMetadata?(): { readonly temporalIndex?: number };
}
