/**
 * From joining to the first picture of the other at both ends: this library with its server and demo, PeerJS with its
 * server, trystero with a local Nostr relay. All pages are loaded and all cameras open before the clock starts;
 * everything runs on this machine without any ICE server. Ours does more in that time (see `own.ts`), the others start
 * at `new Peer()` and `joinRoom()`.
 */
import { once } from 'node:events';
import process from 'node:process';
import type { AddressInfo } from 'node:net';
import type { Server as HttpServer } from 'node:http';
import { PeerServer } from 'peer';
import type { Page } from 'puppeteer-core';
import { startServer } from '../../e2e/stage.ts';
import { median, printTable, range, round, writeReport, type Reach } from '../support/report.ts';
import { stand, type Stand } from '../support/stand.ts';
import { watchFirstFrame, type Watched } from './first-frame.ts';
import { startRelay } from './nostr-relay.ts';
import { joinOwn } from './own.ts';
import type { Library } from './page.ts';

const ROUNDS = 15;
const WITHIN = 1.5;
const PATIENCE = 30_000;
const contenders = ['own', 'peerjs', 'trystero'] as const;

function startPeerServer(): Promise<HttpServer> {
  return new Promise((resolve) => {
    PeerServer({ host: '127.0.0.1', port: 0 }, resolve);
  });
}

/** Until both ends show a picture of the other. */
async function until(pages: readonly Page[], start: number): Promise<number> {
  const times = await Promise.all(
    pages.map(async (page) => {
      const handle = await page.waitForFunction(() => (window as unknown as { watched: Watched }).watched.firstFrame, {
        timeout: PATIENCE,
        polling: 50,
      });
      return (await handle.jsonValue()) ?? NaN;
    }),
  );
  return Math.max(...times) - start;
}

async function joinOther(place: Stand, library: Library, port: number): Promise<number> {
  const room = `room-${crypto.randomUUID()}`;
  const pages = await Promise.all(
    [0, 1].map(async () => {
      const page = await (await place.browser.createBrowserContext()).newPage();
      await page.evaluateOnNewDocument(watchFirstFrame);
      await page.goto(`${place.address}join/page`);
      await page.evaluate(() => window.prepare());
      return page;
    }),
  );
  const [host, guest] = pages;
  if (!host || !guest) throw new Error('no pages');
  await host.evaluate((...all) => window.host(...all), library, port, room);
  const start = await guest.evaluate((...all) => window.join(...all), library, port, room);
  const time = await until(pages, start);
  for (const page of pages) await page.browserContext().close();
  return time;
}

const place = await stand(['join/page.ts']);
const server = await startServer();
const peerServer = await startPeerServer();
if (!peerServer.listening) await once(peerServer, 'listening');
const relay = await startRelay();
const ports = { peerjs: (peerServer.address() as AddressInfo).port, trystero: relay.port };
try {
  const times = { own: [] as number[], peerjs: [] as number[], trystero: [] as number[] };
  const acknowledged: number[] = [];
  for (let index = 0; index <= ROUNDS; index++) {
    const own = await joinOwn(place.browser, server);
    const pages = own.persons.map(({ page }) => page);
    const time = await until(pages, own.start);
    for (const page of pages) await page.browserContext().close();
    const peerjs = await joinOther(place, 'peerjs', ports.peerjs);
    const trystero = await joinOther(place, 'trystero', ports.trystero);
    // The first round meets cold caches everywhere.
    if (index === 0) continue;
    times.own.push(time);
    times.peerjs.push(peerjs);
    times.trystero.push(trystero);
    acknowledged.push(Math.max(...own.acknowledged));
  }
  const results = Object.fromEntries(
    contenders.map((name) => [
      name,
      { median: Math.round(median(times[name])), range: range(times[name]).map(Math.round) },
    ]),
  ) as Record<(typeof contenders)[number], { median: number; range: number[] }>;
  const ratios = {
    peerjs: round(results.own.median / results.peerjs.median, 2),
    trystero: round(results.own.median / results.trystero.median, 2),
  };
  const untilAcknowledged = Math.round(median(acknowledged));
  const reach: Reach[] = [
    { text: `at most ${WITHIN} times PeerJS, is ${ratios.peerjs}`, met: ratios.peerjs <= WITHIN },
  ];
  printTable(
    `from joining to the first picture at both ends, milliseconds (${ROUNDS} rounds)`,
    [
      ['', 'median', 'from', 'to', 'own is × of it'],
      ...contenders.map((name) => [
        name,
        results[name].median,
        ...results[name].range,
        name === 'own' ? '' : ratios[name],
      ]),
    ],
    reach,
  );
  console.log(`own: ${untilAcknowledged} ms of it until both acknowledgements were clicked`);
  await writeReport('join', {
    browser: place.browser,
    peers: ['peerjs', 'peer', '@trystero-p2p/nostr'],
    reach,
    results: { ...results, ratios, untilAcknowledged },
  });
} finally {
  relay.close();
  peerServer.close();
  await server.stop();
  await place.close();
}
// The timers of PeerJS's server never end.
process.exit();
