/** Decides which requests may open a WebSocket. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Server as SocketServer } from 'ws';
import type { AcceptGuard } from './accept-guard.ts';
import type { AddressCounter, Place } from './address-counter.ts';
import { clientAddress, isLoopback, type AddressSource } from './addresses.ts';
import type { Advisor } from './advice.ts';
import { ClientConnection, type ClientSocket, type ServerContext } from './client-connection.ts';
import type { RefusalLabel } from './log.ts';
import { OriginGate, type OriginOptions } from './origins.ts';
import { pathOf } from './request-target.ts';
import { answerPlainly, type RawSockets } from './raw-sockets.ts';

export interface UpgradeOptions {
  readonly sockets: SocketServer<typeof ClientSocket>;
  readonly raw: RawSockets;
  readonly context: ServerContext;
  readonly origins: OriginOptions;
  readonly addresses: AddressCounter;
  readonly addressFrom: AddressSource;
  /** Null where the port is a site's own. */
  readonly guard: AcceptGuard | null;
  readonly advisor: Advisor;
  readonly isMoving: () => boolean;
  /** Answers requests without an upgrade. */
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
}

export function upgradeHandler(options: UpgradeOptions) {
  const { sockets, raw, context, origins, addresses, addressFrom, guard, advisor } = options;
  const { limits, metrics } = context;
  const gate = new OriginGate(origins);
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    raw.hold(socket);
    // An upgrade to anything else, such as h2c, is an offer that may be passed over (RFC 9110 §7.8). Its body is lost by now.
    if (pathOf(request) !== '/signal' || request.headers.upgrade?.toLowerCase() !== 'websocket') {
      if (request.method === 'GET' || request.method === 'HEAD')
        return answerPlainly(request, socket as Socket, options.onRequest);
      return raw.refuse(socket, 501);
    }
    const refuse = (status: number, code?: RefusalLabel): void => {
      if (code) metrics.refused(code);
      raw.refuse(socket, status);
    };
    const names = gate.enter(request);
    if ('code' in names) {
      advisor.give(names.code, names.words);
      return refuse(403, 'origin');
    }
    if (options.isMoving()) return refuse(503);
    if (sockets.clients.size >= limits.connections) return refuse(503, 'connection-limit');
    const place = addresses.enter(clientAddress(request, addressFrom));
    if (!place) {
      adviseOnAddresses(request, addressFrom, advisor);
      return refuse(429, 'address-limit');
    }
    if (place.network !== null) leaveOnClose(socket, place);
    guard?.upgraded(socket);
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      raw.release(socket);
      const now = Math.trunc(performance.now());
      new ClientConnection(webSocket, { context, names, network: place.network, stream: socket }, now);
    });
    // Where the handshake is none, it has been refused.
    raw.expire(socket);
  };
}

/** In a scope of its own: in that of the handler it would keep the request, with its headers and the client's address. */
function leaveOnClose(socket: Duplex, place: Place): void {
  socket.on('close', () => place.leave());
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
