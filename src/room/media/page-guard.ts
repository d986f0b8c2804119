/**
 * The guards of this page [R16]: they refuse recording of our streams from the first opened device on, and watch for
 * session replay tools during a session.
 */
import { CaptureGuard } from '../../guard/recording.ts';
import type { ErrorCode } from '../../errors.ts';
import type { ReplayRecorder } from '../../guard/replay.ts';
import { ReplayWatch } from '../../guard/replay-watch.ts';
import type { Policy } from '../../policy.ts';
import type { RoomInput } from '../state/actions.ts';

/** Such as `Matomo (window._paq), unknown (HTMLInputElement.prototype.value is replaced)`. */
export const inWords = (recorders: readonly ReplayRecorder[]): string =>
  recorders.map(({ tool, trace }) => `${tool} (${trace})`).join(', ');

export interface PageGuardOptions {
  readonly replayRecorders: Policy['replayRecorders'];
  report(input: RoomInput): void;
  /** Names the recorders to the site, which can remove them. */
  tellSite(code: ErrorCode, detail: string, event: 'now' | 'follows'): void;
}

export class PageGuard {
  readonly #capture: CaptureGuard;
  readonly #replay: ReplayWatch;

  constructor({ replayRecorders, report, tellSite }: PageGuardOptions) {
    this.#capture = new CaptureGuard({ onRefused: () => report({ type: 'problem', code: 'recording-refused' }) });
    this.#replay = new ReplayWatch((recorders) => {
      const runs = recorders.length > 0 ? 'yes' : 'no';
      if (replayRecorders === 'ignore') return;
      const refuses = replayRecorders === 'refuse';
      if (runs === 'yes') tellSite('replay-recorder-found', inWords(recorders), refuses ? 'now' : 'follows');
      if (refuses) report({ type: 'recorder', runs });
      else if (runs === 'yes') report({ type: 'problem', code: 'replay-recorder-found' });
    });
  }

  /** From the first opened device on, so that a capture set on an element before the session is noticed. */
  startCapture(): void {
    this.#capture.start();
  }

  start(): void {
    this.#capture.start();
    this.#replay.start();
  }

  stop(): void {
    this.#capture.stop();
    this.#replay.stop();
  }

  /** A connection to another participant: what it receives is to be shown in this page, and never recorded. */
  protectConnection(connection: RTCPeerConnection): void {
    this.#capture.protectConnection(connection);
  }

  /** Shows a stream in a video, or nothing; the only way there. `refused` where another script captures the video. */
  show(video: HTMLVideoElement, stream: MediaStream | null): 'shown' | 'refused' {
    return this.#capture.show(video, stream);
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
