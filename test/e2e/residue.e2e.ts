/**
 * [R3] [R5] What a session leaves behind in a browser: nothing when it has ended. While it runs, and for the grace time after a page
 * died, one record in the tab's own `sessionStorage`, so that a reload comes back (protocol.md §9).
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import type { BrowserName } from '../support/browsers.ts';
import { launch } from '../support/shared-browsers.ts';
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

/** A whole conversation. @returns everything of it that nobody else is to find, by what it is */
async function converse(host: Person, guest: Person, invite: string): Promise<Readonly<Record<string, string>>> {
  await host.arrive({ name: HOST });
  await guest.arrive({ name: GUEST, occupants: SISTER });
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
  await person.page.evaluate(() => {
    const [chat] = document.querySelector('consult-room')?.shadowRoot?.querySelectorAll('.panels button') ?? [];
    (chat as HTMLElement).click();
  });
  await person.type('chat-input', text);
  await person.page.keyboard.press('Enter');
}

/** What of the conversation can be found in a text. */
const foundIn = (text: string, secrets: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(secrets).flatMap(([what, words]) => (text.includes(words) ? [what] : []));

async function assertNothingLeft(people: readonly Person[], secrets: Readonly<Record<string, string>>): Promise<void> {
  for (const person of people) {
    assert.deepEqual(await leavings(person), NOTHING);
    assert.deepEqual(foundIn(await legible(person), secrets), []);
  }
}

/** The one record, as it stands in the storage of the tab. */
const record = (person: Person): Promise<Readonly<Record<string, unknown>>> =>
  person.page.evaluate(() => JSON.parse(sessionStorage.getItem('consult-room') ?? '{}') as Record<string, unknown>);

/** As if that much time had passed since the record was written. */
const age = (person: Person, seconds: number): Promise<void> =>
  person.page.evaluate((by) => {
    const { savedAt, ...rest } = JSON.parse(sessionStorage.getItem('consult-room') ?? '{}') as { savedAt: number };
    sessionStorage.setItem('consult-room', JSON.stringify({ ...rest, savedAt: savedAt - by * 1000 }));
  }, seconds);

describe('[R3] [R5] no residue', () => {
  const server = useServer();
  const browsers = useBrowsers();

  /** A host and a guest in a conversation. */
  async function open(own: BrowserName) {
    const [other] = NAMES.filter((name) => name !== own);
    const links = await makeRoom(browsers.chromium, server.address);
    const host = await openWindow(browsers[other!], links.host, { before: watchLeavings });
    const guest = await openWindow(browsers[own], links.guest, { before: watchLeavings });
    return { host, guest, secrets: await converse(host, guest, links.guest) };
  }

  for (const own of NAMES) {
    it(`is found in ${own} where something is left`, async () => {
      const page = await openWindow(browsers[own], new URL('room.html', server.address).href, {
        before: watchLeavings,
      });
      await page.seePhase('failed');
      assert.deepEqual(await leavings(page), NOTHING);
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

    it(`of a guest in ${own} and a host who leave one after the other, and save their receipts`, async () => {
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
      await press(guest, 'Belege speichern');
      const { saved, ...rest } = await until(
        () => leavings(guest),
        ({ urls }) => urls.length === 0,
        'the file is given back',
      );
      assert.equal(saved.length, 1);
      assert.deepEqual({ ...rest, saved: [] }, NOTHING);
      for (const person of [host, guest]) await person.leave();
    });

    it(`of a guest in ${own} whose host ends it for both`, async () => {
      const { host, guest, secrets } = await open(own);
      await host.click('leave-button');
      await Promise.all([host.seePhase('ended'), guest.seePhase('ended')]);
      await assertNothingLeft([host, guest], secrets);
      for (const person of [host, guest]) await person.leave();
    });

    it(`but one record in ${own} while it runs, which a reload takes up and leaving takes away`, async () => {
      const { host, guest, secrets } = await open(own);
      const { graceSeconds } = await state<{ graceSeconds: number }>(guest, 'policy');
      const kept = await record(guest);
      assert.deepEqual(
        Object.keys(kept).sort(),
        'admitted choice consent invite name people receipts rules savedAt shown'.split(' '),
      );
      const ours = ['the guest', 'who is in the room', 'the invite'];
      assert.deepEqual(foundIn(JSON.stringify(kept), secrets), ours, 'nothing of anybody else');
      await age(guest, graceSeconds - 30);
      await guest.page.reload();
      await acknowledge(host, guest);
      assert.deepEqual(await leavings(guest), { ...NOTHING, session: ['consult-room'] });
      // What was said is in nobody's memory but the other's.
      assert.deepEqual(await state(guest, 'chat'), []);
      await guest.click('leave-button');
      await guest.seePhase('ended');
      await assertNothingLeft([guest], secrets);
      for (const person of [host, guest]) await person.leave();
    });

    it(`in ${own} when the page comes back after the grace time: the record goes unread`, async () => {
      const { host, guest, secrets } = await open(own);
      const { graceSeconds } = await state<{ graceSeconds: number }>(guest, 'policy');
      await age(guest, graceSeconds + 1);
      await guest.page.reload();
      await guest.seePhase('failed');
      assert.deepEqual((await guest.seen()).errors, ['invite-missing']);
      await assertNothingLeft([guest], secrets);
      for (const person of [host, guest]) await person.leave();
    });

    it(`of an earlier conversation in ${own} as soon as another link is opened in its tab`, async () => {
      const { host, guest, secrets } = await open(own);
      const { guest: link } = await makeRoom(browsers.chromium, server.address);
      // By way of another page of the site: the tab keeps what it has.
      await guest.page.goto(server.address);
      assert.deepEqual((await leavings(guest)).session, ['consult-room']);
      await guest.page.goto(link);
      await guest.seePhase('notice');
      const { entries: _entries, ...rest } = await leavings(guest);
      assert.deepEqual({ ...rest, entries: 0 }, NOTHING);
      assert.deepEqual(foundIn(await legible(guest), secrets), []);
      for (const person of [host, guest]) await person.leave();
    });

    it(`in the profile of ${own} after it was killed, when it is opened again`, async (t) => {
      const profile = mkdtempSync(join(tmpdir(), 'consult-room-profile-'));
      t.after(() => rmSync(profile, { recursive: true, force: true }));
      const flag = own === 'chromium' ? [`--user-data-dir=${profile}`] : ['--profile', profile];
      const links = await makeRoom(browsers.chromium, server.address);
      const host = await openWindow(browsers.chromium, links.host);
      const browser = await launch(own, { args: flag });
      const guest = await openHere(browser, links.guest);
      const secrets = await converse(host, guest, links.guest);
      // The browser writes when it pleases: when it has written this, it has written what was stored before.
      const marker = randomUUID();
      await guest.page.evaluate((value) => localStorage.setItem('marker', value), marker);
      await until(
        async () => onDisk(profile).includes(marker),
        (written) => written,
        'what is stored is on the disk',
      );
      const process = browser.process()!;
      process.kill('SIGKILL');
      await once(process, 'exit');
      const { 'the host': theirs, 'what the guest wrote': line, 'what the host wrote': answer } = secrets;
      assert.deepEqual(foundIn(onDisk(profile), { theirs: theirs!, line: line!, answer: answer! }), []);

      const again = await launch(own, { args: flag });
      const page = await openHere(again, new URL('room.html', server.address).href);
      await reads(page, 'Einladung');
      // What this test has stored itself is there again, so anything else would be.
      assert.deepEqual(await leavings(page), { ...NOTHING, local: ['marker'] });
      assert.deepEqual(foundIn(await legible(page), secrets), []);
      await again.close();
      await host.leave();
    });
  }

  it('in another tab of Chromium after the page crashed; the tab itself comes back within the grace time', async () => {
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

/** A tab in the browser's own profile, as people have it. */
async function openHere(browser: Browser, url: string): Promise<Person> {
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(watchLeavings);
  await page.goto(url);
  return new Person(page);
}

/** Everything that a browser has written so far, as bytes and as the two-byte text that Chromium stores. */
function onDisk(folder: string): string {
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const path = join(folder, name);
    try {
      if (!statSync(path).isFile()) return [];
      const bytes = readFileSync(path);
      return [bytes.toString('utf8'), bytes.toString('utf16le'), bytes.subarray(1).toString('utf16le')];
    } catch {
      // A file that was there a moment ago.
      return [];
    }
  });
  return texts.join('\n');
}
