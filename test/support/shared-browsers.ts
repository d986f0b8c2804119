/**
 * Browsers that several test files use one after the other. Node runs each file in a process of its own, and starting a
 * browser takes longer than most tests: the runner starts them once and puts their endpoints on a shelf, a folder of
 * which the files know from the environment. A file takes a browser off the shelf, so that none is used by two at once.
 */
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import puppeteer, { type Browser } from 'puppeteer-core';
import { browserNames, launchOptions, type BrowserName } from './browsers.ts';

const SHELF = 'BROWSER_SHELF';
const TAKEN = '.taken';

/** Where the browsers of this process stood. */
const places = new WeakMap<Browser, string>();

/**
 * Runner: starts browsers of each kind.
 * @param count how many of each: as many as there are files at a time
 * @returns a function that closes them
 */
export async function shareBrowsers(count: number): Promise<() => Promise<void>> {
  const shelf = mkdtempSync(join(tmpdir(), 'consult-room-browsers-'));
  process.env[SHELF] = shelf;
  const shared: (readonly [name: BrowserName, browser: Browser])[] = [];
  const close = async (): Promise<void> => {
    for (const [name, browser] of shared) await (await connect(name, browser.wsEndpoint()))?.close();
    for (const [, browser] of shared) browser.process()?.kill('SIGKILL');
    rmSync(shelf, { recursive: true, force: true });
    // A file that runs alone afterwards starts its own.
    Reflect.deleteProperty(process.env, SHELF);
  };
  // puppeteer's own handler closes the browser and lets the process run on, which would start the next file.
  const stop = (): void => void close().finally(() => process.exit(143));
  const signals = ['SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, stop);
  for (let index = 0; index < count; index++) {
    for (const name of browserNames) {
      const browser = await launch(name);
      shared.push([name, browser]);
      // Firefox speaks to one client at a time (WebDriver BiDi).
      await browser.disconnect();
      writeFileSync(join(shelf, `${name}-${String(index)}`), browser.wsEndpoint());
    }
  }
  return async () => {
    for (const signal of signals) process.off(signal, stop);
    await close();
  };
}

/** Starts a browser of this process alone, with additional command line arguments, and with another environment if one is given. */
export function launch(
  name: BrowserName,
  o: { readonly args?: readonly string[]; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Browser> {
  const options = launchOptions(name);
  const env = o.env ? { env: o.env } : {};
  return puppeteer.launch({ ...options, ...env, args: [...(options.args ?? []), ...(o.args ?? [])], headless: true });
}

/** Test file: takes a shared browser, or starts one where none is left or it has crashed. */
export async function takeBrowser(name: BrowserName): Promise<Browser> {
  const place = takePlace(name);
  if (place === undefined) return launch(name);
  const browser = await connect(name, readFileSync(`${place}${TAKEN}`, 'utf8'));
  if (browser === undefined) return launch(name);
  places.set(browser, place);
  return browser;
}

/** Leaves nothing of this file in a shared browser, and ends one that only this file used. */
export async function returnBrowser(browser: Browser): Promise<void> {
  const place = places.get(browser);
  if (place === undefined) return browser.close();
  const [first, ...others] = browser.browserContexts();
  for (const context of others) await context.close();
  for (const page of (await first?.pages()) ?? []) if (page.url() !== 'about:blank') await page.close();
  await browser.disconnect();
  renameSync(`${place}${TAKEN}`, place);
}

/** Of two who take at once, one cannot rename. @returns the place that is now taken, if one was free */
function takePlace(name: BrowserName): string | undefined {
  const shelf = process.env[SHELF];
  if (shelf === undefined) return undefined;
  for (const file of readdirSync(shelf)) {
    if (!file.startsWith(name) || file.endsWith(TAKEN)) continue;
    const place = join(shelf, file);
    try {
      renameSync(place, `${place}${TAKEN}`);
      return place;
    } catch {
      // Another file was faster.
    }
  }
  return undefined;
}

async function connect(name: BrowserName, browserWSEndpoint: string): Promise<Browser | undefined> {
  const protocol = name === 'firefox' ? 'webDriverBiDi' : 'cdp';
  return puppeteer.connect({ browserWSEndpoint, protocol }).catch(() => undefined);
}
