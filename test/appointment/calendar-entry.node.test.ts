import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { calendarEntry } from '../../src/appointment/calendar-entry.ts';

const appointment = {
  guestLink: `https://beratung.example/room.html#consult=AWc${'x'.repeat(133)}`,
  starts: new Date('2026-12-01T09:00:00Z'),
  minutes: 50,
  expires: null,
  centre: 'Suchtberatung',
};
const o = { language: 'de', id: 'one', now: new Date('2026-11-29T12:00:00Z') } as const;

describe('a calendar entry', () => {
  it('has the time in UTC and the link, and does not say what the appointment is', () => {
    const text = calendarEntry(appointment, o);
    const unfolded = text.replaceAll('\r\n ', '');
    for (const one of [
      'UID:one',
      'DTSTAMP:20261129T120000Z',
      'DTSTART:20261201T090000Z',
      'DTEND:20261201T095000Z',
      'SUMMARY:Termin',
      'CLASS:PRIVATE',
    ])
      assert.ok(unfolded.includes(`\r\n${one}\r\n`), one);
    assert.ok(unfolded.includes(appointment.guestLink));
    assert.doesNotMatch(unfolded, /Suchtberatung/u);
    assert.match(text, /^BEGIN:VCALENDAR\r\n.*END:VCALENDAR\r\n$/su);
  });

  it('has lines of 75 octets at most, and divides no character (RFC 5545 §3.1)', () => {
    const text = calendarEntry({ ...appointment, telephone: 'ü👩'.repeat(60) }, o);
    assert.ok(!text.includes('\ufffd'));
    for (const one of text.split('\r\n'))
      assert.ok(Buffer.byteLength(one) <= 75 && !/^\s?$/u.test(one.slice(0, -1) || 'x'));
    assert.ok(text.replaceAll('\r\n ', '').includes('ü👩'.repeat(60)));
  });

  it('lets no text begin a line of its own, or a new property (RFC 5545 §3.3.11)', () => {
    const telephone = '1;2,3\\4\r\nATTENDEE:mailto:x@y.example\r\nEND:VEVENT';
    const lines = calendarEntry({ ...appointment, telephone }, o)
      .replaceAll('\r\n ', '')
      .split('\r\n');
    assert.equal(lines.filter((one) => /^(?:ATTENDEE|END:VEVENT)/u.test(one)).length, 1);
    assert.ok(lines.some((one) => one.includes('1\\;2\\,3\\\\4 ATTENDEE')));
  });
});
