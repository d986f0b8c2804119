/**
 * `npm run leading`: a room that changes hands, in real browsers against the built demo. The counsellor hands the room to a guest and takes
 * it back; then the counsellor's page crashes, the stand-in leads, and the page comes back. Pictures of what each person sees go to
 * `dist/pictures/leading`, to be looked at, with what a screen reader was told and where the focus was. Ends with an error where a state does
 * not come.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import puppeteer from 'puppeteer-core';
import { acknowledgeAll, gather } from '../e2e/gather.ts';
import { state } from '../e2e/reading.ts';
import { makeRoom, openWindow, startServer, type Person } from '../e2e/stage.ts';
import { launchOptions } from '../support/browsers.ts';
import { until } from '../support/until.ts';

const FOLDER = process.env['PICTURES'] ?? 'dist/pictures/leading';
const SIZES = [
  [390, 844],
  [1280, 800],
] as const;
/** Seconds until a lost host is given up: long enough for the pictures of the wait. */
const GRACE = 12;
const SLOW = { patience: 120_000, every: 500 };

/** In the page: keeps what the live region of the room says. */
function listen(): void {
  const said: string[] = [];
  Object.assign(window, { said });
  const seen = new WeakSet<Element>();
  setInterval(() => {
    const region = document.querySelector('consult-room')?.shadowRoot?.querySelector('[role=status][aria-live]');
    for (const sentence of region?.querySelectorAll('p') ?? []) {
      if (seen.has(sentence)) continue;
      seen.add(sentence);
      said.push(sentence.textContent ?? '');
    }
  }, 100);
}

/** In the page: what was said since the last question, and the element with the focus, through all shadow roots. */
const told = ({ page }: Person) =>
  page.evaluate(() => {
    let focused = document.activeElement;
    while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
    const { said } = window as unknown as { said: string[] };
    const words = focused?.getAttribute('aria-label') ?? focused?.textContent ?? '';
    return {
      said: said.splice(0),
      focus: `${focused?.localName ?? 'nothing'} ${focused?.getAttribute('part') ?? ''} ${words.trim().slice(0, 60)}`,
    };
  });

async function picture(person: Person, name: string): Promise<void> {
  const { page } = person;
  await page.bringToFront();
  for (const [width, height] of SIZES) {
    await page.setViewport({ width, height });
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    await page.screenshot({ path: `${FOLDER}/${name}-${String(width)}.png` });
  }
  const { said, focus } = await told(person);
  process.stdout.write(`${name}: focus on ${focus}\n${said.map((sentence) => `    "${sentence}"\n`).join('')}`);
}

/** By keyboard, so that the focus is where it is for who uses one. */
async function use(person: Person, part: string): Promise<void> {
  const { page } = person;
  await page.bringToFront();
  const button = await person.find(part);
  await button.evaluate((element) => (element as HTMLElement).focus());
  await page.keyboard.press('Enter');
}

/** From the answer that changes nothing, which has the focus, to the other one. */
async function confirm({ page }: Person): Promise<void> {
  await page.bringToFront();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
}

const role = (person: Person): Promise<string> => state<string>(person, 'role');
const leads = (person: Person): Promise<string> =>
  until(
    () => role(person),
    (now) => now === 'host',
    'lead',
    SLOW,
  );

interface Other {
  readonly name: string;
  readonly host: boolean;
  readonly standIn: boolean;
}
const others = (person: Person): Promise<readonly Other[]> => state<readonly Other[]>(person, 'participants');
const follows = (person: Person, name: string): Promise<unknown> =>
  until(
    () => others(person),
    (all) => all.length === 2 && all.some((one) => one.name === name && one.host),
    `that ${name} leads`,
    SLOW,
  );

/** Opens the list of people, if it is not open. */
async function openTools(person: Person): Promise<void> {
  const open = await person.page.evaluate(
    () => document.querySelector('consult-room')?.shadowRoot?.querySelector('#panel') !== null,
  );
  if (!open) await person.clickMore('people-button');
}

async function handOver(host: Person, mia: Person, tom: Person): Promise<void> {
  await openTools(host);
  await picture(host, '01-host-tools');
  await use(host, 'hand-over-button');
  await picture(host, '02-host-before-asking');
  await confirm(host);
  await mia.find('lead-button');
  await picture(host, '03-host-has-asked');
  await picture(mia, '04-mia-asked');
  await use(mia, 'not-lead-button');
  await until(
    () => state<{ step: string }>(host, 'handOver'),
    ({ step }) => step === 'none',
    'the answer',
    SLOW,
  );
  await picture(host, '05-host-declined');
  await picture(mia, '06-mia-has-declined');
  await use(host, 'hand-over-button');
  await confirm(host);
  await use(mia, 'lead-button');
  await picture(mia, '07-mia-accepted');
  await leads(mia);
  await Promise.all([follows(host, 'Mia'), follows(tom, 'Mia')]);
  await picture(tom, '08-tom-other-host');
  await picture(host, '09-host-now-guest');
  await picture(mia, '10-mia-leads');
  await acknowledgeAll([host, mia, tom]);
  await picture(tom, '11-tom-on');
  await openTools(mia);
  await picture(mia, '12-mia-tools');
  await openTools(host);
  await picture(host, '13-host-may-take-back');
  await host.click('take-back-button');
  await leads(host);
  await Promise.all([follows(mia, 'Frau Berger'), follows(tom, 'Frau Berger')]);
  await picture(mia, '14-mia-guest-again');
  await picture(tom, '15-tom-first-host-again');
  await picture(host, '16-host-leads-again');
  await acknowledgeAll([host, mia, tom]);
}

async function standIn(host: Person, mia: Person, tom: Person): Promise<void> {
  await openTools(host);
  await use(host, 'stand-in-button');
  await picture(host, '21-host-before-asking');
  await confirm(host);
  await mia.find('lead-button');
  await picture(mia, '22-mia-asked');
  await use(mia, 'lead-button');
  await until(
    () => others(tom),
    (all) => all.some((one) => one.standIn),
    'the stand-in',
    SLOW,
  );
  await picture(mia, '23-mia-stand-in');
  await picture(host, '24-host-named');
  await picture(tom, '25-tom-stand-in');
  const session = await host.page.createCDPSession();
  void session.send('Page.crash').catch(() => undefined);
  await until(
    () => state<readonly { connection: string }[]>(tom, 'participants'),
    (all) => all.some(({ connection }) => connection !== 'connected'),
    'the loss',
    SLOW,
  );
  await picture(tom, '26-tom-host-lost');
  await picture(mia, '27-mia-host-lost');
  await leads(mia);
  await until(
    () => others(tom),
    (all) => all.some((one) => one.name === 'Mia' && one.host),
    'Mia leads',
    SLOW,
  );
  await picture(tom, '28-tom-stand-in-leads');
  await picture(mia, '29-mia-leads');
  await acknowledgeAll([mia, tom]);
  await openTools(mia);
  await picture(mia, '30-mia-tools');
}

async function back(link: string, host: Person, mia: Person, tom: Person): Promise<void> {
  // What its tab kept is older than the grace time.
  await host.page.goto(link);
  await host.arrive({ name: 'Frau Berger' });
  await host.find('take-over-button');
  await picture(host, '31-host-back');
  await host.click('take-over-button');
  await host.find('admit-all-button');
  await picture(host, '32-host-everyone-at-the-door');
  await picture(mia, '33-mia-waits');
  await picture(tom, '34-tom-waits');
  await host.click('admit-all-button');
  await Promise.all([follows(mia, 'Frau Berger'), follows(tom, 'Frau Berger')]);
  await picture(mia, '35-mia-host-back');
  await picture(tom, '36-tom-host-back');
  await picture(host, '37-host-leads');
}

mkdirSync(FOLDER, { recursive: true });
const config = `${FOLDER}/config.json`;
const demo = JSON.parse(readFileSync('demo/config.json', 'utf8')) as object;
writeFileSync(config, JSON.stringify({ ...demo, policy: 'gruppe', rules: { graceSeconds: GRACE } }));
const server = await startServer({ env: { CONSULT_ROOM_CONFIG: config } });
const browser = await puppeteer.launch({ ...launchOptions('chromium'), headless: true });
try {
  const links = await makeRoom(server.address);
  const window = { before: listen };
  const host = await openWindow(browser, links.host, window);
  const mia = await openWindow(browser, links.guest, window);
  const tom = await openWindow(browser, links.guest, window);
  await gather(host, [
    ['Mia', mia],
    ['Tom', tom],
  ]);
  await handOver(host, mia, tom);
  await standIn(host, mia, tom);
  await back(links.host, host, mia, tom);
} finally {
  await browser.close();
  await server.stop();
}
