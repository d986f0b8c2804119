/** The HTTP side: health, public configuration, transparency, and the site's own files. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { publicPart, type ServerConfiguration } from '../configuration.ts';
import type { Advisor } from './advice.ts';
import type { Backplane } from './backplane/backplane.ts';
import { securityHeaders } from './headers.ts';
import type { HostGate } from './host-rule.ts';
import type { Hub } from './hub.ts';
import { originRefusal, type OriginOptions } from './origins.ts';
import { pathOf } from './request-target.ts';
import type { StaticFiles } from './static-files.ts';
import type { Tally } from './tally.ts';
import { disclose } from './transparency.ts';
import type { Openings } from './webhooks/openings.ts';

export interface HttpOptions {
  readonly configuration: ServerConfiguration;
  readonly hub: Hub;
  readonly backplane: Backplane;
  /** What the webhooks are told; null without webhooks. */
  readonly openings: Openings | null;
  readonly hosts: HostGate;
  readonly files: StaticFiles | null;
  readonly origins: OriginOptions;
  readonly advisor: Advisor;
  /** The limit that keeps this client from opening a WebSocket now; null where none does. */
  limitOf(request: IncomingMessage): 'connection-limit' | 'address-limit' | null;
  readonly tally: Tally;
  readonly now: () => number;
  /** Whether this process is about to end: a balancer then sends nobody here. */
  readonly isMoving: () => boolean;
}

/** Bytes of a request body for `/transparency`. */
const BODY_LIMIT = 2048;

export function httpHandler(options: HttpOptions): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    for (const [name, value] of Object.entries(securityHeaders(request))) response.setHeader(name, value);
    // Else Node reads on what nobody asked for, for as long as it comes.
    if (hasBody(request)) response.setHeader('Connection', 'close');
    route(options, request, response).catch(() => {
      // The client went away before it had sent the whole request.
      if (request.destroyed && !request.complete) return;
      options.tally.note({ event: 'fault', where: 'http' });
      if (response.headersSent) response.destroy();
      else text(response, 500, 'internal error');
    });
  };
}

async function route(options: HttpOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pathname = pathOf(request);
  if (pathname === '/transparency') return transparency(options, request, response);
  if (pathname === '/signal') return plainSignal(options, request, response);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return text(response, 405, 'method not allowed');
  }
  switch (pathname) {
    case '/healthz':
      return options.isMoving() ? text(response, 503, 'moving') : text(response, 200, 'ok');
    case '/config':
      allowEveryPage(response, 'Date');
      return json(response, 200, publicPart(options.configuration));
  }
  if (await options.files?.serve(request, response, pathname)) return;
  // A mail scanner has turned the `#` of an invite into `%23`, and the browser has sent the invite along. The page before it is served in its
  // place: no redirect, which would send it once more. The room reads the invite from the path and empties the address bar.
  const page = pathname.replace(/%(?:25)*23.*$/isu, '');
  if (page !== pathname && (await options.files?.serve(request, response, page, 'unstored'))) return;
  text(response, 404, 'not found');
}

/**
 * Pages of other sites may read the answer: they compare the configuration with their own, diagnose a failed
 * WebSocket, and show what the server holds of their room.
 */
function allowEveryPage(response: ServerResponse, exposed: string): void {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Expose-Headers', exposed);
}

/**
 * A request to `/signal` without an upgrade. Browsers hide why a WebSocket failed, so the page asks here: 403 means
 * that its origin is refused, 429 and 503 that a limit is reached, 426 that a proxy in between drops the `Upgrade`
 * header. A POST always carries `Origin`.
 */
function plainSignal(
  { origins, advisor, limitOf }: HttpOptions,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  allowEveryPage(response, 'Consult-Room');
  response.setHeader('Consult-Room', 'signal');
  const refusal = originRefusal(request, origins);
  if (refusal) {
    advisor.give(refusal.code, refusal.words);
    return text(response, 403, refusal.code);
  }
  const limit = limitOf(request);
  if (limit) return text(response, limit === 'address-limit' ? 429 : 503, limit);
  // A handshake (RFC 6455 §4.1) that has lost the headers which a proxy must pass on by itself (RFC 9110 §7.8).
  if (request.headers['sec-websocket-key'] !== undefined) advisor.give('upgrade-dropped', UPGRADE_WORDS);
  response.setHeader('Upgrade', 'websocket');
  text(response, 426, 'upgrade required');
}

const UPGRADE_WORDS =
  'refused a WebSocket because a proxy in front of this server drops its Upgrade header; in nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";';

async function transparency(options: HttpOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // The room of a page on another origin asks as well; who asks proves to know the room, not to be a certain page.
  allowEveryPage(response, 'Date');
  if (request.method !== 'POST') {
    response.setHeader('Allow', 'POST');
    return text(response, 405, 'method not allowed');
  }
  const body = await read(request);
  const disclosure = body === undefined ? null : await disclose(options, body);
  if (disclosure) json(response, 200, disclosure);
  else json(response, 404, { held: [] });
}

/** RFC 9112 §6. */
const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** @returns undefined for a body that is not JSON, or too long, of which no more is read than that */
async function read(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  // Destroyed, the request would take its answer along.
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > BODY_LIMIT) return undefined;
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    return undefined;
  }
}

function text(response: ServerResponse, status: number, line: string): void {
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  answer(response, status, `${line}\n`);
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  answer(response, status, JSON.stringify(value));
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.setHeader('Cache-Control', 'no-store');
  response.writeHead(status).end(body);
}
