/** Two people meet: the whole way from the landing page to goodbye, in every pairing of the two browsers. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { meet } from './meet.ts';
import { makeRoom, openWindow, standBetweenBrowsers } from './stage.ts';

const PAIRINGS = [
  ['chromium', 'chromium'],
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
  ['firefox', 'firefox'],
] as const;
const CEREMONY = ['notice', 'devices', 'occupants', 'waiting', 'connecting', 'active'];

describe('a call', () => {
  const { browsers, server } = standBetweenBrowsers();

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
