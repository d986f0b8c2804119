/** One run of the frame worker, from the page's side: its start, requests and replies, its end. */
import { ConsultError } from '../../errors.ts';
import { patience } from '../../util/patience.ts';
import type { FromWorker, Reply, ToWorker } from './worker-messages.ts';

/** Limit for the start of the worker, in milliseconds: in some browsers a blocked worker fires no event. */
const START_WITHIN = 15_000;

/** What the worker says without being asked, once it runs. */
export type WorkerNews = Exclude<FromWorker, { readonly type: 'ready' | 'reply' }>;

/** A request without its number. */
export type Question =
  Extract<ToWorker, { id: number }> extends infer M ? (M extends { id: number } ? Omit<M, 'id'> : never) : never;

export interface WorkerPortOptions {
  readonly createWorker: () => Worker;
  readonly generation: number;
  onNews(news: WorkerNews): void;
  /** The worker broke, or never ran. */
  onError(): void;
}

export class WorkerPort {
  readonly worker: Worker;
  /** Rejects with `worker-blocked` where the worker cannot start. */
  readonly ready: Promise<void>;
  readonly #onNews: WorkerPortOptions['onNews'];
  readonly #replies = new Map<number, { resolve(reply: Reply): void; reject(error: ConsultError): void }>();
  #settle: { resolve(): void; reject(error: ConsultError): void } | null = null;
  #next = 0;
  #closed = false;

  /** @throws {ConsultError} `worker-blocked` where the browser refuses at once */
  constructor(o: WorkerPortOptions) {
    this.#onNews = (news) => o.onNews(news);
    this.worker = start(o.createWorker);
    this.ready = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // Callers of `ready` still see the rejection; without callers it must not count as unhandled.
    this.ready.catch(() => undefined);
    const blocked = (): void => this.#settle?.reject(new ConsultError('worker-blocked'));
    const stop = patience(START_WITHIN, blocked);
    void this.ready.catch(() => undefined).finally(stop);
    this.worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => this.#onMessage(data));
    // A worker blocked by a content security policy fires this event without a message, in both browsers.
    this.worker.addEventListener('error', () => {
      blocked();
      o.onError();
    });
    this.post({ type: 'start', generation: o.generation });
  }

  post(message: ToWorker, transfer: readonly Transferable[] = []): void {
    if (!this.#closed) this.worker.postMessage(message, [...transfer]);
  }

  /** @throws {ConsultError} `encryption-unavailable` where the worker ends before it answers */
  ask(question: Question): Promise<Reply> {
    if (this.#closed) return Promise.reject(new ConsultError('encryption-unavailable'));
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#replies.set(id, { resolve, reject });
      this.post({ ...question, id } as ToWorker);
    });
  }

  close(): void {
    this.#closed = true;
    this.worker.terminate();
    const ended = new ConsultError('encryption-unavailable');
    this.#settle?.reject(ended);
    for (const { reject } of this.#replies.values()) reject(ended);
    this.#replies.clear();
  }

  #onMessage(message: FromWorker): void {
    if (this.#closed) return;
    switch (message.type) {
      case 'ready':
        return this.#settle?.resolve();
      case 'reply':
        this.#replies.get(message.id)?.resolve(message.reply);
        this.#replies.delete(message.id);
        return;
      default:
        return this.#onNews(message);
    }
  }
}

function start(createWorker: () => Worker): Worker {
  try {
    return createWorker();
  } catch (error: unknown) {
    throw new ConsultError('worker-blocked', { cause: error });
  }
}
