/** The CDN folder in a real page, from another path than the page's, with the hashes and the policy that the snippet prints. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'puppeteer-core';
import { createInvite } from '../../src/invite.ts';
import { de } from '../../src/locales/de.ts';
import type { RoomInterface, SessionState } from '../../src/room/room.ts';
import { snippet } from '../../src/server/snippet-command.ts';
import { until } from '../support/until.ts';
import { useBrowsers, useServer } from './fixtures.ts';
import { meet } from './meet.ts';
import { PATIENCE, POLLING, openWindow, type Person, type Seen } from './stage.ts';

const BASE = '/deep/parts/';
/** Bytes, gzipped, that the first view loads at most, with the worker that is tried before the notice. */
const FIRST_VIEW = 52_500;
const site = mkdtempSync(join(tmpdir(), 'consult-room-cdn-'));

/** Of a room whose paths always lead over a relay, so that its question is asked at once. Nobody says yes: the relay need not be there. */
function configuration(): string {
  const file = join(mkdtempSync(join(site, 'hidden-')), 'config.json');
  const demo = JSON.parse(readFileSync('demo/config.json', 'utf8')) as { servers: { role: string }[] };
  const relay = {
    role: 'relay',
    urls: ['turn:127.0.0.1:3478?transport=udp'],
    addresses: ['127.0.0.1'],
    secret: 'a secret of sixteen',
    operator: 'Relay',
    country: 'DE',
  };
  const servers = [...demo.servers.filter(({ role }) => role === 'signaling'), relay];
  writeFileSync(file, JSON.stringify({ ...demo, policy: 'gewaltschutz', servers }));
  return file;
}

/** File names of scripts that a page has loaded from the folder. */
const scriptsOf = ({ page }: Person): Promise<readonly string[]> =>
  page.evaluate(
    (base) =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.includes(base))
        .map(({ name }) => name.slice(name.lastIndexOf('/') + 1)),
    BASE,
  );

/** Parts with what a call of two that nothing disturbs never runs. */
const UNNEEDED = ['rare-part-', 'trouble-part-', 'late-part-'];

/** Opens a page that gets the parts with these names only once `withheld` is empty. */
async function openWithout(browser: Browser, url: string, withheld: string[]): Promise<Person> {
  const person = await openWindow(browser, 'about:blank');
  await person.page.setRequestInterception(true);
  person.page.on('request', (request) => {
    const isWithheld = withheld.some((name) => request.url().includes(`${BASE}${name}`));
    void (isWithheld ? request.abort() : request.continue());
  });
  await person.page.goto(url);
  return person;
}

describe('the CDN folder', () => {
  const browsers = useBrowsers();
  const server = useServer({ flags: ['--static', site] });
  const hidden = useServer({ flags: ['--static', site], env: { CONSULT_ROOM_CONFIG: configuration() } });
  after(() => rmSync(site, { recursive: true }));
  const links = async (at = server) => {
    cpSync('dist/cdn', join(site, BASE), { recursive: true });
    const { html, policy } = await snippet(['--base', BASE], {});
    // The header of the server comes on top; frame-ancestors is known to headers only.
    const rules = policy
      .replace(/frame-ancestors [^;]*; /u, '')
      .replace("connect-src 'self'", "connect-src 'self' ws:");
    writeFileSync(
      join(site, 'room.html'),
      `<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Raum</title>
      <meta http-equiv="Content-Security-Policy" content="${rules}"></head><body>${html}</body></html>`,
    );
    return createInvite({ base: new URL('room.html', at.address) });
  };

  it('shows the first view with the entry alone, and says what is missing when the rest does not load', async () => {
    const { guestLink } = await links();
    const guest = await openWindow(browsers.chromium, 'about:blank');
    const loaded: string[] = [];
    let isCut = true;
    await guest.page.setRequestInterception(true);
    guest.page.on('request', (request) => {
      const isLate = /\/(?:later-elements|session-part)-/u.test(request.url());
      void (isLate && isCut ? request.abort() : request.continue());
      if (!isLate && request.url().includes(BASE)) loaded.push(new URL(request.url()).pathname);
    });
    await guest.page.goto(guestLink);
    await guest.seePhase('notice');
    await guest.click('accept-button');
    await guest.see(() => document.querySelector('consult-room')?.shadowRoot?.querySelector('[role="alert"]') ?? null);
    assert.deepEqual((await guest.seen()).errors, ['part-unavailable']);
    const bytes = loaded.map((file) => gzipSync(readFileSync(join(site, file))).length);
    const sum = bytes.reduce((one, other) => one + other, 0);
    assert.ok(bytes.length > 0 && sum < FIRST_VIEW, `${String(sum)} bytes: ${loaded.join()}`);
    const onTheWay = await guest.page.evaluate(
      (base) =>
        (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
          .filter(({ name }) => name.includes(base))
          .reduce((all, { encodedBodySize }) => all + encodedBodySize, 0),
      BASE,
    );
    assert.ok(onTheWay > 1000 && onTheWay < sum, `${String(onTheWay)} bytes on the way`);
    isCut = false;
    await guest.click('reload-button');
    await guest.seePhase('devices');
    await guest.find('continue-button');
    await guest.page.close();
  });

  for (const name of ['chromium', 'firefox'] as const)
    it(`says what is missing when an element that few rooms show is not the one of the snippet, and shows that as soon as it comes, in ${name}`, async () => {
      await links();
      const part = readdirSync('dist/cdn').find((file) => /^rare-part-[\w-]+\.js$/u.test(file)) ?? '';
      for (const ending of ['.br', '.gz']) rmSync(join(site, BASE, part + ending));
      writeFileSync(join(site, BASE, part), 'globalThis.foreign = true; export const t = {};');
      const guest = await openWindow(browsers[name], 'about:blank');
      const asked: string[] = [];
      guest.page.on('request', (request) => {
        const [, query] = request.url().split(part);
        if (query !== undefined) asked.push(query);
      });
      await guest.page.goto(new URL('room.html', server.address).href);
      await guest.seePhase('failed');
      await guest.see(() => document.querySelector('consult-room')?.shadowRoot?.querySelector('.missing') ?? null);
      assert.deepEqual((await guest.seen()).errors, ['invite-missing', 'part-unavailable']);
      // Firefox remembers an address that failed, so the second one is another. What that gave was refused too: it was asked for again.
      await until(
        () => asked.length,
        (count) => count >= 3,
        'the third request',
      );
      cpSync(join('dist/cdn', part), join(site, BASE, part));
      await guest.find('code-input');
      await guest.see(() => document.querySelector('consult-room')?.shadowRoot?.querySelector('.missing') === null);
      assert.deepEqual(asked.slice(0, 3), ['', '?1', '?2']);
      assert.equal(await guest.page.evaluate(() => 'foreign' in globalThis), false);
      await guest.page.close();
    });

  for (const name of ['chromium', 'firefox'] as const)
    it(`holds a call under the policy of the snippet, with the frame worker beside it, in ${name}`, async () => {
      const { hostLink, guestLink } = await links();
      const withheld = [...UNNEEDED];
      const [host, guest] = await Promise.all([
        // A call of two does without all of these. Firefox remembers a part that did not load.
        name === 'chromium' ? openWithout(browsers[name], hostLink, withheld) : openWindow(browsers[name], hostLink),
        openWindow(browsers[name], guestLink),
      ]);
      await meet(host, guest);
      await guest.seeFrames();
      await host.seeFrames();
      const scripts = await scriptsOf(guest);
      assert.ok(scripts.some((file) => file.startsWith('session-part-')));
      assert.deepEqual(
        scripts.filter((file) => /^(?:en-|notice\.en-|adapter_core|consult-room\.all|create-frame-worker)/u.test(file)),
        [],
      );
      assert.deepEqual(
        scripts.filter((file) => !readdirSync('dist/cdn').includes(file)),
        [],
      );
      // What a call may never show or say has been fetched, has not run, and opens when the server is gone.
      for (const part of UNNEEDED)
        await guest.page.waitForFunction(
          (name) => performance.getEntriesByType('resource').some((one) => one.name.includes(name)),
          { timeout: PATIENCE, polling: POLLING },
          `${BASE}${part}`,
        );
      for (const { page } of [host, guest])
        assert.equal(await page.evaluate(() => customElements.get('room-chat') === undefined), true);
      if (name === 'chromium') {
        // Pressed too early: said, and opened as soon as it is there.
        await host.click('chat-button');
        await host.see(() => document.querySelector('consult-room')?.shadowRoot?.querySelector('.missing') ?? null);
        withheld.length = 0;
        await host.find('send-button');
      }
      // What a session shows where something is out of the ordinary is there as well.
      await host.page.evaluate(() => {
        const { room } = document.querySelector('consult-room') as unknown as { room: RoomInterface };
        const { participants } = room.state as SessionState;
        for (const { id } of participants) room.handOver(id);
      });
      await guest.click('not-lead-button');
      await guest.click('more-button');
      await guest.click('pause-button');
      rmSync(join(site, BASE), { recursive: true });
      await guest.click('resume-button');
      await guest.seePhase('active');
      await guest.click('chat-button');
      await guest.find('send-button');
      await host.leave();
      await guest.leave();
    });

  it('[R8] [R9] says what is missing while the question about a relay does not load, then asks it, and keeps to a no', async () => {
    const { hostLink, guestLink } = await links(hidden);
    const withheld = ['late-part-'];
    const [host, guest] = await Promise.all([
      openWindow(browsers.chromium, hostLink),
      openWithout(browsers.chromium, guestLink, withheld),
    ]);
    await Promise.all([host.arrive({ name: 'Frau Berger' }), guest.arrive({ name: 'Mia' })]);
    await host.click('admit-button');
    await host.click('accept-button');
    await guest.page.waitForFunction(
      () => (window as unknown as { seen: Seen }).seen.errors.includes('part-unavailable'),
      { timeout: PATIENCE, polling: POLLING },
    );
    const servers = await guest.page.evaluate(() =>
      (window as unknown as { seen: Seen }).seen.peers.flatMap((peer) => peer.getConfiguration().iceServers ?? []),
    );
    assert.deepEqual(servers, []);
    withheld.pop();
    await guest.click('decline-button');
    for (const { page } of [host, guest])
      await page.waitForFunction(
        (heading) => document.querySelector('consult-room')?.shadowRoot?.querySelector('h2')?.textContent === heading,
        { timeout: PATIENCE, polling: POLLING },
        de['consult-room.without.heading.ever'],
      );
    await host.leave();
    await guest.leave();
  });

  describe('on another origin than the page', () => {
    const other = createServer((request, response) => {
      const file = new URL(request.url ?? '', 'http://folder').pathname.slice(1);
      const isThere = readdirSync('dist/cdn').includes(file);
      response.writeHead(isThere ? 200 : 404, {
        'Access-Control-Allow-Origin': '*',
        'Content-Type': 'text/javascript',
      });
      response.end(isThere ? readFileSync(join('dist/cdn', file)) : '');
    });
    before(() => new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve)));
    after(() => {
      other.closeAllConnections();
      other.close();
    });

    it('starts the frame worker from a part of its own, since browsers start none from another origin', async () => {
      const folder = `http://127.0.0.1:${String((other.address() as AddressInfo).port)}/`;
      writeFileSync(
        join(site, 'room.html'),
        `<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Raum</title>
        <script type="module" src="${folder}consult-room.js"></script></head><body><consult-room></consult-room></body></html>`,
      );
      const { guestLink } = await createInvite({ base: new URL('room.html', server.address) });
      const guest = await openWindow(browsers.chromium, 'about:blank');
      // The header of this server allows scripts of its own origin only.
      await guest.page.setBypassCSP(true);
      const loaded: string[] = [];
      guest.page.on('request', (request) => loaded.push(request.url().replace(folder, '')));
      await guest.page.goto(guestLink);
      await guest.seePhase('notice');
      assert.ok(loaded.some((file) => file.startsWith('create-frame-worker.inline-')));
      assert.ok(!loaded.includes('frame-worker.js'));
      await guest.page.close();
    });
  });
});
