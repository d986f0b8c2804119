/**
 * Credentials for the TURN server (protocol.md §10), in the form that coturn's `use-auth-secret` checks
 * (draft-uberti-behave-turn-rest-00 §2.2): username `expiry:random`, password HMAC-SHA1 of it under the shared
 * secret. They are issued for a pair of admitted participants who both signed their consent; TURN cannot bind them to
 * that pair.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { ServerConfiguration } from '../configuration.ts';
import { fromBase64Url } from '../util/base64url.ts';
import { equal } from '../e2ee/bytes.ts';
import { verifyLeaf } from '../e2ee/mls/leaf-key.ts';
import { ConsultError } from '../errors.ts';
import type { ClientMessage } from '../wire/wire.ts';
import { CREDENTIAL_LIFETIME } from '../wire/wire-parts.ts';
import type { RoomEntry } from './room-entry.ts';

export interface Credentials {
  readonly urls: string[];
  readonly username: string;
  readonly credential: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

type Request = Extract<ClientMessage, { type: 'relay-request' }>;
type Relay = Extract<ServerConfiguration['servers'][number], { role: 'relay' }>;

/** coturn computes and compares the same. */
export function passwordFor(username: string, secret: string): string {
  return createHmac('sha1', secret).update(username).digest('base64');
}

/** @param now milliseconds since the epoch */
export function credentialsFor(
  { urls }: { readonly urls: readonly string[] },
  secret: string,
  now: number,
): Credentials {
  const seconds = Math.floor((now + CREDENTIAL_LIFETIME) / 1000);
  const username = `${String(seconds)}:${randomBytes(9).toString('base64url')}`;
  return { urls: [...urls], username, credential: passwordFor(username, secret), expires: seconds * 1000 };
}

/** Characters. Anyone with one username and its password can guess shorter secrets offline. */
const SHORTEST_SECRET = 16;

/**
 * Participants agree to all configured relays, and browsers use one set of credentials with each: all need the same
 * secret.
 *
 * @throws {ConsultError} `configuration-invalid`
 */
export function checkSecrets({ servers }: ServerConfiguration): void {
  const secrets = new Set(servers.filter(isRelay).map(secretOf));
  if (secrets.size > 1)
    throw new ConsultError('configuration-invalid', { detail: 'servers: every relay needs the same "secret"' });
  const [secret = ''] = secrets;
  if (secret === '' || secret.length >= SHORTEST_SECRET) return;
  // The dots of the README's example.
  const fault = /^(?:…|\.+)$/u.test(secret) ? 'a placeholder' : 'too short';
  const detail = `the relay's secret: ${fault}; put coturn's static-auth-secret there, ${String(SHORTEST_SECRET)} characters or more`;
  throw new ConsultError('configuration-invalid', { detail });
}

/**
 * @param text the secret of every relay whose entry has none; white space around it, such as a line break at the end of
 *   a file, is ignored
 */
export function withSecret(configuration: ServerConfiguration, text: string | undefined): ServerConfiguration {
  const secret = text?.trim() ?? '';
  if (secret === '') return configuration;
  const servers = configuration.servers.map((server) =>
    isRelay(server) && secretOf(server) === '' ? { ...server, secret } : server,
  );
  return { ...configuration, servers };
}

/** Whether there are relays without a secret, for which no credentials can be issued. */
export function lacksSecret({ servers }: ServerConfiguration): boolean {
  return servers.some((server) => isRelay(server) && secretOf(server) === '');
}

/** Whether credentials can be issued for a relay. */
export function hasRelaySecret({ servers }: ServerConfiguration): boolean {
  return servers.some((server) => isRelay(server) && secretOf(server) !== '');
}

const isRelay = (server: ServerConfiguration['servers'][number]): server is Relay => server.role === 'relay';
const secretOf = ({ secret }: Relay): string => secret ?? '';

export class RelayMint {
  readonly #urls: readonly string[];
  readonly #secret: string;
  readonly #now: () => number;

  /** @throws {ConsultError} `configuration-invalid` where relays have different secrets, or a weak one */
  constructor(configuration: ServerConfiguration, now: () => number) {
    checkSecrets(configuration);
    const relays = configuration.servers.filter(isRelay);
    this.#urls = relays.flatMap(({ urls }) => urls);
    this.#secret = relays[0]?.secret ?? '';
    this.#now = now;
  }

  /** @returns null for anything but a fresh, unused proof that two admitted participants of this room consent */
  async mint(room: RoomEntry, seat: string, request: Request): Promise<Credentials | null> {
    // Spent first: two concurrent requests must not both use it.
    if (!room.relay.spend(request.serverNonce, seat, this.#now())) return null;
    if (this.#secret === '') return null;
    if (!request.keys.every((key) => room.relay.admits(key))) return null;
    return (await bothSigned(room.id, request))
      ? credentialsFor({ urls: this.#urls }, this.#secret, this.#now())
      : null;
  }
}

/**
 * Verifies `relay` over room id, both leaf keys in ascending order, their nonces in the same order, text hash, server
 * nonce.
 */
async function bothSigned(roomId: string, { keys, nonces, text, serverNonce, signatures }: Request): Promise<boolean> {
  try {
    const [first, second] = [fromBase64Url(keys[0]), fromBase64Url(keys[1])];
    if (equal(first, second) || Buffer.compare(first, second) > 0) return false;
    const fields = [roomId, ...keys, ...nonces, text, serverNonce].map(fromBase64Url);
    return (
      (await verifyLeaf(first, 'relay', fields, fromBase64Url(signatures[0]))) &&
      (await verifyLeaf(second, 'relay', fields, fromBase64Url(signatures[1])))
    );
  } catch (error: unknown) {
    if (error instanceof ConsultError) return false;
    throw error;
  }
}
