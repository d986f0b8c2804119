/** The pages for readers are true: the configuration they show is accepted, and what they name and link to exists. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { parseServerConfiguration, type ServerConfigurationInput } from '../../src/configuration.ts';
import { ERROR_CODES } from '../../src/errors.ts';
import { de } from '../../src/locales/de.ts';
import { createServer } from '../../src/server/server.ts';

const PAGES = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...pagesIn('src')];
/** Columns of a screen that tables must fit in. */
const SCREEN = 120;

function pagesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file));
}

const codeSpans = (page: string): readonly string[] =>
  [
    ...readFileSync(page, 'utf8')
      .replaceAll(/^```.*?^```$/gmsu, '')
      .matchAll(/`([^`]+)`/gu),
  ].map(([, code = '']) => code);

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

describe('SECURITY.md', () => {
  it('fits on a page: at most 6 kB', () => {
    assert.ok(readFileSync('SECURITY.md').length <= 6_144);
  });

  it('has no table wider than a screen, nor have the pages it leads to', () => {
    const wide = ['SECURITY.md', 'src/e2ee/threat-model.md', 'src/e2ee/attacks.md', 'src/peer/relay.md'].flatMap(
      (page) =>
        readFileSync(page, 'utf8')
          .split('\n')
          .filter((line) => line.startsWith('|') && line.length > SCREEN)
          .map((line) => `${page}: ${line.slice(0, 40)}`),
    );
    assert.deepEqual(wide, []);
  });
});

describe('the list of attacks', () => {
  const page = readFileSync('src/e2ee/attacks.md', 'utf8');

  it('names texts that people can see', () => {
    const keys = codeSpans('src/e2ee/attacks.md').filter((code) => /^[a-z-]+(?:\.[a-z-]+)+$/u.test(code));
    const texts = keys.filter((key) => !key.endsWith('.ts'));
    assert.ok(texts.length > 5);
    assert.deepEqual(
      texts.filter((key) => !(key in de)),
      [],
    );
  });

  it('names a test for each attack, and each of these tests exists', () => {
    const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).map((file) => basename(file));
    const entries = page.split('\n## The gate before MLS')[0]?.split('\n- **').slice(1) ?? [];
    assert.ok(entries.length > 20);
    for (const entry of entries) {
      const [, names] = /\[([^\]()]+)\]\s/u.exec(`${entry}\n`) ?? [];
      assert.ok(names, `no test for: ${entry.slice(0, 60)}`);
      for (const name of names.split(/,\s+/u))
        assert.ok(
          ['.ts', '.test.ts'].some((ending) => files.includes(`${name}${ending}`)),
          `no such test: ${name}`,
        );
    }
  });
});

describe('the architecture page', () => {
  it('names files and folders that exist', () => {
    const paths = codeSpans('src/README.md').filter((code) => /^[\w-]+\/[\w/.-]*$|^[\w-]+\.ts$/u.test(code));
    const names = new Set(readdirSync('src', { recursive: true, encoding: 'utf8' }).map((file) => basename(file)));
    assert.ok(paths.length > 30);
    assert.deepEqual(
      // A file that a walk names a second time stands there without its folder.
      paths.filter((path) => !existsSync(join('src', path)) && !names.has(path.replace(/\/$/u, ''))),
      [],
    );
  });
});

describe('the list of error codes', () => {
  it('holds every code with its meaning, and whether it ends the session', () => {
    const [, section = ''] = readFileSync('src/elements/README.md', 'utf8').split('\n## Error codes\n');
    const listed = [...section.matchAll(/^- `([a-z-]+)`( ⏹)?: ((?:.|\n {2})+)/gmu)].map(
      ([, code, fatal, meaning = '']) => [
        code,
        { fatal: fatal !== undefined, meaning: meaning.replaceAll(/\s+/gu, ' ') },
      ],
    );
    assert.deepEqual(listed, Object.entries(ERROR_CODES));
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
