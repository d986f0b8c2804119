/** An appointment as a calendar entry (iCalendar, RFC 5545). */
import { line, type Appointment } from './sheet.ts';
import { SHEET_WORDS, type SheetLanguage } from './sheet-words.ts';

/** Octets of a line, without its end (RFC 5545 §3.1). */
const LINE = 75;

/**
 * The title does not say what the appointment is, because calendars are shared and shown on locked screens.
 *
 * @param o.id names the entry: a calendar that knows it replaces the earlier one
 * @param o.now time of writing
 */
export function calendarEntry(
  appointment: Appointment & { readonly starts: Date },
  o: { readonly language: SheetLanguage; readonly id: string; readonly now: Date },
): string {
  const { starts, minutes, guestLink } = appointment;
  const words = SHEET_WORDS[o.language];
  const telephone = line(appointment.telephone);
  const description = [guestLink, telephone === '' ? words.ask : words.call(telephone)].join('\n');
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//consult-room//appointment sheet//EN',
    'BEGIN:VEVENT',
    `UID:${escaped(o.id)}`,
    `DTSTAMP:${utc(o.now)}`,
    `DTSTART:${utc(starts)}`,
    `DTEND:${utc(new Date(starts.getTime() + minutes * 60_000))}`,
    `SUMMARY:${escaped(words.calendarTitle)}`,
    `DESCRIPTION:${escaped(description)}`,
    'CLASS:PRIVATE',
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return lines.map((one) => `${folded(one)}\r\n`).join('');
}

/** `20261231T235959Z` (§3.3.5) */
const utc = (date: Date): string => `${date.toISOString().slice(0, 19).replaceAll(/[-:]/gu, '')}Z`;

/** Text (§3.3.11); control characters other than a line break are not allowed in it. */
function escaped(text: string): string {
  return text
    .replaceAll(/[\\;,]/gu, (sign) => `\\${sign}`)
    .replaceAll('\n', '\\n')
    .replaceAll(/\p{Cc}/gu, '');
}

/** Long lines go on after a line break and a blank; no character is divided. */
function folded(text: string): string {
  const encoder = new TextEncoder();
  let [result, room] = ['', LINE];
  for (const sign of text) {
    const size = encoder.encode(sign).length;
    if (size > room) {
      result += '\r\n ';
      room = LINE - 1;
    }
    result += sign;
    room -= size;
  }
  return result;
}
