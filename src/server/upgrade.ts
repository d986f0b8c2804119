/** Decides which requests may open a WebSocket. */
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import type { AcceptGuard } from './accept-guard.ts';
import type { AddressCounter } from './address-counter.ts';
import { clientAddress, isLoopback, type AddressSource } from './addresses.ts';
import type { Advisor } from './advice.ts';
import { ClientConnection, type ServerContext } from './client-connection.ts';
import type { RefusalLabel } from './log.ts';
import { originRefusal, ownNames, type OriginOptions } from './origins.ts';

export interface UpgradeOptions {
  readonly sockets: WebSocketServer;
  readonly context: ServerContext;
  readonly origins: OriginOptions;
  readonly addresses: AddressCounter;
  readonly addressFrom: AddressSource;
  /** Null where the port is a site's own. */
  readonly guard: AcceptGuard | null;
  readonly advisor: Advisor;
  readonly isMoving: () => boolean;
}

export function upgradeHandler(options: UpgradeOptions) {
  const { sockets, context, origins, addresses, addressFrom, guard, advisor } = options;
  const { limits, metrics } = context;
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Without a listener, an error of the socket during the handshake would end the process.
    socket.on('error', () => socket.destroy());
    const refuse = (status: number, code?: RefusalLabel): void => {
      if (code) metrics.refused(code);
      const line = `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}`;
      socket.end(`${line}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    };
    if ((request.url ?? '').split('?', 1)[0] !== '/signal') return refuse(404);
    const refusal = originRefusal(request, origins);
    if (refusal) {
      advisor.give(refusal.code, refusal.words);
      return refuse(403, 'origin');
    }
    if (options.isMoving()) return refuse(503);
    if (sockets.clients.size >= limits.connections) return refuse(503, 'connection-limit');
    const place = addresses.enter(clientAddress(request, addressFrom));
    if (!place) {
      adviseOnAddresses(request, addressFrom, advisor);
      return refuse(429, 'address-limit');
    }
    socket.once('close', () => place.leave());
    guard?.upgraded(socket);
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      new ClientConnection(webSocket, { context, names: ownNames(request, origins), network: place.network });
    });
  };
}

const FORWARDING = ['x-forwarded-for', 'forwarded', 'x-real-ip'];

/** A proxy that is not on this machine gives all clients its own address, and so one limit together. */
function adviseOnAddresses({ headers, socket }: IncomingMessage, from: AddressSource, advisor: Advisor): void {
  const forwarded = FORWARDING.some((name) => headers[name] !== undefined);
  if (from === 'connection' && forwarded && !isLoopback(socket.remoteAddress ?? ''))
    advisor.give('proxy-addresses', PROXY_WORDS);
}

/** Said where the limit is reached by connections that a proxy forwards, or that may come from one. */
export const PROXY_WORDS =
  'refused a connection because its address has too many; if a proxy forwards them all, start with --address-from x-forwarded-for';
