/** What is not drawn is not delivered. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { icons, TURNED } from '../../src/ui/icons.ts';

const sources = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && path !== 'icons.ts')
    // The names of parts are strings too.
    .map((path) => readFileSync(`${folder}/${path}`, 'utf8').replaceAll(/static override readonly parts.*?;/gsu, ''));

describe('icons', () => {
  it('are all used', () => {
    const [, table = ''] = /const icons = \{(.*?)\}/su.exec(readFileSync('src/ui/icons.ts', 'utf8')) ?? [];
    const names = [...table.matchAll(/^ {2}'?([a-z\d-]+)/gmu)].map(([, name]) => name);
    assert.ok(names.length > 20);
    const drawn = [...sources('src/elements'), ...sources('src/ui')].join('\n');
    assert.deepEqual(
      names.filter((name) => !drawn.includes(`'${String(name)}'`)),
      [],
    );
  });

  it('turn where reading does, if they point along the line', () => {
    const names = Object.keys(icons);
    // Lucide's words for what points to one side; both sides at once look alike when turned.
    const pointing =
      /^(?:log-|send|undo|redo|reply|forward|skip-|move-|corner-|chevrons?-|screen-share|arrow-(?:big-)?(?:left|right)(?!-left|-right))/u;
    assert.deepEqual(
      names.filter((name) => pointing.test(name) && !/(?:up|down)$/u.test(name)).toSorted(),
      names.filter((name) => TURNED.test(name)).toSorted(),
    );
  });
});
