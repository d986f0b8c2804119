/** Which NATS joins the processes, and how it is reached: encrypted, unless it is on this machine. */
import { readFileSync } from 'node:fs';
import type { NodeConnectionOptions } from '@nats-io/transport-node';
import { ConsultError } from '../../errors.ts';
import { isLoopbackHost } from '../origins.ts';

export interface NatsOptions {
  /** `tls://HOST:PORT`, or `nats://` for this machine; several of one cluster. A user and password may stand in it. */
  readonly servers: readonly string[];
  /** The same for all processes, 16 characters or more: hides the ids of rooms and networks from NATS. */
  readonly secret: string;
  /** A file in the form of NATS `.creds`. */
  readonly credentialsFile?: string | undefined;
  /** PEM files: the authority of the servers, and this client's own certificate and key. */
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** `own-network`: `nats://` is allowed to another machine too, over a network that only this site uses. */
  readonly plaintext?: 'refused' | 'own-network';
}

const SHORTEST_SECRET = 16;

const invalid = (detail: string): ConsultError => new ConsultError('argument-invalid', { detail });

/** @throws {ConsultError} `argument-invalid` */
export function checkNats({ servers, secret, plaintext = 'refused', certFile, keyFile }: NatsOptions): void {
  if (servers.length === 0) throw invalid('nats: no server');
  for (const server of servers) {
    const url = URL.canParse(server) ? new URL(server) : null;
    if (!url || !/^(?:nats|tls):$/u.test(url.protocol) || url.hostname === '')
      throw invalid('nats: an address such as tls://nats.example:4222');
    if (!isEncoded(url.username) || !isEncoded(url.password))
      throw invalid('nats: a % in user or password is written %25');
    if (url.protocol === 'nats:' && plaintext === 'refused' && !isLoopbackHost(url.host))
      throw invalid(`nats: ${url.host} is another machine and not encrypted; write tls://`);
  }
  if (new Set(servers.map((server) => new URL(server).protocol)).size > 1)
    throw invalid('nats: all servers with tls://, or all with nats://');
  if (secret.length < SHORTEST_SECRET)
    throw invalid(`nats: all processes need the same secret of ${String(SHORTEST_SECRET)} characters or more`);
  if ((certFile === undefined) !== (keyFile === undefined))
    throw invalid('nats: a certificate and its key come together');
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** @throws {ConsultError} `argument-invalid` where a file cannot be read */
export async function connectionOptions(options: NatsOptions): Promise<NodeConnectionOptions> {
  const { credsAuthenticator } = await import('@nats-io/transport-node');
  const urls = options.servers.map((server) => new URL(server));
  const [first] = urls;
  const { username = '', password = '' } = first ?? {};
  const { credentialsFile, caFile, certFile, keyFile } = options;
  const files = { ca: caFile, cert: certFile, key: keyFile };
  const tls = Object.fromEntries(
    Object.entries(files).flatMap(([name, file]) => (file === undefined ? [] : [[name, read(file).toString()]])),
  );
  return {
    servers: urls.map(({ host }) => host),
    ...(first?.protocol === 'tls:' ? { tls } : {}),
    ...(credentialsFile === undefined ? {} : { authenticator: credsAuthenticator(read(credentialsFile)) }),
    ...(username === '' ? {} : account(decodeURIComponent(username), decodeURIComponent(password))),
    // No name: it would stand in the logs of NATS.
    noEcho: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 250,
    pingInterval: 3_000,
    maxPingOut: 2,
    timeout: 5_000,
    // A password that is being changed on both sides must not end the process's part for good.
    ignoreAuthErrorAbort: true,
  };
}

/** A user without a password is a token (NATS URL convention). */
const account = (user: string, pass: string) => (pass === '' ? { token: user } : { user, pass });

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw invalid(`nats: ${file} cannot be read`);
  }
}
