/**
 * No candidate gets through, and the site has no relay, as behind some VPNs, extensions and policies. ICE may report
 * nothing then; both people still read soon what they can do instead.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { browserNames } from '../support/browsers.ts';
import { useBrowsers, useServer } from './fixtures.ts';
import { makeRoom, openWindow, type Person } from './stage.ts';

/** In the page: no candidate of the other side is ever used, and no report of the engine arrives. */
function isolate(): void {
  RTCPeerConnection.prototype.addIceCandidate = () => Promise.resolve();
  Object.defineProperty(RTCPeerConnection.prototype, 'connectionState', { get: () => 'connecting' });
}

/** Milliseconds from the moment when the others are there to the page that says what else is possible. */
async function seeOtherWays(person: Person): Promise<number> {
  await person.seePhase('connecting');
  const start = Date.now();
  await person.see(() =>
    document
      .querySelector('consult-room')
      ?.shadowRoot?.textContent.includes('Der Raum versucht es weiter, solange Sie hier sind.'),
  );
  return Date.now() - start;
}

describe('[R9] two people between whom nothing gets through', () => {
  const server = useServer();
  const browsers = useBrowsers();

  for (const name of browserNames)
    it(`read within 45 seconds that there is no connection and what else helps, in ${name}`, async () => {
      const links = await makeRoom(browsers[name], server.address);
      const host = await openWindow(browsers[name], links.host, { before: isolate });
      const guest = await openWindow(browsers[name], links.guest, { before: isolate, width: 390, height: 844 });
      await host.arrive({ name: 'Frau Berger' });
      await guest.arrive({ name: 'Mia' });
      await host.click('admit-button');
      const waits = await Promise.all([seeOtherWays(host), seeOtherWays(guest)]);
      assert.ok(
        waits.every((wait) => wait < 45_000),
        waits.join(),
      );
      for (const person of [host, guest])
        await person.see(() =>
          document.querySelector('consult-room')?.shadowRoot?.textContent.includes('Oft hilft ein anderes Netz'),
        );
      await host.picture(`field-unreachable-host-${name}`);
      await guest.picture(`field-unreachable-guest-${name}`);
      await host.leave();
      await guest.leave();
    });
});
