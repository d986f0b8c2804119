/** `npm run manifest`: fails unless the committed custom-elements.json is exactly what `npm run analyze` writes. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import process from 'node:process';

interface Manifest {
  readonly modules: readonly { readonly path: string }[];
}

const FILE = 'custom-elements.json';
const folder = mkdtempSync(join(tmpdir(), 'consult-room-manifest-'));
const analyzer = ['node_modules/@custom-elements-manifest/analyzer/cem.js', 'analyze'];
const { status, stdout, stderr } = spawnSync(
  process.execPath,
  [...analyzer, '--outdir', relative(process.cwd(), folder)],
  { encoding: 'utf8' },
);
const fresh = existsSync(join(folder, FILE)) ? readFileSync(join(folder, FILE), 'utf8') : undefined;
rmSync(folder, { recursive: true });

if (status !== 0 || fresh === undefined) {
  console.error(`the analyzer failed (${String(status)})\n${stdout}${stderr}`);
  process.exitCode = 1;
} else if (fresh.trimEnd() !== readFileSync(FILE, 'utf8').trimEnd()) {
  const modules = (text: string): ReadonlyMap<string, string> =>
    new Map((JSON.parse(text) as Manifest).modules.map((module) => [module.path, JSON.stringify(module)]));
  const [now, committed] = [modules(fresh), modules(readFileSync(FILE, 'utf8'))];
  const changed = [...new Set([...now.keys(), ...committed.keys()])].filter(
    (path) => now.get(path) !== committed.get(path),
  );
  console.error(`${FILE} is not what \`npm run analyze\` writes. Run it and commit the result.`);
  for (const path of changed) console.error(`  ${path}`);
  process.exitCode = 1;
}
