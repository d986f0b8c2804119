/**
 * Opens knocks, which costs the host's page far more than their sender: one at a time, each only once, few per seal
 * session, and a limited number in a flood (protocol.md §3).
 */
import { toBase64Url } from '../../util/base64url.ts';
import { concat, lp, sha384, type Bytes } from '../../e2ee/bytes.ts';
import type { OpenedKnock } from '../../e2ee/admission/knock.ts';
import { type ErrorCode } from '../../errors.ts';
import { codeOfHandlerError } from '../messages/handler-errors.ts';
import { BoundedMap } from '../../util/bounded-map.ts';
import { SerialQueue } from '../../util/serial-queue.ts';
import { TokenBucket } from '../../util/token-bucket.ts';

/** Seal sessions with a knock that waits to be opened. */
const PENDING_KEPT = 16;
/** Opened knocks remembered by hash, and token buckets by session. */
const KNOCKS_KEPT = 64;
const SESSIONS_KEPT = 256;
/** New knocks that a session may send at once, and milliseconds until it may send one more. */
const BURST = 4;
const REFILL = 5_000;

/** A knock as received. */
interface Sealed {
  readonly nonce: Bytes;
  readonly sealed: Bytes;
}

export interface KnockQueueOptions {
  /** Decrypts and verifies. */
  open(o: Sealed): Promise<OpenedKnock>;
  onKnock(session: string, knock: OpenedKnock): Promise<void>;
  onProblem(code: ErrorCode): void;
  /** Knocks were dropped, and the queue accepts some again. */
  onCapacity(): void;
  now?(): number;
}

export class KnockQueue {
  readonly #o: KnockQueueOptions;
  readonly #queue = new SerialQueue();
  /** The newest knock of each session: the only one that the guest still has the keys for. */
  readonly #pending = new Map<string, Sealed>();
  /** By hash of nonce and bytes; null for an invalid one. */
  readonly #opened = new BoundedMap<string, OpenedKnock | null>(KNOCKS_KEPT);
  readonly #budgets = new BoundedMap<string, TokenBucket>(SESSIONS_KEPT);
  #dropped = false;
  #closed = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(o: KnockQueueOptions) {
    this.#o = o;
  }

  /** Resolves when the knock was handled, replaced by a newer one of its session, or dropped. */
  async add(session: string, sealed: Sealed): Promise<void> {
    const waits = this.#pending.has(session);
    if (!waits && this.#pending.size >= PENDING_KEPT) {
      this.#dropped = true;
      return;
    }
    this.#pending.set(session, sealed);
    if (!waits) await this.#queue.run(() => this.#next(session));
  }

  /** Drops the pending knock of a session. */
  forget(session: string): void {
    this.#pending.delete(session);
  }

  /** Runs a step after all knocks that are pending now. */
  async afterPending(step: () => void): Promise<void> {
    await this.#queue.run(async () => step());
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
  }

  async #next(session: string): Promise<void> {
    const sealed = this.#pending.get(session);
    this.#pending.delete(session);
    try {
      const knock = sealed && (await this.#open(session, sealed));
      if (knock) await this.#o.onKnock(session, knock);
    } catch (error: unknown) {
      this.#o.onProblem(codeOfHandlerError(error));
    }
    if (!this.#dropped || this.#pending.size > 0) return;
    this.#dropped = false;
    this.#o.onCapacity();
  }

  async #open(session: string, sealed: Sealed): Promise<OpenedKnock | null> {
    const hash = toBase64Url(await sha384(concat(lp(sealed.nonce), sealed.sealed)));
    const known = this.#opened.get(hash);
    if (known !== undefined) return known;
    if (!this.#spend(session)) {
      this.#retryLater();
      return null;
    }
    this.#opened.set(hash, null);
    const knock = await this.#o.open(sealed);
    this.#opened.set(hash, knock);
    return knock;
  }

  /** A guest may be made to knock too often, by forged Welcomes; without a later retry it would never be admitted. */
  #retryLater(): void {
    if (this.#closed || this.#retry !== undefined) return;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#o.onCapacity();
    }, REFILL);
  }

  /** {@link BURST} knocks at once, and one more every {@link REFILL}. */
  #spend(session: string): boolean {
    const now = this.#o.now?.() ?? performance.now();
    const bucket = this.#budgets.get(session) ?? new TokenBucket(BURST, 1000 / REFILL, now);
    this.#budgets.set(session, bucket);
    return bucket.take(1, now);
  }
}
