/** The figures of a link, as `room.reports()` gives them: numbers and protocol names, no addresses of people. */
import type { Path } from '../state/state.ts';

/** Why a frame was dropped; `Dropped` of the frame worker says when. */
export type DropReason = 'unauthenticated' | 'unknownKey' | 'waitedTooLong' | 'malformed' | 'noKey';

/** Frames of one link since it began, over all streams. */
export interface FrameCounts {
  readonly encrypted: number;
  readonly decrypted: number;
  /** Duplicates, which were ignored: browsers deliver some frames twice. */
  readonly repeated: number;
  readonly dropped: number;
  /** The dropped ones by reason. */
  readonly reasons: Readonly<Record<DropReason, number>>;
}

/** Connection details of one participant, for `connection-report`. */
export interface LinkReport {
  /** Participant id. */
  readonly id: string;
  readonly path: Path;
  readonly dtls: { readonly version: string; readonly cipher: string } | null;
  readonly srtp: string | null;
  readonly codecs: readonly string[];
  readonly frames: FrameCounts;
  /** Milliseconds; null while unknown. */
  readonly roundTrip: number | null;
}
