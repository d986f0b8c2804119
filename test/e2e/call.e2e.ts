/** Two people meet: the whole way from the landing page to goodbye, in every pairing of the two browsers. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import type { BrowserName } from '../support/browsers.ts';
import { meet } from './meet.ts';
import { launch, makeRoom, openWindow, startServer, type Server } from './stage.ts';

const PAIRINGS = [
  ['chromium', 'chromium'],
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
  ['firefox', 'firefox'],
] as const;
const CEREMONY = ['notice', 'devices', 'occupants', 'waiting', 'connecting', 'active'];

describe('a call', () => {
  const browsers = new Map<BrowserName, Browser>();
  let server: Server;

  before(async () => {
    server = await startServer();
    for (const name of ['chromium', 'firefox'] as const) browsers.set(name, await launch(name));
  });

  after(async () => {
    for (const browser of browsers.values()) await browser.close();
    await server.stop();
  });

  for (const [hostBrowser, guestBrowser] of PAIRINGS) {
    it(`runs between a host in ${hostBrowser} and a guest in ${guestBrowser}`, async () => {
      const links = await makeRoom(browsers.get(hostBrowser)!, server.address);
      const host = await openWindow(browsers.get(hostBrowser)!, links.host);
      const guest = await openWindow(browsers.get(guestBrowser)!, links.guest);
      await meet(host, guest);
      await Promise.all([host.seeFrames(), guest.seeFrames()]);
      assert.deepEqual((await host.seen()).phases.slice(0, CEREMONY.length), CEREMONY);
      assert.deepEqual((await guest.seen()).phases.slice(0, CEREMONY.length), CEREMONY);

      await guest.click('leave-button');
      await guest.seePhase('ended');
      await host.seePhase('waiting');
      await host.leave();
      await guest.leave();
    });
  }
});
