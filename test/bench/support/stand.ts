/** Where a bench runs: its browser code in one bundle each, served from this machine, in a Chromium of its own. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { launchOptions } from '../../support/browsers.ts';

export interface Stand {
  readonly browser: Browser;
  /** `http://127.0.0.1:PORT/`, a secure context. */
  readonly address: string;
  /** Another browser, for what is not to be measured. */
  launch(): Promise<Browser>;
  open(script: string, where?: Browser): Promise<Page>;
  close(): Promise<void>;
}

/**
 * @param entries browser code to bundle, minified as the library ships it; `frames/page.ts` is served as
 * `/frames/page.js`
 * @param flags of Chromium, in addition to those of the tests
 */
export async function stand(entries: readonly string[], flags: readonly string[] = []): Promise<Stand> {
  const files = await bundle(entries);
  const server = createServer(({ url = '/' }, response) => {
    const script = files.get(url);
    const html = `<!doctype html><meta charset="utf-8"><title>bench</title><script type="module" src="${url}.js"></script>`;
    response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript');
    response.end(script ?? html);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const browsers: Browser[] = [];
  const launch = async (): Promise<Browser> => {
    const options = launchOptions('chromium');
    const another = await puppeteer.launch({ ...options, args: [...(options.args ?? []), ...flags], headless: true });
    browsers.push(another);
    return another;
  };
  const browser = await launch();
  return {
    browser,
    address,
    launch,
    open: (script, where = browser) => open(where, address, script),
    close: async () => {
      await Promise.all(browsers.map((one) => one.close()));
      server.close();
    },
  };
}

async function bundle(entries: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    entryPoints: entries.map((entry) => `test/bench/${entry}`),
    outbase: 'test/bench',
    outdir: '/',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    // Workers run for what they do; package.json names only the built files that do something when imported.
    ignoreAnnotations: true,
    // As in the library: decorators and class fields in the old way.
    tsconfig: 'tsconfig.json',
    logLevel: 'error',
  });
  return new Map(outputFiles.map(({ path, text }) => [path, text]));
}

async function open(browser: Browser, address: string, script: string): Promise<Page> {
  // A window of its own: a tab behind another is hidden, and its timers and pictures are held back.
  const page = await (await browser.createBrowserContext()).newPage();
  page.on('pageerror', (error) => console.error(error));
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(message.text());
  });
  await page.goto(`${address}${script}`);
  return page;
}
