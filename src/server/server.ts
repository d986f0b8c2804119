/**
 * The signalling server: carries sealed messages between the browsers of a room and keeps nothing but memory.
 *
 * ```js
 * import { createServer } from 'consult-room/server';
 * const server = createServer({ configuration });
 * const { url } = await server.listen({ port: 8787, host: '127.0.0.1' });
 * ```
 */
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { parseServerConfiguration, retentionMilliseconds, type ServerConfigurationInput } from '../configuration.ts';
import type { Desk } from './connection.ts';
import { httpHandler } from './http.ts';
import { Hub } from './hub.ts';
import type { AddressSource } from './addresses.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import type { Log } from './log.ts';
import { Metrics, type MetricsAudience } from './metrics.ts';
import { StaticFiles } from './static-files.ts';
import { RelayMint, withSecret } from './turn.ts';
import { upgradeHandler } from './upgrade.ts';

export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export { lineLog, type Log, type LogEntry } from './log.ts';

export interface ServerOptions {
  /** The site's configuration, as in its file. */
  readonly configuration: ServerConfigurationInput;
  /** coturn's `static-auth-secret`, for relays whose entry has none; the server reads no environment. Without any, nobody gets credentials. */
  readonly relaySecret?: string | undefined;
  /** A directory to serve beside the signalling. */
  readonly static?: string;
  /** This server's own public origins, such as `https://beratung.example`; default: the `Host` header of each request. */
  readonly origins?: readonly string[];
  /** Origins of other sites whose pages may connect. */
  readonly pages?: readonly string[];
  /** `x-forwarded-for`: believe the last entry of this header, because a proxy of one's own writes it. */
  readonly addressFrom?: AddressSource;
  /** Who may read `/metrics`; default: programs on this machine. */
  readonly metricsFor?: MetricsAudience;
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

export interface ConsultServer {
  /** @param options.port 0 for any free one */
  listen(options: { readonly port: number; readonly host?: string }): Promise<Address>;
  /** Closes every connection and stops listening. */
  close(): Promise<void>;
  /** Null while not listening. */
  readonly address: Address | null;
}

/** Connections for plain requests, beside those of the WebSockets. */
const HTTP_CONNECTIONS = 512;

/** @throws {ConsultError} `configuration-invalid`, `server-undeclared`, `server-country-refused`, `policy-loosened` */
export function createServer(options: ServerOptions): ConsultServer {
  const configuration = withSecret(parseServerConfiguration(options.configuration), options.relaySecret);
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const now = options.now ?? Date.now;
  const log = options.log ?? (() => undefined);
  const hub = new Hub({ limits, retention: retentionMilliseconds(configuration.retention.rooms), now });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.messageBytes, perMessageDeflate: false });
  const metrics = new Metrics({ connections: () => sockets.clients.size, rooms: () => hub.size }, log);
  const desk: Desk = { hub, limits, metrics, mint: new RelayMint(configuration, now), now };
  const files = options.static === undefined ? null : new StaticFiles(options.static);
  const metricsFor = options.metricsFor ?? 'local';
  // Requests here are small: who needs longer keeps a connection from others.
  const http = createHttpServer(
    { requestTimeout: 15_000, headersTimeout: 10_000 },
    httpHandler({ configuration, hub, metrics, files, metricsFor, log, now }),
  );
  http.maxConnections = limits.connections + HTTP_CONNECTIONS;
  const origins = { origins: options.origins ?? [], pages: options.pages ?? [] };
  http.on('upgrade', upgradeHandler({ sockets, desk, origins, addressFrom: options.addressFrom ?? 'connection' }));

  let address: Address | null = null;
  let clock: ReturnType<typeof setInterval> | undefined;
  return {
    get address() {
      return address;
    },
    async listen({ port, host = '127.0.0.1' }) {
      await new Promise<void>((resolve, reject) => {
        http.once('error', reject);
        http.listen(port, host, () => {
          http.off('error', reject);
          resolve();
        });
      });
      clock = setInterval(() => hub.sweep(), limits.sweepEvery);
      address = addressIn(http.address() as AddressInfo);
      log({ event: 'start' });
      return address;
    },
    async close() {
      clearInterval(clock);
      address = null;
      for (const client of sockets.clients) client.close(1001);
      http.closeIdleConnections();
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      // Who does not answer the close frame is not waited for.
      const impatience = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
        http.closeAllConnections();
      }, 1000);
      await closed;
      clearTimeout(impatience);
      log({ event: 'stop' });
    },
  };
}

function addressIn({ address, family, port }: AddressInfo): Address {
  const host = family === 'IPv6' ? `[${address}]` : address;
  return { host: address, port, url: `http://${host}:${String(port)}/` };
}
