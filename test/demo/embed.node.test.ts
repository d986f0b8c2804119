/** The builder makes what the command prints, and takes nothing that cannot stand in a page. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { embeddingOf, mistakesOf, type Form } from '../../demo/client/embed.ts';
import { parseServerConfiguration } from '../../src/configuration.ts';
import { hashesOf, snippet } from '../../src/server/snippet-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'consult-room-embed-'));
mkdirSync(join(folder, 'themes'));
for (const name of [
  'consult-room.js',
  'later-A1.js',
  'frame-worker.js',
  'themes/calm.css',
  'themes/dark.css',
  'themes/compact.css',
])
  writeFileSync(join(folder, name), `content of ${name}`);

const usual = {
  lang: 'de',
  policy: 'beratung',
  theme: '',
  density: 'usual',
  'exit-href': 'https://www.wetter.example/',
  origin: 'https://beratung.example',
  base: '/consult-room/',
  signaling: '',
  name: 'Beratungsstelle Nord',
  address: 'Hafen 1, 24103 Kiel',
  email: 'post@nord.example',
  country: 'DE',
  telephone: '+49 431 123456',
  'relay-host': '',
  'relay-address': '',
};
const form = (fields: Readonly<Record<string, string>> = {}, texts: Form['texts'] = {}): Form => ({
  fields: { ...usual, ...fields },
  texts,
});

/** The arguments of a command, as a shell splits them. */
const argumentsOf = (command: string): readonly string[] =>
  [...command.matchAll(/'([^']*)'|(\S+)/gu)].map(([, quoted, plain]) => quoted ?? plain ?? '').slice(3);

describe('the builder', () => {
  after(() => rmSync(folder, { recursive: true }));

  for (const [title, fields, texts] of [
    ['as it begins', {}, {}],
    ['in English, with theme and density', { lang: 'en', theme: 'dark', density: 'compact', policy: 'gruppe' }, {}],
    ['with another signalling server', { signaling: 'wss://signal.example/signal?a=1&b=2', base: '/a/b/' }, {}],
    [
      'with own texts and a relay',
      { 'relay-host': 'turn.nord.example', 'relay-address': '203.0.113.7', policy: 'gewaltschutz' },
      { 'privacy-notice.heading': 'Guten Tag' },
    ],
  ] as const)
    it(`prints what the command prints, ${title}`, async () => {
      assert.deepEqual(mistakesOf(form(fields, texts)), { fields: new Map(), texts: [] });
      const { html, csp, command, config } = embeddingOf(form(fields, texts), await hashesOf(folder));
      const printed = await snippet([...argumentsOf(command), '--files', folder], {});
      assert.deepEqual({ html, csp }, { html: printed.html, csp: `Content-Security-Policy: ${printed.policy}` });
      assert.equal(parseServerConfiguration(JSON.parse(config)).operator.name, usual.name);
    });

  for (const [field, value] of [
    ['name', ''],
    ['name', 'Nord" onload="'],
    ['name', 'Nord\n<script>'],
    ['address', 'Hafen 1<br>Kiel'],
    ['email', 'nord.example'],
    ['country', 'de'],
    ['country', 'US'],
    ['telephone', '1\r\n2'],
    ['telephone', '12\u202e34'],
    ['origin', 'https://beratung.example/room.html'],
    ['origin', 'http://beratung.example'],
    ['origin', 'beratung.example'],
    ['origin', 'https://a:b@beratung.example'],
    ['base', 'consult-room'],
    ['base', '/a/../'],
    ['base', '//other.example/'],
    ['signaling', 'ws://signal.example'],
    ['signaling', 'wss://a:b@signal.example/'],
    ['signaling', 'wss://signal.example/#x'],
    ['exit-href', 'javascript:alert(1)'],
    ['exit-href', 'http://www.wetter.example'],
    ['relay-host', 'turn:turn.example'],
    ['relay-host', 'turn.example:99999'],
    ['policy', 'nothing'],
    ['theme', 'pink'],
  ] as const)
    it(`refuses ${JSON.stringify(value)} as ${field}`, () => {
      const found = [...mistakesOf(form({ [field]: value })).fields.keys()];
      assert.ok(found.includes(field), found.join());
    });

  it('starts a trial on the own computer, which has no web server in front', () => {
    const trial = form({ origin: 'http://localhost:8787' });
    assert.deepEqual([...mistakesOf(trial).fields], []);
    assert.equal(
      embeddingOf(trial, {}).server,
      'npx consult-room-server --config config.json --static site --port 8787',
    );
  });

  it('asks for a relay where the rules need one, and names the address of a relay that is none', () => {
    assert.deepEqual([...mistakesOf(form({ policy: 'gewaltschutz' })).fields], [['relay-host', 'missing']]);
    const fields = { 'relay-host': 'turn.nord.example', 'relay-address': '203.0.113' };
    assert.deepEqual([...mistakesOf(form(fields)).fields], [['relay-address', 'invalid']]);
  });

  for (const text of ['', ' ', 'a "b"', '<b>a', 'a\nb', 'a\u2028b', 'a\u202eb'])
    it(`refuses ${JSON.stringify(text)} as own text`, () => {
      assert.deepEqual(mistakesOf(form({}, { 'privacy-notice.heading': text })).texts, ['privacy-notice.heading']);
    });
});
