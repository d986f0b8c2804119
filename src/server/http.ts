/** The HTTP side: health, metrics, public configuration, transparency, and the site's own files. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { publicPart, type ServerConfiguration } from '../configuration.ts';
import { securityHeaders } from './headers.ts';
import type { Hub } from './hub.ts';
import { isLoopback } from './addresses.ts';
import type { Log } from './log.ts';
import type { Metrics, MetricsAudience } from './metrics.ts';
import type { StaticFiles } from './static-files.ts';
import { disclose } from './transparency.ts';

export interface HttpOptions {
  readonly configuration: ServerConfiguration;
  readonly hub: Hub;
  readonly metrics: Metrics;
  readonly files: StaticFiles | null;
  readonly metricsFor: MetricsAudience;
  readonly log: Log;
  readonly now: () => number;
}

/** Bytes of a question to `/transparency`. */
const QUESTION = 2048;

export function httpHandler(options: HttpOptions): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    for (const [name, value] of Object.entries(securityHeaders(request))) response.setHeader(name, value);
    route(options, request, response).catch(() => {
      options.log({ event: 'fault', where: 'http' });
      if (response.headersSent) response.destroy();
      else text(response, 500, 'internal error');
    });
  };
}

async function route(options: HttpOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pathname = (request.url ?? '/').split(/[?#]/u, 1)[0] ?? '/';
  if (pathname === '/transparency') return transparency(options, request, response);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return text(response, 405, 'method not allowed');
  }
  switch (pathname) {
    case '/healthz':
      return text(response, 200, 'ok');
    case '/metrics':
      if (options.metricsFor === 'local' && !isLocal(request)) return text(response, 404, 'not found');
      response.setHeader('Content-Type', options.metrics.contentType);
      return void response.end(await options.metrics.text());
    case '/config':
      // Pages of other sites compare it with their own, and it is for everybody.
      response.setHeader('Access-Control-Allow-Origin', '*');
      return json(response, 200, publicPart(options.configuration));
    case '/signal':
      response.setHeader('Upgrade', 'websocket');
      return text(response, 426, 'upgrade required');
  }
  if (await options.files?.serve(request, response, pathname)) return;
  // A mail scanner has turned the `#` of an invite into `%23`, and the browser has sent the invite along. The page before it is served in its
  // place: no redirect, which would send it once more. The room reads the invite from the path and empties the address bar.
  const page = pathname.replace(/%(?:25)*23.*$/isu, '');
  if (page !== pathname && (await options.files?.serve(request, response, page, 'unstored'))) return;
  text(response, 404, 'not found');
}

/** A proxy on this machine speaks for others, and says so in one of these. */
function isLocal({ headers, socket }: IncomingMessage): boolean {
  const forwarded = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via'].some((name) => headers[name] !== undefined);
  return !forwarded && isLoopback(socket.remoteAddress ?? '');
}

async function transparency(options: HttpOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') {
    response.setHeader('Allow', 'POST');
    return text(response, 405, 'method not allowed');
  }
  const body = await read(request);
  const disclosure = body === undefined ? null : await disclose(options.hub, body, options.now());
  if (disclosure) json(response, 200, disclosure);
  else json(response, 404, { held: [] });
}

/** @returns undefined for what is too long or no JSON */
async function read(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size <= QUESTION) parts.push(part);
  }
  if (size > QUESTION) return undefined;
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
