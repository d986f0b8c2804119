/**
 * No candidate gets through, and the site has no relay, as behind some VPNs, extensions and policies. ICE may report
 * nothing then; both people still read soon what they can do instead.
 */
import { describe, it } from 'node:test';
import { browserNames } from '../support/browsers.ts';
import { useBrowsers, useServer } from './fixtures.ts';
import { PATIENCE, POLLING, makeRoom, openWindow, type Person } from './stage.ts';

/** In the page: no candidate of the other side is ever used, and no report of the engine arrives. */
function isolate(): void {
  RTCPeerConnection.prototype.addIceCandidate = () => Promise.resolve();
  Object.defineProperty(RTCPeerConnection.prototype, 'connectionState', { get: () => 'connecting' });
}

/** Waits for the page that says what else is possible. */
async function seeOtherWays(person: Person): Promise<void> {
  await person.seePhase('connecting');
  for (const words of ['Der Raum versucht es weiter, solange Sie hier sind.', 'Oft hilft ein anderes Netz'])
    await person.page.waitForFunction(
      (wanted) => document.querySelector('consult-room')?.shadowRoot?.textContent.includes(wanted),
      { timeout: PATIENCE, polling: POLLING },
      words,
    );
}

// Most of it is waiting, so that both browsers can wait at once.
describe('[R9] two people between whom nothing gets through', { concurrency: true }, () => {
  const server = useServer();
  const browsers = useBrowsers();

  for (const name of browserNames)
    it(`read soon that there is no connection and what else helps, in ${name}`, async () => {
      const links = await makeRoom(server.address);
      const [host, guest] = await Promise.all([
        openWindow(browsers[name], links.host, { before: isolate }),
        openWindow(browsers[name], links.guest, { before: isolate, width: 390, height: 844 }),
      ]);
      await Promise.all([host.arrive({ name: 'Frau Berger' }), guest.arrive({ name: 'Mia' })]);
      await host.click('admit-button');
      await Promise.all([seeOtherWays(host), seeOtherWays(guest)]);
      await host.picture(`field-unreachable-host-${name}`);
      await guest.picture(`field-unreachable-guest-${name}`);
      await host.leave();
      await guest.leave();
    });
});
