/**
 * Whether what the media engine sent has parted from what the worker encrypted (invariant 3). Frames are under way between the two,
 * and a busy machine makes that long, so a count is judged only after one more look: by then the worker must have had it.
 */
import type { FrameStream } from '../../e2ee/frames/frame-worker-client.ts';

export type Counts = Readonly<Record<FrameStream, number>>;

/** Frames that engines count beyond those that went through a transform: a handful at the start of a stream. */
const SLACK = 30;
/** Looks in a row that must disagree. */
const LOOKS = 2;

export class FrameAudit {
  #sent: Counts = { audio: 0, camera: 0, screen: 0 };
  #against = 0;

  /**
   * @param sent frames that the engine has sent so far
   * @param handled frames that the worker has encrypted or dropped so far, read after `sent`
   */
  check(sent: Counts, handled: Counts): 'agree' | 'parted' {
    const before = this.#sent;
    this.#sent = sent;
    const agree = (['audio', 'camera', 'screen'] as const).every((stream) => before[stream] <= handled[stream] + SLACK);
    this.#against = agree ? 0 : this.#against + 1;
    return this.#against >= LOOKS ? 'parted' : 'agree';
  }
}
