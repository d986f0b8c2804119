/** Tells the site's own systems that a room was opened or has ended: the openings, their deliveries, and the clock. */
import type { ServerConfiguration } from '../../configuration.ts';
import type { Advisor } from '../advice.ts';
import type { Backplane } from '../backplane/backplane.ts';
import type { Limits } from '../limits.ts';
import type { Metrics } from '../metrics.ts';
import { localSeats, RemoteSeat } from '../remote-seat.ts';
import { isCodeRoom, type RoomEntry } from '../room-entry.ts';
import { Delivery } from './delivery.ts';
import { endpointsOf } from './endpoint.ts';
import { Openings } from './openings.ts';

export interface WebhooksParts {
  readonly configuration: ServerConfiguration;
  /** Of endpoints whose entry has none. */
  readonly secret: string | undefined;
  readonly backplane: Backplane;
  readonly limits: Limits;
  readonly metrics: Metrics;
  readonly advisor: Advisor;
  readonly now: () => number;
}

/** Milliseconds between two looks at what has ended, at most. */
const TICK = 1_000;
/** Milliseconds at the end of the process for what waits. */
const LAST_TRY = 2_000;

export class Webhooks {
  readonly openings: Openings;
  readonly #deliveries: readonly Delivery[];
  readonly #every: number;
  #clock: ReturnType<typeof setInterval> | undefined;

  private constructor(deliveries: readonly Delivery[], { backplane, limits, now }: WebhooksParts) {
    this.#deliveries = deliveries;
    this.openings = new Openings({ deliveries, backplane, limits, now });
    this.#every = Math.min(TICK, limits.endedAfter / 2);
  }

  /**
   * @returns null where the configuration has none
   * @throws {ConsultError} `configuration-invalid`
   */
  static from(parts: WebhooksParts): Webhooks | null {
    const { configuration, secret, limits, metrics, advisor, now } = parts;
    const endpoints = endpointsOf(configuration, secret);
    const deliveries = endpoints.map((endpoint) => new Delivery({ endpoint, limits, metrics, advisor, now }));
    return deliveries.length === 0 ? null : new Webhooks(deliveries, parts);
  }

  /** A client of this process took or left a seat. */
  presence(room: RoomEntry): void {
    if (isCodeRoom(room.id)) return;
    const { host, proof } = room;
    const leads = host !== null && !(host instanceof RemoteSeat);
    this.openings.presence(room.id, { leads, held: localSeats(room).length > 0, expires: proof?.expires ?? null });
  }

  start(): void {
    this.#clock = setInterval(() => this.openings.tick(), this.#every);
  }

  /** From here on, people who leave are those who are told to connect elsewhere. */
  pause(): void {
    clearInterval(this.#clock);
  }

  async close(): Promise<void> {
    this.pause();
    this.openings.endEmpty();
    await Promise.all(this.#deliveries.map((delivery) => delivery.close(LAST_TRY)));
  }
}
