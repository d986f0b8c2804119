/** Tidy lines and hashes of consent texts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { textHash, tidyLine } from '../../src/consent/text.ts';

describe('a consent text', () => {
  it('becomes one line without directional controls', () => {
    assert.equal(tidyLine('  Am\r\nPark\u2028e.\u00A0V.\t'), 'Am Park e. V.');
    assert.equal(tidyLine('safe\u202Eexe.\u2066x\u2069'), 'safeexe.x');
    assert.equal(tidyLine('\u001b[2Khidden\u0000'), '[2Khidden');
  });

  it('has a hash that depends on kind, version, language and every line', async () => {
    const base = ['notice', '1', 'de', ['a', 'b']] as const;
    const hashes = await Promise.all([
      textHash(...base),
      textHash('rules', '1', 'de', ['a', 'b']),
      textHash('notice', '2', 'de', ['a', 'b']),
      textHash('notice', '1', 'en', ['a', 'b']),
      textHash('notice', '1', 'de', ['a', 'c']),
      textHash('notice', '1', 'de', ['b', 'a']),
    ]);
    assert.equal(new Set(hashes).size, hashes.length);
    assert.match(hashes[0] ?? '', /^[A-Za-z0-9_-]{64}$/u);
    // Composed and decomposed spellings of one letter read the same.
    assert.equal(await textHash('notice', '1', 'de', ['\u00E4']), await textHash('notice', '1', 'de', ['a\u0308']));
  });
});
