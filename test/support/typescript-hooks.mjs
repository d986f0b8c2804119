/**
 * Loads `.ts` modules through esbuild, with the same two compiler options that change what code means in tsconfig.json.
 * What it makes is kept in `node_modules/.cache`, under a name that holds all it was made from: tests start some two
 * hundred processes, each of which would compile the same modules again.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const modules = new URL('../../node_modules/', import.meta.url);
const kept = new URL('.cache/consult-room/', modules);
const options = {
  loader: 'ts',
  format: 'esm',
  target: 'es2022',
  supported: { 'import-attributes': true },
  sourcemap: 'inline',
  tsconfigRaw: {
    compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false, verbatimModuleSyntax: true },
  },
};
const { version } = JSON.parse(await readFile(new URL('esbuild/package.json', modules), 'utf8'));

export async function load(url, context, nextLoad) {
  if (!/^file:.*\.ts$/.test(url)) return nextLoad(url, context);
  const path = fileURLToPath(url);
  const text = await readFile(path, 'utf8');
  const made = JSON.stringify([version, options, path, text]);
  const file = new URL(`${createHash('sha256').update(made).digest('hex')}.js`, kept);
  const source = await readFile(file, 'utf8').catch(() => compile(text, path, file));
  return { format: 'module', source, shortCircuit: true };
}

async function compile(text, path, file) {
  const { transform } = await import('esbuild');
  const { code } = await transform(text, { ...options, sourcefile: path });
  // Renamed when it is complete: other processes read at the same time. Where nothing can be kept, nothing is.
  const part = new URL(randomUUID(), kept);
  await mkdir(kept, { recursive: true })
    .then(() => writeFile(part, code))
    .then(() => rename(part, file))
    .catch(() => undefined);
  return code;
}
