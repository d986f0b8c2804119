/**
 * What a page loads for a call of two: this library, RealtimeKit UI, LiveKit's components and Whereby, with one bundler, the same
 * settings, minified and gzipped; scripts, styles and workers. No browser and no server is needed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';
import { printTable, round, writeReport, type Reach } from '../support/report.ts';
import { PAGES, type PageSource } from './pages.ts';

const FOLDER = 'test/bench/size';

const readVersion = (file: string): string => (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;

/** Installs the others where one is missing or another version is there. */
function install(): void {
  const { dependencies } = JSON.parse(readFileSync(`${FOLDER}/package.json`, 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const isThere = ([name, version]: readonly [string, string]): boolean => {
    const file = `${FOLDER}/node_modules/${name}/package.json`;
    return existsSync(file) && readVersion(file) === version;
  };
  if (Object.entries(dependencies).every(isThere)) return;
  const flags = ['--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps'];
  const { status } = spawnSync('npm', ['install', '--prefix', FOLDER, ...flags], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`npm install ended with ${String(status)}`);
}

/** The outputs that an output needs at once, and itself. */
function atOnce(file: string, outputs: Metafile['outputs'], found = new Set<string>()): ReadonlySet<string> {
  if (found.has(file)) return found;
  found.add(file);
  const { imports = [], cssBundle } = outputs[file] ?? {};
  if (cssBundle !== undefined) found.add(cssBundle);
  for (const { path, kind } of imports)
    if (kind === 'import-statement' && path in outputs) atOnce(path, outputs, found);
  return found;
}

interface Figures {
  /** Kilobytes of 1,000 bytes, gzipped. */
  readonly first: number;
  readonly call: number;
  readonly all: number;
  readonly files: number;
}

async function measure({ name, code, later }: PageSource): Promise<Figures> {
  const { metafile, outputFiles } = await build({
    stdin: { contents: code, resolveDir: FOLDER, sourcefile: 'page.js' },
    alias: { 'consult-room': resolve('dist/npm/index.js') },
    bundle: true,
    splitting: true,
    minify: true,
    legalComments: 'none',
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
    // Read by code for Node that a browser does not reach.
    external: ['node:*', 'crypto', 'fs', 'path'],
    loader: { '.svg': 'dataurl', '.woff2': 'file' },
    outdir: 'out',
    metafile: true,
    write: false,
    logLevel: 'error',
  });
  const sizes = new Map(
    outputFiles.map(({ path, contents }) => [
      basename(path),
      gzipSync(contents, { level: constants.Z_BEST_COMPRESSION }).length,
    ]),
  );
  const sum = (files: Iterable<string>): number =>
    round([...files].reduce((bytes, file) => bytes + (sizes.get(basename(file)) ?? NaN), 0) / 1000, 1);
  const entry = Object.keys(metafile.outputs).find(
    (file) => metafile.outputs[file]?.entryPoint?.endsWith('page.js') === true,
  );
  if (entry === undefined) throw new Error(`${name}: the bundle has no entry`);
  const first = atOnce(entry, metafile.outputs);
  const isNeeded = (file: string): boolean =>
    later !== 'none' && !later.except.some((start) => basename(file).startsWith(start));
  const call = new Set([...first, ...Object.keys(metafile.outputs).filter(isNeeded)]);
  return { first: sum(first), call: sum(call), all: sum(sizes.keys()), files: sizes.size };
}

install();
if (!existsSync('dist/npm/index.js')) throw new Error('run `npm run build` first');
const results = new Map<string, Figures>();
for (const page of PAGES) results.set(page.name, await measure(page));
const versions = (packages: readonly string[]): string =>
  packages.length === 0
    ? readVersion('package.json')
    : packages.map((name) => `${name} ${readVersion(`${FOLDER}/node_modules/${name}/package.json`)}`).join(', ');
console.log(PAGES.map(({ name, packages, note }) => `${name}: ${versions(packages)}; ${note}`).join('\n'));
const own = results.get('consult-room');
const reach: readonly Reach[] = [...results]
  .filter(([name]) => !['consult-room', 'Whereby embed'].includes(name))
  .map(([name, { call }]) => ({ text: `smaller than ${name}`, met: own !== undefined && own.call < call }));
printTable(
  'kB gzipped: at first, for a call of two, and all files of the bundle',
  [
    ['', 'first', 'call', 'all', 'files'],
    ...[...results].map(([name, { first, call, all, files }]) => [name, first, call, all, files]),
  ],
  reach,
);
await writeReport('size', { peers: [], reach, results: Object.fromEntries(results) });
