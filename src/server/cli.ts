#!/usr/bin/env node
/** `consult-room-server`: runs the server, makes an invite, writes the notice, or verifies a receipt. */
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import process from 'node:process';
import type { ServerConfiguration } from '../configuration.ts';
import { createInvite } from '../invite.ts';
import { inviteHoursOf, POLICY_NAMES, resolvePolicy } from '../policy.ts';
import { readConfiguration } from './configuration-file.ts';
import { policyTable } from './policy-table.ts';
import { lineLog } from './log.ts';
import { missingIn, notice, NOTICE_FLAGS } from './notice-command.ts';
import { RECEIPT_FLAGS, verifyReceiptFile } from './receipt-command.ts';
import { createServer } from './server.ts';
import { lacksSecret } from './turn.ts';
import {
  describeFlags,
  INVITE_FLAGS,
  oneOf,
  originsFrom,
  readFlags,
  SERVE_FLAGS,
  UsageError,
  wholeNumber,
  type Values,
} from './settings.ts';

const HELP = `consult-room-server: signalling for private video counselling

consult-room-server [FLAGS]
${describeFlags(SERVE_FLAGS)}

consult-room-server invite --base URL [FLAGS]
${describeFlags(INVITE_FLAGS)}

consult-room-server notice [FLAGS]
${describeFlags(NOTICE_FLAGS)}

consult-room-server policies                 the rules of each preset, and why, as a table in Markdown

consult-room-server verify-receipt FILE [FLAGS]
${describeFlags(RECEIPT_FLAGS)}
  exit codes: 0 valid, 1 changed, 3 not a receipt, 4 valid but not what --config gives

  --help, --version

Every flag is also an environment variable: --port is CONSULT_ROOM_PORT. CONSULT_ROOM_RELAY_SECRET is the relay's secret.
`;

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** No refusal: a trial needs no address. But nobody should learn from an authority that the notice is incomplete. */
function warnOf(missing: readonly string[]): void {
  if (missing.length > 0)
    process.stderr.write(`consult-room-server: a complete notice (Art. 13 GDPR) needs ${missing.join(' and ')}\n`);
}

/** The gate knows a relay that says it is something else by its address alone (protocol.md §10). */
function warnOfRelays(configuration: ServerConfiguration): void {
  if (lacksSecret(configuration))
    process.stderr.write(
      'consult-room-server: the relay has no secret, so nobody gets credentials for it; put it into the file or into CONSULT_ROOM_RELAY_SECRET\n',
    );
  for (const server of configuration.servers)
    if (server.role === 'relay' && server.addresses.length === 0)
      process.stderr.write(
        `consult-room-server: ${server.urls.join(', ')} declares no addresses; a path over it that claims to be direct is not recognised\n`,
      );
}

async function serve(argv: readonly string[]): Promise<void> {
  const flags = readFlags(SERVE_FLAGS, argv, process.env);
  const configuration = await readConfiguration(flags.config[0], process.env['CONSULT_ROOM_RELAY_SECRET']);
  const [directory] = flags.static;
  if (directory !== undefined && !(await stat(directory).catch(() => null))?.isDirectory())
    throw new UsageError(`--static: "${directory}" is no directory`);
  const server = createServer({
    configuration,
    ...(directory === undefined ? {} : { static: directory }),
    origins: originsFrom('origin', flags.origin),
    pages: originsFrom('page-origin', flags['page-origin']),
    addressFrom: oneOf('address-from', flags['address-from'], ['connection', 'x-forwarded-for']),
    metricsFor: oneOf('metrics', flags.metrics, ['local', 'everyone']),
    limits: {
      connections: wholeNumber('connections', flags.connections, 1, 1_000_000),
      rooms: wholeNumber('rooms', flags.rooms, 1, 1_000_000),
    },
    ...(oneOf('log', flags.log, ['off', 'on']) === 'on'
      ? { log: lineLog((line) => void process.stderr.write(`${line}\n`)) }
      : {}),
  });
  const port = wholeNumber('port', flags.port, 0, 65_535);
  const address = await server.listen({ port, host: flags.host[0] ?? '127.0.0.1' }).catch((error: unknown) => {
    throw new UsageError(`cannot listen on ${flags.host[0] ?? ''}:${String(port)} (${codeOf(error)})`);
  });
  warnOf(missingIn(configuration));
  warnOfRelays(configuration);
  print(`consult-room is running: ${address.url}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
}

async function invite(argv: readonly string[]): Promise<void> {
  const flags = readFlags(INVITE_FLAGS, argv, process.env);
  const [base] = flags.base;
  if (base === undefined || !URL.canParse(base) || !/^https?:$/u.test(new URL(base).protocol))
    throw new UsageError(
      '--base: the address of the page that holds the room, such as https://beratung.example/room.html',
    );
  const hours = flags.hours.length > 0 ? wholeNumber('hours', flags.hours, 1, 24 * 366) : await hoursFor(flags);
  const expires = new Date(Date.now() + hours * 3_600_000);
  const { hostLink, guestLink } = await createInvite({ base, expires });
  if (flags.json.length > 0)
    print(JSON.stringify({ host: hostLink, guest: guestLink, expires: expires.toISOString() }));
  else print(`host:    ${hostLink}\nguest:   ${guestLink}\nexpires: ${expires.toISOString()}`);
}

/** What the site's rooms allow: read from its own file, so that no link is too early for them. */
async function hoursFor({ config, policy }: Values<typeof INVITE_FLAGS>): Promise<number> {
  if (policy.length > 0) return inviteHoursOf(oneOf('policy', policy, POLICY_NAMES));
  const [file] = config;
  return file === undefined ? inviteHoursOf() : resolvePolicy(await readConfiguration(file, undefined)).inviteHours;
}

async function writeNotice(argv: readonly string[]): Promise<void> {
  const { text, missing } = await notice(argv, process.env);
  print(text.trimEnd());
  warnOf(missing);
}

async function verifyReceipt(argv: readonly string[]): Promise<void> {
  const { text, code } = await verifyReceiptFile(argv, process.env);
  print(text);
  process.exitCode = code;
}

async function main([first, ...rest]: readonly string[]): Promise<void> {
  const all = [first, ...rest];
  if (all.includes('--help')) return print(HELP.trimEnd());
  if (all.includes('--version')) return print(version());
  if (first === 'invite') return invite(rest);
  if (first === 'notice') return writeNotice(rest);
  if (first === 'policies') return print(policyTable());
  if (first === 'verify-receipt') return verifyReceipt(rest);
  return serve(first === undefined ? [] : [first, ...rest]);
}

/** `package.json` stands two levels up, from `src/server` and from `dist/server` alike. */
function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`consult-room-server: ${error.message}\n`);
  process.exitCode = 2;
});
