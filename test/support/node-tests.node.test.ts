/** The runner itself: no test of a file that breaks off is lost without a word, and what is known of it is shown. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { describe, it } from 'node:test';
import type { TestRecord } from './results.ts';
import { temporaryFolder } from './temporary-folder.ts';

const TYPESCRIPT = resolve('test/support/typescript.mjs');
const RUNNER = resolve('test/support/node-tests.ts');
const IMPORT = `import { describe, it } from 'node:test';\n`;

/** Runs a file alone. @returns the exit code, and what is recorded */
async function ran(content: string) {
  const folder = temporaryFolder('runner');
  mkdirSync(join(folder, 'test'));
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  writeFileSync(join(folder, 'test/odd.node.test.ts'), IMPORT + content);
  // Else Node takes this for a test within a test, and runs nothing.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, ['--import', TYPESCRIPT, RUNNER], { cwd: folder, env, stdio: 'ignore' });
  await once(child, 'exit');
  const text = readFileSync(join(folder, 'dist/test-results/node.json'), 'utf8');
  return { code: child.exitCode, records: JSON.parse(text) as readonly TestRecord[] };
}

const CASES: Readonly<
  Record<string, { readonly content: string; readonly outcomes: readonly string[]; readonly detail: RegExp }>
> = {
  'crashes before its first test': {
    content: `it('one', () => {}); throw new Error('at once');`,
    outcomes: ['failed'],
    detail: /Error: at once/u,
  },
  'leaves in the middle as if all were well': {
    content: `it('one', () => {});
      describe('more', () => {
        it('two', async () => {
          await new Promise((resolve) => setTimeout(resolve, 500));
          console.error('last words');
          process.exit(0);
        });
        it('three', () => {});
      });`,
    outcomes: ['passed', 'failed'],
    detail: /did not end: more › two\nlast words/u,
  },
  'fails after its last test': {
    content: `it('one', () => void setTimeout(() => { throw new Error('too late'); }, 50));`,
    outcomes: ['passed', 'failed'],
    detail: /too late/u,
  },
  'is killed': {
    content: `it('one', () => process.kill(process.pid, 'SIGKILL'));`,
    outcomes: ['failed'],
    detail: /SIGKILL/u,
  },
  'has no tests': { content: '', outcomes: ['skipped'], detail: /^$/u },
};

describe('a file of tests', () => {
  for (const [what, { content, outcomes, detail }] of Object.entries(CASES))
    it(`that ${what} does not pass, and its end is shown`, async () => {
      const { code, records } = await ran(content);
      assert.equal(code, 1);
      assert.deepEqual(
        records.map(({ outcome }) => outcome),
        outcomes,
      );
      assert.match(records.at(-1)?.detail ?? '', detail);
    });

  it('that is good passes', async () => {
    const { code, records } = await ran(`describe('all', () => { it('one', () => {}); });`);
    assert.deepEqual([code, records.map(({ name, outcome }) => `${name} ${outcome}`)], [0, ['all › one passed']]);
  });
});
