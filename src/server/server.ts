/**
 * The signalling server: carries sealed messages between the browsers of a room, and keeps its state in memory only.
 *
 * ```js
 * import { createServer } from 'consult-room/server';
 * const server = createServer({ configuration });
 * const { url } = await server.listen({ port: 8787, host: '127.0.0.1' });
 * ```
 */
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { parseServerConfiguration, retentionMilliseconds, type ServerConfigurationInput } from '../configuration.ts';
import { ConsultError } from '../errors.ts';
import { AcceptGuard } from './accept-guard.ts';
import { AddressCounter } from './address-counter.ts';
import type { AddressSource } from './addresses.ts';
import { Advisor } from './advice.ts';
import type { ServerContext } from './client-connection.ts';
import { httpHandler } from './http.ts';
import { Hub } from './hub.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import type { Log } from './log.ts';
import { Metrics, metricsServer } from './metrics.ts';
import { isLoopbackHost } from './origins.ts';
import { proveRelays } from './relay-check.ts';
import { SendBuffers } from './send-buffers.ts';
import { StaticFiles } from './static-files.ts';
import { hasRelaySecret, RelayMint, withSecret } from './turn.ts';
import { PROXY_WORDS, upgradeHandler } from './upgrade.ts';

export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export { lineLog, type Log, type LogEntry } from './log.ts';

export interface ServerOptions {
  /** The site's configuration, as in its file. */
  readonly configuration: ServerConfigurationInput;
  /**
   * coturn's `static-auth-secret`, for relays whose entry has none; the server reads no environment. White space around
   * it is ignored. Without any secret, no relay credentials are issued.
   */
  readonly relaySecret?: string | undefined;
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
  readonly limits?: Partial<Limits>;
  readonly log?: Log;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

export interface Address {
  readonly host: string;
  readonly port: number;
  /** `http://HOST:PORT/` */
  readonly url: string;
}

export interface ListenOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Also serves `/metrics`, on a port of its own; by default nothing does. */
  readonly metrics?: { readonly port: number; readonly host?: string };
}

export interface ConsultServer {
  /** @throws {ConsultError} `argument-invalid` for an address other than loopback without `origins` */
  listen(options: ListenOptions): Promise<Address>;
  /** Closes every connection and stops listening. */
  close(): Promise<void>;
  /** Null while not listening. */
  readonly address: Address | null;
  /** Null while not listening, or without a metrics port. */
  readonly metricsAddress: Address | null;
}

/** Connections for plain requests, beside the WebSockets. */
const HTTP_CONNECTIONS = 512;
/** The same, for one client network. */
const HTTP_CONNECTIONS_PER_ADDRESS = 64;
/** Requests are small: slow ones would keep a connection from others. Milliseconds. */
const TIMEOUTS = { requestTimeout: 15_000, headersTimeout: 10_000, connectionsCheckingInterval: 2_000 };
const LOOPBACK = '127.0.0.1';

/** @throws {ConsultError} `configuration-invalid`, `server-undeclared`, `server-country-refused`, `policy-loosened` */
export function createServer(options: ServerOptions): ConsultServer {
  const configuration = withSecret(parseServerConfiguration(options.configuration), options.relaySecret);
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const now = options.now ?? Date.now;
  const log = options.log ?? (() => undefined);
  const advisor = new Advisor(log);
  const hub = new Hub({ limits, retention: retentionMilliseconds(configuration.retention.rooms), now });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.messageBytes, perMessageDeflate: false });
  const metrics = new Metrics({ connections: () => sockets.clients.size, rooms: () => hub.size }, log);
  const mint = new RelayMint(configuration, now);
  const context: ServerContext = { hub, limits, metrics, mint, buffers: new SendBuffers(limits.bufferedTotal), now };
  const files = options.static === undefined ? null : new StaticFiles(options.static);
  const origins = { origins: options.origins ?? [], pages: options.pages ?? [] };
  const addressFrom = options.addressFrom ?? 'connection';
  const http = createHttpServer(TIMEOUTS, httpHandler({ configuration, hub, files, origins, advisor, log, now }));
  const guard = new AcceptGuard({
    server: http,
    addresses:
      addressFrom === 'connection'
        ? new AddressCounter(limits.connectionsPerAddress + HTTP_CONNECTIONS_PER_ADDRESS)
        : null,
    requests: HTTP_CONNECTIONS,
    metrics,
    onAddressLimit: () => advisor.give('proxy-addresses', PROXY_WORDS),
  });
  const addresses = new AddressCounter(limits.connectionsPerAddress);
  http.on('upgrade', upgradeHandler({ sockets, context, origins, addresses, addressFrom, guard, advisor }));
  const counts = metricsServer(metrics);

  let clock: ReturnType<typeof setInterval> | undefined;
  const ended = new AbortController();
  return {
    get address() {
      return addressIn(http);
    },
    get metricsAddress() {
      return addressIn(counts);
    },
    async listen({ port, host = LOOPBACK, metrics: own }) {
      if (origins.origins.length === 0 && !isLoopbackHost(host.includes(':') ? `[${host}]` : host))
        throw new ConsultError('argument-invalid', { detail: `listening on ${host} needs "origins"` });
      const address = await listening(http, port, host);
      if (own)
        await listening(counts, own.port, own.host ?? LOOPBACK).catch(async (error: unknown) => {
          await closed(http);
          throw error;
        });
      clock = setInterval(() => hub.sweep(), limits.sweepEvery);
      log({ event: 'start' });
      if (options.relayCheck !== 'off' && hasRelaySecret(configuration))
        void proveRelays(configuration, { advisor, now, signal: ended.signal }).then(() =>
          ended.signal.aborted ? undefined : log({ event: 'relays-checked' }),
        );
      return address;
    },
    async close() {
      clearInterval(clock);
      ended.abort();
      for (const client of sockets.clients) client.close(1001);
      http.closeIdleConnections();
      // A client that does not answer the close frame is not waited for.
      const impatience = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
        http.closeAllConnections();
      }, 1000);
      counts.closeAllConnections();
      await Promise.all([closed(http), closed(counts)]);
      clearTimeout(impatience);
      log({ event: 'stop' });
    },
  };
}

function listening(server: HttpServer, port: number, host: string): Promise<Address> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = addressIn(server);
      if (address) resolve(address);
    });
  });
}

/** Resolves also where it was not listening. */
const closed = (server: HttpServer): Promise<void> => new Promise((resolve) => void server.close(() => resolve()));

function addressIn(server: HttpServer): Address | null {
  const found = server.address() as AddressInfo | null;
  if (!found || !server.listening) return null;
  const { address, family, port } = found;
  const host = family === 'IPv6' ? `[${address}]` : address;
  return { host: address, port, url: `http://${host}:${String(port)}/` };
}
