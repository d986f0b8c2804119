/**
 * Runs the browser tests in Chromium and in Firefox. `BROWSER=firefox npm run test:browser -- --files
 * test/peer/path.test.ts` runs one file in one of them.
 */
import './test/support/typescript.mjs';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import * as puppeteer from 'puppeteer-core';

const { dependencyPlugin } = await import('./test/support/dependency-plugin.mjs');
const { browserNames, launchOptions } = await import('./test/support/browsers.ts');
const { resultWriter } = await import('./test/support/browser-results.ts');
const chosen = browserNames.filter((name) => name === process.env.BROWSER);

export default {
  files: ['test/**/*.test.ts', '!test/**/*.node.test.ts', '!test/**/node_modules/**'],
  nodeResolve: { exportConditions: ['browser', 'production'] },
  // One page of each browser at a time: more calls at once on a shared processor time each other out.
  concurrency: 1,
  concurrentBrowsers: 2,
  browserStartTimeout: 60_000,
  testsStartTimeout: 60_000,
  testsFinishTimeout: 240_000,
  testFramework: { config: { timeout: 20_000 } },
  plugins: [
    dependencyPlugin(),
    esbuildPlugin({ ts: true, target: 'esnext', tsconfig: new URL('./tsconfig.json', import.meta.url).pathname }),
  ],
  browsers: (chosen.length > 0 ? chosen : browserNames).map((name) =>
    chromeLauncher({
      puppeteer,
      launchOptions: launchOptions(name),
      // A fresh profile for each run.
      createBrowserContext: ({ browser }) => browser.createBrowserContext(),
    }),
  ),
  reporters: [defaultReporter({ reportTestProgress: false, reportTestResults: true }), resultWriter()],
};
