/** A site that has the package installed, in a folder of its own. */
import { mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** @returns its folder, with the package and everything it is developed with in `node_modules` */
export function site(): string {
  const folder = mkdtempSync(join(tmpdir(), 'consult-room-site-'));
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync('node_modules').filter((entry) => !entry.startsWith('.'))) {
    symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name));
  }
  symlinkSync(resolve('.'), join(folder, 'node_modules/consult-room'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return folder;
}
