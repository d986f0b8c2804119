/**
 * The sizes in which a studio encodes one camera for many links (protocol.md §7, "Encode once"), and what of them a
 * link carries.
 */
export type Rung = 'high' | 'low';

/** Where the pictures of a link's camera sender come from. */
export type CameraRoute =
  /** Its own encoder: two people, or a browser without carriers. */
  | { readonly kind: 'own' }
  /** The studio: its frames travel in the frames of a tiny encoder. `base` leaves out the upper temporal layer. */
  | { readonly kind: 'studio'; readonly rung: Rung | 'off'; readonly layers: 'all' | 'base' };

/** What one rung has produced since the studio began: numbers of frames, and their encrypted bytes. */
export interface RungTotals {
  readonly frames: number;
  readonly keyFrames: number;
  readonly bytes: number;
  /** Bytes without the upper temporal layer. */
  readonly baseBytes: number;
}
export type StudioTotals = Readonly<Record<Rung, RungTotals>>;
