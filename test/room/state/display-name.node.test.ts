/** Names as the others see them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nameFor, wordFor } from '../../../src/room/state/display-name.ts';

const pseudonym = { naming: 'pseudonym' } as Parameters<typeof nameFor>[1]['policy'];
const full = { naming: 'full-name' } as Parameters<typeof nameFor>[1]['policy'];

describe('a display name', () => {
  it('[R5] is the word for the role when none is given', () => {
    assert.equal(nameFor(' \u200b ', { role: 'guest', policy: pseudonym, lang: 'de-AT' }), 'Gast');
    assert.equal(nameFor('', { role: 'host', policy: pseudonym, lang: 'en' }), 'Counsellor');
    assert.equal(wordFor('guest', 'fr'), 'Gast');
  });

  it('stays empty when the policy asks for a full name', () => {
    assert.equal(nameFor('', { role: 'guest', policy: full, lang: 'de' }), '');
  });

  it('is cleaned of what could make it look like another name', () => {
    assert.equal(nameFor('  Mia\u202e Stern ', { role: 'guest', policy: pseudonym, lang: 'de' }), 'Mia Stern');
  });
});
