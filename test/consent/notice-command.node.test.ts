/** `consult-room-server notice`, run as an operator runs it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { describe, it } from 'node:test';
import { parsePublicConfiguration } from '../../src/configuration.ts';
import { buildNotice, loadNoticeText, noticeHash, noticeLines } from '../../src/consent/notice.ts';
import { POLICIES } from '../../src/policy.ts';

const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['--import', './test/support/typescript.mjs', 'src/server/cli.ts', 'notice', ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
const demo = parsePublicConfiguration(JSON.parse(readFileSync('demo/config.json', 'utf8')));

describe('consult-room-server notice', () => {
  for (const [format, language] of [
    ['html', 'de'],
    ['md', 'en'],
    ['txt', 'de'],
  ] as const)
    it(`[R1] [R2] prints the demo's complete notice and its hash in ${language} as ${format}`, async () => {
      const { status, stdout, stderr } = run('--config', 'demo/config.json', '--format', format, '--lang', language);
      assert.equal(status, 0);
      assert.equal(stderr, '');
      await loadNoticeText(language);
      const notice = buildNotice({ configuration: demo, policy: POLICIES.beratung, role: 'guest', lang: language });
      // Nothing in the demo's configuration needs an escape, but HTML and Markdown escape quotes and dashes of the texts.
      const plain = stdout.replaceAll('\\', '').replaceAll('&amp;', '&').replaceAll('&#39;', "'");
      assert.ok(plain.includes(await noticeHash(notice)));
      for (const line of noticeLines(notice)) assert.ok(plain.includes(line), line);
    });

  it('prints the counsellor’s notice', () => {
    assert.match(run('--role', 'host').stdout, /Sie führen das Gespräch nur aus einem geschlossenen Raum/u);
  });

  it('lists on standard error what a complete notice lacks', () => {
    const { status, stderr } = run();
    assert.equal(status, 0);
    assert.match(stderr, /operator\.address and operator\.email/u);
  });

  it('explains bad flags and exits with 2', () => {
    for (const [args, message] of [
      [['--format', 'pdf'], /html, md, txt/u],
      [['--lang', 'xx'], /de, en/u],
      [['--role', 'nobody'], /guest, host/u],
      [['--config', '/nowhere.json'], /cannot be read/u],
    ] as const) {
      const { status, stdout, stderr } = run(...args);
      assert.deepEqual([status, stdout], [2, ''], args.join(' '));
      assert.match(stderr, message);
    }
  });
});
