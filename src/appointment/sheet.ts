/** What an appointment sheet holds, for the element and for the command line: words and values, no markup. */
import { spelled } from './spelling.ts';
import { SHEET_WORDS, type SheetLanguage, type SheetWords } from './sheet-words.ts';

export interface Appointment {
  readonly guestLink: string;
  /** The spoken code, such as `K7M-2QX-9TD`. */
  readonly code?: string | undefined;
  /** Null where it was not agreed yet. */
  readonly starts: Date | null;
  readonly minutes: number;
  /** End of the link. */
  readonly expires: Date | null;
  /** Name of the counselling centre. */
  readonly centre?: string | undefined;
  readonly telephone?: string | undefined;
  /** IANA, such as `Europe/Berlin`; default: that of the device. */
  readonly timeZone?: string | undefined;
}

export interface Sheet {
  readonly words: SheetWords;
  readonly language: SheetLanguage;
  readonly centre: string;
  /** Lines about the time. */
  readonly times: readonly string[];
  readonly link: string;
  /** The page on which a code is typed; null without a code. */
  readonly code: { readonly code: string; readonly text: string; readonly spelled: string } | null;
  readonly troubles: readonly string[];
}

/** Characters of one line of text on the sheet. */
const LONGEST = 200;

/** @param locale BCP 47, for the times; a region of the language writes them in its own way */
export function sheetOf(appointment: Appointment, language: SheetLanguage, locale: string = language): Sheet {
  const words = SHEET_WORDS[language];
  const { guestLink, starts, minutes, expires, timeZone } = appointment;
  const format = (date: Date): string =>
    new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short', timeZone }).format(date);
  const [code, telephone] = [line(appointment.code), line(appointment.telephone)];
  return {
    words,
    language,
    centre: line(appointment.centre),
    times: [
      ...(starts ? [`${format(starts)}, ${words.minutes(minutes)}`] : []),
      ...(expires ? [words.until(format(expires))] : []),
    ],
    link: guestLink,
    code: code === '' ? null : { code, text: words.codeText(pageOf(guestLink)), spelled: spelled(code, language) },
    troubles: [...words.troubles, telephone === '' ? words.ask : words.call(telephone)],
  };
}

/**
 * One line of foreign text, as it is shown: without control characters, and without those that turn the direction of
 * what follows (Unicode UAX #9), which could make another number or address of it.
 */
export function line(text: string | undefined): string {
  const plain = (text ?? '')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '');
  return Array.from(plain.replaceAll(/\s+/gu, ' ').trim()).slice(0, LONGEST).join('');
}

/** The page without its secret: who opens it is asked for the code. */
function pageOf(guestLink: string): string {
  const [page = ''] = guestLink.split('#');
  return page;
}
