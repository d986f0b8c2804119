/**
 * Processor time of a whole browser during a call of two at 640×480 and 30 pictures per second, encrypted and without
 * any transform, in turn: user and system time of all its processes from `/proc`, so Linux only.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { median, printTable, round, writeReport } from '../support/report.ts';
import { stand } from '../support/stand.ts';

const ROUNDS = 4;
const SETTLE = 3_000;
const MEASURE = 7_000;
/** Clock ticks per second of `/proc/PID/stat` (proc(5)); fixed at 100 for user space. */
const TICKS = 100;
const kinds = ['encrypted', 'plain'] as const;

interface Process {
  readonly parent: number;
  readonly seconds: number;
}

/**
 * proc(5): the parent is field 4, user and system time are fields 14 and 15; the name before them may contain spaces.
 */
function processes(): ReadonlyMap<number, Process> {
  const found = new Map<number, Process>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/u.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      found.set(Number(name), {
        parent: Number(fields[1]),
        seconds: (Number(fields[11]) + Number(fields[12])) / TICKS,
      });
    } catch {
      // It ended between the two calls.
    }
  }
  return found;
}

function treeSeconds(root: number): number {
  const all = processes();
  const below = (pid: number): number =>
    (all.get(pid)?.seconds ?? 0) +
    [...all].reduce((sum, [child, { parent }]) => (parent === pid ? sum + below(child) : sum), 0);
  return below(root);
}

const place = await stand(['cpu/page.ts', 'support/frame-worker.ts']);
try {
  const page = await place.open('cpu/page');
  const pid = place.browser.process()?.pid;
  if (pid === undefined) throw new Error('the browser has no process');
  const cores = { encrypted: [] as number[], plain: [] as number[] };
  const pictures = { encrypted: [] as number[], plain: [] as number[] };
  for (let index = 0; index < ROUNDS; index++) {
    for (const kind of index % 2 === 0 ? kinds : kinds.toReversed()) {
      await page.evaluate((which) => window.begin(which), kind);
      await pause(SETTLE);
      const [usedBefore, shownBefore, start] = [
        treeSeconds(pid),
        await page.evaluate(() => window.shown()),
        Date.now(),
      ];
      await pause(MEASURE);
      const seconds = (Date.now() - start) / 1000;
      cores[kind].push((treeSeconds(pid) - usedBefore) / seconds);
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
