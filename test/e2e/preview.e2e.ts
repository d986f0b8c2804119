/** The preview page of the demo: both sides on one page, over a BroadcastChannel. The server only serves files. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { useBrowsers, useServer } from './fixtures.ts';
import { makeRoomOnLandingPage, openWindow } from './stage.ts';

const server = useServer();
const browsers = useBrowsers('chromium');

it('connects two rooms on one page when there is no signalling server', async () => {
  const page = await openWindow(browsers.chromium, new URL('preview.html', server.address).href);
  for (let side = 0; side < 2; side++) {
    await page.click('accept-button');
    await page.see(() =>
      [...document.querySelectorAll('consult-room')].some((room) => room.getAttribute('phase') === 'devices'),
    );
    await page.click('continue-button');
    await page.see(() =>
      [...document.querySelectorAll('consult-room')].some((room) => room.getAttribute('phase') === 'occupants'),
    );
    await page.click('continue-button');
    await page.page.waitForFunction(
      (count) => document.querySelectorAll('consult-room[phase="waiting"]').length === count,
      { timeout: 30_000 },
      side + 1,
    );
  }
  await page.click('admit-button');
  await page.see(() => document.querySelectorAll('consult-room[phase="connecting"]').length === 2);
  await page.click('acknowledge-button');
  // The second click is for the other side.
  await page.see(() =>
    [...document.querySelectorAll('consult-room')].some(
      (element) =>
        (element as unknown as { room: { state: { participants: readonly { acknowledged: { byUs: boolean } }[] } } })
          .room.state.participants[0]?.acknowledged.byUs,
    ),
  );
  await page.click('acknowledge-button');
  await page.see(() => document.querySelectorAll('consult-room[phase="active"]').length === 2);
  await page.seeFrames();
  await page.leave();
});

it('shows every page in English when the landing page is in English', async () => {
  const landing = new URL('en/index.html', server.address).href;
  const { page } = await openWindow(browsers.chromium, landing);
  const preview = await page.$eval('main a[href*="preview"]', (link) => (link as HTMLAnchorElement).href);
  const { host } = await makeRoomOnLandingPage(browsers.chromium, landing);
  for (const [address, title] of [
    [preview, 'consult-room: both sides'],
    [host, 'Video counselling'],
  ] as const) {
    const person = await openWindow(browsers.chromium, address);
    await person.see(() => document.querySelector('consult-room')?.getAttribute('phase') === 'notice');
    assert.deepEqual([await person.page.title(), await person.page.$eval('html', (html) => html.lang)], [title, 'en']);
    // One page's own words, beside those of the room.
    const words = await person.page.$$eval('[data-text]', (all) => all.map((element) => element.textContent).join(' '));
    assert.doesNotMatch(words, /\b(?:und|die|der)\b/u);
    await person.page.close();
  }
  await page.close();
});
