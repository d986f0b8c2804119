/**
 * The page's side of the frame worker (protocol.md §7): installs epochs, opens links, creates transforms and restarts a worker that
 * died. There is one per session, and encryption cannot be turned off.
 */
import { ConsultError } from '../../errors.ts';
import { patience } from '../../util/patience.ts';
import type { CameraRoute, Rung, StudioTotals } from './rungs.ts';
import { emptyCounters, type LinkCounters, type StudioName, type TransformName } from './worker-messages.ts';
import { WorkerPort, type Question, type WorkerNews } from './worker-port.ts';
import { importBaseKey } from './sframe.ts';

export type { FrameStream } from './envelope.ts';
export type { CameraRoute, Rung, StudioTotals } from './rungs.ts';
export type { LinkCounters, TransformName } from './worker-messages.ts';

export interface FrameWorkerClientOptions {
  /** Starts a worker: at once, and again after one died. See `frameWorkerFactory`. */
  readonly createWorker: () => Worker;
  /** Milliseconds between two liveness checks of the worker; default 2,000. */
  readonly heartbeat?: number;
}

export interface FrameWorkerClientEventMap {
  /** A transform runs in the worker: its sender may get a track now. */
  running: CustomEvent<TransformName>;
  /**
   * The worker died and media stopped. A new worker is starting; it accepts links and transforms immediately. Every connection must be
   * replaced, because a transform cannot be.
   */
  lost: Event;
  /** The transform of a rung's encoder runs: its sender may get the camera now. */
  'studio-running': CustomEvent<Rung>;
  /** The page has to draw a carrier for the link of this id. */
  'carrier-wanted': CustomEvent<string>;
  /** The sender of this rung has to make a key frame. */
  'key-frame-wanted': CustomEvent<Rung>;
}

const HEARTBEAT = 2_000;
/** Heartbeats without an answer after which the worker counts as dead. */
const UNANSWERED = 2.5;
/** Under which the studio's transforms are held; link ids are longer. */
const STUDIO = 'studio';
const NO_TOTALS: StudioTotals[Rung] = { frames: 0, keyFrames: 0, bytes: 0, baseBytes: 0 };

interface Epoch {
  readonly epoch: bigint;
  readonly ownLeaf: number;
  readonly leaves: readonly number[];
  readonly baseKey: CryptoKey;
}

export class FrameWorkerClient extends EventTarget {
  readonly #create: () => Worker;
  readonly #heartbeat: number;
  readonly #beats: ReturnType<typeof setInterval>;
  /** Chromium holds transforms weakly: without these references the next garbage collection would stop them. */
  readonly #transforms = new Map<string, RTCRtpScriptTransform[]>();
  #port: WorkerPort;
  /** Rises with every worker start, so that nonces stay unique through restarts. */
  #generation = 0;
  /** Rises with every group, so that a pending operation of one group does not affect the next. */
  #group = 0;
  #epoch: Epoch | null = null;
  #sending: bigint | null = null;
  #closed = false;

  /** @throws {ConsultError} `worker-blocked` where the browser refuses immediately; otherwise {@link ready} rejects */
  constructor({ createWorker, heartbeat = HEARTBEAT }: FrameWorkerClientOptions) {
    super();
    this.#heartbeat = heartbeat;
    this.#create = createWorker;
    this.#port = this.#start();
    this.#beats = setInterval(() => void this.#checkAlive(), heartbeat);
  }

  /** @throws {ConsultError} `worker-blocked` */
  get ready(): Promise<void> {
    return this.#port.ready;
  }

  override addEventListener<K extends keyof FrameWorkerClientEventMap>(
    type: K,
    listener: (event: FrameWorkerClientEventMap[K]) => void,
    options?: AddEventListenerOptions,
  ): void {
    super.addEventListener(type, listener as EventListener, options);
  }

  override removeEventListener<K extends keyof FrameWorkerClientEventMap>(
    type: K,
    listener: (event: FrameWorkerClientEventMap[K]) => void,
  ): void {
    super.removeEventListener(type, listener as EventListener);
  }

  /**
   * Installs the keys of an epoch; once this resolves, its frames can be decrypted.
   *
   * @param o.baseKey 32 bytes of the MLS exporter; overwritten with zeros
   */
  async installEpoch(o: {
    readonly epoch: bigint;
    readonly ownLeaf: number;
    readonly leaves: readonly number[];
    readonly baseKey: Uint8Array;
  }): Promise<void> {
    const group = this.#group;
    const baseKey = await importBaseKey(o.baseKey);
    const isLate = group !== this.#group || (this.#epoch !== null && o.epoch <= this.#epoch.epoch);
    if (isLate || this.#closed) return;
    this.#epoch = { epoch: o.epoch, ownLeaf: o.ownLeaf, leaves: o.leaves, baseKey };
    await this.#install(this.#epoch);
  }

  /** Switches sending to an epoch; once this resolves, own frames are encrypted in it. Never goes back to an earlier one. */
  async switchSender(epoch: bigint): Promise<void> {
    if (this.#epoch?.epoch !== epoch) return;
    this.#sending = epoch;
    await this.#tell({ type: 'switch', epoch });
  }

  /** Starts over for another group, whose epochs start at zero again. All keys, links and transforms of the old group end. */
  reset(): void {
    this.#group++;
    this.#epoch = null;
    this.#sending = null;
    this.#transforms.clear();
    this.#port.post({ type: 'start', generation: this.#generation++ });
  }

  /** Opens a link for one leaf: frames of any other leaf are dropped before decryption. */
  openLink(linkId: string, leaf: number): void {
    this.#port.post({ type: 'open-link', linkId, leaf });
  }

  closeLink(linkId: string): void {
    this.#transforms.delete(linkId);
    this.#port.post({ type: 'close-link', linkId });
  }

  /** Creates the transform of one sender or receiver; it cannot be moved or replaced. */
  createTransform(name: TransformName): RTCRtpScriptTransform {
    return this.#hold(name.linkId, new RTCRtpScriptTransform(this.#port.worker, name));
  }

  /** Creates a transform of the studio, whose frames go to every link that carries its rung. */
  createStudioTransform(name: StudioName): RTCRtpScriptTransform {
    return this.#hold(STUDIO, new RTCRtpScriptTransform(this.#port.worker, name));
  }

  closeStudio(): void {
    this.#transforms.delete(STUDIO);
    this.#port.post({ type: 'close-studio' });
  }

  /** Chooses what a link's camera sender sends: its own pictures, or those of the studio. */
  route(linkId: string, route: CameraRoute): void {
    this.#port.post({ type: 'route', linkId, route });
  }

  /** @param writable of the track that the link's camera sender has; null where the page draws its pictures */
  setCarriers(linkId: string, writable: WritableStream<VideoFrame> | null): void {
    this.#port.post({ type: 'carrier', linkId, writable }, writable ? [writable] : []);
  }

  /** What the studio has produced so far. */
  async studioTotals(): Promise<StudioTotals> {
    const reply = await this.#port.ask({ type: 'studio-totals' });
    return reply.kind === 'studio-totals' ? reply.totals : { high: NO_TOTALS, low: NO_TOTALS };
  }

  async counters(linkId: string): Promise<LinkCounters> {
    const reply = await this.#port.ask({ type: 'counters', linkId });
    return reply.kind === 'counters' ? reply.counters : emptyCounters();
  }

  /** @throws {ConsultError} `encryption-unavailable` while there is no epoch */
  async sealData(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const reply = await this.#port.ask({ type: 'seal-data', data });
    if (reply.kind !== 'bytes') throw new ConsultError('encryption-unavailable');
    return reply.bytes;
  }

  /**
   * @returns null for what cannot be read and is nobody's fault, such as after a change of keys: its sender sends it again
   * @throws {ConsultError} `message-invalid`
   */
  async openData(linkId: string, data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | null> {
    // A worker that ends before it answers takes the link along.
    const reply = await this.#port.ask({ type: 'open-data', linkId, data }).catch(() => null);
    if (!reply || reply.kind === 'unreadable') return null;
    if (reply.kind !== 'bytes') throw new ConsultError('message-invalid', { detail: 'data' });
    return reply.bytes;
  }

  /** Terminates the worker and drops all keys. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#beats);
    this.#port.close();
    this.#transforms.clear();
    this.#epoch = null;
  }

  #start(): WorkerPort {
    const port: WorkerPort = new WorkerPort({
      createWorker: this.#create,
      generation: this.#generation++,
      onNews: (news) => this.#onNews(news),
      onError: () => this.#onDeath(port),
    });
    return port;
  }

  #onNews(news: WorkerNews): void {
    const { type } = news;
    const detail = type === 'running' ? news.name : type === 'carrier-wanted' ? news.linkId : news.rung;
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #hold(key: string, transform: RTCRtpScriptTransform): RTCRtpScriptTransform {
    this.#transforms.set(key, [...(this.#transforms.get(key) ?? []), transform]);
    return transform;
  }

  async #checkAlive(): Promise<void> {
    const port = this.#port;
    // A worker that still loads is not dead, however long that takes; the port limits its start.
    if ((await port.ready.then(() => 'ready' as const).catch(() => 'blocked' as const)) === 'blocked') return;
    const stop = patience(this.#heartbeat * UNANSWERED, () => this.#onDeath(port));
    await port.ask({ type: 'ping' }).catch(() => undefined);
    stop();
  }

  /** Restarts only a worker that had started: one that never ran is blocked, and so would be the next. */
  #onDeath(port: WorkerPort): void {
    port.ready.then(() => this.#restart(port)).catch(() => undefined);
  }

  async #restart(dead: WorkerPort): Promise<void> {
    if (this.#closed || dead !== this.#port) return;
    this.#transforms.clear();
    this.#port = this.#start();
    const epoch = this.#epoch;
    const installed = epoch ? this.#install(epoch) : undefined;
    const switched = epoch && this.#sending === epoch.epoch ? this.switchSender(epoch.epoch) : undefined;
    // Before pending questions to the dead worker reject, so that no caller compares counts of a link that ended.
    this.dispatchEvent(new Event('lost'));
    dead.close();
    // If the new worker dies too, the next heartbeat notices.
    await Promise.allSettled([installed, switched]);
  }

  async #install({ epoch, ownLeaf, leaves, baseKey }: Epoch): Promise<void> {
    await this.#tell({ type: 'install', epoch, ownLeaf, leaves, baseKey });
  }

  /**
   * Asks the worker, and its successor if it dies before it answers. Otherwise a roster change could be applied by half: shown, but
   * without keys.
   */
  async #tell(question: Extract<Question, { type: 'install' | 'switch' }>): Promise<void> {
    const [port, group] = [this.#port, this.#group];
    try {
      await port.ask(question);
    } catch (error: unknown) {
      if (this.#closed || port === this.#port) throw error;
      // Repeating is harmless: a worker never goes back to an earlier epoch.
      if (group === this.#group) await this.#tell(question);
    }
  }
}
