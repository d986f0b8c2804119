/**
 * Runs tests of `node:test` and records what each showed: `npm run test:node [-- FILE…]`. Options: `--suite
 * node|e2e|lab|frameworks` (default node), files instead of the whole suite.
 */
import { availableParallelism } from 'node:os';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import process from 'node:process';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { inspect, parseArgs } from 'node:util';
import type { TestRecord } from './results.ts';
import { shareBrowsers } from './shared-browsers.ts';

interface Suite {
  readonly suffix: string;
  /** How many files run at a time. */
  readonly concurrency: number;
  /** Files that run two at a time, after all others. The longest come first, so that both sides end at about the same time. */
  readonly paired?: readonly string[];
  readonly timeout: number;
}

const suites = {
  // One more than processors: many wait for a child process, a server or a clock.
  node: { suffix: '.node.test.ts', concurrency: availableParallelism() + 1, timeout: 300_000 },
  // Calls between browsers slow each other down, so one file at a time. Those in pairs wait for most of their time, and promise no
  // rate, no length of time and no silence.
  e2e: {
    suffix: '.e2e.ts',
    concurrency: 1,
    paired: [
      'test/e2e/residue.e2e.ts',
      'test/e2e/replay.e2e.ts',
      'test/e2e/documentation.e2e.ts',
      'test/e2e/unreachable.e2e.ts',
      'test/e2e/invites.e2e.ts',
      'test/e2e/cdn.e2e.ts',
      'test/e2e/trusted-types.e2e.ts',
    ],
    timeout: 600_000,
  },
  // The same; each has a network of its own (`network.ts`).
  lab: {
    suffix: '.lab.ts',
    concurrency: 1,
    paired: [
      'test/lab/hostile.lab.ts',
      'test/lab/honest.lab.ts',
      'test/lab/hidden.lab.ts',
      'test/lab/credentials.lab.ts',
    ],
    timeout: 900_000,
  },
  frameworks: { suffix: '.frameworks.ts', concurrency: 1, timeout: 1_800_000 },
} as const satisfies Readonly<Record<string, Suite>>;

const { values, positionals } = parseArgs({ options: { suite: { type: 'string' } }, allowPositionals: true });
const name = (Object.keys(suites) as (keyof typeof suites)[]).find((key) => key === (values.suite ?? 'node'));
if (name === undefined) throw new Error(`no such suite: ${values.suite}`);
const suite: Suite = suites[name];

const all = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith(suite.suffix) && !path.includes('node_modules'))
  .map((path) => `test/${path}`)
  .sort();
const chosen = positionals.length > 0 ? positionals.map((path) => relative('.', path)) : all;
const paired = (suite.paired ?? []).filter((path) => chosen.includes(path));
const gone = (suite.paired ?? []).filter((path) => !all.includes(path));
if (gone.length > 0) throw new Error(`these run in pairs, and are not there: ${gone.join(', ')}`);

const records: TestRecord[] = [];
const parents: string[] = [];

/** What a file tells beside its results. */
interface Life {
  /** Tests that have begun and not ended, the outermost first. */
  readonly running: string[];
  /** The end of what it has written. */
  written: string;
  failed: boolean;
}
const lives = new Map<string, Life>();
/** What the runner said last of the file whose results come now, such as of an error after the end of the test that caused it. */
let afterwards = '';
const WRITTEN = 4_000;

function lifeOf(file = ''): Life {
  const life = lives.get(file) ?? { running: [], written: '', failed: false };
  lives.set(file, life);
  return life;
}

interface Outcome {
  readonly name: string;
  readonly nesting: number;
  readonly file?: string;
  readonly skip?: string | boolean;
  readonly todo?: string | boolean;
  readonly details: {
    readonly type?: string;
    readonly duration_ms: number;
    readonly error?: Error & { readonly failureType?: string; readonly signal?: string | null };
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
  const why = error === undefined ? [] : [withoutInternals(inspect(error.cause ?? error))];
  // The file itself: it crashed, was ended, or took too long. Its error does not say where.
  if (verdict === 'failed' && data.name.endsWith(suite.suffix))
    why.push(error?.signal ?? '', afterwards, ...lastOf(lifeOf(data.file)));
  afterwards = '';
  const detail = why.length === 0 ? {} : { detail: why.filter(Boolean).join('\n') };
  const seconds = data.details.duration_ms / 1000;
  records.push({ file, name: full, environment: name ?? '', outcome, seconds, ...detail });
}

function lastOf(life: Life): readonly string[] {
  life.failed = true;
  const { running, written } = life;
  return [running.length > 0 ? `did not end: ${running.join(' › ')}` : '', written.trim()];
}

/** A file that leaves by `process.exit(0)` before its last test has ended reports no failure. */
function recordLeft(): void {
  for (const [path, life] of lives) {
    if (life.running.length === 0 || life.failed) continue;
    const file = relative(process.cwd(), path);
    const detail = lastOf(life).filter(Boolean).join('\n');
    records.push({ file, name: 'ends its tests', environment: name ?? '', outcome: 'failed', seconds: 0, detail });
  }
}

const withoutInternals = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/^\s+at .*node:internal/.test(line))
    .join('\n');

/** Runs files, so many at a time, with so many browsers of each kind to share. */
async function runFiles(files: readonly string[], concurrency: number): Promise<void> {
  if (files.length === 0) return;
  const closeBrowsers = name === 'e2e' && files.length > 1 ? await shareBrowsers(concurrency) : undefined;
  const stream = run({ files: files.map((path) => resolve(path)), concurrency, timeout: suite.timeout });
  stream.on('test:start', (data) => {
    parents.splice(data.nesting, Infinity, data.name);
  });
  stream.on('test:dequeue', ({ name: test, file }) => {
    if (!test.endsWith(suite.suffix)) lifeOf(file).running.push(test);
  });
  stream.on('test:complete', ({ name: test, file }) => {
    const { running } = lifeOf(file);
    const at = running.lastIndexOf(test);
    if (at >= 0) running.splice(at, 1);
  });
  stream.on('test:diagnostic', ({ message }) => {
    afterwards = message;
  });
  for (const event of ['test:stdout', 'test:stderr'] as const)
    stream.on(event, ({ message, file }) => {
      const life = lifeOf(file);
      life.written = (life.written + message).slice(-WRITTEN);
    });
  stream.on('test:pass', (data) => record(data, 'passed'));
  stream.on('test:fail', (data) => record(data, 'failed'));
  stream.compose(new spec()).pipe(process.stdout, { end: false });
  await once(stream, 'end');
  await closeBrowsers?.();
}

await runFiles(
  chosen.filter((path) => !paired.includes(path)),
  suite.concurrency,
);
await runFiles(paired, 2);
recordLeft();
mkdirSync('dist/test-results', { recursive: true });
writeFileSync(`dist/test-results/${name}.json`, JSON.stringify(records, undefined, 1));
if (records.length === 0 || records.some((test) => test.outcome !== 'passed')) process.exitCode = 1;
