/**
 * The page's side of the frame worker (protocol.md §7): installs epochs, names links, makes transforms, watches over the
 * worker's life. There is one per session, and no way to turn it off but to close it.
 */
import { ConsultError } from '../errors.ts';
import { createFrameWorker } from './create-frame-worker.ts';

import type { FromWorker, LinkCounters, Reply, ToWorker, TransformName } from './frame-messages.ts';
import { emptyCounters } from './frame-messages.ts';
import { importBaseKey } from './sframe.ts';

export type { FrameStream } from './frame-envelope.ts';
export type { LinkCounters, TransformName } from './frame-messages.ts';

export interface FrameCipherOptions {
  /** A same-origin copy of the worker, where a content security policy forbids `blob:`. */
  readonly workerUrl?: string | URL;
  /** For tests. */
  readonly createWorker?: () => Worker;
}

export interface FrameCipherEventMap {
  /** A transform runs in the worker: its sender may get a track. */
  running: CustomEvent<TransformName>;
  /** The worker died; media has stopped. A new one runs, and every connection must be made anew: a transform cannot be replaced. */
  lost: Event;
}

/** The worker answers within this or is taken for dead, in milliseconds. */
const ALIVE_WITHIN = 5_000;
const PING_EVERY = 2_000;
/** A worker that a policy blocks says nothing in some browsers. */
const START_WITHIN = 15_000;

/** A message that is answered, before it has its number. */
type Question =
  Extract<ToWorker, { id: number }> extends infer M ? (M extends { id: number } ? Omit<M, 'id'> : never) : never;

interface Epoch {
  readonly epoch: bigint;
  readonly ownLeaf: number;
  readonly leaves: readonly number[];
  readonly baseKey: CryptoKey;
}

export class FrameCipher extends EventTarget {
  readonly #create: () => Worker;
  readonly #heartbeat: ReturnType<typeof setInterval>;
  readonly #replies = new Map<number, { resolve(reply: Reply): void; reject(error: ConsultError): void }>();
  /** Chromium holds a transform weakly; without these it would stop with the next garbage collection. */
  readonly #transforms = new Map<string, RTCRtpScriptTransform[]>();
  #worker: Worker;
  #ready: Promise<void>;
  /** Rises with every worker start: that keeps nonces unique through restarts. */
  #generation = 0;
  #epoch: Epoch | null = null;
  #sending: bigint | null = null;
  #next = 0;
  #closed = false;

  constructor({ workerUrl, createWorker = createFrameWorker }: FrameCipherOptions = {}) {
    super();
    this.#create = workerUrl === undefined ? createWorker : () => new Worker(workerUrl, { type: 'module' });
    [this.#worker, this.#ready] = this.#start();
    this.#heartbeat = setInterval(() => void this.#checkAlive(), PING_EVERY);
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
    return this.#ready;
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
    const baseKey = await importBaseKey(o.baseKey);
    o.baseKey.fill(0);
    this.#epoch = { epoch: o.epoch, ownLeaf: o.ownLeaf, leaves: o.leaves, baseKey };
    await this.#install(this.#epoch);
  }

  /** From when this resolves, own frames are encrypted in the epoch. Never goes back to an earlier one. */
  async switchSender(epoch: bigint): Promise<void> {
    if (this.#epoch?.epoch !== epoch) return;
    this.#sending = epoch;
    await this.#ask({ type: 'switch', epoch, ownLeaf: this.#epoch.ownLeaf });
  }

  /** Another group: its epochs are counted anew, so nothing of the old ones may be left. Links and transforms end with them. */
  reset(): void {
    this.#epoch = null;
    this.#sending = null;
    this.#transforms.clear();
    this.#post({ type: 'start', generation: this.#generation++ });
  }

  /** A link belongs to one leaf: frames of any other are dropped before decryption. */
  openLink(linkId: string, leaf: number): void {
    this.#post({ type: 'open-link', linkId, leaf });
  }

  closeLink(linkId: string): void {
    this.#transforms.delete(linkId);
    this.#post({ type: 'close-link', linkId });
  }

  /** For one sender or receiver, once: a transform cannot be moved or replaced. */
  createTransform(name: TransformName): RTCRtpScriptTransform {
    const transform = new RTCRtpScriptTransform(this.#worker, name);
    this.#transforms.set(name.linkId, [...(this.#transforms.get(name.linkId) ?? []), transform]);
    return transform;
  }

  async counters(linkId: string): Promise<LinkCounters> {
    const reply = await this.#ask({ type: 'counters', linkId });
    return reply.kind === 'counters' ? reply.counters : emptyCounters();
  }

  /** @throws {ConsultError} `encryption-unavailable` while there is no epoch */
  async sealData(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const reply = await this.#ask({ type: 'seal-data', data });
    if (reply.kind !== 'bytes') throw new ConsultError('encryption-unavailable');
    return reply.bytes;
  }

  /** @throws {ConsultError} `message-invalid` */
  async openData(linkId: string, data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const reply = await this.#ask({ type: 'open-data', linkId, data });
    if (reply.kind !== 'bytes') throw new ConsultError('message-invalid', { detail: 'data' });
    return reply.bytes;
  }

  /** Keys and worker are gone. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#heartbeat);
    this.#worker.terminate();
    this.#rejectAll();
    this.#transforms.clear();
    this.#epoch = null;
  }

  #start(): [Worker, Promise<void>] {
    const worker = this.#create();
    const generation = this.#generation++;
    const ready = new Promise<void>((resolve, reject) => {
      const blocked = (): void => reject(new ConsultError('worker-blocked'));
      const timer = setTimeout(blocked, START_WITHIN);
      // A worker that a content security policy blocks throws nothing: it fires this, without a message, in both browsers.
      worker.addEventListener('error', () => {
        clearTimeout(timer);
        blocked();
        this.#onDeath(worker);
      });
      worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
        if (data.type === 'ready') {
          clearTimeout(timer);
          resolve();
        } else if (worker === this.#worker) this.#onMessage(data);
      });
    });
    // Whoever waits for it hears of it; a worker nobody waits for yet must not become an unhandled rejection.
    ready.catch(() => undefined);
    worker.postMessage({ type: 'start', generation } satisfies ToWorker);
    return [worker, ready];
  }

  #onMessage(message: Exclude<FromWorker, { type: 'ready' }>): void {
    if (message.type === 'running') {
      this.dispatchEvent(new CustomEvent('running', { detail: message.name }));
      return;
    }
    this.#replies.get(message.id)?.resolve(message.reply);
    this.#replies.delete(message.id);
  }

  async #checkAlive(): Promise<void> {
    const worker = this.#worker;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), ALIVE_WITHIN);
    });
    const alive = this.#ready.then(() => this.#ask({ type: 'ping' })).catch(() => 'gone' as const);
    const result = await Promise.race([alive, late]);
    clearTimeout(timer);
    if (result === 'late') this.#onDeath(worker);
  }

  /** Only once it had started: a worker that never ran is blocked, and another one would be as well. */
  #onDeath(worker: Worker): void {
    if (this.#closed || worker !== this.#worker) return;
    void this.#ready.then(
      () => this.#restart(worker),
      () => undefined,
    );
  }

  async #restart(dead: Worker): Promise<void> {
    if (this.#closed || dead !== this.#worker) return;
    dead.terminate();
    this.#rejectAll();
    this.#transforms.clear();
    [this.#worker, this.#ready] = this.#start();
    try {
      await this.#ready;
      if (this.#epoch) await this.#install(this.#epoch);
      if (this.#epoch && this.#sending === this.#epoch.epoch) await this.switchSender(this.#sending);
      this.dispatchEvent(new Event('lost'));
    } catch {
      // It died again, or was closed meanwhile: the next heartbeat, or nobody, needs to know.
    }
  }

  async #install({ epoch, leaves, baseKey }: Epoch): Promise<void> {
    await this.#ask({ type: 'install', epoch, leaves, baseKey });
  }

  #ask(question: Question): Promise<Reply> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#replies.set(id, { resolve, reject });
      this.#post({ ...question, id } as ToWorker);
      if (this.#closed) this.#rejectAll();
    });
  }

  #post(message: ToWorker): void {
    if (!this.#closed) this.#worker.postMessage(message);
  }

  #rejectAll(): void {
    for (const { reject } of this.#replies.values()) reject(new ConsultError('encryption-unavailable'));
    this.#replies.clear();
  }
}
