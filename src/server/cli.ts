#!/usr/bin/env node
/**
 * `consult-room-server`: runs the server, makes invites, prints the notice or the public configuration, verifies
 * receipts.
 */
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net';
import process from 'node:process';
import { publicPart, type ServerConfiguration } from '../configuration.ts';
import { ConsultError } from '../errors.ts';
import { readConfiguration, readJsonFile } from './configuration-file.ts';
import { DOCTOR_FLAGS, runDoctor } from './doctor/doctor-command.ts';
import { INVITE_FLAGS, inviteText } from './invite-command.ts';
import { policyTable } from './policy-table.ts';
import { lineLog, type Log } from './log.ts';
import { boundNewSpace } from './new-space.ts';
import { missingIn, notice, NOTICE_FLAGS } from './notice-command.ts';
import { RECEIPT_FLAGS, verifyReceiptFile } from './receipt-command.ts';
import { createServer, type ConsultServer, type HostRule, type ServerOptions } from './server.ts';
import { snippet, SNIPPET_FLAGS } from './snippet-command.ts';
import { lacksSecret } from './turn.ts';
import {
  describeFlags,
  oneOf,
  originsFrom,
  PUBLIC_CONFIG_FLAGS,
  readFlags,
  SERVE_FLAGS,
  UsageError,
  wholeNumber,
  type Values,
} from './settings.ts';

/**
 * Milliseconds for each address of a name before the next one is tried. Node gives an address up after 250, and never comes back to it:
 * too few for a distant site, for a lost packet, which is sent again after a second, and for a process that stands still for a moment.
 */
const ADDRESS_WITHIN = 1_500;

const HELP = `consult-room-server: signalling for private video counselling

consult-room-server [FLAGS]
${describeFlags(SERVE_FLAGS)}

consult-room-server invite --base URL [FLAGS]
${describeFlags(INVITE_FLAGS)}

consult-room-server notice [FLAGS]
${describeFlags(NOTICE_FLAGS)}

consult-room-server snippet [FLAGS]          HTML with the hash of every script, and the CSP, for a page of yours
${describeFlags(SNIPPET_FLAGS)}

consult-room-server public-config [FLAGS]    the configuration without its secrets, for --page-origin sites
${describeFlags(PUBLIC_CONFIG_FLAGS)}

consult-room-server doctor URL [FLAGS]       examines a running installation; URL is the page with the room
${describeFlags(DOCTOR_FLAGS)}
  exit codes: 0 well, 1 something is wrong; with CONSULT_ROOM_RELAY_SECRET the relay's credentials are tried, too

consult-room-server policies                 the rules of each preset, and why, as a table in Markdown

consult-room-server verify-receipt FILE [FLAGS]
${describeFlags(RECEIPT_FLAGS)}
  exit codes: 0 valid, 1 changed, 3 not a receipt, 4 valid but not what --config gives

  --help, --version

Every flag is also an environment variable: --port is CONSULT_ROOM_PORT. CONSULT_ROOM_RELAY_SECRET is the relay's secret,
CONSULT_ROOM_WEBHOOK_SECRET that of the webhooks.
`;

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** A warning only: a trial needs no address. */
function warnOf(missing: readonly string[], before = ''): void {
  const needs = `a complete notice (Art. 13 GDPR) needs ${missing.join(' and ')}`;
  if (missing.length > 0) process.stderr.write(`consult-room-server: ${before}${needs}\n`);
}

/** Without its addresses, the gate cannot recognise a relay that claims another candidate type (protocol.md §10). */
function warnOfRelays(configuration: ServerConfiguration): void {
  if (lacksSecret(configuration))
    process.stderr.write(
      'consult-room-server: the relay has no secret, so no credentials are issued; set it in the file or in CONSULT_ROOM_RELAY_SECRET\n',
    );
  for (const server of configuration.servers)
    if (server.role === 'relay' && server.addresses.length === 0)
      process.stderr.write(
        `consult-room-server: ${server.urls.join(', ')} declares no addresses; a path over it that claims to be direct is not recognised\n`,
      );
}

async function serve(argv: readonly string[]): Promise<void> {
  boundNewSpace();
  const flags = readFlags(SERVE_FLAGS, argv, process.env);
  const configuration = await readConfiguration(flags.config[0], process.env['CONSULT_ROOM_RELAY_SECRET']);
  const [directory] = flags.static;
  if (directory !== undefined && !(await stat(directory).catch(() => null))?.isDirectory())
    throw new UsageError(`--static: "${directory}" is not a directory`);
  const options: ServerOptions = {
    configuration,
    ...(directory === undefined ? {} : { static: directory }),
    origins: originsFrom('origin', flags.origin),
    pages: originsFrom('page-origin', flags['page-origin']),
    addressFrom: oneOf('address-from', flags['address-from'], ['connection', 'x-forwarded-for']),
    webhookSecret: process.env['CONSULT_ROOM_WEBHOOK_SECRET'],
    ...natsFrom(flags),
    ...(await hostsFrom(flags)),
    relayCheck: oneOf('relay-check', flags['relay-check'], ['on', 'off']),
    limits: {
      connections: wholeNumber('connections', flags.connections, 1, 1_000_000),
      rooms: wholeNumber('rooms', flags.rooms, 1, 1_000_000),
    },
    log: logFor(oneOf('log', flags.log, ['off', 'on'])),
  };
  const server = created(options);
  const port = wholeNumber('port', flags.port, 0, 65_535);
  const metricsPort =
    flags['metrics-port'].length > 0 ? wholeNumber('metrics-port', flags['metrics-port'], 0, 65_535) : null;
  const drain = wholeNumber('drain-seconds', flags['drain-seconds'], 0, 600) * 1000;
  const host = flags.host[0] ?? '127.0.0.1';
  const listen = { port, host, ...(metricsPort === null ? {} : { metrics: { port: metricsPort } }) };
  const address = await server.listen(listen).catch((error: unknown) => {
    if (error instanceof ConsultError && error.message.includes('nats:')) throw new UsageError(flagWords(error));
    if (error instanceof ConsultError)
      throw new UsageError(
        `--host ${host} needs --origin, such as https://beratung.example; without it, loopback only`,
      );
    if (!isSystemError(error)) throw error;
    // A name that leads nowhere is that of --host: the metrics are on loopback.
    const place = `${error.address ?? host}:${String(error.port ?? port)}`;
    throw new UsageError(`cannot listen on ${place} (${error.code})`);
  });
  warnOf(missingIn(configuration), flags.config.length === 0 ? 'without --config this is a trial; ' : '');
  warnOfRelays(configuration);
  // Before anyone reads that it runs, and may end it.
  process.once('SIGINT', () => void server.close().then(() => process.exit()));
  process.once('SIGTERM', () => void server.drain(drain).then(() => process.exit()));
  const { metricsAddress } = server;
  print(`consult-room is running: ${address.url}${metricsAddress ? ` and ${metricsAddress.url}metrics` : ''}`);
}

async function hostsFrom({ hosts: [file] }: Values<typeof SERVE_FLAGS>): Promise<Pick<ServerOptions, 'hosts'>> {
  if (file === undefined) return {};
  return { hosts: (await readJsonFile(file)) as HostRule };
}

/** The configuration was checked before, so that what is wrong now is `--nats` or `--hosts`. */
function created(options: ServerOptions): ConsultServer {
  try {
    return createServer(options);
  } catch (error: unknown) {
    if (error instanceof ConsultError && error.code === 'argument-invalid') throw new UsageError(flagWords(error));
    if (error instanceof ConsultError && error.code === 'configuration-invalid') throw new UsageError(error.message);
    throw error;
  }
}

/** `… (nats: …)` → `--nats: …` */
const flagWords = ({ message }: ConsultError): string =>
  `--${/(?:nats|hosts): .*?(?=\)?$)/u.exec(message)?.[0] ?? message}`;

function natsFrom(flags: Values<typeof SERVE_FLAGS>): Pick<ServerOptions, 'nats'> {
  if (flags.nats.length === 0) return {};
  return {
    nats: {
      servers: flags.nats,
      secret: process.env['CONSULT_ROOM_CLUSTER_SECRET']?.trim() ?? '',
      credentialsFile: flags['nats-creds'][0],
      caFile: flags['nats-ca'][0],
      certFile: flags['nats-cert'][0],
      keyFile: flags['nats-key'][0],
      plaintext: oneOf('nats-plaintext', flags['nats-plaintext'], ['refused', 'own-network']),
    },
  };
}

/** What the operator should change is printed in words, also where the log is off. */
function logFor(choice: 'off' | 'on'): Log {
  const write = (line: string): void => void process.stderr.write(`${line}\n`);
  if (choice === 'on') return lineLog(write);
  return (entry) => (entry.event === 'advice' ? write(`consult-room-server: ${entry.words}`) : undefined);
}

async function printPublicConfiguration(argv: readonly string[]): Promise<void> {
  const flags = readFlags(PUBLIC_CONFIG_FLAGS, argv, process.env);
  print(JSON.stringify(publicPart(await readConfiguration(flags.config[0], undefined)), undefined, 2));
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
  setDefaultAutoSelectFamilyAttemptTimeout(ADDRESS_WITHIN);
  const all = [first, ...rest];
  if (all.includes('--help')) return print(HELP.trimEnd());
  if (all.includes('--version')) return print(version());
  if (first === 'invite') return print(await inviteText(rest, process.env));
  if (first === 'notice') return writeNotice(rest);
  if (first === 'snippet') return writeSnippet(rest);
  if (first === 'public-config') return printPublicConfiguration(rest);
  if (first === 'doctor') return runDoctor(rest);
  if (first === 'policies') return print(policyTable());
  if (first === 'verify-receipt') return verifyReceipt(rest);
  return serve(first === undefined ? [] : [first, ...rest]);
}

async function writeSnippet(argv: readonly string[]): Promise<void> {
  const { html, policy } = await snippet(argv, process.env);
  print(`${html}\n\nContent-Security-Policy: ${policy}`);
}

/** `package.json` stands two levels up, from `src/server` and from `dist/server` alike. */
function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}

/** Of Node: what failed at which address. */
interface SystemError extends Error {
  readonly code: string;
  readonly address?: string;
  readonly port?: number;
}

const isSystemError = (error: unknown): error is SystemError =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && !(error instanceof ConsultError);

main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof UsageError)) throw error;
  for (const line of error.message.split('\n')) process.stderr.write(`consult-room-server: ${line}\n`);
  process.exitCode = 2;
});
