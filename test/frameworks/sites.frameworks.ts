/** A site in each framework: its types, what it passes to the room and hears of it, and calls between two of them. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Page } from 'puppeteer-core';
import { createInvite } from '../../src/invite.ts';
import { useBrowsers, useServer } from '../e2e/fixtures.ts';
import { meet } from '../e2e/meet.ts';
import { openWindow, type Person } from '../e2e/stage.ts';
import { build, check, FRAMEWORKS, install, type Framework } from './prepare.ts';

before(install);

for (const framework of FRAMEWORKS)
  it(`compiles strictly in ${framework}, and mistakes do not`, () => {
    assert.deepEqual(check(framework), { errors: [], unseen: [] });
  });

/** What the page says in its console, except for lines of the library that only inform. */
function listen(page: Page): readonly string[] {
  const said: string[] = [];
  page.on('pageerror', (error) => said.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) said.push(message.text());
  });
  return said;
}

const text = (person: Person, id: string): Promise<string> =>
  person.page.$eval(`#${id}`, ({ textContent }) => textContent?.trim() ?? '');

interface Passed {
  readonly classes: readonly string[];
  readonly exitHref: string | undefined;
  readonly operator: unknown;
  readonly token: string | undefined;
}

/** What reached the element. */
const passed = (person: Person): Promise<Passed> =>
  person.page.evaluate(async () => {
    const room = document.querySelector('consult-room') as unknown as {
      readonly classList: DOMTokenList;
      readonly exitHref?: string;
      readonly config?: { readonly operator?: { readonly name?: string } };
      readonly hostToken?: () => Promise<string>;
    };
    return {
      classes: [...room.classList].filter((name) => name === 'ph-no-capture' || name.startsWith('turn-')).toSorted(),
      exitHref: room.exitHref,
      operator: room.config?.operator?.name,
      token: await room.hostToken?.(),
    };
  });

describe('sites in frameworks', () => {
  before(() => FRAMEWORKS.forEach(build));
  const server = useServer({ flags: ['--static', 'dist/frameworks'] });
  const browsers = useBrowsers('chromium');
  const open = (framework: Framework, end: string): Promise<Person> =>
    openWindow(browsers.chromium, new URL(`${framework}/index.html${end}`, server.address).href);

  for (const framework of FRAMEWORKS)
    it(`pass properties, hear events and fill slots in ${framework}`, async () => {
      const guest = await open(framework, '?scripted');
      const said = listen(guest.page);
      await guest.arrive({ name: 'Mond' });
      await guest.click('acknowledge-button');
      await guest.seePhase('active');
      assert.equal(await text(guest, 'phases'), 'notice devices occupants waiting connecting active');
      const { operator } = await passed(guest);
      assert.equal(typeof operator, 'string');
      await guest.page.click('#again');
      await guest.see(() => document.querySelector('#again')?.textContent?.trim() === '1');
      assert.deepEqual(await passed(guest), {
        classes: ['ph-no-capture', 'turn-1'],
        exitHref: 'https://www.wetter.example/1',
        operator,
        token: 'host.token.1',
      });
      assert.equal(await guest.phase(), 'active');
      await guest.page.evaluate(() => {
        const { room } = document.querySelector('consult-room') as unknown as { room: { report(code: string): void } };
        room.report('signaling-busy');
      });
      await guest.see(() => document.querySelector('#codes')?.textContent?.trim() === 'signaling-busy');
      await guest.page.click('#leave');
      await guest.seePhase('ended');
      await guest.see(() => document.querySelector('#goodbye')?.checkVisibility() === true);
      assert.equal(await text(guest, 'goodbye'), 'Bis bald, 7');
      assert.deepEqual(said, []);
    });

  for (const [index, framework] of FRAMEWORKS.entries()) {
    const other = FRAMEWORKS[(index + 1) % FRAMEWORKS.length] ?? framework;
    it(`lead a call from ${framework} to ${other}`, async () => {
      const { hostLink, guestLink } = await createInvite({ base: new URL(`${framework}/index.html`, server.address) });
      const host = await open(framework, new URL(hostLink).hash);
      const guest = await open(other, new URL(guestLink).hash);
      const said = [listen(host.page), listen(guest.page)];
      await meet(host, guest);
      await Promise.all([host.seeFrames(), guest.seeFrames()]);
      await guest.page.click('#leave');
      await guest.seePhase('ended');
      assert.match(await text(guest, 'phases'), / connecting active ended$/u);
      await host.page.click('#leave');
      await host.seePhase('ended');
      assert.deepEqual(said.flat(), []);
    });
  }
});
