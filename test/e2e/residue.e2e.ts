/**
 * [R3] [R5] A session leaves nothing in the browser after its end. While it runs, and for the grace time after a page
 * died, it keeps one record in the tab's own `sessionStorage`, so that a reload rejoins (protocol.md §9).
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import type { BrowserName } from '../support/browsers.ts';
import { launch } from '../support/shared-browsers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from '../support/until.ts';
import { useBrowsers, useServer } from './fixtures.ts';
import { leaveEverything, leavings, legible, NOTHING, watchLeavings } from './leavings.ts';
import { acknowledge } from './meet.ts';
import { press, reads, state } from './reading.ts';
import { makeRoom, openWindow, Person } from './stage.ts';

const HOST = 'Frau Wintergerst';
const GUEST = 'Mia Sonnenschein';
const SISTER = 'meine Zwillingsschwester';
const LINES = ['Heute habe ich wieder nichts gegessen', 'Danke, dass Sie das erzählen'] as const;

const NAMES: readonly BrowserName[] = ['chromium', 'firefox'];

/** Holds a whole conversation. @returns its secrets by name */
async function converse(host: Person, guest: Person, invite: string): Promise<Readonly<Record<string, string>>> {
  await Promise.all([host.arrive({ name: HOST }), guest.arrive({ name: GUEST, occupants: SISTER })]);
  await host.click('admit-button');
  await acknowledge(host, guest);
  await say(guest, LINES[0]);
  await say(host, LINES[1]);
  for (const person of [host, guest])
    await until(
      () => state<readonly object[]>(person, 'chat'),
      (chat) => chat.length === 2,
      'both lines came',
    );
  const { safetyCode } = await state<{ safetyCode: readonly string[] }>(host, 'encryption');
  return {
    'the host': HOST,
    'the guest': GUEST,
    'who is in the room': SISTER,
    'what the guest wrote': LINES[0],
    'what the host wrote': LINES[1],
    'the safety code': safetyCode[0]!,
    'the invite': new URL(invite).hash.slice('#consult='.length),
  };
}

/** Opens the chat and writes a line. */
async function say(person: Person, text: string): Promise<void> {
  await person.click('chat-button');
  await person.type('chat-input', text);
  await person.page.keyboard.press('Enter');
}

/** Names of the secrets that a text contains. */
const foundIn = (text: string, secrets: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(secrets).flatMap(([what, words]) => (text.includes(words) ? [what] : []));

/** What is left once every address of a blob was given back: a worker that was tried while the page opened outlives a room that failed. */
const leftBehind = (person: Person): ReturnType<typeof leavings> =>
  until(
    () => leavings(person),
    ({ urls }) => urls.length === 0,
    'every address of a blob to be given back',
  );

async function assertNothingLeft(people: readonly Person[], secrets: Readonly<Record<string, string>>): Promise<void> {
  for (const person of people) {
    assert.deepEqual(await leftBehind(person), NOTHING);
    assert.deepEqual(foundIn(await legible(person), secrets), []);
  }
}

/** The reload record in the tab's storage. */
const record = (person: Person): Promise<Readonly<Record<string, unknown>>> =>
  person.page.evaluate(() => JSON.parse(sessionStorage.getItem('consult-room') ?? '{}') as Record<string, unknown>);

/** Leaves the room's page and returns to it this many seconds later, as the reload record tells. */
async function returnAfter(person: Person, seconds: number): Promise<void> {
  const room = person.page.url();
  // Another page of the site: the tab keeps its storage, and the room's page no longer renews the record.
  await replaceBy(person, new URL('/', room).href);
  await person.page.evaluate((by) => {
    const { savedAt, ...rest } = JSON.parse(sessionStorage.getItem('consult-room') ?? '{}') as { savedAt: number };
    sessionStorage.setItem('consult-room', JSON.stringify({ ...rest, savedAt: savedAt - by * 1000 }));
  }, seconds);
  await replaceBy(person, room);
}

/** Opens another page in the tab without an entry in its history. */
async function replaceBy(person: Person, address: string): Promise<void> {
  const opened = person.page.waitForNavigation();
  await person.page.evaluate((to) => void setTimeout(() => location.replace(to)), address);
  await opened;
}

describe('[R3] [R5] the residue of a session', () => {
  const server = useServer();
  const browsers = useBrowsers();

  /** Opens a call between a host and a guest. */
  async function open(own: BrowserName) {
    const [other] = NAMES.filter((name) => name !== own);
    const links = await makeRoom(server.address);
    const [host, guest] = await Promise.all([
      openWindow(browsers[other!], links.host, { before: watchLeavings }),
      openWindow(browsers[own], links.guest, { before: watchLeavings }),
    ]);
    return { host, guest, secrets: await converse(host, guest, links.guest) };
  }

  for (const own of NAMES) {
    it(`is detected in ${own} when something is left`, async () => {
      const page = await openWindow(browsers[own], new URL('room.html', server.address).href, {
        before: watchLeavings,
      });
      await page.seePhase('failed');
      assert.deepEqual(await leftBehind(page), NOTHING);
      await leaveEverything(page);
      const kept = await leavings(page);
      const missed = Object.entries(NOTHING).filter(
        ([what, nothing]) => JSON.stringify(kept[what as keyof typeof kept]) === JSON.stringify(nothing),
      );
      // A worker would need a file of its own; not every browser tells of all entries.
      assert.deepEqual(
        missed.filter(([what]) => !['workers', 'fragments'].includes(what)),
        [],
      );
      await page.leave();
    });

    it(`is nothing when a guest in ${own} and the host leave one after the other and save their receipts`, async () => {
      const { host, guest, secrets } = await open(own);
      // What is looked for can be found: while they talk it is all there.
      assert.deepEqual(
        foundIn((await legible(guest)) + JSON.stringify(await record(guest)), secrets),
        Object.keys(secrets),
      );
      assert.deepEqual((await leavings(guest)).session, ['consult-room']);
      await guest.click('leave-button');
      await guest.seePhase('ended');
      await host.seePhase('waiting');
      await host.click('leave-button');
      await host.seePhase('ended');
      await assertNothingLeft([host, guest], secrets);
      await guest.unfoldReceipts();
      await press(guest, 'Belege speichern');
      const { saved, ...rest } = await leftBehind(guest);
      assert.equal(saved.length, 1);
      assert.deepEqual({ ...rest, saved: [] }, NOTHING);
      for (const person of [host, guest]) await person.leave();
    });

    it(`is nothing for a guest in ${own} when the host ends it for both`, async () => {
      const { host, guest, secrets } = await open(own);
      await host.click('leave-button');
      await Promise.all([host.seePhase('ended'), guest.seePhase('ended')]);
      await assertNothingLeft([host, guest], secrets);
      for (const person of [host, guest]) await person.leave();
    });

    it(`is one record in ${own} while it runs, which a reload reads and leaving deletes`, async () => {
      const { host, guest, secrets } = await open(own);
      const { graceSeconds } = await state<{ graceSeconds: number }>(guest, 'policy');
      const kept = await record(guest);
      assert.deepEqual(
        Object.keys(kept).sort(),
        'admitted choice code consent invite lead name people receipts room rules savedAt shown tab'.split(' '),
      );
      assert.equal(kept['room'], null, 'the host alone keeps who was in the room');
      assert.equal(kept['code'], null, 'the host alone counts wrong codes');
      assert.equal(kept['lead'], null, 'a guest who does not lead keeps no key for it');
      const ours = ['the guest', 'who is in the room', 'the invite'];
      assert.deepEqual(foundIn(JSON.stringify(kept), secrets), ours, 'nothing of other participants');
      await returnAfter(guest, graceSeconds - 30);
      await acknowledge(host, guest);
      assert.deepEqual(await leavings(guest), { ...NOTHING, session: ['consult-room'] });
      // The chat is in the other participant's memory only.
      assert.deepEqual(await state(guest, 'chat'), []);
      await guest.click('leave-button');
      await guest.seePhase('ended');
      await assertNothingLeft([guest], secrets);
      for (const person of [host, guest]) await person.leave();
    });

    it(`is deleted unread in ${own} when the page returns after the grace time`, async () => {
      const { host, guest, secrets } = await open(own);
      const { graceSeconds } = await state<{ graceSeconds: number }>(guest, 'policy');
      await returnAfter(guest, graceSeconds + 1);
      await guest.seePhase('failed');
      assert.deepEqual((await guest.seen()).errors, ['invite-missing']);
      await assertNothingLeft([guest], secrets);
      for (const person of [host, guest]) await person.leave();
    });

    it(`is deleted in ${own} when another link opens in the tab`, async () => {
      const { host, guest, secrets } = await open(own);
      const { guest: link } = await makeRoom(server.address);
      // Through another page of the site: the tab keeps its storage.
      await guest.page.goto(server.address);
      assert.deepEqual((await leavings(guest)).session, ['consult-room']);
      await guest.page.goto(link);
      await guest.seePhase('notice');
      const { entries: _entries, ...rest } = await leavings(guest);
      assert.deepEqual({ ...rest, entries: 0 }, NOTHING);
      assert.deepEqual(foundIn(await legible(guest), secrets), []);
      for (const person of [host, guest]) await person.leave();
    });

    it(`is nothing in the profile of ${own} when the browser was killed and starts again`, async (t) => {
      const profile = temporaryFolder('profile');
      const flag = own === 'chromium' ? [`--user-data-dir=${profile}`] : ['--profile', profile];
      const links = await makeRoom(server.address);
      const host = await openWindow(browsers.chromium, links.host);
      // A browser that is killed leaves its socket where temporary files are.
      const env = { ...process.env, TMPDIR: temporaryFolder('browser') };
      const started = async (): Promise<Browser> => {
        const browser = await launch(own, { args: flag, env });
        t.after(() => browser.process()?.kill('SIGKILL'));
        return browser;
      };
      const browser = await started();
      const guest = await openHere(browser, links.guest);
      const secrets = await converse(host, guest, links.guest);
      // Browsers write to disk with delay: once the marker is on disk, earlier entries are as well.
      const marker = randomUUID();
      await guest.page.evaluate((value) => localStorage.setItem('marker', value), marker);
      await until(
        () => onDisk(profile, { marker }),
        (found) => found.length === 1,
        'the marker on disk',
      );
      const running = browser.process()!;
      running.kill('SIGKILL');
      await once(running, 'exit');
      const { 'the host': theirs, 'what the guest wrote': line, 'what the host wrote': answer } = secrets;
      assert.deepEqual(onDisk(profile, { theirs: theirs!, line: line!, answer: answer! }), []);

      const again = await started();
      const page = await openHere(again, new URL('room.html', server.address).href);
      await reads(page, 'Einladung');
      // The marker of this test is there again, so anything else would be.
      assert.deepEqual(await leftBehind(page), { ...NOTHING, local: ['marker'] });
      assert.deepEqual(foundIn(await legible(page), secrets), []);
      await again.close();
      await host.leave();
    });
  }

  it('is out of reach of other tabs when the page crashed, while the tab itself can rejoin', async () => {
    const { host, guest, secrets } = await open('chromium');
    const { page } = guest;
    const crashed = new Promise((resolve) => page.once('error', resolve));
    const session = await page.createCDPSession();
    session.send('Page.crash').catch(() => undefined);
    await crashed;
    const beside = new Person(await page.browserContext().newPage());
    await beside.page.evaluateOnNewDocument(watchLeavings);
    await beside.page.goto(new URL('room.html', server.address).href);
    await beside.seePhase('failed');
    await assertNothingLeft([beside], secrets);
    await page.reload();
    await acknowledge(host, guest);
    assert.deepEqual((await leavings(guest)).session, ['consult-room']);
    await guest.click('leave-button');
    await guest.seePhase('ended');
    await assertNothingLeft([guest, beside], secrets);
    for (const person of [host, guest]) await person.leave();
  });
});

/** A tab in the browser's default profile. */
async function openHere(browser: Browser, url: string): Promise<Person> {
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(watchLeavings);
  await page.goto(url);
  return new Person(page);
}

/** Which of these secrets stand in a file of the profile, as UTF-8 or as the UTF-16 that Chromium stores. */
function onDisk(folder: string, secrets: Readonly<Record<string, string>>): readonly string[] {
  // Compared as bytes: to decode every file of a profile, again and again until something is there, takes most of a test.
  const left = new Map(Object.entries(secrets).map(([what, words]) => [what, encoded(words)]));
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const bytes = contents(join(folder, name));
    for (const [what, forms] of left) if (forms.some((form) => bytes.includes(form))) left.delete(what);
  }
  return Object.keys(secrets).filter((what) => !left.has(what));
}

const encoded = (words: string): readonly Buffer[] => [Buffer.from(words, 'utf8'), Buffer.from(words, 'utf16le')];

/** Of a file; nothing where it is a folder, or was deleted meanwhile. */
function contents(path: string): Buffer {
  try {
    return statSync(path).isFile() ? readFileSync(path) : Buffer.alloc(0);
  } catch {
    return Buffer.alloc(0);
  }
}
