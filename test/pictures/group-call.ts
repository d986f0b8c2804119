/**
 * `npm run group-call [-- --people 9]`: six people, or up to nine, in real browsers against the built demo, the last of
 * them late. Pictures of one guest's phone go to `dist/pictures/group-call`, to be looked at. Ends with an error where the
 * latecomer stops or covers the pictures of the others, and where someone does not hear or see each of the others.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import puppeteer from 'puppeteer-core';
import { acknowledgeAll, gather } from '../e2e/gather.ts';
import { makeRoom, openWindow, startServer, type Person } from '../e2e/stage.ts';
import { launchOptions } from '../support/browsers.ts';
import { until } from '../support/until.ts';

const { values } = parseArgs({ options: { people: { type: 'string', default: '6' } } });
const PEOPLE = Number(values.people);
assert.ok(PEOPLE >= 4 && PEOPLE <= 9, '--people is 4 to 9');

const FOLDER = 'dist/pictures/group-call';
/** All but the host and the latecomer. */
const NAMES = ['Wolke', 'Jana', 'Stern', 'Anders', 'Momo', 'Kim', 'Robin'].slice(0, PEOPLE - 2);
const LATE = 'Lina';
/** All pages share one machine, where each person has one in life. */
const SLOW = { patience: 240_000, every: 1_000 };

/** All encode for all the others on this one machine, where each has one of its own in life. */
const CAMERA = { width: 160, height: 120, frameRate: 5 };

const PHONE = { width: 390, height: 844, camera: CAMERA };

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

/** In the page: links that have heard, and links that have decoded pictures. */
const arriving = async ({ page }: Person): Promise<{ readonly hears: number; readonly sees: number }> => {
  const received = await page.evaluate(async () => {
    const { peers } = (window as unknown as { seen: { peers: readonly RTCPeerConnection[] } }).seen;
    const open = peers.filter((peer) => peer.connectionState === 'connected');
    return Promise.all(
      open.map(async (peer) => {
        const reports = [...((await peer.getStats()) as ReadonlyMap<string, RTCInboundRtpStreamStats>).values()];
        const inbound = reports.filter(({ type }) => type === 'inbound-rtp');
        const sum = (read: (report: RTCInboundRtpStreamStats) => number): number =>
          inbound.reduce((total, report) => total + read(report), 0);
        const audio = sum(({ kind, packetsReceived }) => (kind === 'audio' ? (packetsReceived ?? 0) : 0));
        return { audio, pictures: sum(({ framesDecoded }) => framesDecoded ?? 0) };
      }),
    );
  });
  return {
    hears: received.filter(({ audio }) => audio > 0).length,
    sees: received.filter(({ pictures }) => pictures > 0).length,
  };
};

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
  await until(() => shown(phone), all(NAMES.length), 'the pictures of the others', SLOW);
  await picture(phone, '1-before-the-latecomer');

  const late = await openWindow(browser, links.guest, PHONE);
  await late.arrive({ name: LATE, occupants: 'meine Schwester' });
  await picture(late, '2-latecomer-waiting');
  await picture(host, '3-host-asked');
  await host.click('admit-button');
  await phone.find('acknowledge-button');
  await until(() => shown(phone), all(NAMES.length), 'the pictures beside the latecomer who is not confirmed', SLOW);
  await phone.seeFrames();
  await picture(phone, '4-latecomer-unconfirmed');
  await picture(late, '5-latecomer-asked');
  await acknowledgeAll([host, ...guests.map(([, guest]) => guest), late]);
  await until(() => shown(phone), all(NAMES.length + 1), 'the pictures of all others', SLOW);
  await phone.seeFrames();
  const people = [host, ...guests.map(([, guest]) => guest), late];
  for (const person of people)
    await until(
      () => arriving(person),
      ({ hears, sees }) => hears === PEOPLE - 1 && sees === PEOPLE - 1,
      'sound and pictures of each of the others',
      SLOW,
    );
  await picture(phone, '6-all');
  await phone.page.setViewport({ width: PHONE.height, height: PHONE.width });
  await until(() => shown(phone), all(NAMES.length + 1), 'the pictures after the phone was turned', SLOW);
  await picture(phone, '7-all-sideways');
} finally {
  await browser.close();
  await server.stop();
}
