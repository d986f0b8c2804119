/** What the pages for readers say is so: the configuration that they show is accepted, and what they link to is in the package. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { parseServerConfiguration, type ServerConfigurationInput } from '../../src/configuration.ts';
import { createServer } from '../../src/server/server.ts';

const PAGES = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md'] as const;

describe('the README', () => {
  it('shows a configuration that the server takes', () => {
    const [, json = ''] = /^```json\n(.*?)^```$/msu.exec(readFileSync('README.md', 'utf8')) ?? [];
    const configuration = JSON.parse(json) as { readonly $schema: string };
    assert.equal(configuration.$schema, './node_modules/consult-room/dist/server/config.schema.json');
    assert.deepEqual(
      parseServerConfiguration(configuration).servers.map(({ role }) => role),
      ['signaling', 'stun', 'relay'],
    );
    // But for the secret, which it leaves to the reader.
    const own = JSON.parse(json.replace('…', 'a secret of this test alone')) as ServerConfigurationInput;
    assert.equal(createServer({ configuration: own }).address, null);
  });
});

describe('npm test', () => {
  it('names the steps there are where there is no such, and ends with 2', () => {
    const args = ['--import', './test/support/typescript.mjs', 'test/support/run.ts', 'nonsense'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /^no such step: nonsense \(types lint .*\)\n$/u);
  });
});

describe('the package', () => {
  it('holds every file that its pages link to', () => {
    const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], { encoding: 'utf8' });
    const [{ files }] = JSON.parse(stdout) as [{ readonly files: readonly { readonly path: string }[] }];
    const held = new Set(files.map(({ path }) => path));
    const links = PAGES.flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/gu)].map(([, to = '']) =>
        join(dirname(page), to),
      ),
    );
    assert.ok(links.length > 0);
    assert.deepEqual(
      links.filter((link) => !held.has(link)),
      [],
    );
  });
});
