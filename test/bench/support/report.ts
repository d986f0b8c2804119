/** The output of every bench: a table to read and `dist/bench/NAME.json` to compare runs. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import process from 'node:process';
import type { Browser } from 'puppeteer-core';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** The smallest and the largest, for a look at the noise. */
export function range(values: readonly number[]): readonly [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

export const round = (value: number, digits: number): number => Number(value.toFixed(digits));

export interface Reach {
  readonly text: string;
  readonly met: boolean;
}

/** A missed reach is a result like any other: it is said, and ends nothing. */
export function printTable(
  title: string,
  rows: readonly (readonly (string | number)[])[],
  reach: readonly Reach[],
): void {
  const texts = rows.map((row) => row.map(String));
  const widths = (texts[0] ?? []).map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  const [head, ...body] = texts.map(line);
  console.log(`\n${title}\n${head ?? ''}\n${'─'.repeat(head?.length ?? 0)}\n${body.join('\n')}`);
  for (const { text, met } of reach) console.log(`reach: ${text}: ${met ? 'met' : 'MISSED'}`);
}

export async function writeReport(
  name: string,
  o: {
    /** The browser that was measured, where there was one. */
    readonly browser?: Browser;
    readonly peers: readonly string[];
    readonly reach: readonly Reach[];
    readonly results: unknown;
  },
): Promise<void> {
  mkdirSync('dist/bench', { recursive: true });
  const report = {
    bench: name,
    date: new Date().toISOString(),
    machine: { cores: availableParallelism(), model: cpus()[0]?.model ?? '', node: process.version },
    ...(o.browser && { browser: await o.browser.version() }),
    versions: Object.fromEntries(o.peers.map((peer) => [peer, versionOf(peer)])),
    reach: o.reach,
    results: o.results,
  };
  writeFileSync(`dist/bench/${name}.json`, `${JSON.stringify(report, undefined, 2)}\n`);
}

function versionOf(peer: string): string {
  const { version } = JSON.parse(readFileSync(`test/bench/node_modules/${peer}/package.json`, 'utf8')) as {
    version: string;
  };
  return version;
}
