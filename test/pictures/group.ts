/** What the scripts of group calls share: a server for groups, phone-sized windows, and what arrives in them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import puppeteer, { type Browser } from 'puppeteer-core';
import { makeRoom, openWindow, startServer, type Person, type Pictures } from '../e2e/stage.ts';
import { launchOptions } from '../support/browsers.ts';

export const FOLDER = 'dist/pictures/group-call';
/** All pages share one machine, where each person has one in life. */
export const SLOW = { patience: 240_000, every: 1_000 };

/** All encode for all the others on this one machine, where each has one of its own in life. */
export const SMALL = { width: 160, height: 120, frameRate: 5 };

/** Where one person sends at a time, or few. */
export const LOW_RUNG = { width: 320, height: 180, frameRate: 15 };

export const PHONE = { width: 390, height: 844 };

/** In the page: the tiles that show a picture, and whether each lies within the window. */
export const shown = ({ page }: Person) =>
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

export async function picture({ page }: Person, name: string): Promise<void> {
  await page.bringToFront();
  await page.screenshot({ path: `${FOLDER}/${name}.png` });
  process.stdout.write(`${FOLDER}/${name}.png\n`);
}

/** In the page: links that have heard, and links that have decoded pictures. */
export const arriving = async ({ page }: Person): Promise<{ readonly hears: number; readonly sees: number }> => {
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

export const all = (count: number) => (tiles: readonly boolean[]) => tiles.length === count && tiles.every(Boolean);

export interface GroupWindows {
  readonly browser: Browser;
  readonly host: Person;
  guest(): Promise<Person>;
}

/** Opens a room for a group on a server of its own, and closes everything at the end. */
export async function inGroup(run: (windows: GroupWindows) => Promise<void>, camera: Pictures): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  // The demo is for three at most.
  const config = `${FOLDER}/config.json`;
  writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync('demo/config.json', 'utf8')), policy: 'gruppe' }));
  const server = await startServer({ env: { CONSULT_ROOM_CONFIG: config } });
  const browser = await puppeteer.launch({ ...launchOptions('chromium'), headless: true });
  try {
    const links = await makeRoom(server.address);
    const host = await openWindow(browser, links.host, { ...PHONE, camera });
    await run({ browser, host, guest: () => openWindow(browser, links.guest, { ...PHONE, camera }) });
  } finally {
    await browser.close();
    await server.stop();
  }
}
