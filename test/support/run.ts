/**
 * `npm test [-- STEP…]`: runs every check and every suite, prints where the time went, and `N passed, N failed` alone
 * on the last line. A check counts as one test. A skipped test, a suite without tests and a missing browser count as
 * failures.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { runCommand } from './command.ts';
import { missingTools, provideTools } from './prerequisites.ts';
import type { TestRecord } from './results.ts';
import { timeTable, type TimeRow } from './time-table.ts';

interface Check {
  readonly name: string;
  readonly script: string;
}
interface Suite extends Check {
  /** The file of {@link TestRecord}s that it writes. */
  readonly results: string;
  readonly minutes: number;
}
type Step = Check | Suite;

/** One stage after the other; the steps of a stage run at the same time. Each suite has the processors to itself. */
const stages: readonly (readonly Step[])[] = [
  [
    { name: 'types', script: 'types' },
    { name: 'lint', script: 'lint' },
  ],
  [
    { name: 'format', script: 'format:check' },
    { name: 'unused', script: 'unused' },
  ],
  [{ name: 'build', script: 'build' }],
  [
    { name: 'size', script: 'size' },
    { name: 'manifest', script: 'manifest' },
  ],
  [{ name: 'node', script: 'test:node', results: 'node.json', minutes: 15 }],
  [{ name: 'browser', script: 'test:browser', results: 'browser-chromium-firefox.json', minutes: 45 }],
  [{ name: 'e2e', script: 'test:e2e', results: 'e2e.json', minutes: 45 }],
  [{ name: 'lab', script: 'test:lab', results: 'lab.json', minutes: 30 }],
];
const steps = stages.flat();

const folder = 'dist/test-results';

function explain(found: readonly TestRecord[]): void {
  for (const { name, file, environment, outcome, detail } of found) {
    if (outcome !== 'passed') console.log(`  ✖ ${environment} ${file} ${name}: ${outcome}\n${indent(detail ?? '')}`);
  }
}

const indent = (text: string): string => text.trimEnd().replaceAll(/^/gm, '      ');
const lastLines = (text: string): string => text.trimEnd().split('\n').slice(-150).join('\n');

async function check(step: Check): Promise<readonly TestRecord[]> {
  const start = performance.now();
  const { code, output } = await runCommand('npm', ['run', '--silent', step.script], { minutes: 20 });
  const outcome = code === 0 ? 'passed' : 'failed';
  const seconds = (performance.now() - start) / 1000;
  const detail = code === 0 ? {} : { detail: lastLines(output) };
  return [{ file: '', name: step.name, environment: 'check', outcome, seconds, ...detail }];
}

async function suite(step: Suite): Promise<readonly TestRecord[]> {
  const { code, output } = await runCommand('npm', ['run', '--silent', step.script], { minutes: step.minutes });
  const path = `${folder}/${step.results}`;
  const found = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as readonly TestRecord[]) : [];
  const explained = found.some((record) => record.outcome !== 'passed');
  if (found.length > 0 && (code === 0 || explained)) return found;
  const name = found.length === 0 ? 'the suite runs tests' : `the suite ends with exit code ${code}`;
  const detail = lastLines(output);
  return [...found, { file: '', name, environment: step.name, outcome: 'failed', seconds: 0, detail }];
}

/** The lab makes network namespaces. */
const needsRoot = (step: Step): boolean => step.name === 'lab' && process.getuid?.() !== 0;

async function recordsOf(step: Step): Promise<readonly TestRecord[]> {
  if (!needsRoot(step)) return 'results' in step ? suite(step) : check(step);
  console.log('  the network lab makes network namespaces and needs root: not run');
  if (process.env['CI'] !== 'true') return [];
  return [{ file: '', name: 'the lab runs', environment: 'lab', outcome: 'failed', seconds: 0, detail: 'needs root' }];
}

async function timed(step: Step): Promise<TimeRow> {
  const start = performance.now();
  const own = await recordsOf(step);
  const seconds = (performance.now() - start) / 1000;
  const passed = own.filter((record) => record.outcome === 'passed').length;
  console.log(`  ${step.name}: ${passed} of ${own.length} passed, ${seconds.toFixed(1)} s`);
  explain(own);
  return { step: step.name, seconds, records: own };
}

const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`no such step: ${unknown.join(', ')} (${steps.map((step) => step.name).join(' ')})`);
  process.exit(2);
}
const isChosen = ({ name }: Step): boolean => positionals.length === 0 || positionals.includes(name);

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
await provideTools();
const missing = missingTools().map(({ command, debian }): TestRecord => ({
  file: '',
  name: command,
  environment: 'check',
  outcome: 'failed',
  seconds: 0,
  detail: `install ${debian}`,
}));
explain(missing);
const rows: TimeRow[] = [];
const start = performance.now();
for (const stage of stages) {
  const chosen = stage.filter(isChosen);
  if (chosen.length > 0) console.log(chosen.map(({ name }) => name).join(' and '));
  rows.push(...(await Promise.all(chosen.map(timed))));
}

console.log(`\n${timeTable(rows, (performance.now() - start) / 1000)}\n`);
const records = [...missing, ...rows.flatMap((row) => row.records)];
const passed = records.filter((record) => record.outcome === 'passed').length;
const failed = records.length - passed;
if (failed > 0 || records.length === 0) process.exitCode = 1;
console.log(`${passed} passed, ${failed} failed`);
