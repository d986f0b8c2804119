/** Texts that people agree to, in a language of the site's own: complete or refused, and named by version and hash as ours are. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { describe, it, type TestContext } from 'node:test';
import { parsePublicConfiguration } from '../../src/configuration.ts';
import { german } from '../../src/consent/notice.de.ts';
import { buildNotice, noticeHash, noticeLines } from '../../src/consent/notice.ts';
import { registerAgreement } from '../../src/consent/register-agreement.ts';
import { ruleHash, ruleText } from '../../src/consent/rules.ts';
import type { AgreementTexts } from '../../src/consent/site-texts.ts';
import { ConsultError } from '../../src/errors.ts';
import { POLICIES } from '../../src/policy.ts';
import { languageOf } from '../../src/util/language.ts';

/** As a site writes them, with the German words marked by the language. */
const textsOf = (mark: string): AgreementTexts => ({
  version: '2026-11',
  notice: {
    ...german,
    title: (facts) => `${mark} ${german.title(facts)}`,
    footer: (version, hash) => `${mark} ${version} ${hash}`,
  },
  rules: {
    'no-recording': { title: `${mark} 1`, lines: ['x'] },
    'group-rules': { title: `${mark} 2`, lines: ['x', 'y', 'z'] },
  },
});
const configuration = parsePublicConfiguration({
  operator: { name: 'Park', country: 'DE' },
  servers: [{ role: 'signaling', operator: 'Park', country: 'DE' }],
});
const notice = (lang: string) => buildNotice({ configuration, policy: POLICIES.beratung, role: 'guest', lang });

describe('the texts of a site', () => {
  it('are read, accepted and named by their own version and hash when they are registered', async () => {
    assert.equal(notice('fr').lang, 'de');
    registerAgreement('fr', textsOf('FR'));
    for (const lang of ['fr', 'FR', 'fr-CA', 'fr_CH']) {
      const built = notice(lang);
      assert.deepEqual([built.lang, built.version, noticeLines(built)[0]?.slice(0, 3)], ['fr', '2026-11', 'FR ']);
      assert.equal(ruleText('no-recording', lang).title, 'FR 1');
    }
    assert.notEqual(await noticeHash(notice('fr')), await noticeHash(notice('de')));
    assert.notEqual(await ruleHash(ruleText('group-rules', 'fr')), await ruleHash(ruleText('group-rules', 'de')));
    const before = await noticeHash(notice('fr'));
    registerAgreement('fr', { ...textsOf('FR'), version: '2026-12' });
    assert.notEqual(await noticeHash(notice('fr')), before);
  });

  for (const [what, lang, texts, words] of [
    ['a built-in language', 'de', textsOf('x'), /"de" is built in/u],
    ['a region', 'pt-BR', textsOf('x'), /without a region/u],
    ['no language', '', textsOf('x'), /without a region/u],
    ['no texts', 'nl', null, /no texts/u],
    ['no version', 'nl', { ...textsOf('x'), version: ' ' }, /version/u],
    ['no rules', 'nl', { ...textsOf('x'), rules: {} }, /rules\.no-recording\.title/u],
    [
      'a rule too few',
      'nl',
      { ...textsOf('x'), rules: { ...textsOf('x').rules, 'group-rules': { title: 'x', lines: ['y', 'z'] } } },
      /rules\.group-rules\.lines/u,
    ],
    ['no notice', 'nl', { ...textsOf('x'), notice: {} }, /one of its functions throws/u],
    [
      'a notice without rights',
      'nl',
      {
        ...textsOf('x'),
        notice: { ...german, sections: (facts: never) => german.sections(facts).filter(({ id }) => id !== 'rights') },
      },
      /sections: without rights/u,
    ],
    [
      'a summary without a point',
      'nl',
      { ...textsOf('x'), notice: { ...german, summary: (facts: never) => german.summary(facts).slice(1) } },
      /summary: without direct/u,
    ],
    ...(['sections', 'summary'] as const).map(
      (part) =>
        [
          `a subject of its own in the ${part}`,
          'nl',
          {
            ...textsOf('x'),
            notice: {
              ...german,
              [part]: (facts: never) => [...german[part](facts), { id: 'more', title: 'x', body: ['y'], text: 'z' }],
            },
          },
          new RegExp(`${part}: other subjects`, 'u'),
        ] as const,
    ),
    ['an empty line', 'nl', { ...textsOf('x'), notice: { ...german, title: () => ' ' } }, /a line is empty/u],
  ] as const)
    it(`are refused with the place, and nothing is registered, when there is ${what}`, () => {
      const isRegistered = languageOf(lang);
      assert.throws(
        () => registerAgreement(lang, texts as unknown as AgreementTexts),
        (error: unknown) =>
          error instanceof ConsultError && error.code === 'argument-invalid' && words.test(error.message),
      );
      assert.equal(languageOf(lang), isRegistered);
    });
});

describe('consult-room-server', () => {
  const folder = (t: TestContext): string => {
    const made = mkdtempSync(join(tmpdir(), 'consult-room-'));
    t.after(() => rmSync(made, { recursive: true }));
    return made;
  };
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, ['--import', './test/support/typescript.mjs', 'src/server/cli.ts', ...args], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] },
    });

  it('prints the notice in a language of the site with --agreement, and names what is wrong with the file', (t) => {
    const [good, bad] = ['good.mjs', 'bad.mjs'].map((name) => join(folder(t), name)) as [string, string];
    writeFileSync(
      good,
      `import { german } from '${resolve('src/consent/notice.de.ts')}';
      const rules = { 'no-recording': { title: 'a', lines: ['b'] }, 'group-rules': { title: 'a', lines: ['b', 'c', 'd'] } };
      export default { it: { version: 'it-1', notice: { ...german, title: () => 'Informativa' }, rules } };`,
    );
    writeFileSync(bad, `export default { it: { version: 'it-1', notice: {}, rules: {} } };`);
    const printed = run('notice', '--agreement', good, '--lang', 'it');
    assert.equal(printed.status, 0, printed.stderr);
    assert.match(printed.stdout, /Informativa[^]*it-1/u);
    const failed = run('notice', '--agreement', bad, '--lang', 'it');
    assert.deepEqual([failed.status, failed.stdout], [2, '']);
    assert.match(failed.stderr, /bad\.mjs: .*rules\.no-recording/u);
  });
});
