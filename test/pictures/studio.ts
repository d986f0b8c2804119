/** Opens the page of states in Chromium and takes pictures of it: for the test, the contact sheet and the measurements. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { AxeResults, RunOptions } from 'axe-core';
import { build } from 'esbuild';
import puppeteer, { type CDPSession, type Page } from 'puppeteer-core';
import { launchOptions } from '../support/browsers.ts';
import type { Measured } from './measure.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A phone upright, a phone held sideways, a desk. */
export const SIZES: readonly Size[] = [
  { width: 390, height: 844 },
  { width: 844, height: 390 },
  { width: 1280, height: 800 },
];
export const SCHEMES = ['light', 'dark'] as const;
export type Scheme = (typeof SCHEMES)[number];

/** `rtl`: from right to left; `forced`: the colours that a person chose for every page. */
export const LOOKS = ['plain', 'rtl', 'forced'] as const;
export type Look = (typeof LOOKS)[number];

export interface View extends Size {
  readonly scheme?: Scheme;
  readonly lang?: 'de' | 'en';
  /** CSS `font-size` of the root, `200%` for text twice as large. */
  readonly text?: string;
  readonly look?: Look;
  readonly names?: 'usual' | 'long';
}

export interface Studio {
  readonly states: readonly string[];
  readonly page: Page;
  /** Draws a state and waits until it stands still. */
  show(state: string, view: View): Promise<void>;
  measure(): Promise<Measured>;
  /** What axe finds wrong in the state that is drawn: rule and element of each fault. */
  barriers(): Promise<readonly string[]>;
  /** Gives the window of a phone another size, and waits until the layout stands still. */
  resize(size: Size): Promise<void>;
  /** Sets the focus on a part. */
  focus(part: string): Promise<void>;
  close(): Promise<void>;
}

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** In the page. */
async function barriers(): Promise<readonly string[]> {
  interface Axe {
    run(root: Element | null, options: RunOptions): Promise<AxeResults>;
  }
  const { axe } = window as unknown as { readonly axe: Axe };
  const { violations, passes } = await axe.run(document.querySelector('consult-room'), {
    resultTypes: ['violations'],
  });
  if (passes.length === 0) return ['axe has checked nothing'];
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.flat().join(' ')}`));
}

const PAGE = `<!doctype html><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<style>body { margin: 0 } consult-room { min-block-size: 100dvb }</style>
<script type="module" src="/page.js"></script>`;

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ['test/pictures/page.ts'],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    tsconfig: 'tsconfig.json',
    logLevel: 'error',
    // Only the fake room is shown; what it replaces asks Node for some modules.
    external: ['crypto', 'node:*'],
  });
  return outputFiles[0]?.text ?? '';
}

/**
 * Light and door change at once in any case, as for people who want no motion. Through the protocol itself: `emulateMediaFeatures` of puppeteer
 * does not know forced colours.
 */
const forceColors = (session: CDPSession, forced: 'active' | 'none'): Promise<void> =>
  session.send('Emulation.setEmulatedMedia', {
    features: [
      { name: 'prefers-reduced-motion', value: 'reduce' },
      { name: 'forced-colors', value: forced },
    ],
  });

export async function openStudio(): Promise<Studio> {
  const script = await bundle();
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await puppeteer.launch({ ...launchOptions('chromium'), headless: true });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`);
  await page.waitForFunction(() => 'pictureStates' in window);
  const session = await page.createCDPSession();
  await forceColors(session, 'none');
  return {
    states: await page.evaluate(() => window.pictureStates),
    page,
    async show(state, { width, height, scheme = 'light', lang = 'de', text = '', look = 'plain', names = 'usual' }) {
      await page.setViewport({ width, height, hasTouch: width < 1000 });
      await forceColors(session, look === 'forced' ? 'active' : 'none');
      await page.evaluate(
        async (name, options, size, dir) => {
          document.documentElement.style.fontSize = size;
          document.documentElement.dir = dir;
          await window.showState(name, options);
        },
        state,
        { lang, scheme, names },
        text,
        look === 'rtl' ? 'rtl' : 'ltr',
      );
    },
    measure: () => page.evaluate(() => window.measureScreen()),
    async barriers() {
      // A device with another kind of input loads the page again.
      if (!(await page.evaluate(() => 'axe' in window))) await page.addScriptTag({ content: AXE });
      return page.evaluate(barriers);
    },
    async resize(size) {
      // Without touch it would be another device, for which the page is loaded again.
      await page.setViewport({ ...size, hasTouch: true });
      await page.evaluate(() => window.steadyScreen());
    },
    focus: (part) => page.evaluate((name) => window.focusPart(name), part),
    async close() {
      await browser.close();
      server.close();
    },
  };
}
