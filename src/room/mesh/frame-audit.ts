/**
 * Detects frames that the media engine sent without the worker (invariant 3). Frames take time between the two, on a
 * busy machine quite long, so each engine count is compared with the worker's count of the next check: by then the
 * worker must have had them.
 */
import type { FrameStream } from '../../e2ee/frames/frame-worker-client.ts';

export type Counts = Readonly<Record<FrameStream, number>>;

/** Frames that engines count in addition to those that passed the transform: a handful at the start of a stream. */
const SLACK = 30;
/** Consecutive checks that must disagree. */
const CHECKS = 2;

export class FrameAudit {
  #sent: Counts = { audio: 0, camera: 0, screen: 0 };
  #mismatches = 0;

  /**
   * @param sent frames that the engine has sent so far
   * @param handled frames that the worker has encrypted or dropped so far, read after `sent`
   * @returns `mismatch` once the engine has repeatedly sent more than the worker handled
   */
  check(sent: Counts, handled: Counts): 'match' | 'mismatch' {
    const before = this.#sent;
    this.#sent = sent;
    const matches = (['audio', 'camera', 'screen'] as const).every(
      (stream) => before[stream] <= handled[stream] + SLACK,
    );
    this.#mismatches = matches ? 0 : this.#mismatches + 1;
    return this.#mismatches >= CHECKS ? 'mismatch' : 'match';
  }
}
