/** The command as it is built: npm makes a `bin` executable when it installs a package, and a rebuild must not undo it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { build } from 'vite';

it('runs the built command directly, also when it is rebuilt', async (t) => {
  // Below the project, so that the command finds its dependencies.
  const folder = mkdtempSync('node_modules/.bin-test-');
  t.after(() => rmSync(folder, { recursive: true }));
  const outDir = join(folder, 'dist/server');
  for (let time = 0; time < 2; time++) {
    await build({ mode: 'server', logLevel: 'error', build: { outDir, emptyOutDir: true } });
    const { stdout, stderr, status } = spawnSync(join(outDir, 'cli.js'), ['--help'], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^consult-room-server/u);
    chmodSync(join(outDir, 'cli.js'), 0o644);
  }
});
