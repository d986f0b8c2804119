/** What serves rooms, apart from the HTTP server that carries it: of its own (`server.ts`), or a site's (`attach.ts`). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type Server as SocketServer } from 'ws';
import {
  parseServerConfiguration,
  retentionMilliseconds,
  type ServerConfiguration,
  type ServerConfigurationInput,
} from '../configuration.ts';
import type { AcceptGuard } from './accept-guard.ts';
import { AddressCounter } from './address-counter.ts';
import { clientAddress, type AddressSource } from './addresses.ts';
import { Advisor } from './advice.ts';
import { memoryBackplane, type Backplane } from './backplane/backplane.ts';
import { NatsBackplane } from './backplane/nats-backplane.ts';
import type { NatsOptions } from './backplane/nats-options.ts';
import { ClientSocket, type ServerContext } from './client-connection.ts';
import { CodeAttempts } from './code-room.ts';
import { HostGate, type HostRule } from './host-rule.ts';
import { httpHandler, type HttpOptions } from './http.ts';
import { Hub } from './hub.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { LocalProcess } from './local-process.ts';
import type { Log } from './log.ts';
import { Metrics } from './metrics.ts';
import { RawSockets } from './raw-sockets.ts';
import { proveRelays } from './relay-check.ts';
import { encode, type RoomEntry } from './room-entry.ts';
import { SendBuffers } from './send-buffers.ts';
import { StaticFiles } from './static-files.ts';
import { Tally } from './tally.ts';
import { hasRelaySecret, RelayMint, withSecret } from './turn.ts';
import { upgradeHandler } from './upgrade.ts';
import { Webhooks } from './webhooks/webhooks.ts';

/**
 * Frames of one message, and pieces in which a frame may arrive. ws holds each in an object of its own, which is far
 * larger than a frame or piece of one byte. Chromium sends our longest message in up to four frames, Firefox in one; a
 * network cuts it into about 140 pieces where it is at its worst (RFC 9293 §3.7.1).
 */
const PIECES = { maxFragments: 64, maxBufferedChunks: 1024 };

/** Milliseconds for clients that were told to move, beyond those they spread over. */
const MOVE_MARGIN = 1_000;
const MOVE_STEP = 50;

export interface ServiceOptions {
  /** The site's configuration, as in its file. */
  readonly configuration: ServerConfigurationInput;
  /**
   * coturn's `static-auth-secret`, for relays whose entry has none; the server reads no environment. White space around
   * it is ignored. Without any secret, no relay credentials are issued.
   */
  readonly relaySecret?: string | undefined;
  /**
   * Secret of the webhooks whose entry has none: `whsec_…`, or two separated by a blank while one is replaced, the new
   * one first.
   */
  readonly webhookSecret?: string | undefined;
  /** `off`: does not test the configured relays at start. Default `on`. */
  readonly relayCheck?: 'on' | 'off';
  /** A directory to serve beside the signalling. */
  readonly static?: string;
  /**
   * This server's own public origins, such as `https://beratung.example`. Without any, it listens and answers on
   * loopback only.
   */
  readonly origins?: readonly string[];
  /** Origins of other sites whose pages may connect. */
  readonly pages?: readonly string[];
  /** `x-forwarded-for`: trusts the last entry of this header, which the site's own proxy must write. */
  readonly addressFrom?: AddressSource;
  /** Who may open a room as its host; default `everyone` who holds a host link. */
  readonly hosts?: HostRule;
  /** Joins any number of server processes; without it this one is alone. */
  readonly nats?: NatsOptions;
  readonly limits?: Partial<Limits>;
  readonly log?: Log;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

export class Service {
  readonly limits: Limits;
  readonly metrics: Metrics;
  readonly advisor: Advisor;
  readonly origins: { readonly origins: readonly string[]; readonly pages: readonly string[] };
  readonly addressFrom: AddressSource;
  readonly request: (request: IncomingMessage, response: ServerResponse) => void;
  readonly log: Log;
  readonly #tally: Tally;
  readonly #configuration: ServerConfiguration;
  readonly #relayCheck: 'on' | 'off';
  readonly #now: () => number;
  readonly #backplane: Backplane;
  readonly #hub: Hub;
  readonly #sockets: SocketServer<typeof ClientSocket>;
  readonly #raw = new RawSockets();
  readonly #addresses: AddressCounter;
  readonly #hosts: HostGate;
  readonly #webhooks: Webhooks | null;
  readonly #context: ServerContext;
  readonly #ended = new AbortController();
  #moving = false;
  #clock: ReturnType<typeof setInterval> | undefined;
  #ticks: ReturnType<typeof setInterval> | undefined;

  /** @throws {ConsultError} `configuration-invalid`, `server-undeclared`, `server-country-refused`, `policy-loosened` */
  constructor(options: ServiceOptions) {
    const configuration = withSecret(parseServerConfiguration(options.configuration), options.relaySecret);
    const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
    const now = options.now ?? Date.now;
    const log = options.log ?? (() => undefined);
    const retention = retentionMilliseconds(configuration.retention.rooms);
    const backplane = options.nats
      ? new NatsBackplane({ ...options.nats, probeWithin: limits.probeWithin })
      : memoryBackplane;
    const onPresence = (room: RoomEntry): void => this.#webhooks?.presence(room);
    const hub = new Hub({ limits, retention, now, backplane, onPresence });
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: limits.messageBytes,
      ...PIECES,
      perMessageDeflate: false,
      WebSocket: ClientSocket,
    });
    const counts = {
      connections: () => this.#sockets.clients.size,
      rooms: () => hub.size,
      backplane: () => (backplane.status === 'cut' ? 0 : 1),
    } as const;
    this.#tally = new Tally(log);
    this.metrics = new Metrics(counts, this.#tally);
    this.advisor = new Advisor(log);
    const { metrics, advisor } = this;
    const secret = options.webhookSecret;
    this.#webhooks = Webhooks.from({ configuration, secret, backplane, limits, metrics, advisor, now });
    this.origins = { origins: options.origins ?? [], pages: options.pages ?? [] };
    this.addressFrom = options.addressFrom ?? 'connection';
    this.limits = limits;
    this.log = log;
    this.#configuration = configuration;
    this.#relayCheck = options.relayCheck ?? 'on';
    this.#now = now;
    this.#backplane = backplane;
    this.#hub = hub;
    this.#addresses = new AddressCounter(limits.connectionsPerAddress, {
      key: backplane.networkKey,
      elsewhere: (network) => backplane.usageElsewhere(network).connections,
    });
    const mint = new RelayMint(configuration, now);
    this.#hosts = new HostGate(options.hosts ?? 'everyone', { now, onSpent: (spent) => backplane.spend(spent) });
    this.#context = {
      hub,
      limits,
      metrics: this.metrics,
      mint,
      hosts: this.#hosts,
      codes: new CodeAttempts(limits, now, (attempt) => backplane.tried(attempt)),
      buffers: new SendBuffers(limits.bufferedTotal),
      now,
    };
    const files = options.static === undefined ? null : new StaticFiles(options.static);
    this.request = httpHandler({
      configuration,
      hub,
      backplane,
      openings: this.#webhooks?.openings ?? null,
      hosts: this.#hosts,
      files,
      origins: this.origins,
      advisor,
      limitOf: (request) => this.#limitOf(request),
      tally: this.#tally,
      now,
      isMoving: () => this.#moving,
    });
  }

  #limitOf(request: IncomingMessage): ReturnType<HttpOptions['limitOf']> {
    if (this.#sockets.clients.size >= this.limits.connections) return 'connection-limit';
    return this.#addresses.isFull(clientAddress(request, this.addressFrom)) ? 'address-limit' : null;
  }

  /** @param guard of the listening port; null where the port is a site's own */
  upgradeHandler(guard: AcceptGuard | null): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
    const { origins, addressFrom, advisor } = this;
    const [sockets, raw, context, addresses] = [this.#sockets, this.#raw, this.#context, this.#addresses];
    return upgradeHandler({
      sockets,
      raw,
      context,
      origins,
      addresses,
      addressFrom,
      guard,
      advisor,
      isMoving: () => this.#moving,
      onRequest: this.request,
    });
  }

  /** @throws {ConsultError} `argument-invalid` where the other processes cannot be reached */
  connect(): Promise<void> {
    return this.#backplane.start(
      new LocalProcess({
        hub: this.#hub,
        hosts: this.#hosts,
        addresses: this.#addresses,
        codes: this.#context.codes,
        openings: this.#webhooks?.openings ?? null,
        log: this.log,
      }),
    );
  }

  start(): void {
    this.#clock = setInterval(() => {
      this.#hub.sweep();
      this.#context.codes.sweep();
    }, this.limits.sweepEvery);
    this.#ticks = setInterval(() => this.#tick(), tickEvery(this.limits));
    this.#webhooks?.start();
    this.log({ event: 'start' });
    if (this.#relayCheck === 'off' || !hasRelaySecret(this.#configuration)) return;
    const { signal } = this.#ended;
    void proveRelays(this.#configuration, { advisor: this.advisor, now: this.#now, signal }).then(() =>
      signal.aborted ? undefined : this.log({ event: 'relays-checked' }),
    );
  }

  #tick(): void {
    const now = Math.trunc(performance.now());
    for (const { connection } of this.#sockets.clients) connection?.tick(now);
  }

  get moving(): boolean {
    return this.#moving;
  }

  /**
   * Tells every client to connect again, to another process or to the one that follows, and waits until they have left.
   * Running calls need no signalling meanwhile.
   *
   * @param within milliseconds over which clients spread
   */
  async move(within: number): Promise<void> {
    this.#moving = true;
    this.#webhooks?.pause();
    this.log({ event: 'moving' });
    const frame = encode({ type: 'moving', within });
    for (const { connection } of this.#sockets.clients) connection?.deliver(frame);
    const end = performance.now() + within + MOVE_MARGIN;
    while (this.#sockets.clients.size > 0 && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, MOVE_STEP));
  }

  /** Closes every connection; one that does not answer is left to {@link terminate}. */
  stop(): void {
    clearInterval(this.#clock);
    clearInterval(this.#ticks);
    this.#ended.abort();
    this.#webhooks?.pause();
    for (const client of this.#sockets.clients) client.close(1001);
  }

  terminate(): void {
    for (const client of this.#sockets.clients) client.terminate();
    this.#raw.destroyAll();
  }

  async disconnect(): Promise<void> {
    await this.#webhooks?.close();
    await this.#backplane.close();
    this.#tally.end();
    this.log({ event: 'stop' });
  }
}

/** Milliseconds between two looks at all connections: a tenth of the shortest limit that they are held to. */
const tickEvery = ({ joinWithin, codeSilence, pingEvery, stalledAfter }: Limits): number =>
  Math.min(1_000, Math.ceil(Math.min(joinWithin, codeSilence, pingEvery, stalledAfter) / 10));
