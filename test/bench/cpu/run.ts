/**
 * Processor time of a whole browser during a call of two at 640×480 and 30 pictures per second, encrypted and without
 * any transform, in turn: user and system time of all its processes from `/proc`, so Linux only.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { processorSeconds } from '../support/processor.ts';
import { median, printTable, round, writeReport } from '../support/report.ts';
import { stand } from '../support/stand.ts';

const ROUNDS = 4;
const SETTLE = 3_000;
const MEASURE = 7_000;
const kinds = ['encrypted', 'plain'] as const;

const place = await stand(['cpu/page.ts', 'support/frame-worker.ts']);
try {
  const page = await place.open('cpu/page');
  const cores = { encrypted: [] as number[], plain: [] as number[] };
  const pictures = { encrypted: [] as number[], plain: [] as number[] };
  for (let index = 0; index < ROUNDS; index++) {
    for (const kind of index % 2 === 0 ? kinds : kinds.toReversed()) {
      await page.evaluate((which) => window.begin(which), kind);
      await pause(SETTLE);
      const [usedBefore, shownBefore, start] = [
        processorSeconds(place.browser),
        await page.evaluate(() => window.shown()),
        Date.now(),
      ];
      await pause(MEASURE);
      const seconds = (Date.now() - start) / 1000;
      cores[kind].push((processorSeconds(place.browser) - usedBefore) / seconds);
      pictures[kind].push(((await page.evaluate(() => window.shown())) - shownBefore) / seconds / 2);
      await page.evaluate(() => window.end());
    }
  }
  const row = (kind: (typeof kinds)[number]) => ({
    cores: round(median(cores[kind]), 3),
    rounds: cores[kind].map((value) => round(value, 3)),
    picturesPerSecond: round(median(pictures[kind]), 1),
  });
  const results = { encrypted: row('encrypted'), plain: row('plain') };
  const ratio = round(results.encrypted.cores / results.plain.cores, 3);
  printTable(
    `processor of a call of two, 640×480 at 30, whole browser (${ROUNDS} calls of each kind)`,
    [
      ['', 'cores', 'calls', 'pictures per second and end'],
      ...kinds.map((kind) => [
        kind,
        results[kind].cores,
        results[kind].rounds.join(' '),
        results[kind].picturesPerSecond,
      ]),
      ['ratio', ratio, '', ''],
    ],
    [],
  );
  await writeReport('cpu', { browser: place.browser, peers: [], reach: [], results: { ...results, ratio } });
} finally {
  await place.close();
}
