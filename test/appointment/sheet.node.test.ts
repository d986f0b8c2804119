import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { line, sheetOf, type Appointment } from '../../src/appointment/sheet.ts';
import { SHEET_WORDS } from '../../src/appointment/sheet-words.ts';

const appointment: Appointment = {
  guestLink: 'https://beratung.example/room.html#consult=AWc',
  starts: new Date('2026-12-01T09:00:00Z'),
  minutes: 50,
  expires: new Date('2026-12-01T10:50:00Z'),
  timeZone: 'Europe/Berlin',
};

describe('an appointment sheet', () => {
  it('says when in words of its language, in the time zone of the appointment', () => {
    assert.deepEqual(sheetOf(appointment, 'de').times, [
      'Dienstag, 1. Dezember 2026 um 10:00, etwa 50 Minuten',
      'Der Link gilt bis Dienstag, 1. Dezember 2026 um 11:50.',
    ]);
    assert.match(sheetOf(appointment, 'en').times[0] ?? '', /^Tuesday,? .*10:00\sAM, about 50 minutes$/u);
    assert.deepEqual(sheetOf({ ...appointment, starts: null, expires: null }, 'de').times, []);
  });

  it('names the page for the code without the secret of the link', () => {
    const { code } = sheetOf({ ...appointment, code: 'K7M-2QX-9TD' }, 'de');
    assert.match(code?.text ?? '', /https:\/\/beratung\.example\/room\.html und/u);
    assert.doesNotMatch(code?.text ?? '', /consult=/u);
    assert.equal(sheetOf(appointment, 'de').code, null);
  });

  it('says whom to call, and where no number is known, whom to tell', () => {
    assert.match(sheetOf({ ...appointment, telephone: '030 123' }, 'de').troubles.at(-1) ?? '', /030 123/u);
    assert.equal(sheetOf(appointment, 'en').troubles.at(-1), SHEET_WORDS.en.ask);
  });

  it('takes one line of foreign text without what turns or hides the rest', () => {
    assert.equal(line(' Beratung\r\n\tam\u2028Markt\0 '), 'Beratung am Markt');
    assert.equal(line('030 \u202e321\u202c\u2066x\u2069'), '030 321x');
    assert.equal(line(undefined), '');
    assert.equal(Array.from(line('👩‍👧 '.repeat(300))).length, 200);
  });

  it('has the same words in both languages', () => {
    for (const key of Object.keys(SHEET_WORDS.de) as (keyof typeof SHEET_WORDS.de)[]) {
      const [de, en] = [SHEET_WORDS.de[key], SHEET_WORDS.en[key]];
      assert.equal(Array.isArray(de) ? de.length : typeof de, Array.isArray(en) ? en.length : typeof en, key);
    }
  });
});
