/** The door: who may open a WebSocket. */
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import { Connection, type Desk } from './connection.ts';
import { AddressCounter } from './address-counter.ts';
import { clientAddress, type AddressSource } from './addresses.ts';
import type { RefusalLabel } from './log.ts';
import { ownNames, pageAllowed, type OriginOptions } from './origins.ts';

export interface UpgradeOptions {
  readonly sockets: WebSocketServer;
  readonly desk: Desk;
  readonly origins: OriginOptions;
  readonly addressFrom: AddressSource;
}

export function upgradeHandler({ sockets, desk, origins, addressFrom }: UpgradeOptions) {
  const { limits, metrics } = desk;
  const addresses = new AddressCounter(limits.connectionsPerAddress);
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // A socket without a listener would end the process when its client goes away during the handshake.
    socket.on('error', () => socket.destroy());
    const refuse = (status: number, code?: RefusalLabel): void => {
      if (code) metrics.refused(code);
      const line = `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}`;
      socket.end(`${line}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    };
    if ((request.url ?? '').split('?', 1)[0] !== '/signal') return refuse(404);
    if (!pageAllowed(request, origins)) return refuse(403, 'origin');
    if (sockets.clients.size >= limits.connections) return refuse(503, 'connection-limit');
    const leave = addresses.enter(clientAddress(request, addressFrom));
    if (!leave) return refuse(429, 'address-limit');
    socket.once('close', leave);
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      new Connection(webSocket, desk, ownNames(request, origins));
    });
  };
}
