/**
 * Prometheus metrics for the operator, on a port of their own: on a small site even a count shows that someone is in
 * counselling now, and a proxy that forwards the public port forwards every path. No label holds an id, an address or a
 * name [R12].
 */
import { createServer, type Server } from 'node:http';
import { Counter, Gauge, Registry } from 'prom-client';
import type { RefusalLabel } from './log.ts';
import type { Tally } from './tally.ts';

export class Metrics {
  readonly #registry = new Registry();
  /** Counted here, and read by the registry when it is asked: a counter with labels takes as long as parsing the message. */
  readonly #counted = { messages: 0, in: 0, out: 0 };
  readonly #refusals: Counter<'code'>;
  readonly #credentials: Counter;
  readonly #webhooks: Counter<'result'>;

  readonly #tally: Tally;

  constructor(
    current: {
      readonly connections: () => number;
      readonly rooms: () => number;
      /** 1 where the other processes are reachable, or there are none. */
      readonly backplane: () => 0 | 1;
    },
    tally: Tally,
  ) {
    this.#tally = tally;
    const registers = [this.#registry];
    const gauge = (name: string, help: string, value: () => number): Gauge =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(value());
        },
      });
    gauge('consult_room_connections', 'Open signalling connections.', current.connections);
    gauge('consult_room_rooms', 'Rooms held in memory.', current.rooms);
    gauge('consult_room_backplane_up', '0 while other server processes are not reachable.', current.backplane);
    const counted = this.#counted;
    new Counter({
      name: 'consult_room_messages_total',
      help: 'Messages delivered.',
      registers,
      collect() {
        this.reset();
        this.inc(counted.messages);
      },
    });
    new Counter({
      name: 'consult_room_bytes_total',
      help: 'Bytes of messages.',
      labelNames: ['direction'],
      registers,
      collect() {
        this.reset();
        this.inc({ direction: 'in' }, counted.in);
        this.inc({ direction: 'out' }, counted.out);
      },
    });
    this.#refusals = new Counter({
      name: 'consult_room_refusals_total',
      help: 'Refusals, by code.',
      labelNames: ['code'],
      registers,
    });
    this.#credentials = new Counter({
      name: 'consult_room_relay_credentials_total',
      help: 'Relay credentials issued.',
      registers,
    });
    this.#webhooks = new Counter({
      name: 'consult_room_webhooks_total',
      help: 'Webhooks, by what came of them: delivered, failed after the last attempt, dropped by a full queue.',
      labelNames: ['result'],
      registers,
    });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  received(bytes: number): void {
    this.#counted.in += bytes;
  }

  relayed(messages: number, bytes: number): void {
    this.#counted.messages += messages;
    this.#counted.out += bytes;
  }

  refused(code: RefusalLabel): void {
    this.#refusals.inc({ code });
    this.#tally.note({ event: 'refused', code });
  }

  webhook(result: 'delivered' | 'failed' | 'dropped'): void {
    this.#webhooks.inc({ result });
  }

  minted(): void {
    this.#credentials.inc();
  }
}

/** Answers `GET /metrics` and nothing else. */
export function metricsServer(metrics: Metrics): Server {
  return createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    metrics
      .text()
      .then((text) =>
        response.writeHead(200, { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' }).end(text),
      )
      .catch(() => response.writeHead(500).end());
  });
}
