/**
 * Browsers that several test files use one after the other. Node runs each file in a process of its own, and starting a
 * browser takes longer than most tests: the runner starts them once and hands their endpoints to the files through the
 * environment.
 */
import process from 'node:process';
import puppeteer, { type Browser } from 'puppeteer-core';
import { browserNames, launchOptions, type BrowserName } from './browsers.ts';

const variable = (name: BrowserName): string => `${name.toUpperCase()}_ENDPOINT`;

/** Runner: starts one browser of each kind. @returns a function that closes them */
export async function shareBrowsers(): Promise<() => Promise<void>> {
  const browsers: Browser[] = [];
  for (const name of browserNames) {
    const browser = await launch(name);
    browsers.push(browser);
    process.env[variable(name)] = browser.wsEndpoint();
    // Firefox speaks to one client at a time (WebDriver BiDi).
    await browser.disconnect();
  }
  const close = async (): Promise<void> => {
    for (const name of browserNames) await (await connect(name))?.close();
    for (const browser of browsers) browser.process()?.kill('SIGKILL');
  };
  // puppeteer's own handler closes the browser and lets the process run on, which would start the next file.
  for (const signal of ['SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void close().finally(() => process.exit(143)));
  return close;
}

/** Starts a browser of this process alone, with additional command line arguments. */
export function launch(name: BrowserName, o: { readonly args?: readonly string[] } = {}): Promise<Browser> {
  const options = launchOptions(name);
  return puppeteer.launch({ ...options, args: [...(options.args ?? []), ...(o.args ?? [])], headless: true });
}

/** Test file: takes the shared browser, or starts one where there is none or it has crashed. */
export async function takeBrowser(name: BrowserName): Promise<Browser> {
  return (await connect(name)) ?? launch(name);
}

/** Leaves nothing of this file in a shared browser, and ends one that only this file used. */
export async function returnBrowser(browser: Browser): Promise<void> {
  if (browser.process() !== null) return browser.close();
  const [first, ...others] = browser.browserContexts();
  for (const context of others) await context.close();
  for (const page of (await first?.pages()) ?? []) if (page.url() !== 'about:blank') await page.close();
  await browser.disconnect();
}

async function connect(name: BrowserName): Promise<Browser | undefined> {
  const browserWSEndpoint = process.env[variable(name)];
  if (browserWSEndpoint === undefined) return undefined;
  const protocol = name === 'firefox' ? 'webDriverBiDi' : 'cdp';
  return puppeteer.connect({ browserWSEndpoint, protocol }).catch(() => undefined);
}
