/**
 * The page's side of the frame worker (protocol.md §7): installs epochs, names links, makes transforms, watches over the
 * worker's life. There is one per session, and no way to turn it off but to close it.
 */
import { ConsultError } from '../../errors.ts';
import { createFrameWorker } from './create-frame-worker.ts';
import { emptyCounters, type LinkCounters, type TransformName } from './worker-messages.ts';
import { FramePort, type Question } from './worker-port.ts';
import { importBaseKey } from './sframe.ts';

export type { FrameStream } from './envelope.ts';
export type { LinkCounters, TransformName } from './worker-messages.ts';

export interface FrameCipherOptions {
  /** A same-origin copy of the worker, where a content security policy forbids `blob:`. */
  readonly workerUrl?: string | URL;
  /** For tests. */
  readonly createWorker?: () => Worker;
  /** How often the worker is asked for a sign of life, in milliseconds; default 2,000. */
  readonly heartbeat?: number;
}

export interface FrameCipherEventMap {
  /** A transform runs in the worker: its sender may get a track. */
  running: CustomEvent<TransformName>;
  /**
   * The worker died; media has stopped. A new one is starting, which takes links and transforms at once, and every connection
   * must be made anew: a transform cannot be replaced.
   */
  lost: Event;
}

const HEARTBEAT = 2_000;
/** The worker answers within so many heartbeats or is taken for dead. */
const PATIENCE = 2.5;

interface Epoch {
  readonly epoch: bigint;
  readonly ownLeaf: number;
  readonly leaves: readonly number[];
  readonly baseKey: CryptoKey;
}

export class FrameCipher extends EventTarget {
  readonly #create: () => Worker;
  readonly #heartbeat: number;
  readonly #beats: ReturnType<typeof setInterval>;
  /** Chromium holds a transform weakly; without these it would stop with the next garbage collection. */
  readonly #transforms = new Map<string, RTCRtpScriptTransform[]>();
  #port: FramePort;
  /** Rises with every worker start: that keeps nonces unique through restarts. */
  #generation = 0;
  /** Rises with every group, so that nothing that was on its way for one gets into the next. */
  #group = 0;
  #epoch: Epoch | null = null;
  #sending: bigint | null = null;
  #closed = false;

  /** @throws {ConsultError} `worker-blocked` where the browser refuses at once; otherwise {@link ready} tells */
  constructor({ workerUrl, createWorker = createFrameWorker, heartbeat = HEARTBEAT }: FrameCipherOptions = {}) {
    super();
    this.#heartbeat = heartbeat;
    this.#create = workerUrl === undefined ? createWorker : () => new Worker(workerUrl, { type: 'module' });
    this.#port = this.#start();
    this.#beats = setInterval(() => void this.#checkAlive(), heartbeat);
  }

  /** Whether this browser can encrypt frames in the way that this library does; there is no other. */
  static get supported(): boolean {
    return (
      typeof RTCRtpScriptTransform !== 'undefined' &&
      'transform' in RTCRtpSender.prototype &&
      'transform' in RTCRtpReceiver.prototype
    );
  }

  /** @throws {ConsultError} `worker-blocked` */
  get ready(): Promise<void> {
    return this.#port.ready;
  }

  override addEventListener<K extends keyof FrameCipherEventMap>(
    type: K,
    listener: (event: FrameCipherEventMap[K]) => void,
    options?: AddEventListenerOptions,
  ): void {
    super.addEventListener(type, listener as EventListener, options);
  }

  override removeEventListener<K extends keyof FrameCipherEventMap>(
    type: K,
    listener: (event: FrameCipherEventMap[K]) => void,
  ): void {
    super.removeEventListener(type, listener as EventListener);
  }

  /**
   * From when this resolves, frames of the epoch can be decrypted.
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

  /** From when this resolves, own frames are encrypted in the epoch. Never goes back to an earlier one. */
  async switchSender(epoch: bigint): Promise<void> {
    if (this.#epoch?.epoch !== epoch) return;
    this.#sending = epoch;
    await this.#tell({ type: 'switch', epoch, ownLeaf: this.#epoch.ownLeaf });
  }

  /** Another group: its epochs are counted anew, so nothing of the old ones may be left. Links and transforms end with them. */
  reset(): void {
    this.#group++;
    this.#epoch = null;
    this.#sending = null;
    this.#transforms.clear();
    this.#port.post({ type: 'start', generation: this.#generation++ });
  }

  /** A link belongs to one leaf: frames of any other are dropped before decryption. */
  openLink(linkId: string, leaf: number): void {
    this.#port.post({ type: 'open-link', linkId, leaf });
  }

  closeLink(linkId: string): void {
    this.#transforms.delete(linkId);
    this.#port.post({ type: 'close-link', linkId });
  }

  /** For one sender or receiver, once: a transform cannot be moved or replaced. */
  createTransform(name: TransformName): RTCRtpScriptTransform {
    const transform = new RTCRtpScriptTransform(this.#port.worker, name);
    this.#transforms.set(name.linkId, [...(this.#transforms.get(name.linkId) ?? []), transform]);
    return transform;
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

  /** @throws {ConsultError} `message-invalid` */
  async openData(linkId: string, data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const reply = await this.#port.ask({ type: 'open-data', linkId, data });
    if (reply.kind !== 'bytes') throw new ConsultError('message-invalid', { detail: 'data' });
    return reply.bytes;
  }

  /** Keys and worker are gone. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#beats);
    this.#port.close();
    this.#transforms.clear();
    this.#epoch = null;
  }

  #start(): FramePort {
    const port: FramePort = new FramePort({
      createWorker: this.#create,
      generation: this.#generation++,
      onRunning: (name) => this.dispatchEvent(new CustomEvent('running', { detail: name })),
      onError: () => this.#onDeath(port),
    });
    return port;
  }

  async #checkAlive(): Promise<void> {
    const port = this.#port;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), this.#heartbeat * PATIENCE);
    });
    const alive = port.ready.then(() => port.ask({ type: 'ping' })).catch(() => 'gone' as const);
    const result = await Promise.race([alive, late]);
    clearTimeout(timer);
    if (result === 'late') this.#onDeath(port);
  }

  /** Only once it had started: a worker that never ran is blocked, and another one would be as well. */
  #onDeath(port: FramePort): void {
    port.ready.then(() => this.#restart(port)).catch(() => undefined);
  }

  async #restart(dead: FramePort): Promise<void> {
    if (this.#closed || dead !== this.#port) return;
    this.#transforms.clear();
    this.#port = this.#start();
    const epoch = this.#epoch;
    const installed = epoch ? this.#install(epoch) : undefined;
    const switched = epoch && this.#sending === epoch.epoch ? this.switchSender(epoch.epoch) : undefined;
    // Before whoever asked the dead one hears of its end, so that nobody compares counts of a link that is gone.
    this.dispatchEvent(new Event('lost'));
    dead.close();
    // If this one dies too or is closed meanwhile, the next heartbeat, or nobody, needs to know.
    await Promise.allSettled([installed, switched]);
  }

  async #install({ epoch, leaves, baseKey }: Epoch): Promise<void> {
    await this.#tell({ type: 'install', epoch, leaves, baseKey });
  }

  /**
   * What the next worker is told too, should this one die before it answers: then that one's answer counts. A roster that changed by
   * half, because its keys had been given to a worker that was dying, would show people who are not who is there.
   */
  async #tell(question: Extract<Question, { type: 'install' | 'switch' }>): Promise<void> {
    const [port, group] = [this.#port, this.#group];
    try {
      await port.ask(question);
    } catch (error: unknown) {
      if (this.#closed || port === this.#port) throw error;
      // Told again, it does no harm: a worker never goes back to an earlier epoch.
      if (group === this.#group) await this.#tell(question);
    }
  }
}
