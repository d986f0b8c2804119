/** One system that is told of openings, and one attempt to tell it. */
import { createHash } from 'node:crypto';
import { lookup as lookUp, type LookupAddress } from 'node:dns';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import * as v from 'valibot';
import { webhookSecret, type ServerConfiguration, type WebhookEntry } from '../../configuration.ts';
import { ConsultError } from '../../errors.ts';
import { parseAddress } from '../addresses.ts';
import { isLoopbackHost } from '../origins.ts';
import { keyOf } from './signature.ts';

export interface Endpoint {
  /** The same in all processes; says nothing of the address. */
  readonly id: string;
  readonly url: URL;
  readonly operator: string;
  /** One for each current secret, the newest first. */
  readonly keys: readonly Uint8Array[];
  /** Which addresses its name may lead to. */
  readonly reach: 'public' | 'own' | 'loopback';
}

/** What came of an attempt; the words of an answer are not read. */
export type Outcome =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: number | null }
  | { readonly kind: 'failed'; readonly reason: 'address-refused' | 'timeout' | 'unreachable' };

const invalid = (detail: string): ConsultError => new ConsultError('configuration-invalid', { detail });

/**
 * @param secrets of all entries that have none, from the environment: one or two, separated by blanks
 * @throws {ConsultError} `configuration-invalid`
 */
export function endpointsOf(
  { webhooks }: Pick<ServerConfiguration, 'webhooks'>,
  secrets: string | undefined,
): readonly Endpoint[] {
  const shared = (secrets ?? '').split(/\s+/u).filter((secret) => secret !== '');
  return webhooks.map((entry, index) => endpointOf(entry, entry.secrets ?? shared, `webhooks.${String(index)}`));
}

function endpointOf(entry: WebhookEntry, secrets: readonly string[], path: string): Endpoint {
  if (secrets.length === 0) throw invalid(`${path}: no "secrets", and none in CONSULT_ROOM_WEBHOOK_SECRET`);
  if (secrets.length > 2 || !secrets.every((secret) => v.is(webhookSecret, secret)))
    throw invalid(`${path}: each secret is whsec_ and the base64 of 24 to 64 random bytes, two at most`);
  const url = new URL(entry.url);
  const reach = isLoopbackHost(url.host) ? 'loopback' : entry.network;
  const literal = url.hostname.replace(/^\[|\]$/gu, '');
  if (parseAddress(literal) && !mayReach(reach, literal))
    throw invalid(`${path}.url: an address that is not public; "network": "own" allows one of your own network`);
  const id = createHash('sha256').update(`consult-room webhook ${url.href}`).digest('base64url').slice(0, 22);
  return { id, url, operator: entry.operator, keys: secrets.map(keyOf), reach };
}

/**
 * Whether a webhook may go to this address. A name that leads into the server's own network would let the person who
 * controls the name reach systems behind the firewall; the check is made for each connection, on the address that is used.
 */
function mayReach(reach: Endpoint['reach'], address: string): boolean {
  const range = parseAddress(address)?.range();
  if (range === undefined) return false;
  if (reach === 'loopback') return range === 'loopback';
  return range === 'unicast' || (reach === 'own' && (range === 'private' || range === 'uniqueLocal'));
}

class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/** Resolves a name as Node does, and drops addresses that may not be reached. */
function guardedLookup(reach: Endpoint['reach']): LookupFunction {
  return (hostname, options, callback) =>
    lookUp(hostname, { ...options, all: true }, (error, found) => {
      const addresses: readonly LookupAddress[] = error ? [] : found.filter(({ address }) => mayReach(reach, address));
      const [first] = addresses;
      if (!first) return callback(error ?? new AddressRefused(), []);
      if (options.all === true) callback(null, [...addresses]);
      else callback(null, first.address, first.family);
    });
}

/** A connection of its own for each attempt: no redirect is followed, no proxy and no cookie used. */
export function post(
  { url, reach }: Endpoint,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  { timeout, signal }: { readonly timeout: number; readonly signal: AbortSignal },
): Promise<Outcome> {
  const deadline = AbortSignal.timeout(timeout);
  const options: RequestOptions = {
    method: 'POST',
    agent: false,
    lookup: guardedLookup(reach),
    signal: AbortSignal.any([deadline, signal]),
    headers: {
      ...headers,
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      'User-Agent': 'consult-room-server',
      Connection: 'close',
    },
  };
  return new Promise((resolve) => {
    const onAnswer = (response: IncomingMessage): void => {
      const { statusCode: status = 0, headers: answered } = response;
      resolve({ kind: 'answered', status, retryAfter: secondsIn(answered['retry-after']) });
      response.on('error', () => undefined);
      // The rest could be endless.
      response.destroy();
    };
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, options, onAnswer);
    request.on('error', (error) => {
      if (error instanceof AddressRefused) return resolve({ kind: 'failed', reason: 'address-refused' });
      resolve({ kind: 'failed', reason: deadline.aborted ? 'timeout' : 'unreachable' });
    });
    request.end(body);
  });
}

/** Seconds only (RFC 9110 §10.2.3): dates depend on two clocks. */
const secondsIn = (header: string | undefined): number | null =>
  header !== undefined && /^\d{1,6}$/u.test(header.trim()) ? Number(header) : null;
