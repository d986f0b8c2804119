/** Flags of the command line and variables of the environment: `--port` is also `CONSULT_ROOM_PORT`. */
import { parseArgs } from 'node:util';
import { DEFAULT_LIMITS } from './limits.ts';

export interface Flag {
  readonly value: string | null;
  readonly help: string;
  readonly initial?: string;
  readonly multiple?: true;
}

export const SERVE_FLAGS = {
  config: { value: 'FILE', help: 'configuration, JSON; without it a trial configuration' },
  port: { value: 'N', help: 'port to listen on, 0 for any', initial: '8787' },
  host: { value: 'ADDRESS', help: 'address to listen on', initial: '127.0.0.1' },
  static: { value: 'DIR', help: 'directory to serve beside the signalling' },
  origin: {
    value: 'URL',
    help: 'public origin of this server, such as https://beratung.example; without it, loopback only; several allowed',
    multiple: true,
  },
  'page-origin': {
    value: 'URL',
    help: 'origin of another site whose pages may connect; several allowed',
    multiple: true,
  },
  'address-from': {
    value: 'connection|x-forwarded-for',
    help: 'where to read client addresses; x-forwarded-for behind a proxy',
    initial: 'connection',
  },
  hosts: { value: 'FILE', help: 'who may open rooms, JSON: host keys, or tokens of your backend; without it everyone' },
  connections: { value: 'N', help: 'connections over all rooms', initial: String(DEFAULT_LIMITS.connections) },
  rooms: { value: 'N', help: 'rooms held in memory', initial: String(DEFAULT_LIMITS.rooms) },
  'metrics-port': { value: 'N', help: 'port for /metrics, on loopback, 0 for any; without it there is none' },
  nats: {
    value: 'URL',
    help: 'joins server processes: tls://nats.example:4222, with CONSULT_ROOM_CLUSTER_SECRET; several allowed',
    multiple: true,
  },
  'nats-creds': { value: 'FILE', help: 'credentials for NATS, as its tools write them' },
  'nats-ca': { value: 'FILE', help: 'authority of the certificate of NATS, PEM' },
  'nats-cert': { value: 'FILE', help: 'certificate for NATS, PEM, with --nats-key' },
  'nats-key': { value: 'FILE', help: 'its key' },
  'nats-plaintext': {
    value: 'refused|own-network',
    help: 'own-network: nats:// to other machines too',
    initial: 'refused',
  },
  'relay-check': { value: 'on|off', help: 'tests the configured relays at start', initial: 'on' },
  'drain-seconds': { value: 'N', help: 'on SIGTERM, seconds over which clients move away', initial: '3' },
  log: { value: 'off|on', help: 'one JSON object a line on standard error', initial: 'off' },
} as const satisfies Record<string, Flag>;

export const PUBLIC_CONFIG_FLAGS = {
  config: { value: 'FILE', help: 'configuration, JSON; without it a trial configuration' },
} as const satisfies Record<string, Flag>;

/** A mistake in a command or file; printed without a stack, one line each, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export type Values<F extends Record<string, Flag>> = { readonly [K in keyof F]: readonly string[] };

/**
 * The command line overrides the environment, the environment the initial value. A flag without a value is `['']` if
 * set.
 *
 * @throws {UsageError}
 */
export function readFlags<const F extends Record<string, Flag>>(
  flags: F,
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Values<F> {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { value }]) => [
      name,
      { type: value === null ? ('boolean' as const) : ('string' as const), multiple: true },
    ]),
  );
  let given: Readonly<Record<string, unknown>>;
  try {
    given = parseArgs({ args: [...argv], options, strict: true }).values;
  } catch (error: unknown) {
    throw new UsageError(error instanceof Error ? error.message : 'bad arguments');
  }
  const entries = Object.entries(flags).map(([name, flag]) => [name, valuesOf(name, flag, given[name], environment)]);
  return Object.fromEntries(entries) as Values<F>;
}

function valuesOf(
  name: string,
  flag: Flag,
  given: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  if (Array.isArray(given)) {
    if (given.length > 1 && !flag.multiple) throw new UsageError(`--${name} is given more than once`);
    return given.map((value) => (typeof value === 'string' ? value : ''));
  }
  // Files of secrets and variables often end in a line break.
  const variable = environment[`CONSULT_ROOM_${name.toUpperCase().replaceAll('-', '_')}`]?.trim();
  if (variable === undefined || variable === '') return flag.initial === undefined ? [] : [flag.initial];
  return flag.multiple ? variable.split(',').map((value) => value.trim()) : [variable];
}

/** @throws {UsageError} */
export function wholeNumber(name: string, [text = '']: readonly string[], minimum: number, maximum: number): number {
  const number = /^\d{1,9}$/u.test(text) ? Number(text) : NaN;
  if (number >= minimum && number <= maximum) return number;
  throw new UsageError(`--${name}: a whole number from ${String(minimum)} to ${String(maximum)}, not "${text}"`);
}

/** @throws {UsageError} */
export function oneOf<const T extends string>(name: string, [text = '']: readonly string[], choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) throw new UsageError(`--${name}: one of ${choices.join(', ')}, not "${text}"`);
  return choice;
}

/** @throws {UsageError} */
export function originsFrom(name: string, texts: readonly string[]): readonly string[] {
  return texts.map((text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (!url || !/^https?:$/u.test(url.protocol) || url.href !== `${url.origin}/`)
      throw new UsageError(`--${name}: an origin such as https://beratung.example, not "${text}"`);
    return url.origin;
  });
}

export function describeFlags(flags: Readonly<Record<string, Flag>>): string {
  return Object.entries(flags)
    .map(([name, { value, help, initial }]) => {
      const usage = value === null ? `--${name}` : `--${name} ${value}`;
      return `  ${usage.padEnd(42)} ${help}${initial === undefined ? '' : ` (${initial})`}`;
    })
    .join('\n');
}
