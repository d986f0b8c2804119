/**
 * Sends webhooks to one endpoint until it takes them, in memory only: a limited queue, retries with backoff and jitter,
 * and for one room one after the other, so that its end does not arrive before its opening.
 */
import type { Advisor } from '../advice.ts';
import type { Limits } from '../limits.ts';
import type { Metrics } from '../metrics.ts';
import { post, type Endpoint, type Outcome } from './endpoint.ts';
import { signedHeaders } from './signature.ts';

export type WebhookType = 'room.opened' | 'room.ended';

export interface Webhook {
  /** The same at each attempt, and in all processes: receivers recognise a repetition by it. */
  readonly id: string;
  readonly type: WebhookType;
  /** The room's name for this endpoint. */
  readonly room: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

export interface DeliveryParts {
  readonly endpoint: Endpoint;
  readonly limits: Pick<Limits, 'webhookQueue' | 'webhookTimeout' | 'webhookRetries'>;
  readonly metrics: Pick<Metrics, 'webhook'>;
  readonly advisor: Pick<Advisor, 'give'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** From 0 to 1, for the jitter. */
  readonly random?: () => number;
}

interface Job {
  readonly webhook: Webhook;
  attempts: number;
  /** On the clock of `performance.now`. */
  due: number;
  state: 'waiting' | 'sending';
}

/** Attempts at the same time. */
const AT_ONCE = 4;
/** Part of a delay by which it varies, so that many servers do not come back at the same moment. */
const JITTER = 0.2;
/** The longest `Retry-After` that is followed, seconds. */
const LONGEST_WAIT = 3600;
const GONE = 410;

export class Delivery {
  readonly endpoint: Endpoint;
  readonly #o: DeliveryParts;
  /** By id, the oldest first. */
  readonly #jobs = new Map<string, Job>();
  readonly #ended = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #drained: () => void = () => undefined;
  #state: 'open' | 'closing' | 'closed' = 'open';

  constructor(parts: DeliveryParts) {
    this.#o = parts;
    this.endpoint = parts.endpoint;
  }

  get size(): number {
    return this.#jobs.size;
  }

  /** @param after milliseconds until the first attempt */
  add(webhook: Webhook, after = 0): void {
    if (this.#state !== 'open' || this.#jobs.has(webhook.id)) return;
    if (this.#jobs.size >= this.#o.limits.webhookQueue && !this.#dropOldest()) return;
    this.#jobs.set(webhook.id, { webhook, attempts: 0, due: performance.now() + after, state: 'waiting' });
    this.#pump();
  }

  /** Where another process tells it: only before the first attempt. */
  cancel(id: string): void {
    const job = this.#jobs.get(id);
    if (job?.state === 'waiting' && job.attempts === 0) this.#finish(job);
  }

  /** Tries once more what is waiting, for so many milliseconds at most; nothing is kept beyond. */
  async close(within: number): Promise<void> {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    if (this.#jobs.size > 0) {
      const now = performance.now();
      for (const job of this.#jobs.values()) job.due = Math.min(job.due, now);
      const timer = setTimeout(() => this.#drained(), within);
      await new Promise<void>((resolve) => {
        this.#drained = resolve;
        this.#pump();
      });
      clearTimeout(timer);
    }
    this.#state = 'closed';
    clearTimeout(this.#timer);
    this.#ended.abort();
    for (const _job of this.#jobs.values()) this.#o.metrics.webhook('dropped');
    this.#jobs.clear();
  }

  /** @returns whether there is space now */
  #dropOldest(): boolean {
    this.#o.metrics.webhook('dropped');
    this.#advise('has not taken webhooks for so long that the oldest are dropped');
    const oldest = [...this.#jobs.values()].find(({ state }) => state === 'waiting');
    return oldest !== undefined && this.#jobs.delete(oldest.webhook.id);
  }

  #pump(): void {
    clearTimeout(this.#timer);
    if (this.#state === 'closed') return;
    if (this.#jobs.size === 0) return this.#drained();
    const now = performance.now();
    let active = [...this.#jobs.values()].filter(({ state }) => state === 'sending').length;
    let next = Infinity;
    const rooms = new Set<string>();
    for (const job of this.#jobs.values()) {
      const { room } = job.webhook;
      const isFirst = !rooms.has(room);
      rooms.add(room);
      if (job.state === 'sending' || !isFirst) continue;
      if (job.due > now) next = Math.min(next, job.due);
      else if (active < AT_ONCE) {
        active += 1;
        void this.#attempt(job);
      }
    }
    if (next === Infinity) return;
    this.#timer = setTimeout(() => this.#pump(), Math.max(0, next - now));
    // A webhook that waits for its receiver does not keep the process.
    this.#timer.unref();
  }

  async #attempt(job: Job): Promise<void> {
    job.state = 'sending';
    job.attempts += 1;
    const { id, type, room, time } = job.webhook;
    const body = JSON.stringify({ type, timestamp: new Date(time).toISOString(), data: { room } });
    const timestamp = Math.floor(this.#o.now() / 1000);
    const headers = signedHeaders(this.endpoint.keys, { id, timestamp, body });
    const { webhookTimeout: timeout } = this.#o.limits;
    const outcome = await post(this.endpoint, { headers, body }, { timeout, signal: this.#ended.signal });
    job.state = 'waiting';
    if (this.#state === 'closed') return;
    this.#settle(job, outcome);
    this.#pump();
  }

  #settle(job: Job, outcome: Outcome): void {
    if (outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300) {
      this.#o.metrics.webhook('delivered');
      return this.#finish(job);
    }
    this.#advise(wordsFor(outcome));
    const delay = this.#o.limits.webhookRetries[job.attempts - 1];
    const isGone = outcome.kind === 'answered' && outcome.status === GONE;
    if (delay === undefined || isGone || this.#state === 'closing') {
      this.#o.metrics.webhook('failed');
      return this.#finish(job);
    }
    const asked = outcome.kind === 'answered' ? Math.min(outcome.retryAfter ?? 0, LONGEST_WAIT) * 1000 : 0;
    const random = this.#o.random ?? Math.random;
    job.due = performance.now() + Math.max(delay * (1 + JITTER * (2 * random() - 1)), asked);
  }

  #finish(job: Job): void {
    this.#jobs.delete(job.webhook.id);
    if (this.#jobs.size === 0) this.#drained();
  }

  /** Only scheme, host and port: a path may contain a token of the receiver. */
  #advise(words: string): void {
    this.#o.advisor.give('webhook-failed', `the webhook at ${this.endpoint.url.origin} ${words}`);
  }
}

function wordsFor(outcome: Outcome): string {
  if (outcome.kind === 'answered') {
    if (outcome.status >= 300 && outcome.status < 400)
      return `answers with a redirect (${String(outcome.status)}), which is not followed: write the final address`;
    return `answers ${String(outcome.status)}; 2xx is needed`;
  }
  switch (outcome.reason) {
    case 'address-refused':
      return 'leads to an address that is not public; "network": "own" allows one of your own network';
    case 'timeout':
      return 'does not answer in time';
    case 'unreachable':
      return 'cannot be reached, or its certificate is not valid';
  }
}
