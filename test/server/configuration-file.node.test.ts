import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { parsePublicConfiguration, parseServerConfiguration } from '../../src/configuration.ts';
import { ConsultError } from '../../src/errors.ts';
import { readConfiguration } from '../../src/server/configuration-file.ts';
import { UsageError } from '../../src/server/settings.ts';
import { CONFIGURATION } from './harness.ts';

/** The lines of words for a file, without its name. */
async function mistakes(t: TestContext, text: string): Promise<readonly string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'consult-room-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'config.json');
  writeFileSync(file, text);
  try {
    await readConfiguration(file, undefined);
    return [];
  } catch (error: unknown) {
    assert.ok(error instanceof UsageError);
    return error.message.split('\n').map((line) => line.replace(`${file}: `, ''));
  }
}

describe('a configuration file', () => {
  it('that is not JSON names line and column of each mistake, and quotes nothing', async (t) => {
    const text = '{\n  "operator": { "name": "x" "country": "DE" },\n  "secret": hush-hush,\n}';
    const found = await mistakes(t, text);
    assert.ok(found.length >= 2, found.join('\n'));
    assert.match(found[0] ?? '', /^not JSON \(line 2, column 29: comma expected\)$/u);
    assert.ok(
      found.every((line) => /^not JSON \(line \d+, column \d+: [a-z ]+\)$/u.test(line)),
      found.join('\n'),
    );
    assert.ok(found.some((line) => line.includes('line 3')));
    for (const empty of ['', ' ', '\n', '// nothing', '[1,]', "{'a': 1}", '{"a": 1} x', '{"a": 01}', '\u0000'])
      assert.match((await mistakes(t, empty))[0] ?? '', /^not JSON \(/u, JSON.stringify(empty));
  });

  it('names line and column of every mistake at once', async (t) => {
    const text = `{
  "operator": { "name": "Beratungsstelle", "country": "Deutschland" },
  "oparator": {},
  "servers": [
    { "role": "signaling", "operator": "B", "country": "US" },
    { "role": "stun", "urls": ["stun://stun.example"], "operator": "B", "country": "DE" },
    { "role": "relay", "urls": ["turn:relay.example:99999"], "addresses": ["1.2.3"], "country": "DE" }
  ],
  "rules": { "graceSeconds": 600, "size": 9 }
}`;
    const found = await mistakes(t, text);
    const expected = [
      /^line 2, column 55: .*operator\.country: two capital letters/u,
      /^line 3, column 3: .*\(oparator: unknown key\)/u,
      /^line 5, column 56: .*\(servers\.0\.country\)/u,
      /^line 6, column 32: .*servers\.1\.urls\.0: no slashes: stun:host:port/u,
      /^line 7, column 33: .*servers\.2\.urls\.0: browsers refuse port 99999/u,
      /^line 7, column 76: .*servers\.2\.addresses\.0: an IP address/u,
      /^line 7, column 5: .*servers\.2\.operator is missing/u,
      /^line 9, column 30: .*\(rules\.graceSeconds\)/u,
      /^line 9, column 43: .*\(rules\.size\)/u,
    ];
    for (const line of expected)
      assert.equal(found.filter((one) => line.test(one)).length, 1, `${String(line)} in\n${found.join('\n')}`);
    assert.equal(found.length, expected.length, found.join('\n'));
  });

  it('names a repeated key, of which a parser would keep the last', async (t) => {
    const text = JSON.stringify(CONFIGURATION, undefined, 2).replace(
      '{',
      '{\n  "policy": "beratung",\n  "policy": "gruppe",',
    );
    assert.match((await mistakes(t, text)).join('\n'), /^line 3, column 3: .*policy: repeated key/u);
  });
});

describe('a configuration of a later version', () => {
  const { servers } = CONFIGURATION;
  const later: readonly (readonly [path: string, configuration: object])[] = [
    ['version', { ...CONFIGURATION, version: 2 }],
    ['operator.seal', { ...CONFIGURATION, operator: { ...CONFIGURATION.operator, seal: 'x' } }],
    ['servers.1.role', { ...CONFIGURATION, servers: [...servers, { role: 'mixer', operator: 'x', country: 'DE' }] }],
    ['policy', { ...CONFIGURATION, policy: 'later' }],
    ['rules.later', { ...CONFIGURATION, rules: { later: true } }],
  ];

  it('is refused by server and page under the same code, with the place that they do not know', () => {
    for (const [path, configuration] of later)
      for (const parse of [parseServerConfiguration, parsePublicConfiguration])
        assert.throws(
          () => void parse(configuration as typeof CONFIGURATION),
          (error) =>
            error instanceof ConsultError &&
            error.code === 'configuration-invalid' &&
            error.message.includes(`(${path}: `),
          path,
        );
  });
});
