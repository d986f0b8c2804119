/**
 * The life of the one encoder of a group (protocol.md §7, "Encode once"): when it starts, when it is late, when it
 * counts as broken, and when it is tried again. Links have encoders of their own whenever it is not there.
 */
import type { FrameWorkerClient, Rung } from '../../e2ee/frames/frame-worker-client.ts';
import { Studio, type StudioPlan, type StudioReport } from '../../peer/studio.ts';

export interface StudioLifeOptions {
  readonly frames: FrameWorkerClient;
  /** Whether this device is too slow for what it does. */
  isSlow(): boolean;
  /** It has ended: carriers are of no more use. */
  onEnd(): void;
  /** {@link StudioLife.state} has changed so that links get other tracks. */
  onChange(): void;
}

/** `late`: it starts still, and the links have encoders of their own meanwhile. */
export type StudioState = 'off' | 'starting' | 'late' | 'on' | 'broken';

/** What one look at the studio found. */
export interface StudioLook {
  /** Frames that the worker got of it so far. */
  readonly frames: number;
  readonly report: StudioReport;
  /** Whether a camera runs and someone watches. */
  readonly expected: 'frames' | 'nothing';
}

/**
 * Milliseconds that a studio has to start, before links get encoders of their own until it is there. A slow device has
 * longer: eight encoders would keep it from ever starting one.
 */
const STARTS_WITHIN = { quick: 3_000, slow: 15_000 } as const;
/** Milliseconds after which a studio that broke is tried again; doubled each time, and no more than {@link TRIES} times. */
const TRY_AGAIN = 20_000;
const TRIES = 4;
/** Milliseconds that a studio ran well, after which earlier failures are forgotten. */
const RAN_WELL = 60_000;
/**
 * Looks and milliseconds without a new frame, and pictures of the camera in that time, after which a studio counts as
 * broken. A slow device encodes late and is not broken for it: eight encoders in place of one would be its end.
 */
const STILL = { looks: 5, filmed: 10, quick: 0, slow: 30_000 } as const;

export class StudioLife {
  readonly #o: StudioLifeOptions;
  #studio: Studio | null = null;
  #state: StudioState = 'off';
  #lateTimer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #brokeAt = 0;
  #onSince = 0;
  /** The last look at which there was a new frame, or none was expected; looks and pictures of the camera since. */
  #moved = { frames: -1, at: 0, looks: 0, filmed: 0 };
  /** Pictures of the camera up to the last look. */
  #filmed = 0;

  constructor(o: StudioLifeOptions) {
    this.#o = o;
    o.frames.addEventListener('studio-running', this.#onRunning);
    o.frames.addEventListener('key-frame-wanted', this.#onKeyFrameWanted);
  }

  get state(): StudioState {
    return this.#state;
  }

  /** Null where there is none: each is another than the one before. */
  get studio(): Studio | null {
    return this.#studio;
  }

  start(): void {
    this.#state = 'starting';
    this.#lateTimer = setTimeout(() => this.#onLate(STARTS_WITHIN.quick), STARTS_WITHIN.quick);
    try {
      const studio: Studio = new Studio({
        createTransform: (rung) => this.#o.frames.createStudioTransform({ studio: rung }),
        onState: (state) => {
          if (this.#studio !== studio) return;
          if (state === 'connected') this.#onConnected();
          else this.stop('broken');
        },
      });
      this.#studio = studio;
    } catch {
      // No connection to be had: every link keeps its own encoder.
      this.stop('broken');
    }
  }

  /** Every link gets its own encoder again. */
  stop(state: 'off' | 'broken'): void {
    const studio = this.#studio;
    const hadTracks = this.#state === 'late' || this.#state === 'off' || this.#state === 'broken';
    clearTimeout(this.#lateTimer);
    if (state === 'broken') this.#fail();
    this.#studio = null;
    this.#state = state;
    if (studio) {
      this.#o.onEnd();
      studio.close();
      this.#o.frames.closeStudio();
    }
    if (!hadTracks) this.#o.onChange();
  }

  film(camera: MediaStreamTrack | null, plan: StudioPlan): void {
    if (this.#state === 'on') this.#studio?.film(camera, plan);
  }

  /** A studio that broke may be tried again after a while. */
  forgive(): void {
    if (this.#state !== 'broken' || this.#failures > TRIES) return;
    const wait = TRY_AGAIN * 2 ** (this.#failures - 1);
    if (performance.now() - this.#brokeAt >= wait) this.#state = 'off';
  }

  /** A studio that stands still although its camera gives pictures and someone watches is broken. */
  watch({ frames, report, expected }: StudioLook): void {
    const at = performance.now();
    // A camera that replaced another counts from the beginning; where a browser does not count, it is believed to film.
    const filmed = report.filmed === null ? STILL.filmed : Math.max(0, report.filmed - this.#filmed);
    this.#filmed = report.filmed ?? 0;
    const moved = this.#moved;
    if (frames !== moved.frames || expected === 'nothing') {
      this.#moved = { frames, at, looks: 0, filmed: 0 };
      return;
    }
    moved.looks++;
    moved.filmed += filmed;
    const limit = this.#o.isSlow() ? STILL.slow : STILL.quick;
    if (moved.looks >= STILL.looks && moved.filmed >= STILL.filmed && at - moved.at >= limit) this.stop('broken');
  }

  close(): void {
    this.#o.frames.removeEventListener('studio-running', this.#onRunning);
    this.#o.frames.removeEventListener('key-frame-wanted', this.#onKeyFrameWanted);
    this.stop('off');
  }

  #fail(): void {
    const at = performance.now();
    const ranWell = this.#state === 'on' && at - this.#onSince >= RAN_WELL;
    this.#failures = ranWell ? 1 : this.#failures + 1;
    this.#brokeAt = at;
  }

  /** @param after milliseconds since the start */
  #onLate(after: number): void {
    if (this.#state !== 'starting') return;
    const longer = STARTS_WITHIN.slow - after;
    if (this.#o.isSlow() && longer > 0) {
      this.#lateTimer = setTimeout(() => this.#onLate(STARTS_WITHIN.slow), longer);
      return;
    }
    this.#state = 'late';
    this.#o.onChange();
  }

  #onConnected(): void {
    if (this.#state === 'on') return;
    clearTimeout(this.#lateTimer);
    const at = performance.now();
    this.#state = 'on';
    this.#onSince = at;
    this.#moved = { frames: -1, at, looks: 0, filmed: 0 };
    this.#o.onChange();
  }

  readonly #onRunning = ({ detail }: CustomEvent<Rung>): void => this.#studio?.transformRunning(detail);

  readonly #onKeyFrameWanted = ({ detail }: CustomEvent<Rung>): void => this.#studio?.requestKeyFrame(detail);
}
