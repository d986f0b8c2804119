/** How far V8 widens its space for new objects in a process that calls us first, when much of what it makes stays for a while. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { describe, it } from 'node:test';

const MB = 1024 * 1024;
const MOST = 15;
const SCRIPT = `
  import { getHeapSpaceStatistics } from 'node:v8';
  import { boundNewSpace } from './src/server/new-space.ts';
  if (process.argv[1] === 'bound') boundNewSpace();
  let most = 0;
  const kept = [];
  for (let round = 0; round < 400; round++) {
    kept.push(Array.from({ length: 5_000 }, (_, index) => ({ index, list: [round] })));
    if (kept.length > 60) kept.shift();
    most = Math.max(most, getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size);
  }
  console.log(most);
`;

function widest(argument: string, node: readonly string[] = [], options = ''): number {
  const script = ['--import', './test/support/typescript.mjs', '--input-type=module', '-e', SCRIPT, argument];
  const { stdout } = spawnSync(process.execPath, [...node, ...script], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: options },
  });
  return Number(stdout) / MB;
}

describe('the space for new objects', () => {
  it('grows to 8 MB and hardly further, where V8 alone would let it', () => {
    // Node 24 counts more pages than it uses.
    assert.ok(widest('bound') <= MOST);
    assert.ok(widest('free') > MOST);
  });

  it('is left as large as the operator has chosen', () => {
    assert.ok(widest('bound', ['--max-semi-space-size=8']) > MOST);
    assert.ok(widest('bound', [], '--max_semi_space_size=8') > MOST);
  });
});
