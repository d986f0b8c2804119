/**
 * Our camera for many participants (protocol.md §7, "Encode once"): one capture, one encoder with two rungs at most, one
 * encrypted frame, many links. From three people on, where the browser can; for two, and elsewhere, every link has its
 * own encoder. Which of them is at work never changes what may be sent to whom.
 */
import type { CameraRoute, FrameWorkerClient, Rung } from '../../e2ee/frames/frame-worker-client.ts';
import { carriersOf, isPageHidden, makeCarrier, watchCarriers, type Carrier } from '../../peer/carrier.ts';
import type { OwnTracks } from '../../peer/media-lines.ts';
import type { CameraReport } from '../../peer/connection.ts';
import { Studio } from '../../peer/studio.ts';
import type { ViewSize } from '../state/state.ts';
import { DeviceLoad } from './device-load.ts';
import { LinkWeather, OFF, WeatherReader, type Step } from './link-weather.ts';
import { floorOf, leastOf, planOf, routeOf, StepCosts, viewUnder } from './studio-plan.ts';

/** What of a link is needed here. */
export interface CameraLink {
  readonly linkId: string;
  /** Milliseconds that its engine took for its last report. */
  readonly answered: number;
  cameraStats(): Promise<CameraReport>;
  probe(): void;
}

export interface EncodeOnceOptions {
  readonly frames: FrameWorkerClient;
  /** Gives every link its tracks again. */
  refresh(): void;
  /** {@link EncodeOnce.told} has changed for everyone. */
  onLoad(): void;
  /** Links that are not up yet, and may be soon. */
  connecting(): number;
  /** What we are in the room: of an interpreter's pictures none is left out. */
  role(): 'interpreter' | 'other';
}

interface Share {
  readonly link: CameraLink;
  readonly weather: LinkWeather;
  readonly reader: WeatherReader;
  /** When the last report was made that was read. */
  readAt: number;
  camera: MediaStreamTrack | null;
  /** Whether its sender has had a camera: pictures that are there stay while the studio starts, or others connect. */
  sends: boolean;
  /** Whether its pictures wait for the sound of others. */
  waits: boolean;
  carrier: Carrier | null;
  /** The step that the worker was told for this carrier. */
  routed: Step | null;
  /** Null until it was said. */
  view: ViewSize | null;
  readonly since: number;
}

/** Other participants from whom on one encoder for all is worth its own cost (measured). */
const LINKS = 2;
/** Milliseconds between two looks at the links and the studio. */
const LOOK_EVERY = 1_000;
/** Looks without a new frame, although there should be some, after which the studio counts as broken. */
const STILL = 5;
/** Milliseconds that a rung is encoded on after nobody needs it: links change with the next key frame of the other. */
const LINGER = 2_000;
/**
 * Milliseconds that a studio has to start, before links get encoders of their own until it is there. A slow device has
 * longer: eight encoders would keep it from ever starting one.
 */
const STARTS_WITHIN = { quick: 3_000, slow: 15_000 } as const;
/** Milliseconds after which a studio that broke is tried again; doubled each time, and no more than {@link TRIES} times. */
const TRY_AGAIN = 20_000;
const TRIES = 4;
/**
 * Milliseconds that the pictures of a new link wait for the sound of all: those of six who meet at once take more of a
 * device than their links, and would keep it from connecting the rest. A slow device needs longer.
 */
const SOUND_FIRST = { quick: 2_000, slow: 10_000 } as const;
/** Milliseconds of an answer from which a device counts as slow here. */
const SLOW = 300;
/** Others from whom on a link begins with the low rung, and milliseconds that it waits for the size that they show. */
const MANY = 3;
const SAID_WITHIN = 10_000;

export class EncodeOnce {
  readonly #o: EncodeOnceOptions;
  readonly #shares = new Map<string, Share>();
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #unwatch: () => void;
  readonly #neededAt = new Map<Rung, number>();
  #studio: Studio | null = null;
  /** `late`: it starts still, and the links have encoders of their own meanwhile. */
  #state: 'off' | 'starting' | 'late' | 'on' | 'broken' = 'off';
  #lateTimer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #brokeAt = 0;
  #others = 0;
  #camera: MediaStreamTrack | null = null;
  #costs = new StepCosts();
  #frames = 0;
  #still = 0;
  readonly #load = new DeviceLoad();
  #looking = false;
  /** Milliseconds of the last answer of worker and engine. */
  #answered = 0;

  constructor(o: EncodeOnceOptions) {
    this.#o = o;
    o.frames.addEventListener('studio-running', this.#onRunning);
    o.frames.addEventListener('carrier-wanted', this.#onCarrierWanted);
    o.frames.addEventListener('key-frame-wanted', this.#onKeyFrameWanted);
    this.#unwatch = watchCarriers(this.#update);
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY);
  }

  /** The number of other participants, whether their links are up or not. */
  setOthers(others: number): void {
    this.#others = others;
    this.#update();
  }

  /** What a link's senders get in place of `wanted`. */
  tracks(link: CameraLink, wanted: OwnTracks): OwnTracks {
    const share = this.#shareOf(link);
    share.camera = wanted.camera;
    this.#direct();
    this.#update();
    if (!wanted.camera) return wanted;
    // Pictures come half a second later: an encoder for every link until then keeps a slow device from ever starting.
    share.waits = !share.sends && this.#mustWait(share);
    // Its pictures are encoded already when it may send them.
    if (share.waits) this.#needed(routeOf(this.#stepOf(share)));
    if (share.waits || (this.#state === 'starting' && !share.sends)) return { ...wanted, camera: null };
    share.sends = true;
    if (this.#state !== 'on') return wanted;
    try {
      return { ...wanted, camera: this.#carrierOf(share).track };
    } catch {
      // The browser has the interface, and makes no such track: every link keeps its own encoder.
      this.#stop('broken');
      return wanted;
    }
  }

  /** A link is up: pictures may have waited for it. */
  onConnected(): void {
    if ([...this.#shares.values()].some((share) => share.waits && !this.#mustWait(share))) this.#o.refresh();
  }

  /** How large the participant at the other end shows our camera. */
  setView(link: CameraLink, view: ViewSize): void {
    const share = this.#shareOf(link);
    if (share.view === view) return;
    share.view = view;
    this.#direct();
  }

  /** What the participants are to be told of a size in which we show them. */
  told(view: ViewSize): ViewSize {
    return viewUnder(this.#load.load, view);
  }

  closeLink(linkId: string): void {
    const share = this.#shares.get(linkId);
    this.#shares.delete(linkId);
    share?.carrier?.close();
    this.#film();
  }

  /** The worker died, and every transform with it: the studio begins again. */
  onWorkerLost(): void {
    if (this.#state !== 'broken') this.#stop('off');
  }

  close(): void {
    clearInterval(this.#timer);
    this.#unwatch();
    this.#o.frames.removeEventListener('studio-running', this.#onRunning);
    this.#o.frames.removeEventListener('carrier-wanted', this.#onCarrierWanted);
    this.#o.frames.removeEventListener('key-frame-wanted', this.#onKeyFrameWanted);
    this.#others = 0;
    this.#stop('off');
    for (const linkId of this.#shares.keys()) this.closeLink(linkId);
  }

  #shareOf(link: CameraLink): Share {
    const known = this.#shares.get(link.linkId);
    if (known) return known;
    const [weather, reader] = [new LinkWeather(), new WeatherReader()];
    const since = performance.now();
    const nothing = { camera: null, sends: false, waits: false, carrier: null, routed: null, view: null };
    const share: Share = { link, weather, reader, readAt: -1, ...nothing, since };
    this.#shares.set(link.linkId, share);
    return share;
  }

  /** Starts or ends the studio, as it is needed and possible now. */
  readonly #update = (): void => {
    const wanted = this.#others >= LINKS && this.#camera !== null && carriersOf() !== 'none';
    if (wanted && this.#state === 'off') this.#start();
    // A camera that is off for a moment keeps its studio.
    else if (this.#studio && (this.#others < LINKS || carriersOf() === 'none')) this.#stop('off');
  };

  #start(): void {
    this.#state = 'starting';
    this.#lateTimer = setTimeout(() => this.#onLate(STARTS_WITHIN.quick), STARTS_WITHIN.quick);
    this.#costs = new StepCosts();
    this.#still = 0;
    try {
      const studio: Studio = new Studio({
        createTransform: (rung) => this.#o.frames.createStudioTransform({ studio: rung }),
        onState: (state) => {
          if (this.#studio !== studio) return;
          if (state === 'connected') this.#onConnected();
          else this.#stop('broken');
        },
      });
      this.#studio = studio;
      this.#film();
    } catch {
      // No connection to be had: every link keeps its own encoder.
      this.#stop('broken');
    }
  }

  /** @param after milliseconds since the start */
  #onLate(after: number): void {
    if (this.#state !== 'starting') return;
    const longer = STARTS_WITHIN.slow - after;
    if (this.#isSlow && longer > 0) {
      this.#lateTimer = setTimeout(() => this.#onLate(STARTS_WITHIN.slow), longer);
      return;
    }
    this.#state = 'late';
    this.#o.refresh();
  }

  #onConnected(): void {
    if (this.#state === 'on') return;
    clearTimeout(this.#lateTimer);
    this.#state = 'on';
    this.#film();
    this.#o.refresh();
  }

  /** Every link gets its own encoder again. */
  #stop(state: 'off' | 'broken'): void {
    const studio = this.#studio;
    const hadTracks = this.#state === 'late' || this.#state === 'off' || this.#state === 'broken';
    clearTimeout(this.#lateTimer);
    this.#studio = null;
    this.#state = state;
    if (state === 'broken') [this.#brokeAt, this.#failures] = [performance.now(), this.#failures + 1];
    if (studio) {
      for (const share of this.#shares.values()) this.#giveUpCarrier(share);
      studio.close();
      this.#o.frames.closeStudio();
    }
    if (!hadTracks) this.#o.refresh();
  }

  #carrierOf(share: Share): Carrier {
    if (share.carrier) return share.carrier;
    const { frames } = this.#o;
    const carrier = makeCarrier();
    share.carrier = carrier;
    frames.setCarriers(share.link.linkId, carrier.writable);
    this.#direct();
    return carrier;
  }

  #giveUpCarrier(share: Share): void {
    const { carrier } = share;
    if (!carrier) return;
    [share.carrier, share.routed] = [null, null];
    this.#o.frames.route(share.link.linkId, { kind: 'own' });
    this.#o.frames.setCarriers(share.link.linkId, null);
    carrier.close();
  }

  get #isSlow(): boolean {
    return this.#load.load > 0 || this.#answered > SLOW;
  }

  /** Whether the pictures of a new link wait for the sound of others. */
  #mustWait({ since }: Share): boolean {
    const limit = this.#isSlow ? SOUND_FIRST.slow : SOUND_FIRST.quick;
    return performance.now() - since < limit && this.#o.connecting() > 0;
  }

  #viewOf({ view, since }: Share): ViewSize {
    if (view) return view;
    return this.#others >= MANY && performance.now() - since < SAID_WITHIN ? 'small' : 'large';
  }

  #stepOf(share: Share) {
    const { weather } = share;
    const floor = this.#floorOf(share);
    return weather.step > floor ? weather.step : floor;
  }

  #floorOf(share: Share) {
    return floorOf(this.#viewOf(share), this.#o.role(), this.#load.load);
  }

  /** Tells the worker what each link carries, and the studio what to encode. */
  #direct(): void {
    for (const share of this.#shares.values()) {
      if (!share.carrier) continue;
      const step = share.camera ? this.#stepOf(share) : OFF;
      const route = routeOf(step);
      // With each link all are directed again.
      if (step !== share.routed) this.#o.frames.route(share.link.linkId, route);
      share.routed = step;
      this.#needed(route);
    }
    this.#film();
  }

  #needed({ rung }: CameraRoute & { readonly kind: 'studio' }): void {
    if (rung !== 'off') this.#neededAt.set(rung, performance.now());
  }

  #film(): void {
    const cameras = [...this.#shares.values()].flatMap(({ camera }) => (camera?.readyState === 'live' ? [camera] : []));
    // All links get the same one; the latest, while it is being replaced.
    this.#camera = cameras.find((camera) => camera !== this.#camera) ?? cameras[0] ?? null;
    const now = performance.now();
    const needed = new Set([...this.#neededAt].flatMap(([rung, at]) => (now - at <= LINGER ? [rung] : [])));
    if (this.#state === 'on') this.#studio?.film(this.#camera, planOf(needed, this.#o.role(), this.#load.load));
  }

  async #look(): Promise<void> {
    // A device that takes longer than a second to answer is not asked more often than it answers.
    if (this.#looking) return;
    this.#looking = true;
    this.onConnected();
    try {
      await this.#lookAround();
    } finally {
      this.#looking = false;
    }
  }

  async #lookAround(): Promise<void> {
    const studio = this.#studio;
    if (this.#state === 'broken') this.#tryAgain();
    const at = performance.now();
    const totals = await this.#o.frames.studioTotals().catch(() => null);
    const encoder = (await studio?.strain().catch(() => null)) ?? 'none';
    this.#measureLoad(at, encoder);
    if (!totals || !studio || this.#studio !== studio || this.#state !== 'on') return;
    this.#costs.measure(totals, at);
    await Promise.all([...this.#shares.values()].map((share) => this.#measure(share)));
    if (this.#studio !== studio) return;
    this.#direct();
    this.#watch(totals.high.frames + totals.low.frames);
  }

  #measureLoad(since: number, encoder: 'cpu' | 'none'): void {
    const at = performance.now();
    const engine = Math.max(0, ...[...this.#shares.values()].map(({ link }) => link.answered));
    const before = this.#load.load;
    this.#answered = at - since + engine;
    if (this.#load.sample({ at, answered: this.#answered, encoder }) !== before) this.#o.onLoad();
  }

  #tryAgain(): void {
    const wait = TRY_AGAIN * 2 ** (this.#failures - 1);
    if (this.#failures > TRIES || performance.now() - this.#brokeAt < wait) return;
    this.#state = 'off';
    this.#update();
  }

  async #measure(share: Share): Promise<void> {
    if (!share.carrier || !share.camera) return;
    const { at, stats } = await share.link.cameraStats().catch(() => ({ at: share.readAt, stats: [] }));
    // A report is read once: the next look may come before the next report.
    if (at === share.readAt) return;
    share.readAt = at;
    const device = this.#load.isSlow(performance.now()) ? 'slow' : 'quick';
    const o = { floor: this.#floorOf(share), least: leastOf(this.#o.role()), device } as const;
    const { probe } = share.weather.sample(share.reader.read(stats, at), this.#costs.steps, o);
    if (probe === 'wanted') share.link.probe();
  }

  /** A studio that stands still although a camera runs and somebody watches is broken. */
  #watch(frames: number): void {
    const camera = this.#camera;
    const isRunning = camera?.readyState === 'live' && camera.enabled && !camera.muted && !isPageHidden();
    const isWatched = [...this.#shares.values()].some((one) => one.camera && one.carrier && this.#stepOf(one) !== OFF);
    this.#still = frames === this.#frames && isRunning && isWatched ? this.#still + 1 : 0;
    this.#frames = frames;
    if (this.#still >= STILL) this.#stop('broken');
  }

  readonly #onRunning = ({ detail }: CustomEvent<Rung>): void => this.#studio?.transformRunning(detail);

  readonly #onKeyFrameWanted = ({ detail }: CustomEvent<Rung>): void => this.#studio?.requestKeyFrame(detail);

  readonly #onCarrierWanted = ({ detail }: CustomEvent<string>): void => this.#shares.get(detail)?.carrier?.draw();
}
