/** A call between two participants from the landing page to the end, in every pairing of the two browsers. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useBrowsers, useServer } from './fixtures.ts';
import { meet } from './meet.ts';
import { makeRoomOnLandingPage, openWindow } from './stage.ts';

const PAIRINGS = [
  ['chromium', 'chromium'],
  ['chromium', 'firefox'],
  ['firefox', 'chromium'],
  ['firefox', 'firefox'],
] as const;
const CEREMONY = ['notice', 'devices', 'occupants', 'waiting', 'connecting', 'active'];

describe('a call', () => {
  const server = useServer();
  const browsers = useBrowsers();

  for (const [hostBrowser, guestBrowser] of PAIRINGS) {
    it(`runs between a host in ${hostBrowser} and a guest in ${guestBrowser}`, async () => {
      const links = await makeRoomOnLandingPage(browsers[hostBrowser], server.address);
      const [host, guest] = await Promise.all([
        openWindow(browsers[hostBrowser], links.host),
        openWindow(browsers[guestBrowser], links.guest),
      ]);
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
