/**
 * Guards the listening port: counts connections per client network when TCP accepts them, before any request is read,
 * and displaces the oldest request when too many are open. Half-open requests so keep nobody out.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AddressCounter, Place } from './address-counter.ts';
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
  /** In order of arrival, each with its place among those of its network; null where networks are not counted. */
  readonly #requests = new Map<Duplex, Place | null>();
  /** The same of connections that have become WebSockets, as far as they are counted. */
  readonly #upgraded = new Map<Duplex, Place>();
  /** One listener for all: thousands of idle connections share it. */
  readonly #onClose: (this: Duplex) => void;

  constructor(o: AcceptGuardOptions) {
    this.#o = o;
    const leave = (socket: Duplex): void => this.#leave(socket);
    this.#onClose = function () {
      leave(this);
    };
    o.server.on('connection', (socket: Socket) => this.#accept(socket));
  }

  /** The connection becomes a WebSocket, which has limits of its own. */
  upgraded(socket: Duplex): void {
    const place = this.#requests.get(socket) ?? null;
    this.#requests.delete(socket);
    if (place?.network === null || place === null) socket.off('close', this.#onClose);
    else this.#upgraded.set(socket, place);
  }

  #leave(socket: Duplex): void {
    const place = this.#requests.get(socket) ?? this.#upgraded.get(socket);
    this.#requests.delete(socket);
    this.#upgraded.delete(socket);
    place?.leave();
  }

  #accept(socket: Socket): void {
    const { addresses, metrics, requests } = this.#o;
    const place = addresses ? addresses.enter(socket.remoteAddress ?? '') : null;
    if (addresses && !place) {
      metrics.refused('address-limit');
      this.#o.onAddressLimit();
      return void socket.destroy();
    }
    this.#requests.set(socket, place);
    socket.on('close', this.#onClose);
    if (this.#requests.size <= requests) return;
    const [oldest] = this.#requests.keys();
    if (!oldest) return;
    // At once: it closes a moment later, and of a burst each displaces another one.
    this.#leave(oldest);
    metrics.refused('request-displaced');
    oldest.destroy();
  }
}
