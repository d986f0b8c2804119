/** `npm run fuzz [-- --runs N --seed N FILE…]`: the property tests of this folder for longer. Prints the seed, with which it can be repeated. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '5000' }, seed: { type: 'string' } },
  allowPositionals: true,
});
const seed = values.seed ?? String(1 + Math.floor(Math.random() * 0x7fff_fffe));
const files = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.node.test.ts'))
  .map((name) => `test/fuzz/${name}`);

console.log(`--runs ${values.runs} --seed ${seed}`);
const child = spawn(process.execPath, ['--test', ...(positionals.length > 0 ? positionals : files)], {
  stdio: 'inherit',
  env: {
    ...process.env,
    FUZZ_RUNS: values.runs,
    FUZZ_SEED: seed,
    NODE_OPTIONS: '--enable-source-maps --import ./test/support/typescript.mjs',
  },
});
const [code] = (await once(child, 'exit')) as [number | null];
console.log(`--runs ${values.runs} --seed ${seed}`);
process.exitCode = code ?? 1;
