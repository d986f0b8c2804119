/**
 * Runs tests of `node:test` and records what each showed: `npm run test:node [-- FILE…]`. Options: `--suite
 * node|e2e|lab|frameworks` (default node), files instead of the whole suite.
 */
import { availableParallelism } from 'node:os';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import process from 'node:process';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { inspect, parseArgs } from 'node:util';
import type { TestRecord } from './results.ts';
import { shareBrowsers } from './shared-browsers.ts';

const suites = {
  // One more than processors: many wait for a child process, a server or a clock.
  node: { suffix: '.node.test.ts', concurrency: availableParallelism() + 1, timeout: 180_000 },
  // Calls between browsers: one at a time, because parallel calls slow each other down.
  e2e: { suffix: '.e2e.ts', concurrency: 1, timeout: 600_000 },
  lab: { suffix: '.lab.ts', concurrency: 1, timeout: 900_000 },
  frameworks: { suffix: '.frameworks.ts', concurrency: 1, timeout: 1_800_000 },
} as const;

const { values, positionals } = parseArgs({ options: { suite: { type: 'string' } }, allowPositionals: true });
const name = (Object.keys(suites) as (keyof typeof suites)[]).find((key) => key === (values.suite ?? 'node'));
if (name === undefined) throw new Error(`no such suite: ${values.suite}`);
const suite = suites[name];

const all = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith(suite.suffix) && !path.includes('node_modules'))
  .map((path) => `test/${path}`)
  .sort();
const files = (positionals.length > 0 ? positionals : all).map((path) => resolve(path));

const records: TestRecord[] = [];
const parents: string[] = [];
const closeBrowsers = name === 'e2e' && files.length > 1 ? await shareBrowsers() : undefined;
const stream = run({ files, concurrency: suite.concurrency, timeout: suite.timeout });

interface Outcome {
  readonly name: string;
  readonly nesting: number;
  readonly file?: string;
  readonly skip?: string | boolean;
  readonly todo?: string | boolean;
  readonly details: {
    readonly type?: string;
    readonly duration_ms: number;
    readonly error?: Error & { readonly failureType?: string };
  };
}

function record(data: Outcome, verdict: 'passed' | 'failed'): void {
  if (data.details.type === 'suite' && verdict === 'passed') return;
  if (data.details.error?.failureType === 'subtestsFailed') return;
  // A file in which nothing ran reports itself as one passed test.
  const empty = verdict === 'passed' && data.nesting === 0 && data.name.endsWith(suite.suffix);
  const outcome = data.skip || data.todo || empty ? 'skipped' : verdict;
  const file = data.file === undefined ? '' : relative(process.cwd(), data.file);
  const full = [...parents.slice(0, data.nesting), data.name].join(' › ');
  const { error } = data.details;
  const detail = error === undefined ? {} : { detail: withoutInternals(inspect(error.cause ?? error)) };
  const seconds = data.details.duration_ms / 1000;
  records.push({ file, name: full, environment: name ?? '', outcome, seconds, ...detail });
}

const withoutInternals = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/^\s+at .*node:internal/.test(line))
    .join('\n');

stream.on('test:start', (data) => {
  parents.splice(data.nesting, Infinity, data.name);
});
stream.on('test:pass', (data) => record(data, 'passed'));
stream.on('test:fail', (data) => record(data, 'failed'));
stream.compose(new spec()).pipe(process.stdout);
stream.on('end', async () => {
  await closeBrowsers?.();
  mkdirSync('dist/test-results', { recursive: true });
  writeFileSync(`dist/test-results/${name}.json`, JSON.stringify(records, undefined, 1));
  if (records.length === 0 || records.some((test) => test.outcome !== 'passed')) process.exitCode = 1;
});
