/**
 * `npm start`: builds the demo and the server if a source is newer, then serves both on one port. `PORT` and `HOST` set the
 * address, `CONSULT_ROOM_CONFIG` the configuration; all other flags are those of `consult-room-server`.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const sources = ['src', 'demo', 'package.json', 'vite.config.ts', 'tsconfig.json'];

/** Last modification of a file, or of anything in a folder; 0 if it does not exist. */
function changed(name) {
  if (!existsSync(name)) return 0;
  const own = statSync(name);
  if (!own.isDirectory()) return own.mtimeMs;
  return Math.max(own.mtimeMs, ...readdirSync(name).map((child) => changed(`${name}/${child}`)));
}

const newest = Math.max(...sources.map((name) => changed(path(name))));
const builds = [
  { mode: 'server', result: path('dist/server/cli.js') },
  // The builder of the documentation prints its hashes.
  { mode: 'cdn', result: path('dist/cdn/consult-room.js') },
  { mode: 'production', result: path('dist/demo/index.html') },
];
for (const { mode, result } of builds) {
  if (changed(result) >= newest) continue;
  const { build } = await import('vite');
  await build({ mode, configFile: path('vite.config.ts'), logLevel: 'error' });
}

const { HOST, PORT, CONSULT_ROOM_CONFIG } = process.env;
const given = process.argv.slice(2);
const flags = [
  ...(given.includes('--static') ? [] : ['--static', path('dist/demo')]),
  ...(PORT ? ['--port', PORT] : []),
  ...(HOST ? ['--host', HOST] : []),
  ...(CONSULT_ROOM_CONFIG ? [] : ['--config', path('demo/config.json')]),
];
process.argv.splice(1, Infinity, path('dist/server/cli.js'), ...flags, ...given);
await import(new URL('../dist/server/cli.js', import.meta.url).href);
