/**
 * Bundles what a site takes of the package with a bundler, one file for each, into `dist/size/` for the size table: an element alone, the
 * headless room, and the invites of a backend. What they load later by `import()` is not in it.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { build, type Metafile } from 'esbuild';

const ENTRIES: Readonly<Record<string, string>> = {
  element: `import { define } from 'consult-room/define'; import { QuickExit } from 'consult-room/elements'; define(QuickExit);`,
  headless: `export { Room } from 'consult-room/room';`,
  invite: `export { createInvite } from 'consult-room/invite';`,
};

/** The outputs that an output needs at once, and itself. */
function atOnce(file: string, outputs: Metafile['outputs'], found = new Set<string>()): ReadonlySet<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const { path, kind } of outputs[file]?.imports ?? [])
    if (kind === 'import-statement' && path in outputs) atOnce(path, outputs, found);
  return found;
}

rmSync('dist/size', { recursive: true, force: true });
for (const [name, contents] of Object.entries(ENTRIES)) {
  const { metafile, outputFiles } = await build({
    stdin: { contents, resolveDir: '.', sourcefile: `${name}.js` },
    bundle: true,
    splitting: true,
    minify: true,
    legalComments: 'none',
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    external: ['node:*', 'crypto'],
    outdir: `dist/size/${name}`,
    metafile: true,
    write: false,
    logLevel: 'error',
  });
  const [entry = ''] = Object.entries(metafile.outputs).flatMap(([file, { entryPoint }]) =>
    entryPoint?.endsWith(`${name}.js`) === true ? file : [],
  );
  const needed = [...atOnce(entry, metafile.outputs)].map((file) => basename(file));
  mkdirSync(`dist/size/${name}`, { recursive: true });
  for (const { path, contents: bytes } of outputFiles)
    if (needed.includes(basename(path))) writeFileSync(`dist/size/${name}/${basename(path)}`, bytes);
}
