/**
 * Our camera for many participants (protocol.md §7, "Encode once"): one capture, one encoder with two rungs at most, one
 * encrypted frame, many links. From three people on, where the browser can; for two, and elsewhere, every link has its
 * own encoder. Which of them is at work never changes what may be sent to whom.
 */
import type { CameraRoute, FrameWorkerClient, Rung } from '../../e2ee/frames/frame-worker-client.ts';
import { carriersOf, isPageHidden, makeCarrier, watchCarriers, type Carrier } from '../../peer/carrier.ts';
import type { CameraLimit, OwnTracks } from '../../peer/media-lines.ts';
import type { CameraReport } from '../../peer/connection.ts';
import type { StudioReport } from '../../peer/studio.ts';
import type { ViewSize } from '../state/state.ts';
import { DeviceLoad } from './device-load.ts';
import { LinkWeather, OFF, WeatherReader, type Step } from './link-weather.ts';
import { SoundFirst } from './sound-first.ts';
import { StudioLife } from './studio-life.ts';
import { floorOf, leastOf, ownLimits, planOf, routeOf, StepCosts, viewUnder } from './studio-plan.ts';

/** What of a link is needed here. */
export interface CameraLink {
  readonly linkId: string;
  /** Milliseconds that its engine took for its last report. */
  readonly answered: number;
  cameraStats(): Promise<CameraReport>;
  probe(): void;
  /** What its own encoder makes of our camera; it makes nothing while the link has a carrier. */
  limitCamera(limit: CameraLimit): void;
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
/** Milliseconds that a rung is encoded on after nobody needs it: links change with the next key frame of the other. */
const LINGER = 2_000;
/** Milliseconds of an answer from which a device counts as slow here. */
const SLOW = 300;
const NOTHING_SAID: StudioReport = { strain: 'none', filmed: null };
/** Others from whom on a link begins with the low rung, and milliseconds that it waits for the size that they show. */
const MANY = 3;
const SAID_WITHIN = 10_000;

export class EncodeOnce {
  readonly #o: EncodeOnceOptions;
  readonly #shares = new Map<string, Share>();
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #unwatch: () => void;
  readonly #neededAt = new Map<Rung, number>();
  readonly #life: StudioLife;
  readonly #sound: SoundFirst;
  #others = 0;
  #camera: MediaStreamTrack | null = null;
  #costs = new StepCosts();
  readonly #load = new DeviceLoad();
  #looking = false;
  /** Milliseconds of the last answer of worker and engine. */
  #answered = 0;

  constructor(o: EncodeOnceOptions) {
    this.#o = o;
    const isSlow = (): boolean => this.#isSlow;
    this.#life = new StudioLife({
      frames: o.frames,
      isSlow,
      onEnd: () => this.#shares.forEach((share) => this.#giveUpCarrier(share)),
      onChange: () => {
        this.#film();
        o.refresh();
      },
    });
    this.#sound = new SoundFirst({ connecting: () => o.connecting(), isSlow });
    o.frames.addEventListener('carrier-wanted', this.#onCarrierWanted);
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
    const waits = !share.sends && this.#sound.holds(link.linkId, share.since);
    // Its pictures are encoded already when it may send them.
    if (waits) this.#needed(routeOf(this.#stepOf(share)));
    // Pictures come half a second later: an encoder for every link until then keeps a slow device from ever starting.
    if (waits || (this.#life.state === 'starting' && !share.sends)) return { ...wanted, camera: null };
    share.sends = true;
    if (this.#life.state !== 'on') return wanted;
    try {
      return { ...wanted, camera: this.#carrierOf(share).track };
    } catch {
      // The browser has the interface, and makes no such track: every link keeps its own encoder.
      this.#life.stop('broken');
      return wanted;
    }
  }

  /** A link is up: pictures may have waited for it. */
  onConnected(): void {
    if (this.#sound.isOver) this.#o.refresh();
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
    this.#sound.forget(linkId);
    share?.carrier?.close();
    this.#film();
  }

  /** The worker died, and every transform with it: the studio begins again. */
  onWorkerLost(): void {
    if (this.#life.state !== 'broken') this.#life.stop('off');
  }

  close(): void {
    clearInterval(this.#timer);
    this.#unwatch();
    this.#o.frames.removeEventListener('carrier-wanted', this.#onCarrierWanted);
    this.#others = 0;
    this.#life.close();
    for (const linkId of this.#shares.keys()) this.closeLink(linkId);
  }

  #shareOf(link: CameraLink): Share {
    const known = this.#shares.get(link.linkId);
    if (known) return known;
    const [weather, reader] = [new LinkWeather(), new WeatherReader()];
    const since = performance.now();
    const nothing = { camera: null, sends: false, carrier: null, routed: null, view: null };
    const share: Share = { link, weather, reader, readAt: -1, ...nothing, since };
    this.#shares.set(link.linkId, share);
    return share;
  }

  /** Starts or ends the studio, as it is needed and possible now. */
  readonly #update = (): void => {
    const wanted = this.#others >= LINKS && this.#camera !== null && carriersOf() !== 'none';
    if (wanted && this.#life.state === 'off') {
      this.#costs = new StepCosts();
      this.#life.start();
    }
    // A camera that is off for a moment keeps its studio.
    else if (this.#life.studio && (this.#others < LINKS || carriersOf() === 'none')) this.#life.stop('off');
  };

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

  /** Tells the worker what each link carries, and the encoders what to make. */
  #direct(): void {
    this.#limitOwn();
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

  /** Own encoders follow what is shown, and this device; what a line carries, their engine decides. */
  #limitOwn(): void {
    const shares = [...this.#shares.values()].filter(({ camera, carrier }) => camera && !carrier);
    const rest = shares.map((share) => this.#floorOf(share));
    const o = { others: this.#others, role: this.#o.role(), load: this.#load.load, rest };
    for (const share of shares) {
      const { camera, link } = share;
      if (camera) link.limitCamera({ camera, limits: ownLimits(this.#floorOf(share), o) });
    }
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
    this.#life.film(this.#camera, planOf(needed, this.#o.role(), this.#load.load));
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
    this.#life.forgive();
    this.#update();
    const { studio } = this.#life;
    const at = performance.now();
    const totals = await this.#o.frames.studioTotals().catch(() => null);
    const report = (await studio?.report().catch(() => null)) ?? NOTHING_SAID;
    this.#measureLoad(at, report.strain);
    const isOn = totals && this.#life.state === 'on' && this.#life.studio === studio;
    if (isOn) {
      this.#costs.measure(totals, at);
      await Promise.all([...this.#shares.values()].map((share) => this.#measure(share)));
    }
    this.#direct();
    if (!isOn || this.#life.studio !== studio) return;
    this.#life.watch({ frames: totals.high.frames + totals.low.frames, report, expected: this.#expected });
  }

  #measureLoad(since: number, encoder: 'cpu' | 'none'): void {
    const at = performance.now();
    const engine = Math.max(0, ...[...this.#shares.values()].map(({ link }) => link.answered));
    const before = this.#load.load;
    this.#answered = at - since + engine;
    if (this.#load.sample({ at, answered: this.#answered, encoder }) !== before) this.#o.onLoad();
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

  /** What the studio has to make: frames, where a camera runs and someone watches. */
  get #expected(): 'frames' | 'nothing' {
    const camera = this.#camera;
    const isRunning = camera?.readyState === 'live' && camera.enabled && !camera.muted && !isPageHidden();
    const isWatched = [...this.#shares.values()].some((one) => one.camera && one.carrier && this.#stepOf(one) !== OFF);
    return isRunning && isWatched ? 'frames' : 'nothing';
  }

  readonly #onCarrierWanted = ({ detail }: CustomEvent<string>): void => this.#shares.get(detail)?.carrier?.draw();
}
