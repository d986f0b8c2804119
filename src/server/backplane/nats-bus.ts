/** The connection to NATS: subjects, sending, and whether it is cut. Core NATS only, nothing is persisted. */
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import type * as v from 'valibot';
import { ConsultError } from '../../errors.ts';
import { connectionOptions, type NatsOptions } from './nats-options.ts';
import type { Broadcast, CodeAttempt, Direct, Led, Openings, Pulse, Question, Tokens } from './process-messages.ts';

/** Versioned: processes of another version do not meet. */
const PREFIX = 'consult-room.1';

type Message =
  | Direct
  | v.InferOutput<
      | typeof Broadcast
      | typeof CodeAttempt
      | typeof Question
      | typeof Pulse
      | typeof Tokens
      | typeof Led
      | typeof Openings
    >;

export interface BusEvents {
  onStatus(status: 'connected' | 'cut'): void;
  /** After a cut. */
  onReconnected(): void;
}

export class NatsBus {
  readonly #options: NatsOptions;
  readonly #events: BusEvents;
  #connection: NatsConnection | null = null;
  #status: 'connected' | 'cut' = 'cut';
  /** What waits for the end of this turn of the event loop: subjects without our prefix, and texts. */
  readonly #waiting: (readonly [name: string, text: string])[] = [];

  constructor(options: NatsOptions, events: BusEvents) {
    this.#options = options;
    this.#events = events;
  }

  get status(): 'connected' | 'cut' {
    return this.#status;
  }

  /** Whether there was a connection, cut or not, and it is not closed. */
  get started(): boolean {
    return this.#connection !== null;
  }

  /** @throws {ConsultError} `argument-invalid` where NATS is not reached */
  async connect(): Promise<void> {
    const options = await connectionOptions(this.#options);
    const { connect } = await import('@nats-io/transport-node');
    const connection = await connect(options).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : 'unknown';
      throw new ConsultError('argument-invalid', { detail: `nats: not reached (${reason})`, cause: error });
    });
    this.#connection = connection;
  }

  /**
   * Sends a text that many of may come in one turn of the event loop, each from another socket: together they cost one write to NATS. The
   * order among all that is sent stays.
   */
  sendSoon(name: string, text: string): void {
    if (this.#waiting.push([name, text]) === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting.splice(0);
    if (this.#status !== 'connected') return;
    for (const [name, text] of waiting) this.#connection?.publish(`${PREFIX}.${name}`, text);
  }

  /** Call once what is subscribed to from the beginning is subscribed to. */
  open(): void {
    this.#turn('connected');
    if (this.#connection) void this.#watch(this.#connection);
  }

  /** @param name of the subject, without our prefix */
  subscribe(name: string, onMessage: (message: Msg) => void): Subscription {
    const connection = this.#connection;
    if (!connection) throw new ConsultError('argument-invalid', { detail: 'nats: not connected' });
    return connection.subscribe(`${PREFIX}.${name}`, {
      callback: (error, message) => (error === null ? onMessage(message) : undefined),
    });
  }

  /**
   * Sends nothing during a cut: the client would queue it without a limit.
   *
   * @param reply name of the subject for answers
   */
  send(name: string, message: Message, reply?: string): void {
    this.#flush();
    if (this.#status !== 'connected' || !this.#connection) return;
    const options = reply === undefined ? {} : { reply: `${PREFIX}.${reply}` };
    this.#connection.publish(`${PREFIX}.${name}`, JSON.stringify(message), options);
  }

  direct(process: string, message: Direct): void {
    this.send(`process.${process}.say`, message);
  }

  answer(question: Msg, message: Direct): void {
    this.#flush();
    if (question.reply !== undefined) this.#connection?.publish(question.reply, JSON.stringify(message));
  }

  /** @returns null where nobody listens there, or not in time */
  async request(name: string, message: Direct, timeout: number): Promise<Uint8Array | null> {
    this.#flush();
    try {
      const answer = await this.#connection?.request(`${PREFIX}.${name}`, JSON.stringify(message), { timeout });
      return answer?.data ?? null;
    } catch {
      return null;
    }
  }

  async close(): Promise<void> {
    this.#flush();
    const connection = this.#connection;
    this.#connection = null;
    // Flushes what is queued; during a cut there is nobody to flush to.
    if (this.#status === 'connected') await connection?.drain().catch(() => undefined);
    await connection?.close();
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect' || type === 'staleConnection') this.#turn('cut');
      if (type !== 'reconnect') continue;
      this.#turn('connected');
      this.#events.onReconnected();
    }
  }

  #turn(status: 'connected' | 'cut'): void {
    if (this.#status === status) return;
    this.#status = status;
    this.#events.onStatus(status);
  }
}
