/** protocol.md §3: what a name may consist of. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../support/property.ts';
import { cleanName, isName, NAME_LIMIT } from '../../src/util/clean-name.ts';

describe('a name', () => {
  it('is refused when it renders as nothing', () => {
    for (const name of [
      '',
      ' ',
      '\u3164',
      '\u2800',
      '\uffa0',
      '\u115f\u1160',
      '\u200b',
      '\ue000',
      '\u00ad',
      '\ufe0f',
      '\u200d',
      // Object replacement, blank Egyptian and Khitan signs, a null notehead: fonts draw nothing.
      '\ufffc',
      '\u{13441}\u{13442}',
      '\u{16fe4}',
      '\u{1d159}',
    ]) {
      assert.equal(cleanName(name), '', JSON.stringify(name));
      assert.equal(isName(name), false, JSON.stringify(name));
    }
  });

  it('is refused when only invisible characters tell it from another one', () => {
    for (const name of [
      'Mia\u17b5',
      'Mia\ufe0f',
      'Mia\u034f',
      'Mia\u{e0100}',
      'M\u200dia',
      'Mi\u200ca',
      'Mia\u202e',
      '\u2066Mia\u2069',
      'M\u00adia',
      'Mia\u{e0041}',
      '\uff2d\uff49\uff41',
      '\u{1d40c}\u{1d422}\u{1d41a}',
      'Mi\u0061\u0000',
    ]) {
      assert.equal(isName(name), false, JSON.stringify(name));
      assert.equal(cleanName(name), 'Mia', JSON.stringify(name));
    }
    assert.equal(isName('Mia  L'), false);
    assert.equal(isName('Mia\u00a0L'), false);
  });

  it('carries no sign that vouches for it, and no tower of marks', () => {
    assert.equal(cleanName('Mia ✓'), 'Mia');
    assert.equal(cleanName('✅ Mia 🔒'), 'Mia');
    assert.equal(cleanName('✔\ufe0f Mia 🛡'), 'Mia');
    for (const sign of ['√', '\u{1fbb1}', '\u{10102}', '⎷', '🔐', '🪪'])
      assert.equal(cleanName(`Mia ${sign}`), 'Mia', sign);
    assert.ok(cleanName(`a${'\u0301\u0316'.repeat(31)}`).length <= 6);
    assert.equal(cleanName('\u0301Mia'), 'Mia');
  });

  it('keeps the spelling of every script, joiners included, and emoji', () => {
    for (const name of [
      'Lea-Sophie 🌻',
      'می\u200cخواهم',
      'ක්\u200dරිෂ්ණ',
      'क्\u200dष',
      'Nguyễn Thị Ệ',
      'नन्दिनी',
      'שָׁלוֹם',
      'يُوسُف',
      '田中さくら',
      "O'Brien",
      '👩\u200d👧 Mia',
      '❤\ufe0f',
    ])
      assert.equal(isName(name), true, name);
  });

  it('is stable: a cleaned name is a name, whatever it was made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (text) => {
        const name = cleanName(text);
        assert.ok(name === '' || isName(name));
        assert.ok(name.length <= NAME_LIMIT);
      }),
      { numRuns: 2_000 },
    );
  });
});
