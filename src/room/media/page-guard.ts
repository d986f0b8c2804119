/**
 * The guards of this page during a session [R16]: they refuse recording of our streams and watch for session replay
 * tools.
 */
import { CaptureGuard } from '../../guard/recording.ts';
import { ReplayWatch } from '../../guard/replay-watch.ts';
import type { Policy } from '../../policy.ts';
import type { RoomInput } from '../state/actions.ts';

export interface PageGuardOptions {
  readonly replayRecorders: Policy['replayRecorders'];
  report(input: RoomInput): void;
}

export class PageGuard {
  readonly #capture: CaptureGuard;
  readonly #replay: ReplayWatch;

  constructor({ replayRecorders, report }: PageGuardOptions) {
    this.#capture = new CaptureGuard({ onRefused: () => report({ type: 'problem', code: 'recording-refused' }) });
    this.#replay = new ReplayWatch((runs) => {
      if (replayRecorders === 'refuse') report({ type: 'recorder', runs });
      else if (replayRecorders === 'warn' && runs === 'yes') report({ type: 'problem', code: 'replay-recorder-found' });
    });
  }

  start(): void {
    this.#capture.start();
    this.#replay.start();
  }

  stop(): void {
    this.#capture.stop();
    this.#replay.stop();
  }

  /** Another participant's stream: to be shown in this page, and never recorded. */
  protect(stream: MediaStream): void {
    this.#capture.protect(stream);
  }

  /** Our own stream: shown in this page, and never recorded either. */
  protectOwn(stream: MediaStream): void {
    this.#capture.protectOwn(stream);
  }

  /** Lets one call of `getDisplayMedia` through: that of our own share button. */
  allow<T>(start: () => T): T {
    return this.#capture.allow(start);
  }
}
