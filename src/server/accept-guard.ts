/**
 * Guards the listening port: counts connections per client network when TCP accepts them, before any request is read,
 * and displaces the oldest request when too many are open. Half-open requests so keep nobody out.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AddressCounter } from './address-counter.ts';
import type { Metrics } from './metrics.ts';

export interface AcceptGuardOptions {
  readonly server: Server;
  /** Null behind a proxy, whose one address stands for all clients. */
  readonly addresses: AddressCounter | null;
  /** Connections that are no WebSocket (yet). */
  readonly requests: number;
  readonly metrics: Metrics;
  onAddressLimit(): void;
}

export class AcceptGuard {
  readonly #o: AcceptGuardOptions;
  /** In order of arrival. */
  readonly #requests = new Set<Duplex>();

  constructor(o: AcceptGuardOptions) {
    this.#o = o;
    o.server.on('connection', (socket: Socket) => this.#accept(socket));
  }

  /** The connection becomes a WebSocket, which has limits of its own. */
  upgraded(socket: Duplex): void {
    this.#requests.delete(socket);
  }

  #accept(socket: Socket): void {
    const { addresses, metrics, requests } = this.#o;
    const place = addresses?.enter(socket.remoteAddress ?? '');
    if (place === null) {
      metrics.refused('address-limit');
      this.#o.onAddressLimit();
      return void socket.destroy();
    }
    this.#requests.add(socket);
    socket.once('close', () => {
      this.#requests.delete(socket);
      place?.leave();
    });
    if (this.#requests.size <= requests) return;
    const [oldest] = this.#requests;
    if (!oldest) return;
    // At once: it closes a moment later, and of a burst each displaces another one.
    this.#requests.delete(oldest);
    metrics.refused('request-displaced');
    oldest.destroy();
  }
}
