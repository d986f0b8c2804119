/** Quick exit: immediate, and going back in the history shows nothing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { until } from '../support/until.ts';
import { useBrowsers, useServer } from './fixtures.ts';
import { meet } from './meet.ts';
import { addressOf } from './reading.ts';
import { makeRoom, openWindow, type Person } from './stage.ts';

/** In the page: records what is left after it was emptied, before the next page loads. */
function last(): void {
  const tracks: MediaStreamTrack[] = [];
  const { mediaDevices } = navigator;
  const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia(constraints);
    tracks.push(...stream.getTracks());
    return stream;
  };
  new MutationObserver((_changes, observer) => {
    // Not while the page is being built.
    if (tracks.length === 0 || document.documentElement.childElementCount > 0) return;
    observer.disconnect();
    const { peers } = (window as unknown as { seen: { peers: RTCPeerConnection[] } }).seen;
    const report = {
      text: document.documentElement.textContent,
      elements: document.querySelectorAll('*').length,
      title: document.title,
      hash: location.hash,
      stored: { ...sessionStorage },
      live: tracks.filter(({ readyState }) => readyState === 'live').length,
      tracks: tracks.length,
      open: peers.filter(({ signalingState }) => signalingState !== 'closed').length,
    };
    // The landing page reads it when the user goes back.
    sessionStorage.setItem('last', JSON.stringify(report));
  }).observe(document, { childList: true, subtree: true });
}

interface Last {
  readonly text: string;
  readonly elements: number;
  readonly title: string;
  readonly hash: string;
  readonly stored: Readonly<Record<string, string>>;
  readonly live: number;
  readonly tracks: number;
  readonly open: number;
}

/** Moves through the history and waits for the URL: a page from the back/forward cache fires no load. */
async function travel(person: Person, way: 'back' | 'forward', url: string): Promise<void> {
  await person.page.evaluate((to) => {
    setTimeout(() => history[to]());
  }, way);
  await until(
    // Between two pages there is no context to evaluate in.
    () => person.page.evaluate(() => location.href).catch(() => ''),
    (at) => at === url,
    `${way} leads to another page`,
  );
}

/** Presses Escape three times, and more often where a busy machine takes longer for that than the room lets people take. */
async function pressThrice({ page }: Person): Promise<void> {
  const begun = performance.now();
  for (const _press of [1, 2, 3]) await page.keyboard.press('Escape');
  if (performance.now() - begun < 1_500) return;
  await until(
    () => page.keyboard.press('Escape').then(() => page.url()),
    (url) => url.endsWith('/list.html'),
    'the exit',
    { every: 0 },
  );
}

describe('[R15] quick exit', () => {
  const server = useServer();
  const browsers = useBrowsers();

  for (const [name, way] of [
    ['chromium', 'Escape is pressed three times'],
    ['firefox', 'the button is pressed'],
    ['chromium', 'the button is pressed'],
    ['firefox', 'Escape is pressed three times'],
  ] as const)
    it(`leaves nothing running or legible, and no way back, when ${way} in ${name}`, async () => {
      const links = await makeRoom(server.address);
      const host = await openWindow(browsers.chromium, links.host);
      // The guest comes from the site's landing page.
      const guest = await openWindow(browsers[name], server.address, { before: last });
      await guest.page.goto(links.guest);
      await meet(host, guest);
      await Promise.all([host.seeFrames(), guest.seeFrames()]);
      assert.notDeepEqual(await guest.page.evaluate(() => ({ ...sessionStorage })), {});

      if (way === 'the button is pressed') await guest.click('exit-button');
      else await pressThrice(guest);
      const elsewhere = new URL('list.html', server.address).href;
      // Where it is at once, and its title when that has come.
      await guest.see(() => location.pathname === '/list.html' && document.title !== '');

      assert.equal(await addressOf(guest), elsewhere);
      assert.equal(await guest.page.title(), 'Einkaufszettel');
      assert.equal(await guest.page.evaluate(() => document.querySelector('consult-room')), null);
      await travel(guest, 'back', server.address);
      const { last: report, ...stored } = await guest.page.evaluate(() => ({ ...sessionStorage, ...localStorage }));
      assert.deepEqual(stored, {});
      const end = JSON.parse(String(report)) as Last;
      assert.ok(end.tracks >= 2, 'there had been camera and microphone');
      assert.deepEqual(
        { ...end, tracks: 0 },
        { text: '', elements: 1, title: '', hash: '', stored: {}, live: 0, tracks: 0, open: end.open },
      );

      await travel(guest, 'forward', elsewhere);
      assert.equal(await guest.page.evaluate(() => document.querySelector('consult-room')), null);
      await host.leave();
      await guest.leave();
    });
});
