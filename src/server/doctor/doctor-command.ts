/** `consult-room-server doctor URL`: examines an installation and reports in German or English. */
import process from 'node:process';
import { oneOf, readFlags, UsageError, type Flag } from '../settings.ts';
import { examine } from './doctor.ts';
import { reportOf } from './words.ts';

export const DOCTOR_FLAGS = {
  signal: { value: 'URL', help: 'signalling server, where it is not /signal of the page: wss://signal.example/signal' },
  lang: { value: 'de|en', help: 'language of the report', initial: 'de' },
  json: { value: null, help: 'print the findings as JSON' },
} as const satisfies Record<string, Flag>;

/** @returns the report, and 1 where something is wrong */
export async function doctor(
  [page, ...argv]: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly text: string; readonly exitCode: number }> {
  const flags = readFlags(DOCTOR_FLAGS, argv, environment);
  const language = oneOf('lang', flags.lang, ['de', 'en']);
  const [signal] = flags.signal;
  const relaySecret = environment['CONSULT_ROOM_RELAY_SECRET']?.trim() ?? '';
  const findings = await examine({
    page: urlOf('doctor', page, /^https?:$/u, 'https://beratung.example/room.html'),
    ...(signal === undefined
      ? {}
      : { signal: urlOf('--signal', signal, /^(?:ws|http)s?:$/u, 'wss://signal.example/signal') }),
    ...(relaySecret === '' ? {} : { relaySecret }),
  });
  return {
    text: flags.json.length > 0 ? JSON.stringify(findings, undefined, 2) : reportOf(findings, language),
    exitCode: findings.some(({ verdict }) => verdict === 'bad') ? 1 : 0,
  };
}

function urlOf(name: string, text: string | undefined, protocols: RegExp, example: string): URL {
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : null;
  if (!url || !protocols.test(url.protocol)) throw new UsageError(`${name}: an address such as ${example}`);
  // An invite in it would be nobody's business.
  url.hash = '';
  return url;
}

/** Prints and sets the exit code. */
export async function runDoctor(argv: readonly string[]): Promise<void> {
  const { text, exitCode } = await doctor(argv, process.env);
  process.stdout.write(`${text}\n`);
  process.exitCode = exitCode;
}
