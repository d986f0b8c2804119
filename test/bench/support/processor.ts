/** Processor time of a browser with all its processes, from `/proc`: Linux only. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Browser } from 'puppeteer-core';

/** Clock ticks per second of `/proc/PID/stat` (proc(5)); fixed at 100 for user space. */
const TICKS = 100;

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

/** Seconds of user and system time so far. */
export function processorSeconds(browser: Browser): number {
  const pid = browser.process()?.pid;
  if (pid === undefined) throw new Error('the browser has no process');
  return treeSeconds(pid);
}
