/**
 * `npm run evidence`: groups the results of the last `npm test` by promise and writes `dist/evidence/index.html` and
 * `evidence.json`. Ends with an error where a requirement has no test, or a failing one.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import type { TestRecord } from '../support/results.ts';
import { type Evidence, page } from './page.ts';
import { type RequirementId, requirementIds, requirements } from './requirements.ts';

const results = 'dist/test-results';
const files = existsSync(results) ? readdirSync(results).filter((file) => file.endsWith('.json')) : [];
if (files.length === 0) throw new Error('no test results: run `npm test` first');
const records = files.flatMap(
  (file) => JSON.parse(readFileSync(`${results}/${file}`, 'utf8')) as readonly TestRecord[],
);

/** Tests name a requirement in their title, their group's title, or in a list as in `[R13, R14]`. */
function proves({ name }: TestRecord, id: RequirementId): boolean {
  const named = [...name.matchAll(/\[([^\]]*)\]/g)].flatMap((match) => (match[1] ?? '').split(/[\s,]+/));
  return named.includes(id);
}

const evidence: readonly Evidence[] = requirementIds.map((id) => ({
  id,
  promise: requirements[id],
  tests: records
    .filter((record) => proves(record, id))
    .map(({ file, name, environment, outcome }) => ({ file, name, environment, outcome })),
}));

mkdirSync('dist/evidence', { recursive: true });
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const at = new Date().toISOString();
writeFileSync('dist/evidence/evidence.json', JSON.stringify({ version, at, evidence }, undefined, 2));
// What tests leave to be looked at, such as the printed notice of the demo.
const papers = readdirSync('dist/evidence').filter((file) => /^notice-.*\.(?:pdf|html)$/u.test(file));
writeFileSync('dist/evidence/index.html', page({ version, at, evidence, papers }));

for (const { id, promise, tests } of evidence) {
  const passed = tests.filter((test) => test.outcome === 'passed').length;
  console.log(`${id.padEnd(4)} ${String(passed).padStart(3)} of ${String(tests.length).padStart(3)}  ${promise}`);
}
const open = evidence.filter(({ tests }) => tests.length === 0 || tests.some((test) => test.outcome !== 'passed'));
if (open.length > 0) {
  console.log(`without proof: ${open.map(({ id }) => id).join(', ')}`);
  process.exitCode = 1;
}
