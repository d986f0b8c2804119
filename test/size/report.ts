/**
 * `npm run size:report`: which package or folder costs what in each file of `dist/cdn/`, in kB. Builds the folder itself.
 * A share is the minified code of a package alone, gzipped, so the shares add up to a little more than the file.
 */
import { relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { transform } from 'esbuild';
import { build, type Rolldown } from 'vite';

const [output] = (await build({
  mode: 'cdn',
  configFile: 'vite.config.ts',
  logLevel: 'silent',
  build: { write: false, minify: false },
})) as readonly Rolldown.RolldownOutput[];

/** The package of a module, or its folder in `src`; what the bundler adds belongs to neither. */
function ownerOf(id: string): string {
  const [, scoped] = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/u.exec(id) ?? [];
  if (scoped !== undefined) return scoped;
  const folders = relative('src', id.replaceAll('\0', '')).split(sep).slice(0, -1);
  if (folders[0] === '..') return 'bundler';
  return ['src', ...folders.slice(0, folders[0] === 'room' ? 2 : 1)].join('/');
}

const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(1).padStart(7);

for (const chunk of output?.output ?? []) {
  if (chunk.type !== 'chunk') continue;
  const owners = new Map<string, string>();
  for (const [id, { code }] of Object.entries(chunk.modules))
    if (code !== null && code !== '') owners.set(ownerOf(id), `${owners.get(ownerOf(id)) ?? ''}\n${code}`);
  const rows = await Promise.all(
    [...owners].map(async ([owner, code]) => {
      const { code: small } = await transform(code, { minify: true, legalComments: 'none', format: 'esm' });
      return { owner, bytes: gzipSync(small).length };
    }),
  );
  const whole = rows.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(`\n${chunk.fileName} ${kilobytes(whole).trim()} kB`);
  for (const { owner, bytes } of rows.toSorted((a, b) => b.bytes - a.bytes))
    console.log(`${kilobytes(bytes)}  ${owner}`);
}
