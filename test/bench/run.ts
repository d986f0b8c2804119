/**
 * `npm run bench [-- NAME…]`: runs `test/bench/NAME/run.ts`, all of them by default. They print tables and write
 * `dist/bench/NAME.json`. What we compare with is installed here on first use, exact versions, and never with the
 * library.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';

const folder = 'test/bench';
const { positionals } = parseArgs({ allowPositionals: true });
const all = readdirSync(folder).filter((name) => existsSync(`${folder}/${name}/run.ts`));
const unknown = positionals.filter((name) => !all.includes(name));
if (unknown.length > 0 || all.length === 0) throw new Error(`no such bench: ${unknown.join(', ')} (${all.join(', ')})`);

function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

if (!existsSync(`${folder}/node_modules`)) {
  run('npm', ['install', '--prefix', folder, '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts']);
}
mkdirSync('dist/bench', { recursive: true });
for (const name of positionals.length > 0 ? positionals : all) {
  console.log(`\n${name}`);
  run(process.execPath, ['--import', './test/support/typescript.mjs', `${folder}/${name}/run.ts`]);
}
