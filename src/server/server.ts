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
import { ConsultError } from '../errors.ts';
import { AcceptGuard } from './accept-guard.ts';
import { AddressCounter } from './address-counter.ts';
import { metricsServer } from './metrics.ts';
import { isLoopbackHost } from './origins.ts';
import { Service, type ServiceOptions as ServerOptions } from './service.ts';
import { PROXY_WORDS } from './upgrade.ts';

export { attach, type Attached, type AttachOptions } from './attach.ts';
export type { NatsOptions } from './backplane/nats-options.ts';
export type { ServerConfigurationInput } from '../configuration.ts';
export type { AddressSource } from './addresses.ts';
export type { HostRule } from './host-rule.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export { lineLog, type AdviceCode, type Log, type LogEntry, type RefusalLabel } from './log.ts';
export type { ServiceOptions as ServerOptions } from './service.ts';
export type { ServerErrorCode } from '../wire/wire.ts';

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
  /**
   * @throws {ConsultError} `argument-invalid` for an address other than loopback without `origins`, or where NATS
   *   cannot be reached
   */
  listen(options: ListenOptions): Promise<Address>;
  /** Closes every connection and stops listening. */
  close(): Promise<void>;
  /**
   * A graceful end: tells all clients to connect again, spread over so many milliseconds (default 3,000), then closes.
   * Running calls go on; `/healthz` answers 503 meanwhile.
   */
  drain(within?: number): Promise<void>;
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
/** Milliseconds for a client to answer the close frame. */
const PATIENCE = 1_000;

/** @throws {ConsultError} `configuration-invalid`, `server-undeclared`, `server-country-refused`, `policy-loosened` */
export function createServer(options: ServerOptions): ConsultServer {
  const service = new Service(options);
  const http = createHttpServer(TIMEOUTS, service.request);
  http.on('upgrade', service.upgradeHandler(guardOf(http, service)));
  const counts = metricsServer(service.metrics);
  return {
    get address() {
      return addressIn(http);
    },
    get metricsAddress() {
      return addressIn(counts);
    },
    async listen({ port, host = LOOPBACK, metrics: own }) {
      if (service.origins.origins.length === 0 && !isLoopbackHost(host.includes(':') ? `[${host}]` : host))
        throw new ConsultError('argument-invalid', { detail: `listening on ${host} needs "origins"` });
      await service.connect();
      try {
        const address = await listening(http, port, host);
        if (own) await listening(counts, own.port, own.host ?? LOOPBACK);
        service.start();
        return address;
      } catch (error: unknown) {
        await Promise.all([closed(http), service.disconnect()]);
        throw error;
      }
    },
    async drain(within = 3_000) {
      await service.move(within);
      await this.close();
    },
    async close() {
      service.stop();
      http.closeIdleConnections();
      // A client that does not answer the close frame is not waited for.
      const impatience = setTimeout(() => {
        service.terminate();
        http.closeAllConnections();
      }, PATIENCE);
      counts.closeAllConnections();
      await Promise.all([closed(http), closed(counts)]);
      clearTimeout(impatience);
      await service.disconnect();
    },
  };
}

function guardOf(http: HttpServer, { limits, metrics, addressFrom, advisor }: Service): AcceptGuard {
  const most = limits.connectionsPerAddress + HTTP_CONNECTIONS_PER_ADDRESS;
  return new AcceptGuard({
    server: http,
    addresses: addressFrom === 'connection' ? new AddressCounter(most) : null,
    requests: HTTP_CONNECTIONS,
    metrics,
    onAddressLimit: () => advisor.give('proxy-addresses', PROXY_WORDS),
  });
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
