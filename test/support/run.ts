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

const steps: readonly Step[] = [
  { name: 'types', script: 'types' },
  { name: 'lint', script: 'lint' },
  { name: 'format', script: 'format:check' },
  { name: 'build', script: 'build' },
  { name: 'size', script: 'size' },
  { name: 'unused', script: 'unused' },
  { name: 'manifest', script: 'manifest' },
  { name: 'node', script: 'test:node', results: 'node.json', minutes: 15 },
  { name: 'browser', script: 'test:browser', results: 'browser-chromium-firefox.json', minutes: 45 },
  { name: 'e2e', script: 'test:e2e', results: 'e2e.json', minutes: 45 },
  { name: 'lab', script: 'test:lab', results: 'lab.json', minutes: 30 },
];

const folder = 'dist/test-results';
const records: TestRecord[] = [];

function note(found: readonly TestRecord[]): void {
  records.push(...found);
  for (const { name, file, environment, outcome, detail } of found) {
    if (outcome !== 'passed') console.log(`  ✖ ${environment} ${file} ${name}: ${outcome}\n${indent(detail ?? '')}`);
  }
}

const indent = (text: string): string => text.trimEnd().replaceAll(/^/gm, '      ');
const lastLines = (text: string): string => text.trimEnd().split('\n').slice(-150).join('\n');

async function check(step: Check): Promise<void> {
  const start = performance.now();
  const { code, output } = await runCommand('npm', ['run', '--silent', step.script], { minutes: 20 });
  const outcome = code === 0 ? 'passed' : 'failed';
  const seconds = (performance.now() - start) / 1000;
  const detail = code === 0 ? {} : { detail: lastLines(output) };
  note([{ file: '', name: step.name, environment: 'check', outcome, seconds, ...detail }]);
}

async function suite(step: Suite): Promise<void> {
  const { code, output } = await runCommand('npm', ['run', '--silent', step.script], { minutes: step.minutes });
  const path = `${folder}/${step.results}`;
  const found = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as readonly TestRecord[]) : [];
  note(found);
  const explained = found.some((record) => record.outcome !== 'passed');
  if (found.length === 0 || (code !== 0 && !explained)) {
    const name = found.length === 0 ? 'the suite runs tests' : `the suite ends with exit code ${code}`;
    note([{ file: '', name, environment: step.name, outcome: 'failed', seconds: 0, detail: lastLines(output) }]);
  }
}

function runnable(step: Step): boolean {
  if (step.name !== 'lab' || process.getuid?.() === 0) return true;
  console.log('  the network lab makes network namespaces and needs root: not run');
  if (process.env['CI'] === 'true') {
    note([{ file: '', name: 'the lab runs', environment: 'lab', outcome: 'failed', seconds: 0, detail: 'needs root' }]);
  }
  return false;
}

const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`no such step: ${unknown.join(', ')} (${steps.map((step) => step.name).join(' ')})`);
  process.exit(2);
}
const chosen = positionals.length > 0 ? steps.filter((step) => positionals.includes(step.name)) : steps;

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
await provideTools();
for (const tool of missingTools()) {
  note([
    {
      file: '',
      name: tool.command,
      environment: 'check',
      outcome: 'failed',
      seconds: 0,
      detail: `install ${tool.debian}`,
    },
  ]);
}
const rows: TimeRow[] = [];
for (const step of chosen) {
  const start = performance.now();
  const before = records.length;
  console.log(step.name);
  if (runnable(step)) await ('results' in step ? suite(step) : check(step));
  const own = records.slice(before);
  const passed = own.filter((record) => record.outcome === 'passed').length;
  const seconds = (performance.now() - start) / 1000;
  rows.push({ step: step.name, seconds, records: own });
  console.log(`  ${passed} of ${own.length} passed, ${seconds.toFixed(1)} s`);
}

console.log(`\n${timeTable(rows)}\n`);
const passed = records.filter((record) => record.outcome === 'passed').length;
const failed = records.length - passed;
if (failed > 0 || records.length === 0) process.exitCode = 1;
console.log(`${passed} passed, ${failed} failed`);
