/** [R3] [R5] Invariant 6: what a session leaves in a browser after its end, after a crash, and after a crash that was long ago. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { acknowledge, meet } from './meet.ts';
import { launch, makeRoom, openWindow, startServer, type Person, type Server } from './stage.ts';

/** Everything in which a page can keep something. */
const kept = (person: Person) =>
  person.page.evaluate(async () => {
    const files: string[] = [];
    const root = await navigator.storage.getDirectory();
    for await (const name of (root as unknown as { keys(): AsyncIterable<string> }).keys()) files.push(name);
    return {
      session: { ...sessionStorage },
      local: { ...localStorage },
      databases: (await indexedDB.databases()).map(({ name }) => name),
      caches: await caches.keys(),
      workers: (await navigator.serviceWorker.getRegistrations()).length,
      files,
      cookies: document.cookie,
      address: location.href,
      state: history.state as unknown,
      windowName: window.name,
      clipboard: await navigator.clipboard.readText(),
    };
  });

const NOTHING = {
  session: {},
  local: {},
  databases: [],
  caches: [],
  workers: 0,
  files: [],
  cookies: '',
  state: null,
  windowName: '',
  clipboard: '',
};

/** The process behind the page dies. */
async function crash(person: Person): Promise<void> {
  const died = new Promise((resolve) => person.page.once('error', resolve));
  const session = await person.page.createCDPSession();
  void session.send('Page.crash').catch(() => undefined);
  await died;
}

describe('[R3] [R5] a browser after a session', () => {
  let chromium: Browser;
  let server: Server;
  let host: Person;
  let guest: Person;
  let title = '';

  const address = (): string => new URL('room.html', server.address).href;

  before(async () => {
    server = await startServer();
    chromium = await launch('chromium');
    const links = await makeRoom(chromium, server.address);
    host = await openWindow(chromium, links.host);
    guest = await openWindow(chromium, links.guest);
    await guest.page
      .browserContext()
      .overridePermissions(new URL(server.address).origin, ['clipboard-read', 'camera', 'microphone']);
    title = await guest.page.title();
    await meet(host, guest);
    await Promise.all([host.seeFrames(), guest.seeFrames()]);
  });

  after(async () => {
    await chromium.close();
    await server.stop();
  });

  it('while it runs: one record for a reload, in this tab only, and an address without the invite', async () => {
    const { session, ...rest } = await kept(guest);
    assert.deepEqual(Object.keys(session), ['consult-room']);
    assert.deepEqual(rest, { ...withoutSession(), address: address() });
    assert.equal(await guest.page.title(), title);
  });

  it('a crash: whoever comes back soon goes on, as after a reload', async () => {
    await crash(guest);
    await guest.page.reload();
    await acknowledge(host, guest);
    await Promise.all([host.seeFrames(), guest.seeFrames()]);
  });

  it('a crash, and later somebody else at the same computer: the record is deleted unread, and nothing is shown', async () => {
    await crash(guest);
    await guest.page.evaluateOnNewDocument(() => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + 10 * 60_000;
    });
    await guest.page.reload();
    await guest.seePhase('failed');
    assert.deepEqual((await guest.seen()).errors, ['invite-missing']);
    assert.deepEqual(await kept(guest), { ...NOTHING, address: address() });
    const shown = await guest.page.evaluate(
      () => document.querySelector('consult-room')?.shadowRoot?.textContent ?? '',
    );
    assert.doesNotMatch(shown, /Sonnenschein|Berger|Schwester/u);
  });

  it('after leaving: nothing', async () => {
    await host.page
      .browserContext()
      .overridePermissions(new URL(server.address).origin, ['clipboard-read', 'camera', 'microphone']);
    assert.notDeepEqual((await kept(host)).session, {});
    await host.click('leave-button');
    await host.seePhase('ended');
    assert.deepEqual(await kept(host), { ...NOTHING, address: address() });
    assert.equal(await host.page.title(), title);
  });
});

function withoutSession(): Omit<typeof NOTHING, 'session'> {
  const { session: _session, ...rest } = NOTHING;
  return rest;
}
