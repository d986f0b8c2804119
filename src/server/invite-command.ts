/** `consult-room-server invite`: makes the links of an appointment, its code, and what the client gets beforehand. */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { calendarEntry } from '../appointment/calendar-entry.ts';
import { sheetOf, type Appointment } from '../appointment/sheet.ts';
import type { ServerConfiguration } from '../configuration.ts';
import { ConsultError } from '../errors.ts';
import { createInvite, spokenCode } from '../invite.ts';
import { inviteHoursOf, POLICY_NAMES, resolvePolicy } from '../policy.ts';
import { readConfiguration } from './configuration-file.ts';
import { oneOf, readFlags, UsageError, wholeNumber, type Flag, type Values } from './settings.ts';
import { sheetPage } from './sheet-page.ts';

export const INVITE_FLAGS = {
  base: { value: 'URL', help: 'page that holds the room, such as https://beratung.example/room.html' },
  config: {
    value: 'FILE',
    help: 'configuration of the site: its policy says how long the links work',
  },
  policy: {
    value: 'NAME',
    help: 'preset of the site, instead of --config; without either, the shortest time of all presets',
  },
  hours: { value: 'N', help: 'how long the links work; a room opens only in the last hours that its policy allows' },
  for: {
    value: 'PUBLIC_PART',
    help: 'make the links for a counsellor whose browser keeps the key: the host link opens the room only there',
  },
  code: {
    value: null,
    help: 'print the code that the counsellor can read out on the telephone instead of the guest link',
  },
  starts: {
    value: 'TIME',
    help: 'begin of the appointment, such as 2026-12-01T10:00; the links then work until an hour after its end',
  },
  minutes: { value: 'N', help: 'how long the appointment takes', initial: '50' },
  'time-zone': {
    value: 'ZONE',
    help: 'time zone of --starts and of the sheet, such as Europe/Berlin; else that of this machine',
  },
  sheet: {
    value: 'FILE',
    help: 'write a sheet for the client, one HTML file: link, QR code, time, what to expect, what if it breaks',
  },
  ics: { value: 'FILE', help: 'write an entry for the client’s calendar; with --starts' },
  lang: { value: 'de|en', help: 'language of the sheet and the entry', initial: 'de' },
  json: { value: null, help: 'print {"host": …, "guest": …, "expires": …}; with --code also "code"' },
} as const satisfies Record<string, Flag>;

type Flags = Values<typeof INVITE_FLAGS>;

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** @throws {UsageError} */
export async function inviteText(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const flags = readFlags(INVITE_FLAGS, argv, environment);
  const [base] = flags.base;
  if (base === undefined || !URL.canParse(base) || !/^https?:$/u.test(new URL(base).protocol))
    throw new UsageError(
      '--base: the address of the page that holds the room, such as https://beratung.example/room.html',
    );
  const [file] = flags.config;
  const configuration = file === undefined ? null : await readConfiguration(file, undefined);
  const allowed = hoursFor(flags, configuration);
  const minutes = wholeNumber('minutes', flags.minutes, 1, 24 * 60);
  const starts = startOf(flags);
  const expires = endOf(flags, { starts, minutes, allowed });
  const opens = new Date(Math.max(Date.now(), expires.getTime() - allowed * HOUR));
  if (starts && starts < opens)
    throw new UsageError(`--starts: the room opens only at ${opens.toISOString()}; without --hours it opens in time`);
  const { hostLink, guestLink } = await linksFor(flags, base, expires);
  const code = flags.code.length > 0 ? await spokenCode(hostLink) : undefined;
  await writeFiles(flags, { guestLink, code, starts, minutes, expires, ...aboutSite(configuration, flags) });
  const times = { opens: opens.toISOString(), expires: expires.toISOString() };
  if (flags.json.length > 0)
    return JSON.stringify({ host: hostLink, guest: guestLink, ...(code === undefined ? {} : { code }), ...times });
  const now = opens.getTime() <= Date.now() ? ' (now)' : '';
  const spoken = code === undefined ? '' : `code:    ${code}\n`;
  return `host:    ${hostLink}\nguest:   ${guestLink}\n${spoken}opens:   ${times.opens}${now}\nexpires: ${times.expires}`;
}

function aboutSite(
  configuration: ServerConfiguration | null,
  flags: Flags,
): Pick<Appointment, 'centre' | 'telephone' | 'timeZone'> {
  const [timeZone] = flags['time-zone'];
  return { centre: configuration?.operator.name, telephone: configuration?.alternatives.telephone, timeZone };
}

/** Hours before the end in which the site's rooms open, from its own file, so that no link is too early. */
function hoursFor({ policy }: Flags, configuration: ServerConfiguration | null): number {
  if (policy.length > 0) return inviteHoursOf(oneOf('policy', policy, POLICY_NAMES));
  return configuration ? resolvePolicy(configuration).inviteHours : inviteHoursOf();
}

/** An hour after the appointment, so that it may last longer. */
function endOf(
  flags: Flags,
  o: { readonly starts: Date | null; readonly minutes: number; readonly allowed: number },
): Date {
  if (flags.hours.length === 0 && o.starts) return new Date(o.starts.getTime() + o.minutes * MINUTE + HOUR);
  const hours = flags.hours.length > 0 ? wholeNumber('hours', flags.hours, 1, 24 * 366) : o.allowed;
  const end = new Date(Date.now() + hours * HOUR);
  if (o.starts && o.starts >= end) throw new UsageError('--starts: the links end before; make --hours longer');
  return end;
}

/** `2026-12-01T10:00` in the chosen time zone, or a time with its own offset. */
function startOf({ starts: [text], 'time-zone': [zone] }: Flags): Date | null {
  if (zone !== undefined && !isTimeZone(zone))
    throw new UsageError(`--time-zone: such as Europe/Berlin, not "${zone}"`);
  if (text === undefined) return null;
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?$/u.test(text);
  const hasOffset = /(?:Z|[+-]\d{2}:\d{2})$/u.test(text);
  const date = hasOffset || zone === undefined ? new Date(text) : inZone(text, zone);
  if (!isTime || !isDay(text) || Number.isNaN(date.getTime()))
    throw new UsageError(`--starts: a time such as 2026-12-01T10:00, not "${text}"`);
  if (date.getTime() < Date.now()) throw new UsageError('--starts: this time has passed');
  return date;
}

/** `Date` takes the 31st of February for the 3rd of March. */
function isDay(text: string): boolean {
  const day = text.slice(0, 10);
  const date = new Date(`${day}T00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** The moment at which clocks in a zone show this time. Its offset is looked up at a first guess, and once more beyond a change of the clocks. */
function inZone(text: string, zone: string): Date {
  const wanted = Date.parse(`${text}Z`);
  if (Number.isNaN(wanted)) return new Date(NaN);
  const first = wanted - offsetAt(wanted, zone);
  return new Date(wanted - offsetAt(first, zone));
}

/** Milliseconds by which clocks in a zone are ahead of UTC. */
function offsetAt(time: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d{2}):(\d{2})/u.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE;
}

async function linksFor({ for: [publicPart] }: Flags, base: string, expires: Date): ReturnType<typeof createInvite> {
  try {
    return await createInvite({ base, expires, ...(publicPart === undefined ? {} : { for: publicPart }) });
  } catch (error: unknown) {
    if (!(error instanceof ConsultError)) throw error;
    const isForeign = error.code === 'invite-foreign';
    throw new UsageError(
      isForeign
        ? '--for: this public part was made for another site than that of --base'
        : '--for: not the public part of a host key, or not all of it',
    );
  }
}

/** The files contain the guest link: only their owner may read them. */
async function writeFiles(flags: Flags, appointment: Appointment): Promise<void> {
  const [[sheet], [ics]] = [flags.sheet, flags.ics];
  const language = oneOf('lang', flags.lang, ['de', 'en']);
  const { starts } = appointment;
  if (sheet !== undefined) await write('sheet', sheet, sheetPage(sheetOf(appointment, language)));
  if (ics === undefined) return;
  if (!starts) throw new UsageError('--ics: needs --starts');
  await write('ics', ics, calendarEntry({ ...appointment, starts }, { language, id: randomUUID(), now: new Date() }));
}

async function write(flag: string, file: string, text: string): Promise<void> {
  await writeFile(file, text, { mode: 0o600 }).catch(() => {
    throw new UsageError(`--${flag}: ${file} cannot be written`);
  });
}
