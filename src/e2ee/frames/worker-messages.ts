/** Messages between the page and the frame worker. Keys cross as `CryptoKey`s that are not extractable. */
import type { FrameStream } from './envelope.ts';
import type { CameraRoute, Rung, StudioTotals } from './rungs.ts';

export type Direction = 'send' | 'receive';

/** Names a transform: given to `RTCRtpScriptTransform` as its options. */
export interface TransformName {
  readonly linkId: string;
  readonly stream: FrameStream;
  readonly direction: Direction;
}

/** Names the transform of an encoder of the studio. */
export interface StudioName {
  readonly studio: Rung;
}

/** Numbers of dropped frames, by reason. */
export interface Dropped {
  /** Wrong tag or padding. */
  unauthenticated: number;
  /** Of another leaf, a removed one, or an expired epoch. */
  unknownKey: number;
  /** Of a newer epoch whose key did not arrive in time. */
  waitedTooLong: number;
  /** No SFrame header. */
  malformed: number;
  /** Own frames while there was no key. */
  noKey: number;
}

export interface StreamCounters {
  encrypted: number;
  decrypted: number;
  /** Repetitions: browsers deliver some frames twice, so these are counted separately. */
  repeated: number;
  /** Frames of an own encoder that carried nothing, and so did not leave. */
  unused: number;
  readonly dropped: Dropped;
}

export type LinkCounters = Readonly<Record<FrameStream, StreamCounters>>;

export type ToWorker =
  | { readonly type: 'start'; readonly generation: number }
  | {
      readonly type: 'install';
      readonly epoch: bigint;
      readonly ownLeaf: number;
      readonly leaves: readonly number[];
      readonly baseKey: CryptoKey;
      readonly id: number;
    }
  | { readonly type: 'switch'; readonly epoch: bigint; readonly id: number }
  | { readonly type: 'open-link'; readonly linkId: string; readonly leaf: number }
  | { readonly type: 'close-link'; readonly linkId: string }
  | { readonly type: 'route'; readonly linkId: string; readonly route: CameraRoute }
  /** Where the worker makes the carriers of a link; null where the page draws them. */
  | { readonly type: 'carrier'; readonly linkId: string; readonly writable: WritableStream<VideoFrame> | null }
  /** The studio's connection has ended, or its browser's transforms with it. */
  | { readonly type: 'close-studio' }
  | { readonly type: 'studio-totals'; readonly id: number }
  | { readonly type: 'counters'; readonly linkId: string; readonly id: number }
  | { readonly type: 'seal-data'; readonly data: Uint8Array<ArrayBuffer>; readonly id: number }
  | { readonly type: 'open-data'; readonly linkId: string; readonly data: Uint8Array<ArrayBuffer>; readonly id: number }
  | { readonly type: 'ping'; readonly id: number };

export type Reply =
  | { readonly kind: 'done' }
  | { readonly kind: 'counters'; readonly counters: LinkCounters }
  | { readonly kind: 'studio-totals'; readonly totals: StudioTotals }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** There is no key to seal with; what was to be opened is not authentic, or a repetition. */
  | { readonly kind: 'refused' }
  /** The link has ended, or the key is gone or did not come in time. */
  | { readonly kind: 'unreadable' };

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'running'; readonly name: TransformName }
  | { readonly type: 'studio-running'; readonly rung: Rung }
  /** The page has to draw a carrier for this link. */
  | { readonly type: 'carrier-wanted'; readonly linkId: string }
  /** The page has to ask this rung's sender for a key frame. */
  | { readonly type: 'key-frame-wanted'; readonly rung: Rung }
  | { readonly type: 'reply'; readonly id: number; readonly reply: Reply };

export function emptyCounters(): LinkCounters {
  const stream = (): StreamCounters => ({
    encrypted: 0,
    decrypted: 0,
    repeated: 0,
    unused: 0,
    dropped: { unauthenticated: 0, unknownKey: 0, waitedTooLong: 0, malformed: 0, noKey: 0 },
  });
  return { audio: stream(), camera: stream(), screen: stream() };
}
