/** What a page gave `<appointment-sheet>`, checked. */
import type { Appointment, SheetProblem } from '../../appointment/sheet-part.ts';
import { expiryOf, isGuestLink, isHostLink } from '../../invite-expiry.ts';

/** What the page gave: attributes, so anything. */
export interface GivenAppointment {
  readonly guestLink: string | undefined;
  readonly code: string | undefined;
  readonly starts: Date | string | undefined;
  readonly minutes: number;
  readonly centre: string | undefined;
  readonly telephone: string | undefined;
  readonly timeZone: string | undefined;
}

export type ReadAppointment =
  | { readonly kind: 'sheet'; readonly appointment: Appointment }
  | { readonly kind: 'problem'; readonly problem: SheetProblem };

/** Longest appointment, in minutes. */
const LONGEST = 24 * 60;
/** Crockford's base 32, in three groups (protocol.md §14). */
const CODE = /^[0-9A-HJKMNP-TV-Z]{3}(?:-[0-9A-HJKMNP-TV-Z]{3}){2}$/u;

/** Checks what the page gave: no sheet is made of a value that would mislead the client. */
export function readAppointment(given: GivenAppointment): ReadAppointment {
  const { guestLink = '', minutes, centre, telephone } = given;
  const [code, timeZone] = [given.code || undefined, given.timeZone || undefined];
  const [starts, expires] = [timeOf(given.starts), expiryOf(guestLink)];
  const problem = [
    ...(isHostLink(guestLink) ? ['host-link' as const] : []),
    ...(isWebAddress(guestLink) && isGuestLink(guestLink) ? [] : ['link' as const]),
    ...(code === undefined || CODE.test(code) ? [] : ['code' as const]),
    ...(starts === 'invalid' ? ['starts' as const] : []),
    ...(starts instanceof Date && expires && starts >= expires ? ['expires' as const] : []),
    ...(minutes >= 1 && minutes <= LONGEST ? [] : ['minutes' as const]),
    ...(timeZone === undefined || isTimeZone(timeZone) ? [] : ['time-zone' as const]),
  ].at(0);
  if (problem !== undefined) return { kind: 'problem', problem };
  const appointment = {
    guestLink,
    code,
    starts: starts === 'invalid' ? null : starts,
    minutes,
    expires,
    centre,
    telephone,
    timeZone,
  };
  return { kind: 'sheet', appointment };
}

function timeOf(starts: Date | string | undefined): Date | null | 'invalid' {
  if (starts === undefined || starts === '') return null;
  const date = new Date(starts);
  return Number.isNaN(date.getTime()) ? 'invalid' : date;
}

const isWebAddress = (link: string): boolean => URL.canParse(link) && /^https?:$/u.test(new URL(link).protocol);

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}
