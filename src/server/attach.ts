/** The signalling on a Node server that a site already has, beside the site's own pages. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { answerPlainly } from './raw-sockets.ts';
import { pathOf } from './request-target.ts';
import { Service, type ServiceOptions } from './service.ts';

/** Paths that are ours; everything else stays the site's. */
const PATHS = new Set(['/signal', '/config', '/transparency']);

export type AttachOptions = Omit<ServiceOptions, 'static'>;

export interface Attached {
  /** Like `drain` of `createServer`; the site's server continues. */
  drain(within?: number): Promise<void>;
  /** Closes the connections of rooms, and gives the server back as it was. */
  close(): Promise<void>;
}

type OnRequest = (request: IncomingMessage, response: ServerResponse) => void;

const isOurs = (request: IncomingMessage): boolean => PATHS.has(pathOf(request));

/**
 * Serves `/signal`, `/config` and `/transparency` on a server of Node: that of Express (`app.listen()`), Fastify
 * (`app.server`), Hono (`serve()`) or `node:http`. Call it once the framework has its listeners, before requests come.
 *
 * @param server requests and upgrades for other paths reach the site's own listeners as before
 * @throws {ConsultError} as `createServer`, and as its `listen` for NATS
 */
export async function attach(server: Server, options: AttachOptions): Promise<Attached> {
  const service = new Service(options);
  await service.connect();
  const listeners = server.listeners('request') as OnRequest[];
  const onRequest: OnRequest = (request, response) => {
    if (isOurs(request)) return service.request(request, response);
    for (const listener of listeners) listener.call(server, request, response);
  };
  const upgrade = service.upgradeHandler(null);
  const upgrades = server.listeners('upgrade') as ((request: IncomingMessage, socket: Duplex, head: Buffer) => void)[];
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (isOurs(request)) return upgrade(request, socket, head);
    for (const listener of upgrades) listener.call(server, request, socket, head);
    if (upgrades.length === 0) answerPlainly(request, socket as Socket, onRequest);
  };
  server.removeAllListeners('request').on('request', onRequest);
  server.removeAllListeners('upgrade').on('upgrade', onUpgrade);
  service.start();
  const close = async (): Promise<void> => {
    server.off('request', onRequest).off('upgrade', onUpgrade);
    for (const listener of listeners) server.on('request', listener);
    for (const listener of upgrades) server.on('upgrade', listener);
    service.stop();
    service.terminate();
    await service.disconnect();
  };
  return {
    close,
    async drain(within = 3_000) {
      await service.move(within);
      await close();
    },
  };
}
