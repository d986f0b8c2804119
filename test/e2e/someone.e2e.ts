/**
 * [R13] [R14] Every participant declares who is in the room before media flows, and again after another person has
 * entered.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useBrowsers, useServer } from './fixtures.ts';
import { PATIENCE, POLLING, makeRoom, openWindow, type Person } from './stage.ts';

/** Milliseconds. A browser that merely pauses repeats its last frame after one second. */
const LONGER_THAN_A_REPETITION = 2_000;

/** Counts tracks on senders, and frames or packets sent between two readings. */
const sending = (person: Person) =>
  person.page.evaluate(async (between) => {
    const { peers } = (window as unknown as { seen: { peers: RTCPeerConnection[] } }).seen;
    const open = peers.filter(({ connectionState }) => connectionState === 'connected');
    const tracks = open.flatMap((peer) => peer.getSenders()).filter(({ track }) => track !== null).length;
    const count = async (): Promise<number> => {
      let sent = 0;
      for (const peer of open)
        for (const report of (await peer.getStats()).values() as Iterable<RTCOutboundRtpStreamStats>)
          // Frames, not packets, for video: a browser keeps probing the path with empty packets.
          if (report.type === 'outbound-rtp')
            sent += (report.kind === 'video' ? report.framesSent : report.packetsSent) ?? 0;
      return sent;
    };
    const first = await count();
    await new Promise((resolve) => setTimeout(resolve, between));
    return { links: open.length, tracks, sent: (await count()) - first };
  }, LONGER_THAN_A_REPETITION);

/** Waits until the link to the other is up: before that, nothing could flow anyway. */
const connected = ({ page }: Person) =>
  page.waitForFunction(
    () =>
      (window as unknown as { seen: { peers: RTCPeerConnection[] } }).seen.peers.some(
        ({ connectionState }) => connectionState === 'connected',
      ),
    { timeout: PATIENCE, polling: POLLING },
  );

/** Waits until nothing is sent or received: the last frame may still be in a decoder. */
async function seeSilence(person: Person): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const before = await person.received();
    const { tracks, sent } = await sending(person);
    const now = await person.received();
    const came = { frames: now.frames - before.frames, audio: now.audio - before.audio };
    if (tracks === 0 && sent === 0 && came.frames === 0 && came.audio === 0) return;
    if (Date.now() > deadline) assert.fail(`never silent: ${JSON.stringify({ tracks, sent, came })}`);
  }
}

describe('[R14] another person entering the room', () => {
  const server = useServer();
  const browsers = useBrowsers();

  for (const [own, other] of [
    ['chromium', 'firefox'],
    ['firefox', 'chromium'],
  ] as const)
    it(`pauses both sides when one key is pressed in ${own}, until the new declaration is acknowledged`, async () => {
      const links = await makeRoom(server.address);
      const [host, guest] = await Promise.all([
        openWindow(browsers[other], links.host),
        openWindow(browsers[own], links.guest, { width: 390, height: 844 }),
      ]);
      await Promise.all([
        host.arrive({ name: 'Frau Berger' }),
        guest.arrive({ name: 'Mia Sonnenschein', occupants: 'meine Schwester' }),
      ]);
      await host.click('admit-button');

      // [R13] No media flows until both have acknowledged.
      await host.click('acknowledge-button');
      await guest.find('acknowledge-button');
      await Promise.all([connected(host), connected(guest)]);
      assert.deepEqual(await Promise.all([sending(host), sending(guest)]), [
        { links: 1, tracks: 0, sent: 0 },
        { links: 1, tracks: 0, sent: 0 },
      ]);
      await guest.click('acknowledge-button');
      await Promise.all([host.seePhase('active'), guest.seePhase('active')]);
      await Promise.all([host.seeFrames(), guest.seeFrames()]);
      await guest.picture(`someone-${own}-before`);

      // The focus is elsewhere in the page.
      await guest.page.evaluate(() => document.body.focus());
      await guest.page.keyboard.press('F8');
      await Promise.all([host.seePhase('paused'), guest.seePhase('paused')]);
      await Promise.all([seeSilence(host), seeSilence(guest)]);
      await guest.picture(`someone-${own}-here`);
      await host.picture(`someone-${own}-there`);

      await guest.declareAgain('meine Mutter');
      await host.find('acknowledge-button');
      await Promise.all([seeSilence(host), seeSilence(guest)]);
      await host.picture(`someone-${own}-declared`);
      await host.click('acknowledge-button');
      await Promise.all([host.seePhase('active'), guest.seePhase('active')]);
      await Promise.all([host.seeFrames(), guest.seeFrames()]);
      await host.leave();
      await guest.leave();
    });
});
