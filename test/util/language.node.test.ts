/** The choice among the languages of consents. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { languageOf } from '../../src/util/language.ts';

describe('the language of a consent text', () => {
  it('is shown in German when its language is not available', () => {
    assert.deepEqual(['en', 'EN-gb', 'en_US', 'de-AT', 'fr', '', 'english'].map(languageOf), [
      'en',
      'en',
      'en',
      'de',
      'de',
      'de',
      'de',
    ]);
  });
});
