/** The documentation in a real browser: every page in both languages, narrow and wide, and everything on it that runs. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import type { Page } from 'puppeteer-core';
import { LANGUAGES, pathOf, type Language } from '../../demo/site/page.ts';
import { PAGES } from '../../demo/site/pages.ts';
import { useBrowsers, useServer } from './fixtures.ts';

const server = useServer();
const browsers = useBrowsers('chromium');
const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');

declare global {
  interface Window {
    isShown: () => boolean;
    axe: {
      run(
        context: object,
        options: object,
      ): Promise<{
        readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
      }>;
    };
  }
}

/** A page that notes what it says in its console, and what it could not load. */
async function openPage(): Promise<{ readonly page: Page; readonly said: string[] }> {
  const page = await (await browsers.chromium.createBrowserContext()).newPage();
  const said: string[] = [];
  page.on('console', (message) => said.push(`${page.url()}: ${message.text()}`));
  page.on('pageerror', (error) => said.push(`${page.url()}: ${String(error)}`));
  page.on('response', (response) => {
    if (response.status() >= 400) said.push(`${response.url()}: ${String(response.status())}`);
  });
  return { page, said };
}

const open = async (page: Page, path: string, lang: Language): Promise<void> => {
  await page.goto(new URL(pathOf(path, lang), server.address).href);
};

/** Pages that stand for all of their kind where a check is slow: those of the reference differ in words only. */
const EXEMPLARY: readonly string[] = [
  'index.html',
  'builder.html',
  'playground.html',
  'search.html',
  'guides/from-jitsi.html',
  'reference/privacy-notice.html',
];

/** Rules broken outside of the stage, whose elements have tests of their own. */
async function brokenRules(page: Page, contrast: { readonly enabled: boolean }): Promise<readonly string[]> {
  await page.evaluate(axe);
  return page.evaluate(async (enabled) => {
    const context = { include: [['body']], exclude: [['.stage'], ['room-invite']] };
    const rules = { 'color-contrast': enabled };
    const { violations } = await window.axe.run(context, { resultTypes: ['violations'], rules });
    return violations.map(({ id, nodes }) => `${location.pathname} ${id}: ${nodes[0]?.html ?? ''}`);
  }, contrast);
}

const scrolls = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

/** In the page: whether the stage shows something, also in a dialog above the page. */
const isShown = (): boolean => {
  const inside = (root: ParentNode): readonly Element[] =>
    [...root.querySelectorAll('*')].flatMap((element) => [
      element,
      ...(element.shadowRoot ? inside(element.shadowRoot) : []),
    ]);
  const box = document.querySelector('.stage > .box');
  return (
    box !== null &&
    inside(box).some(
      (found) =>
        found.localName !== 'slot' &&
        found.getBoundingClientRect().height > 12 &&
        found.checkVisibility() &&
        found.shadowRoot === null,
    )
  );
};

it('shows every page, and every example of the reference, without a word in the console', async () => {
  const left = LANGUAGES.flatMap((lang) => PAGES.map((page) => ({ lang, ...page })));
  const problems: string[] = [];
  const work = async (): Promise<void> => {
    const { page, said } = await openPage();
    for (let next = left.shift(); next; next = left.shift()) {
      const { path, lang } = next;
      const [first, second] = lang === 'de' ? [1280, 320] : [320, 1280];
      const isExemplary = EXEMPLARY.includes(path);
      // The scripts of a kind of page are the same in both languages; without them the others are whole as well.
      const runs = lang === 'de' || isExemplary;
      await page.setJavaScriptEnabled(runs);
      await page.setViewport({ width: first, height: 800 });
      await open(page, path, lang);
      if (runs && next.script === 'example-page.ts') {
        const button = await page.$('#show-example:not([hidden])');
        await button?.evaluate((element) => (element as HTMLElement).click());
        await page.waitForFunction(isShown, { polling: 20 });
        if (button) await page.evaluate(() => document.querySelector('#example')?.replaceChildren());
      }
      if (isExemplary || (runs && next.section !== 'reference'))
        problems.push(...(await brokenRules(page, { enabled: isExemplary })));
      if (await scrolls(page)) problems.push(`${page.url()} scrolls at ${String(first)}`);
      await page.setViewport({ width: second, height: 800 });
      if (await scrolls(page)) problems.push(`${page.url()} scrolls at ${String(second)}`);
    }
    problems.push(...said);
    await page.close();
  };
  await Promise.all([work(), work(), work()]);
  assert.deepEqual(problems, []);
});

it('shows every state of every element in the playground, with tokens and parts', async () => {
  const { page, said } = await openPage();
  await open(page, 'playground.html', 'de');
  const choose = (id: string, value: string): Promise<void> =>
    page.$eval(
      `#${id}`,
      (select, chosen) => {
        (select as HTMLSelectElement).value = chosen;
        select.dispatchEvent(new Event('change', { bubbles: true }));
      },
      value,
    );
  // In the page, because each question from outside takes longer than the answer.
  await page.evaluate(`window.isShown = ${String(isShown)}`);
  const { empty, count } = await page.evaluate(async () => {
    const list = (id: string): HTMLSelectElement => document.querySelector<HTMLSelectElement>(`#${id}`)!;
    const set = (select: HTMLSelectElement, value: string): void => {
      select.value = value;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    };
    const found = { empty: [] as string[], count: 0 };
    for (const { value: tag } of list('element').options) {
      set(list('element'), tag);
      for (const state of Array.from(list('state').options, ({ value }) => value)) {
        set(list('state'), state);
        if (!document.querySelector<HTMLElement>('#covers')!.hidden)
          document.querySelector<HTMLElement>('#show')!.click();
        const until = performance.now() + 10_000;
        while (!window.isShown() && performance.now() < until) await new Promise(requestAnimationFrame);
        if (!window.isShown()) found.empty.push(`${tag}: ${state}`);
        found.count += 1;
      }
    }
    return found;
  });
  assert.deepEqual(empty, []);
  assert.ok(count > 60);
  await choose('element', 'privacy-notice');
  const type = (selector: string, value: string): Promise<void> =>
    page.$eval(
      selector,
      (field, text) => {
        (field as HTMLInputElement).value = text;
        field.dispatchEvent(new Event('input', { bubbles: true }));
      },
      value,
    );
  await choose('part', 'accept-button');
  await type('#declarations', 'color: rgb(1, 2, 3)');
  const colour = (): Promise<string> =>
    page.$eval(
      'privacy-notice',
      (element) => getComputedStyle(element.shadowRoot!.querySelector('[part~="accept-button"]')!).color,
    );
  assert.equal(await colour(), 'rgb(1, 2, 3)');
  assert.equal(await page.$eval('#consent', (hint) => (hint as HTMLElement).hidden), false);
  for (const wrong of [
    'color: rgb(1, 2, 3)} body {color: red',
    'colour: red',
    '@import "/x.css"',
    'background: url(/x)',
  ]) {
    await type('#declarations', wrong);
    assert.notEqual(await page.$eval('#declarations-mistake', ({ textContent }) => textContent), '', wrong);
    assert.notEqual(await colour(), 'rgb(1, 2, 3)');
  }
  assert.deepEqual(said, []);
  await page.close();
});

it('builds an embedding with its preview, says what is wrong, and finds things', async () => {
  const { page, said } = await openPage();
  await open(page, 'builder.html', 'de');
  const type = (name: string, value: string): Promise<void> =>
    page.$eval(
      `[name="${name}"]`,
      (field, text) => {
        (field as HTMLInputElement).value = text;
        field.dispatchEvent(new Event('input', { bubbles: true }));
      },
      value,
    );
  const code = (id: string): Promise<string> =>
    page.$eval(`#result-${id} code`, ({ textContent }) => textContent ?? '');
  await type('policy', 'gruppe');
  await page.waitForFunction(() => document.querySelector('.stage consult-room[phase="notice"]'));
  assert.match(await code('html'), /integrity="sha384-[^]*<consult-room lang="de" policy="gruppe"/u);
  await page.click('#add-text');
  await page.$eval('#texts input', (field) => {
    (field as HTMLInputElement).value = 'Schön, dass Sie da sind';
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  assert.match(await code('texts'), /"privacy-notice\.heading": "Schön, dass Sie da sind"/u);
  await page.waitForFunction(() =>
    document
      .querySelector('.stage consult-room')
      ?.shadowRoot?.querySelector('privacy-notice')
      ?.shadowRoot?.textContent?.includes('Schön, dass Sie da sind'),
  );
  await type('name', 'Nord"><script>');
  assert.notEqual(await page.$eval('#name-mistake', ({ textContent }) => textContent), '');
  assert.equal(await code('config'), '');
  await open(page, 'search.html', 'de');
  await page.waitForFunction(() => document.activeElement?.id === 'query');
  // A letter is wrong, and the words stand in different places: the title of the page and that of the entry.
  await page.keyboard.type('Fehlar invite-expired');
  await page.waitForFunction(() => document.querySelector('#results a'));
  const [first] = await page.$$eval('#results a', (links) =>
    links.map(({ href }) => new URL(href).pathname + new URL(href).hash),
  );
  assert.equal(first, '/guides/errors.html#invite-expired');
  assert.deepEqual(said, []);
  await page.close();
});

it('folds the navigation away on a phone at 200 %, for the keyboard and for screen readers', async () => {
  const { page, said } = await openPage();
  // 390 CSS pixels at 200 %, then a narrow phone.
  for (const width of [195, 320]) {
    await page.setViewport({ width, height: 422 });
    await open(page, 'guides/first-call.html', 'de');
    const header = await page.$eval('header.bar', (bar) => bar.getBoundingClientRect().height);
    assert.ok(header <= 72, `the header is ${String(header)} high at ${String(width)}`);
    const button = await page.$('.menu-button');
    assert.ok(button);
    const told = async (): Promise<unknown> => {
      const heard = await page.accessibility.snapshot({ root: button });
      return [heard?.role, heard?.name, heard?.expanded];
    };
    const isOpen = (): Promise<boolean> => page.$eval('#menu', (menu) => menu.matches(':popover-open'));
    assert.deepEqual(await told(), ['button', 'Menü', false]);
    await button.focus();
    await page.keyboard.press('Enter');
    assert.ok(await isOpen());
    assert.deepEqual(await told(), ['button', 'Menü', true]);
    assert.equal(await scrolls(page), false);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Start');
    await page.keyboard.press('Escape');
    assert.equal(await isOpen(), false);
    assert.equal(await page.evaluate(() => document.activeElement?.className), 'menu-button');
    await page.click('.menu-button');
    await page.setViewport({ width: 1280, height: 800 });
    await page.waitForFunction(() => document.querySelector('#menu:popover-open') === null);
    assert.equal(await page.$eval('#menu a', (link) => link.checkVisibility()), true);
  }
  await page.setViewport({ width: 195, height: 422 });
  await page.click('.menu-button');
  await Promise.all([page.waitForNavigation(), page.click('#menu a[href="../search.html"]')]);
  assert.match(page.url(), /search\.html$/u);
  assert.deepEqual(said, []);
  await page.close();
});

it('fills the window with a page that has nothing but the room, before its script runs and after', async () => {
  const { page } = await openPage();
  await page.setViewport({ width: 390, height: 844 });
  const box = (): Promise<readonly number[]> =>
    page.$eval('consult-room', (room) => {
      const { left, top, width, height } = room.getBoundingClientRect();
      return [left, top, width, Math.round(height)];
    });
  const ground = (): Promise<string> => page.$eval('html', (html) => getComputedStyle(html).backgroundColor);
  await page.setJavaScriptEnabled(false);
  await open(page, 'room.html', 'de');
  assert.deepEqual(await box(), [0, 0, 390, 844]);
  const paper = await ground();
  await page.setJavaScriptEnabled(true);
  await open(page, 'room.html', 'de');
  await page.waitForFunction(() => document.querySelector('consult-room')?.shadowRoot?.querySelector('.room'));
  const [left, top, width, height = 0] = await box();
  assert.deepEqual([left, top, width, height >= 844], [0, 0, 390, true]);
  assert.equal(await page.$eval('consult-room', (room) => getComputedStyle(room).backgroundColor), paper);
  await page.close();
});
