/**
 * The host's side of its spoken code (protocol.md §14): answers guests who typed it, hands the invite over to those who know it, and counts
 * those who do not. The fifth wrong code voids it. Whatever a server says, only the host begins another count, by asking for another code.
 */
import type { HostRun } from '../../e2ee/code/code-exchange.ts';
import { deriveCode, formatCode, type SpokenCode } from '../../e2ee/code/spoken-code.ts';
import type { Bytes } from '../../e2ee/bytes.ts';
import { ConsultError, type ErrorCode } from '../../errors.ts';
import type { CodeBroker, CodeEvent } from '../../signaling/channel.ts';
import { BoundedMap } from '../../util/bounded-map.ts';
import { SerialQueue } from '../../util/serial-queue.ts';
import { part } from '../../util/part.ts';
import { TokenBucket } from '../../util/token-bucket.ts';
import type { CodeRecord } from '../setup/reload-record.ts';
import { WRONG_CODES, type RoomCode } from '../state/state.ts';

/** Runs that may be open at once, and messages that may wait: each costs this page two multiplications of points. */
const RUNS = 10;
const WAITING = 32;
/** Codes tried where other rooms have their locators. */
const TRIES = 8;

/** Most rooms are entered by links: the exchange is loaded when a first guest has typed a code. */
const loadExchange = part(() => import('../../e2ee/code/code-exchange.ts'));

export interface HostCodeOptions {
  /** `codeRoot` of the invite. */
  readonly root: Bytes;
  /** Of this page. */
  readonly origin: string;
  readonly broker: CodeBroker;
  /** From before a reload. */
  readonly before: CodeRecord | null;
  /** What is handed over: the guests' invite. */
  invite(): Promise<string>;
  report(code: RoomCode): void;
  onProblem(code: ErrorCode): void;
  onError(error: unknown): void;
  /** Milliseconds, for the limit of runs. */
  now?(): number;
}

export class HostCode {
  readonly #o: HostCodeOptions;
  readonly #queue = new SerialQueue();
  readonly #runs = new BoundedMap<string, HostRun>(RUNS);
  readonly #bucket: TokenBucket;
  readonly #now: () => number;
  #index: number;
  #wrong: number;
  #code: SpokenCode | null = null;
  #step: RoomCode['step'] = 'opening';
  #tries = 0;
  #waiting = 0;
  #closed = false;

  constructor(o: HostCodeOptions) {
    this.#o = o;
    this.#now = o.now ?? (() => performance.now());
    this.#bucket = new TokenBucket(RUNS, 1, this.#now());
    this.#index = o.before?.index ?? 0;
    this.#wrong = o.before?.wrong ?? 0;
  }

  /** What a reload has to know: a code that was guessed at does not begin afresh. */
  get record(): CodeRecord {
    return { index: this.#index, wrong: this.#wrong };
  }

  /** Answers for the code from now on. Idempotent. */
  open(): void {
    if (!this.#code) this.#run(() => this.#open());
  }

  /** Makes another code; the one before is good for nothing from then on. */
  renew(): void {
    this.#run(async () => {
      this.#tries = 0;
      this.#wrong = 0;
      await this.#next();
    });
  }

  onEvent(event: CodeEvent): void {
    switch (event.type) {
      case 'open':
        return this.#run(async () => this.#report('open'));
      case 'taken':
        return this.#run(() => this.#onTaken());
      case 'left':
        return void this.#runs.delete(event.from);
      case 'message': {
        if (this.#waiting >= WAITING) return;
        this.#waiting++;
        return this.#run(async () => {
          this.#waiting--;
          await this.#receive(event.from, event.data);
        });
      }
    }
  }

  close(): void {
    this.#closed = true;
    this.#runs.clear();
  }

  /** In order: a code that is void takes no other proof, however many arrive at once. */
  #run(step: () => Promise<void>): void {
    void this.#queue
      .run(async () => (this.#closed ? undefined : step()))
      .catch((error: unknown) => this.#o.onError(error));
  }

  async #open(): Promise<void> {
    this.#code = await deriveCode(this.#o.root, this.#index);
    this.#report('opening');
    this.#o.broker.openCode(this.#code.locator);
  }

  async #next(): Promise<void> {
    this.#index += 1;
    this.#runs.clear();
    await this.#open();
  }

  /** Another room has the locator, or the server says so: the guesses for the code before count for the next one. */
  async #onTaken(): Promise<void> {
    if (this.#wrong >= WRONG_CODES) return;
    this.#tries += 1;
    if (this.#tries < TRIES) await this.#next();
    else this.#report('unavailable');
  }

  #report(step: RoomCode['step']): void {
    this.#step = step;
    if (!this.#code) return;
    const isVoid = this.#wrong >= WRONG_CODES;
    this.#o.report({ text: formatCode(this.#code), step: isVoid ? 'used-up' : step, wrong: this.#wrong });
  }

  async #receive(from: string, data: Bytes): Promise<void> {
    const { broker, origin } = this.#o;
    const { encodeRefusal, HostRun, isHello } = await loadExchange();
    const refuse = (reason: 'used-up' | 'busy'): void => broker.sendCode(from, encodeRefusal({ reason }));
    try {
      if (!isHello(data)) return await this.#onProof(from, data);
      this.#runs.delete(from);
      if (!this.#code) return;
      if (this.#wrong >= WRONG_CODES) return refuse('used-up');
      if (!this.#bucket.take(1, this.#now())) return refuse('busy');
      const run = await HostRun.begin({ code: this.#code, origin }, data);
      this.#runs.set(from, run);
      broker.sendCode(from, run.answer);
    } catch (error: unknown) {
      // Not of our page: nothing was learned, and nothing is answered.
      if (!(error instanceof ConsultError) || error.code !== 'message-invalid') throw error;
    }
  }

  async #onProof(from: string, data: Bytes): Promise<void> {
    const run = this.#runs.get(from);
    this.#runs.delete(from);
    if (!run) return;
    const { broker } = this.#o;
    const { encodeRefusal } = await loadExchange();
    if (this.#wrong >= WRONG_CODES) return broker.sendCode(from, encodeRefusal({ reason: 'used-up' }));
    if (run.verify(data)) return broker.sendCode(from, await run.seal(await this.#o.invite()));
    this.#wrong += 1;
    const left = WRONG_CODES - this.#wrong;
    // Noted before it is answered: a guess that is answered counts, also after a reload.
    this.#report(this.#step);
    broker.sendCode(from, encodeRefusal(left > 0 ? { reason: 'wrong', left } : { reason: 'used-up' }));
    if (left === 0) this.#o.onProblem('code-used-up');
  }
}
