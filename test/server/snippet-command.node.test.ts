/** `consult-room-server snippet`: pinned scripts and the policy that allows them. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { UsageError } from '../../src/server/settings.ts';
import { snippet } from '../../src/server/snippet-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'consult-room-snippet-'));
const files = {
  'consult-room.js': 'entry',
  'session-A1.js': 'later',
  'frame-worker.js': 'worker',
  'themes/calm.css': 'calm',
  'themes/compact.css': 'compact',
};
mkdirSync(join(folder, 'themes'));
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

  it('loads theme and density by their hashes, and puts every choice on the element', async () => {
    const choices = ['--lang', 'en', '--policy', 'gruppe', '--exit-href', 'https://www.wetter.example/?a=1&b="'];
    const { html } = await made('--theme', 'calm', '--density', 'compact', ...choices);
    for (const name of ['calm', 'compact'])
      assert.ok(html.includes(`href="/consult-room/themes/${name}.css" integrity="${sha384(name)}" />`), html);
    assert.match(html, / lang="en" policy="gruppe" exit-href="https:\/\/www\.wetter\.example\/\?a=1&amp;b=%22">/u);
  });

  it('loads own wording before the room is drawn, and pins the entry, which that imports first', async () => {
    const { html } = await made('--texts', '/own/texts.js');
    assert.ok(html.indexOf('src="/own/texts.js"') < html.indexOf('src="/consult-room/consult-room.js"'));
    const [, map = ''] = /<script type="importmap">([^]*?)<\/script>/u.exec(html) ?? [];
    const { integrity } = JSON.parse(map) as { readonly integrity: Readonly<Record<string, string>> };
    assert.equal(integrity['/consult-room/consult-room.js'], sha384('entry'));
  });

  for (const flags of [
    ['--base', 'https://cdn.example/'],
    ['--base', '/parts/../'],
    ['--signaling', 'wss://name:word@signal.example/'],
    ['--signaling', 'wss://signal.example/#here'],
    ['--signaling', 'wss://signal.example/a\nb'],
    ['--policy', 'none'],
    ['--theme', 'pink'],
    ['--theme', 'dark'],
    ['--density', 'loose'],
    ['--exit-href', 'javascript:alert(1)'],
    ['--exit-href', 'http://www.wetter.example/'],
    ['--exit-href', '//www.wetter.example/'],
    ['--exit-href', '/a"b'],
    ['--texts', 'https://other.example/texts.js'],
    ['--texts', '/texts.css'],
    ['--texts', '/a"><script>.js'],
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
