/**
 * `npm run group-call`: six people in real browsers against the built demo, the last of them late. Pictures of one guest's phone go to
 * `dist/pictures/group-call`, to be looked at. Ends with an error where the latecomer stops or covers the pictures of the others.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import puppeteer from 'puppeteer-core';
import { acknowledgeAll, gather } from '../e2e/gather.ts';
import { makeRoom, openWindow, startServer, type Person } from '../e2e/stage.ts';
import { launchOptions } from '../support/browsers.ts';
import { until } from '../support/until.ts';

const FOLDER = 'dist/pictures/group-call';
const NAMES = ['Wolke', 'Jana', 'Stern', 'Anders'];
const LATE = 'Lina';

/** In the page: six people encode thirty pictures on this one machine, where each has one of its own in life. */
function captureLittle(): void {
  const { mediaDevices } = navigator;
  const capture = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const video = typeof constraints?.video === 'object' && {
      ...constraints.video,
      width: 160,
      height: 120,
      frameRate: 5,
    };
    const stream = await capture({ ...constraints, video });
    // The room asks for the size that it shows; here it stays.
    for (const track of stream.getVideoTracks()) track.applyConstraints = () => Promise.resolve();
    return stream;
  };
}

const PHONE = { width: 390, height: 844, before: captureLittle };

/** In the page: the tiles that show a picture, and whether each lies within the window. */
const shown = ({ page }: Person) =>
  page.evaluate(() => {
    const videos: HTMLVideoElement[] = [];
    const search = (root: ParentNode): void => {
      for (const element of root.querySelectorAll('*')) {
        if (element instanceof HTMLVideoElement) videos.push(element);
        if (element.shadowRoot) search(element.shadowRoot);
      }
    };
    search(document);
    const seen = videos.filter((video) => video.videoWidth > 0 && video.checkVisibility({ visibilityProperty: true }));
    return seen.map((video) => {
      const { top, left, bottom, right } = video.getBoundingClientRect();
      return top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth;
    });
  });

async function picture({ page }: Person, name: string): Promise<void> {
  await page.bringToFront();
  await page.screenshot({ path: `${FOLDER}/${name}.png` });
  process.stdout.write(`${FOLDER}/${name}.png\n`);
}

const all = (count: number) => (tiles: readonly boolean[]) => tiles.length === count && tiles.every(Boolean);

mkdirSync(FOLDER, { recursive: true });
// The demo is for three at most.
const config = `${FOLDER}/config.json`;
writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync('demo/config.json', 'utf8')), policy: 'gruppe' }));
const server = await startServer({ env: { CONSULT_ROOM_CONFIG: config } });
const browser = await puppeteer.launch({ ...launchOptions('chromium'), headless: true });
try {
  const links = await makeRoom(server.address);
  const host = await openWindow(browser, links.host, PHONE);
  const guests: (readonly [name: string, guest: Person])[] = [];
  for (const name of NAMES) guests.push([name, await openWindow(browser, links.guest, PHONE)]);
  await gather(host, guests);
  const [first] = guests;
  assert.ok(first);
  const [, phone] = first;
  await until(() => shown(phone), all(NAMES.length), 'the pictures of the four others');
  await picture(phone, '1-five');

  const late = await openWindow(browser, links.guest, PHONE);
  await late.arrive({ name: LATE, occupants: 'meine Schwester' });
  await picture(late, '2-latecomer-waiting');
  await picture(host, '3-host-asked');
  await host.click('admit-button');
  await phone.find('acknowledge-button');
  await until(() => shown(phone), all(NAMES.length), 'the pictures beside the latecomer who is not confirmed');
  await phone.seeFrames();
  await picture(phone, '4-latecomer-unconfirmed');
  await picture(late, '5-latecomer-asked');
  await acknowledgeAll([host, ...guests.map(([, guest]) => guest), late]);
  await until(() => shown(phone), all(NAMES.length + 1), 'the pictures of the five others');
  await phone.seeFrames();
  await picture(phone, '6-six');
  await phone.page.setViewport({ width: PHONE.height, height: PHONE.width });
  await until(() => shown(phone), all(NAMES.length + 1), 'the pictures after the phone was turned');
  await picture(phone, '7-six-sideways');
} finally {
  await browser.close();
  await server.stop();
}
