/** Folders for the files of a test, which go when its process ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const made: string[] = [];

/**
 * @param name what it is for, as part of its own name
 * @returns the path of a new folder of this process alone. It is deleted when the process ends: what a test has started has ended by
 *   then, and writes nothing more into it.
 */
export function temporaryFolder(name: string): string {
  if (made.length === 0) process.once('exit', removeAll);
  const folder = mkdtempSync(join(tmpdir(), `consult-room-${name}-`));
  made.push(folder);
  return folder;
}

function removeAll(): void {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
}
