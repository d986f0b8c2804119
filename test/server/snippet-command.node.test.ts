/** `consult-room-server snippet`: pinned scripts and the policy that allows them. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { UsageError } from '../../src/server/settings.ts';
import { snippet } from '../../src/server/snippet-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'consult-room-snippet-'));
const files = { 'consult-room.js': 'entry', 'session-A1.js': 'later', 'frame-worker.js': 'worker' };
for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
const sha384 = (text: string): string => `sha384-${createHash('sha384').update(text).digest('base64')}`;
const made = (...flags: readonly string[]) => snippet(['--files', folder, ...flags], {});

describe('consult-room-server snippet', () => {
  after(() => rmSync(folder, { recursive: true }));

  it('pins the entry by its tag and what it loads by the import map, which the policy allows', async () => {
    const { html, policy } = await made('--base', '/parts/');
    assert.ok(html.includes(`src="/parts/consult-room.js" integrity="${sha384('entry')}"`));
    const [, map = ''] = /<script type="importmap">([^]*?)<\/script>/u.exec(html) ?? [];
    assert.deepEqual(JSON.parse(map), { integrity: { '/parts/session-A1.js': sha384('later') } });
    assert.ok(policy.includes(`script-src 'self' '${sha384(map)}'`));
  });

  it('lets the page connect to its own server only, or to the one that is named', async () => {
    assert.match((await made()).policy, /connect-src 'self';/u);
    const { html, policy } = await made('--signaling', 'wss://signal.example/signal');
    assert.match(policy, /connect-src 'self' https:\/\/signal\.example wss:\/\/signal\.example;/u);
    assert.ok(html.includes('signaling="wss://signal.example/signal"'));
  });

  for (const flags of [
    ['--base', 'https://cdn.example/'],
    ['--base', '//cdn.example/'],
    ['--base', '/a"b/'],
    ['--base', '/parts'],
    ['--signaling', 'ws://signal.example'],
    ['--signaling', 'signal'],
    ['--lang', 'fr'],
    ['--files', join(folder, 'missing')],
  ])
    it(`refuses ${flags.join(' ')}`, () => assert.rejects(made(...flags), UsageError));
});
