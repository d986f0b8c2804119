/**
 * What a group of end-to-end tests needs, from before its first test until after its last: `useServer()`,
 * `useHostileServer()` and `useBrowsers()`. Call them at the top of `describe`; what they return can be used in hooks
 * and tests.
 */
import { after, before } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { browserNames, type BrowserName } from '../support/browsers.ts';
import { returnBrowser, takeBrowser } from '../support/shared-browsers.ts';
import { createHostileServer, type HostileServer } from './hostile-server.ts';
import { startServer, type Server, type ServerOptions } from './stage.ts';

export interface UsedServer extends Server {
  /** Starts it again on its port after {@link stop}. */
  restart(): Promise<void>;
}

/** The real server with the built demo. */
export function useServer(options: ServerOptions = {}): UsedServer {
  let running: Server | undefined;
  const server = (): Server => {
    if (!running) throw new Error('the server runs within tests only');
    return running;
  };
  before(async () => {
    running = await startServer(options);
  });
  after(() => running?.stop());
  return {
    get address() {
      return server().address;
    },
    get output() {
      return server().output;
    },
    stop: () => server().stop(),
    restart: async () => {
      running = await startServer({ ...options, port: Number(new URL(server().address).port) });
    },
  };
}

/** A server between the browsers and the real one that can read, change, repeat, delay, drop and invent messages. */
export function useHostileServer(upstream: Server): HostileServer {
  const hostile = createHostileServer(() => upstream.address);
  before(() => hostile.start());
  after(() => hostile.stop());
  return hostile;
}

/**
 * One browser of each of these kinds, by default of every kind. Tests open a context of their own: nothing is shared
 * but the process.
 */
export function useBrowsers<Name extends BrowserName = BrowserName>(
  ...names: readonly Name[]
): Readonly<Record<Name, Browser>> {
  const browsers: Partial<Record<BrowserName, Browser>> = {};
  before(async () => {
    for (const name of names.length > 0 ? names : browserNames) browsers[name] = await takeBrowser(name);
  });
  after(async () => {
    for (const browser of Object.values(browsers)) await returnBrowser(browser);
  });
  return browsers as Record<Name, Browser>;
}
