/** Reloads and outages: the call continues, or recovers automatically. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useBrowsers, useServer } from './fixtures.ts';
import { acknowledge, meet } from './meet.ts';
import { makeRoom, openWindow, type Person, type Seen } from './stage.ts';

/** In the page: makes the last connection look failed to our code. */
function fail(): void {
  const peer = (window as unknown as { seen: Seen }).seen.peers.at(-1);
  if (!peer) return;
  Object.defineProperty(peer, 'connectionState', { value: 'failed' });
  peer.dispatchEvent(new Event('connectionstatechange'));
}

describe('a call after a loss', () => {
  const server = useServer();
  const browsers = useBrowsers('chromium');
  let host: Person;
  let guest: Person;
  let links: { readonly host: string; readonly guest: string };

  before(async () => {
    links = await makeRoom(server.address);
    [host, guest] = await Promise.all([
      openWindow(browsers.chromium, links.host),
      openWindow(browsers.chromium, links.guest),
    ]);
    await meet(host, guest);
  });

  it('readmits a guest without asking for the name when the guest reloads', async () => {
    await guest.page.reload();
    await acknowledge(host, guest);
    await Promise.all([host.seeFrames(), guest.seeFrames()]);
  });

  it('brings the guest back without a question when the host reloads', async () => {
    await host.page.reload();
    await acknowledge(host, guest);
    await Promise.all([host.seeFrames(), guest.seeFrames()]);
  });

  it('brings the guest back without a question when the host reloads, and once more at once', async () => {
    await host.page.reload();
    await host.seePhase('waiting');
    await host.page.reload();
    await acknowledge(host, guest);
    await Promise.all([host.seeFrames(), guest.seeFrames()]);
  });

  it('moves the call to a second device of the host when the host takes over there', async () => {
    const second = await openWindow(browsers.chromium, links.host);
    await second.arrive({ name: 'Frau Berger' });
    await second.find('take-over-button');
    await second.picture('host-elsewhere');
    // The question does not disturb the running call.
    assert.equal(await guest.phase(), 'active');
    await second.click('take-over-button');
    await host.seePhase('failed');
    assert.ok((await host.seen()).errors.includes('host-elsewhere'));
    await second.click('admit-button');
    await acknowledge(second, guest);
    await Promise.all([second.seeFrames(), guest.seeFrames()]);
    await host.leave();
    host = second;
  });

  it('continues when the signalling server drops out and returns', async () => {
    await server.stop();
    const signaling = (person: Person, wanted: string) =>
      person.page.waitForFunction(
        (status) =>
          (document.querySelector('consult-room') as unknown as { room: { state: { signaling: string } } }).room.state
            .signaling === status,
        { timeout: 60_000 },
        wanted,
      );
    await Promise.all([signaling(host, 'offline'), signaling(guest, 'offline')]);
    await Promise.all([host.seeFrames(60), guest.seeFrames(60)]);
    await server.restart();
    await Promise.all([signaling(host, 'online'), signaling(guest, 'online')]);
    await Promise.all([host.seeFrames(60), guest.seeFrames(60)]);
    assert.equal(await host.phase(), 'active');
    assert.equal(await guest.phase(), 'active');
  });

  it('[R15] keeps the same capture, without another permission prompt, when failed links are replaced', async () => {
    const before = await Promise.all([host.seen(), guest.seen()]);
    for (const person of [guest, host, guest]) {
      const { peers } = await guest.seen();
      await person.page.evaluate(fail);
      await guest.page.waitForFunction(
        (count) => (window as unknown as { seen: Seen }).seen.peers.length > count,
        { polling: 50 },
        peers,
      );
      await Promise.all([host.seeFrames(), guest.seeFrames()]);
    }
    const after = await Promise.all([host.seen(), guest.seen()]);
    assert.deepEqual(
      after.map(({ captures }) => captures),
      before.map(({ captures }) => captures),
    );
  });

  it('ends for both, and gives the guest the reason, when the host ends it', async () => {
    await host.click('leave-button');
    await Promise.all([host.seePhase('ended'), guest.seePhase('ended')]);
    const reason = await guest.page.evaluate(
      () =>
        (document.querySelector('consult-room') as unknown as { room: { state: { reason: string } } }).room.state
          .reason,
    );
    assert.equal(reason, 'host-ended');
  });
});
