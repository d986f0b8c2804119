/**
 * `npm run fuzz [-- --minutes N | --runs N] [--seed N] [FILE…]`: the property tests of this folder for longer, by default ten minutes.
 * Prints runs and seed of each round, with which it can be repeated.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';

/** Of one round where the time is given: a quarter of the cases in `npm test`, so that every file has its turn. */
const RUNS_OF_A_ROUND = '50';
const LARGEST_SEED = 0x7fff_fffe;

const { values, positionals } = parseArgs({
  options: { minutes: { type: 'string' }, runs: { type: 'string' }, seed: { type: 'string' } },
  allowPositionals: true,
});
if (values.minutes !== undefined && values.runs !== undefined) throw new Error('either --minutes or --runs');
const minutes = Number(values.minutes ?? 10);
for (const [name, value] of Object.entries({ minutes, runs: Number(values.runs ?? 1), seed: Number(values.seed ?? 1) }))
  if (!(value > 0)) throw new Error(`--${name}: a number above 0`);

const all = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.node.test.ts'))
  .map((name) => `test/fuzz/${name}`);

/** @returns the exit code */
async function round(runs: string, seed: string): Promise<number> {
  const what = `--runs ${runs} --seed ${seed}`;
  console.log(what);
  const child = spawn(process.execPath, ['--test', ...(positionals.length > 0 ? positionals : all)], {
    stdio: 'inherit',
    env: {
      ...process.env,
      FUZZ_RUNS: runs,
      FUZZ_SEED: seed,
      NODE_OPTIONS: '--enable-source-maps --import ./test/support/typescript.mjs',
    },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  console.log(what);
  return code ?? 1;
}

const first = Number(values.seed ?? 1 + Math.floor(Math.random() * LARGEST_SEED));
const end = Date.now() + minutes * 60_000;
let rounds = 0;
do {
  process.exitCode = await round(values.runs ?? RUNS_OF_A_ROUND, String(((first + rounds - 1) % LARGEST_SEED) + 1));
  rounds += 1;
} while (values.runs === undefined && process.exitCode === 0 && Date.now() < end);
console.log(`${String(rounds)} rounds`);
