/**
 * [R16] Real session replay tools in the page of a room: the room does not open when it detects one; and if it did not
 * detect them, what they report would contain nothing of the conversation.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import type { BrowserContext, Page } from 'puppeteer-core';
import { createInvite } from '../../src/invite.ts';
import {
  buildUnsuspecting,
  installTools,
  LATE_WORDS,
  MARKS,
  openSite,
  OWN_WORDS,
  TOOLS,
  withOnly,
  type Site,
} from '../replay/site.ts';
import { until } from '../support/until.ts';
import { useBrowsers } from './fixtures.ts';
import { acknowledge, meet } from './meet.ts';
import { POLLING, PATIENCE, openWindow, Person, type Seen } from './stage.ts';

/** The private contents of the session. */
const SECRETS = {
  'the guest’s name': 'Mia Sonnenschein',
  'the host’s name': 'Frau Berger',
  'who is in the room': 'meine Schwester',
  'what the guest writes': 'Heute habe ich wieder nichts gegessen',
  'what the host writes': 'Danke, dass Sie das erzählen',
  'a question in the room': 'Sind Sie allein?',
} as const;

/** Opens a window of one browser profile: windows of one profile reach each other without a server. */
async function openIn(context: BrowserContext, url: string): Promise<Person> {
  const page = await context.newPage();
  await page.setViewport({ width: 1280, height: 800 });
  await page.evaluateOnNewDocument(() => {
    const seen: Partial<Seen> & { peers: RTCPeerConnection[] } = { phases: [], captures: 0, errors: [], peers: [] };
    const Native = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Native {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        seen.peers.push(this);
      }
    };
    Object.assign(window, { seen });
  });
  await page.goto(url);
  return new Person(page);
}

/** Opens the chat and writes. */
async function write(person: Person, text: string): Promise<void> {
  await person.page.evaluate(() => {
    const root = document.querySelector('consult-room')?.shadowRoot;
    const button = root?.querySelector<HTMLButtonElement>('[part="chat-button"]');
    if (button?.ariaExpanded === 'false' || button?.getAttribute('aria-expanded') === 'false') button.click();
  });
  await person.type('chat-input', text);
  await person.page.keyboard.press('Enter');
}

const seesChat = (person: Person, text: string) =>
  person.page.waitForFunction(
    (wanted) => {
      const { state } = (
        document.querySelector('consult-room') as unknown as { room: { state: { chat?: { text: string }[] } } }
      ).room;
      return state.chat?.some((line) => line.text === wanted);
    },
    { timeout: PATIENCE, polling: POLLING },
    text,
  );

describe('[R16] session replay tools', () => {
  const browsers = useBrowsers('chromium');

  before(installTools);
  let unsuspecting = '';
  before(async () => {
    unsuspecting = await buildUnsuspecting();
  });

  for (const tool of TOOLS) {
    it(`does not open the room when ${tool} runs in the page`, async (t) => {
      const site = await openSite(tool, readFileSync('dist/cdn/consult-room.all.js', 'utf8'));
      t.after(() => site.close());
      const { guestLink } = await createInvite({ base: `${site.origin}/room.html` });
      const guest = await openWindow(browsers.chromium, guestLink);
      await guest.click('accept-button');
      await guest.seePhase('failed');
      const seen = await guest.seen();
      assert.deepEqual(seen.errors, ['replay-recorder-found']);
      assert.deepEqual([seen.captures, seen.peers], [0, 0]);
      await guest.picture(`replay-${tool}-refused`);
      await guest.leave();
    });

    it(`pauses media and informs both sides when ${tool} starts during the session`, async (t) => {
      const site = await openSite(tool, readFileSync('dist/cdn/consult-room.all.js', 'utf8'));
      t.after(() => site.close());
      const links = await createInvite({ base: `${site.origin}/plain.html` });
      const context = await browsers.chromium.createBrowserContext();
      const host = await openIn(context, links.hostLink);
      const guest = await openIn(context, links.guestLink);
      await meet(host, guest);
      await Promise.all([host.seeFrames(), guest.seeFrames()]);
      await guest.page.addScriptTag({ url: '/tool.js' });
      await guest.page.evaluate(() => (window as unknown as { startTool: () => void }).startTool());
      await guest.seePhase('paused');
      await host.see(() => {
        const { state } = (
          document.querySelector('consult-room') as unknown as {
            room: { state: { participants: { media: { paused: string } }[] } };
          }
        ).room;
        return state.participants[0]?.media.paused === 'recorder';
      });
      await guest.picture(`replay-${tool}-started`);
      await host.picture(`replay-${tool}-started-there`);
      await stillness(host);
      await stillness(guest);
      await context.close();
    });

    for (const mark of MARKS[tool])
      it(`hides the room from an undetected ${tool} by "${mark}" alone`, async (t) => {
        const site = await openSite(tool, withOnly(mark, unsuspecting));
        t.after(() => site.close());
        const links = await createInvite({ base: `${site.origin}/room.html` });
        const context = await browsers.chromium.createBrowserContext();
        const host = await openIn(context, links.hostLink.replace('room.html', 'plain.html'));
        const guest = await openIn(context, links.guestLink);
        await guest.page.bringToFront();
        await reports(site, guest.page, OWN_WORDS, `${tool} to report the page`);
        await meetIn(host, guest);
        await write(guest, SECRETS['what the guest writes']);
        await seesChat(host, SECRETS['what the guest writes']);
        await write(host, SECRETS['what the host writes']);
        await seesChat(guest, SECRETS['what the host writes']);
        await guest.page.bringToFront();
        await guest.seeFrames();
        // Comes last: once it has arrived, everything before it has arrived.
        await guest.page.evaluate((words) => {
          const line = document.createElement('p');
          line.textContent = words;
          document.querySelector('#own')?.after(line);
        }, LATE_WORDS);
        await reports(site, guest.page, LATE_WORDS, `${tool} to report what was added`);
        const reported = site.reported();
        for (const [what, words] of Object.entries(SECRETS))
          assert.ok(!reported.includes(words), `${tool} reports ${what}: ${around(reported, words)}`);
        assert.ok(!/data:image\/(?:png|jpe?g|webp)/u.test(reported), `${tool} reports a picture`);
        await context.close();
      });
  }
});

async function reports(site: Pick<Site, 'reported'>, page: Page, words: string, what: string): Promise<void> {
  await until(
    async () => {
      // PostHog keeps its queue until the user interacts.
      await page.mouse.click(5, 5);
      return site.reported().includes(words);
    },
    (reported) => reported,
    what,
    { every: 200 },
  );
}

/** Brings each tab to the front before it acts: browsers throttle timers in background tabs. */
async function meetIn(host: Person, guest: Person): Promise<void> {
  await host.page.bringToFront();
  await host.arrive({ name: SECRETS['the host’s name'] });
  await guest.page.bringToFront();
  await guest.arrive({ name: SECRETS['the guest’s name'], occupants: SECRETS['who is in the room'] });
  await host.page.bringToFront();
  await host.click('admit-button');
  await acknowledge(host, guest);
}

/** Waits until two consecutive readings count the same number of frames. */
async function stillness(person: Person): Promise<void> {
  let before = -1;
  await until(
    async () => (await person.received()).frames,
    (frames) => {
      const still = frames === before;
      before = frames;
      return still;
    },
    'the end of incoming frames',
    { every: 800 },
  );
}

function around(text: string, words: string): string {
  const at = text.indexOf(words);
  return at < 0 ? '' : text.slice(Math.max(0, at - 300), at + 100);
}
