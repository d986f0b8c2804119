/** Checks of the page that holds the room: certificate, headers, policy, and what it loads. */
import { isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { isLoopbackHost } from '../origins.ts';
import { finding, type Finding } from './findings.ts';

/** Days before the end of a certificate at which renewal is overdue. */
const RENEWAL = 14;
const DAY = 24 * 60 * 60 * 1000;
/** Milliseconds for each answer. */
export const TIMEOUT = 10_000;
/** Characters of a page that are read. */
const MOST = 2 * 1024 * 1024;

export interface Page {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
}

/** @returns a code of the system, such as `ECONNREFUSED` or `CERT_HAS_EXPIRED`, or the error's name */
export function codeOf(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if ('code' in at && typeof at.code === 'string') return at.code;
  return error instanceof Error ? error.name : 'unknown';
}

/** A request that follows no redirect to another origin. */
export function get(url: URL, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { redirect: 'manual', ...init, signal: AbortSignal.timeout(TIMEOUT) });
}

export async function checkTls(url: URL): Promise<Finding> {
  if (url.protocol === 'http:')
    return isLoopbackHost(url.host) ? finding('tls.local', 'good') : finding('tls.plain', 'bad');
  try {
    const days = await daysLeft(url);
    return days < RENEWAL
      ? finding('tls.expiring', 'warning', String(days))
      : finding('tls.encrypted', 'good', String(days));
  } catch (error: unknown) {
    return finding('tls.certificate', 'bad', codeOf(error));
  }
}

function daysLeft({ hostname, port }: URL): Promise<number> {
  return new Promise((resolve, reject) => {
    // No name is sent for an address (RFC 6066 §3).
    const name = isIP(hostname) === 0 ? { servername: hostname } : {};
    const socket = connectTls({ host: hostname, port: Number(port || 443), ...name, timeout: TIMEOUT });
    socket.once('secureConnect', () => {
      resolve(Math.floor((Date.parse(socket.getPeerCertificate().valid_to) - Date.now()) / DAY));
      socket.destroy();
    });
    socket.once('error', reject);
    socket.once('timeout', () => {
      socket.destroy();
      reject(new Error('timeout'));
    });
  });
}

export async function loadPage(url: URL): Promise<Page | Finding> {
  try {
    const answer = await get(url);
    const html = (await answer.text()).slice(0, MOST);
    if (answer.status !== 200) return finding('page.missing', 'bad', String(answer.status));
    return { url, status: answer.status, headers: answer.headers, html };
  } catch (error: unknown) {
    return finding('page.missing', 'bad', codeOf(error));
  }
}

/** A page of a framework has the element in its script. */
export function checkPage({ html }: Page): Finding {
  return /<consult-room[\s>]|<script\b/iu.test(html)
    ? finding('page.found', 'good')
    : finding('page.no-room', 'warning');
}

const NEEDED = ['Referrer-Policy', 'X-Content-Type-Options', 'Permissions-Policy'];

export function checkHeaders({ url, headers }: Page): Finding {
  const permissions = headers.get('Permissions-Policy') ?? '';
  const off = ['camera', 'microphone'].find((name) =>
    new RegExp(`\\b${name}\\s*=\\s*\\(\\s*\\)`, 'u').test(permissions),
  );
  if (off !== undefined) return finding('headers.camera-off', 'bad', `${off}=()`);
  const needed = url.protocol === 'https:' ? [...NEEDED, 'Strict-Transport-Security'] : NEEDED;
  const missing = needed.filter((name) => !headers.has(name));
  return missing.length === 0
    ? finding('headers.complete', 'good')
    : finding('headers.lacking', 'warning', missing.join(', '));
}

/** Directives of a policy with their sources; a directive that is repeated counts once, as in browsers (CSP3 §2.2.1). */
function directivesOf(policy: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const part of policy.split(';')) {
    const [name = '', ...sources] = part.trim().split(/\s+/u);
    if (name !== '' && !found.has(name.toLowerCase())) found.set(name.toLowerCase(), sources);
  }
  return found;
}

export function checkPolicy({ url, headers, html }: Page, signal: URL): Finding {
  const meta = /<meta[^>]+http-equiv=["']?content-security-policy["']?[^>]*content="([^"]+)"/iu.exec(html)?.[1];
  const policy = headers.get('Content-Security-Policy') ?? meta;
  if (policy === undefined) return finding('csp.missing', 'bad');
  const directives = directivesOf(policy);
  const sources = (name: string): readonly string[] => directives.get(name) ?? directives.get('default-src') ?? ['*'];
  const loose = ['script-src', 'connect-src', 'img-src', 'media-src', 'frame-src']
    .flatMap((name) => sources(name).map((source) => ({ name, source })))
    .filter(({ name, source }) => isLoose(name, source, [url.host, signal.host]));
  if (loose.length > 0)
    return finding(
      'csp.loose',
      'warning',
      [...new Set(loose.map(({ name, source }) => `${name} ${source}`))].join(', '),
    );
  const connect = sources('connect-src');
  const reached =
    (signal.host === url.host && connect.includes("'self'")) || connect.some((one) => hostOf(one) === signal.host);
  return reached ? finding('csp.strict', 'good') : finding('csp.no-signal', 'bad', signal.origin);
}

function isLoose(name: string, source: string, own: readonly string[]): boolean {
  if (source === '*' || /^(?:https?|wss?):$/u.test(source)) return true;
  if (name === 'script-src' && ["'unsafe-inline'", "'unsafe-eval'", 'data:', 'blob:'].includes(source)) return true;
  const host = hostOf(source);
  return host !== null && !own.includes(host);
}

/** The host of a source expression such as `wss://signal.example`; null for keywords and schemes. */
function hostOf(source: string): string | null {
  if (source.startsWith("'") || /^[a-z]+:$/iu.test(source)) return null;
  const url = /^[a-z]+:\/\//iu.test(source) ? source : `https://${source}`;
  return URL.canParse(url.replace('*', 'any')) ? new URL(url.replace('*', 'any')).host : null;
}

/** What a browser would load of itself: not the links that people follow. */
const LOADED =
  /<(?:script|img|iframe|video|audio|source|embed|object|track|link)\b[^>]*?\b(?:src|href|data|poster)\s*=\s*["']?([^"'\s>]+)/giu;
const IN_STYLE = /(?:url\(\s*["']?|@import\s+["'])((?:https?:)?\/\/[^"')\s]+)/giu;

export function checkThirdParties({ url, html, headers }: Page, own: readonly URL[]): Finding {
  const base = /<base\b[^>]*\bhref\s*=\s*["']?([^"'\s>]+)/iu.exec(html)?.[1];
  const root = base !== undefined && URL.canParse(base, url.href) ? new URL(base, url) : url;
  const addresses = [...html.matchAll(LOADED), ...html.matchAll(IN_STYLE)].map(([, address = '']) => address);
  const links = (headers.get('Link') ?? '').matchAll(
    /<([^>]+)>\s*;[^,]*\brel="?(?:preload|preconnect|modulepreload|stylesheet)/giu,
  );
  const foreign = [
    ...addresses,
    ...[...links].map(([, address = '']) => address),
    ...(base === undefined ? [] : [base]),
  ]
    .filter((address) => URL.canParse(address, root.href))
    .map((address) => new URL(address, root))
    .filter(({ protocol, host }) => /^https?:$/u.test(protocol) && !own.some((one) => one.host === host));
  const hosts = [...new Set(foreign.map(({ host }) => host))];
  return hosts.length === 0
    ? finding('third-parties.none', 'good')
    : finding('third-parties.found', 'bad', hosts.join(', '));
}
