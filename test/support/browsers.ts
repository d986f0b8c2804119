/** The browsers of the tests: their paths, and flags for a fake camera without a permission prompt. */
import { existsSync } from 'node:fs';
import process from 'node:process';
import type { LaunchOptions } from 'puppeteer-core';

export const browserNames = ['chromium', 'firefox'] as const;
export type BrowserName = (typeof browserNames)[number];

const paths: Readonly<Record<BrowserName, readonly (string | undefined)[]>> = {
  chromium: [
    process.env['CHROMIUM_PATH'],
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  firefox: [
    process.env['FIREFOX_PATH'],
    '/usr/bin/firefox-esr',
    '/usr/bin/firefox',
    '/Applications/Firefox.app/Contents/MacOS/firefox',
  ],
};

const chromiumFlags = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Parts of the browser's own window that are web pages, each with a process of its own: they double the time that a
  // window takes to open, and no test looks at them.
  '--disable-features=InitialWebUI,WebUIReloadButton,WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup',
];

const firefoxPreferences = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  'media.gmp-manager.updateEnabled': false,
  'app.normandy.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
};

/**
 * @returns the browser's path, or undefined where it is not installed. `CHROMIUM_PATH` and `FIREFOX_PATH` come first.
 */
export function findBrowser(name: BrowserName): string | undefined {
  return paths[name].find((path) => path !== undefined && existsSync(path));
}

/** Milliseconds that a browser may take to start, on a machine that starts another one at the same time. */
const PATIENCE = 90_000;

/** Options for puppeteer-core's `launch`. @throws {Error} naming the package to install */
export function launchOptions(name: BrowserName): LaunchOptions {
  const executablePath = findBrowser(name);
  if (executablePath === undefined) throw new Error(`${name} not found: install it, or set ${name.toUpperCase()}_PATH`);
  if (name === 'firefox') {
    return { browser: 'firefox', executablePath, timeout: PATIENCE, extraPrefsFirefox: firefoxPreferences };
  }
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return { browser: 'chrome', executablePath, timeout: PATIENCE, args: [...chromiumFlags, ...asRoot] };
}
