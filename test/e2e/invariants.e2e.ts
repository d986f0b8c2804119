/** Invariants of protocol.md that only a whole page in a real browser can prove. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CDPSession } from 'puppeteer-core';
import { useBrowsers, useServer } from './fixtures.ts';
import { meet } from './meet.ts';
import { makeRoom, openWindow, type Person } from './stage.ts';

/** In the page: records tracks, sockets and blocked requests from the first line on. */
function watch(): void {
  const watched = { tracks: [] as MediaStreamTrack[], sockets: [] as string[], refused: [] as string[] };
  Object.assign(window, { watched });
  // A request that the page's CSP blocks is not seen as one, but would leave a page without a CSP.
  document.addEventListener('securitypolicyviolation', ({ blockedURI }) => watched.refused.push(blockedURI));
  const { mediaDevices } = navigator;
  const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia(constraints);
    watched.tracks.push(...stream.getTracks());
    return stream;
  };
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      watched.sockets.push(String(url));
    }
  };
}

interface Watched {
  readonly tracks: readonly MediaStreamTrack[];
  readonly sockets: readonly string[];
  readonly refused: readonly string[];
}

/** What the page has left in the browser. */
const residue = (person: Person) =>
  person.page.evaluate(async () => ({
    session: { ...sessionStorage },
    local: { ...localStorage },
    databases: typeof indexedDB.databases === 'function' ? (await indexedDB.databases()).length : 0,
    caches: (await caches.keys()).length,
    cookies: document.cookie,
    hash: location.hash,
    title: document.title,
    live: (window as unknown as { watched: Watched }).watched.tracks.filter(({ readyState }) => readyState === 'live')
      .length,
    open: (window as unknown as { seen: { peers: RTCPeerConnection[] } }).seen.peers.filter(
      ({ signalingState }) => signalingState !== 'closed',
    ).length,
  }));

/** Everything that crosses a page's WebSockets, in both directions. */
async function tap(person: Person): Promise<{ readonly frames: string[]; readonly session: CDPSession }> {
  const session = await person.page.createCDPSession();
  const frames: string[] = [];
  await session.send('Network.enable');
  session.on('Network.webSocketFrameSent', ({ response }) => frames.push(response.payloadData));
  session.on('Network.webSocketFrameReceived', ({ response }) => frames.push(response.payloadData));
  return { frames, session };
}

/** A text, and each base64url part of it decoded. */
function spellings(frame: string): string {
  const inner = [...frame.matchAll(/[A-Za-z0-9_-]{16,}/gu)].map(([text]) =>
    Buffer.from(text, 'base64url').toString('latin1'),
  );
  return [frame, ...inner].join('\n');
}

describe('invariants', () => {
  const server = useServer();
  const browsers = useBrowsers('chromium');

  it('[R1] 1: requests no more than the page’s own files before the notice is accepted', async () => {
    const { guest: link } = await makeRoom(server.address);
    const page = await (await browsers.chromium.createBrowserContext()).newPage();
    await page.close();
    const guest = await openWindow(browsers.chromium, 'about:blank', { before: watch });
    const requests: { url: string; type: string }[] = [];
    guest.page.on('request', (request) => requests.push({ url: request.url(), type: request.resourceType() }));
    await guest.page.goto(link);
    await guest.seePhase('notice');
    await guest.find('accept-button');
    const origin = new URL(server.address).origin;
    const files = new Set(['document', 'script', 'stylesheet', 'image', 'font', 'other', 'manifest']);
    for (const { url, type } of requests) {
      assert.equal(new URL(url).origin, origin, url);
      assert.ok(files.has(type) || new URL(url).pathname === '/config', `${type} ${url}`);
    }
    const seen = await guest.seen();
    assert.equal(seen.captures, 0);
    assert.equal(seen.peers, 0);
    assert.deepEqual(await guest.page.evaluate(() => (window as unknown as { watched: Watched }).watched.sockets), []);
    await guest.leave();
  });

  it('[R5] removes the invite from the address bar, and leaves nothing when the notice is declined', async () => {
    const { guest: link } = await makeRoom(server.address);
    const guest = await openWindow(browsers.chromium, link, { before: watch });
    await guest.seePhase('notice');
    assert.equal(await guest.page.evaluate(() => location.href), new URL('room.html', server.address).href);
    await guest.click('decline-button');
    await guest.seePhase('ended');
    const left = await residue(guest);
    assert.deepEqual(
      [left.session, left.local, left.databases, left.caches, left.cookies, left.hash],
      [{}, {}, 0, 0, '', ''],
    );
    assert.equal((await guest.seen()).captures, 0);
    await guest.leave();
  });

  it('[R3] [R4] [R11] 5, 6, 7: shows the server no plain text, asks no third party, leaves nothing', async () => {
    const links = await makeRoom(server.address);
    const [host, guest] = await Promise.all([
      openWindow(browsers.chromium, 'about:blank', { before: watch }),
      openWindow(browsers.chromium, 'about:blank', { before: watch }),
    ]);
    const requests: string[] = [];
    const tapped = [];
    for (const person of [host, guest]) {
      person.page.on('request', (request) => requests.push(request.url()));
      tapped.push(await tap(person));
    }
    await host.page.goto(links.host);
    await guest.page.goto(links.guest);
    await meet(host, guest);
    await Promise.all([host.seeFrames(20), guest.seeFrames(20)]);

    const origin = new URL(server.address).origin;
    for (const url of requests)
      assert.ok(
        url.startsWith(origin) || url.startsWith('blob:') || url.startsWith('data:') || url === 'about:blank',
        url,
      );
    for (const person of [host, guest]) {
      const sockets = await person.page.evaluate(() => (window as unknown as { watched: Watched }).watched.sockets);
      assert.ok(sockets.length > 0);
      for (const url of sockets) assert.equal(new URL(url).host, new URL(origin).host);
      assert.deepEqual(
        await person.page.evaluate(() => (window as unknown as { watched: Watched }).watched.refused),
        [],
      );
    }

    const crossed = tapped
      .flatMap(({ frames }) => frames)
      .map(spellings)
      .join('\n');
    assert.ok(crossed.length > 10_000, 'the tap saw the signalling');
    // Long enough not to occur in random bytes or their base64url by chance.
    for (const secret of [
      'Sonnenschein',
      'Frau Berger',
      'Schwester',
      'v=0\r\n',
      'candidate:',
      'fingerprint',
      'a=mid:0',
      'declaration',
      'acknowledgement',
    ])
      assert.ok(!crossed.includes(secret), `"${secret}" crossed the server in clear`);

    assert.notDeepEqual((await residue(guest)).session, {}, 'a running session keeps a record for a reload');
    await guest.click('leave-button');
    await guest.seePhase('ended');
    await guest.see(() =>
      (window as unknown as { seen: { peers: RTCPeerConnection[] } }).seen.peers.every(
        ({ signalingState }) => signalingState === 'closed',
      ),
    );
    const left = await residue(guest);
    assert.deepEqual(left, {
      session: {},
      local: {},
      databases: 0,
      caches: 0,
      cookies: '',
      hash: '',
      title: left.title,
      live: 0,
      open: 0,
    });
    await host.leave();
    await guest.leave();
  });
});
