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
/** Characters of an answer that are read. */
const MOST = 2 * 1024 * 1024;

export interface Page {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
}

/** @returns a code of the system, such as `ECONNREFUSED` or `CERT_HAS_EXPIRED`; where there is none, the error's name or words */
export function codeOf(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if ('code' in at && typeof at.code === 'string') return at.code;
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'TimeoutError') return 'timeout';
  return error.name === 'Error' && error.message !== '' ? error.message : error.name;
}

/** The address for plain requests beside a WebSocket. */
export function httpOf(url: URL): URL {
  const http = new URL(url);
  http.protocol = url.protocol.replace('ws', 'http');
  return http;
}

/** A request that follows no redirect. */
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
    if (!(error instanceof CertificateRefused)) return finding('tls.unreachable', 'bad', codeOf(error));
    return refusedCertificate(error.message, url.hostname);
  }
}

/** @param code of Node or OpenSSL */
export function refusedCertificate(code: string, hostname: string): Finding {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return finding('tls.name', 'bad', hostname);
  return finding(/ISSUER|SELF_SIGNED|LEAF_SIGNATURE/u.test(code) ? 'tls.issuer' : 'tls.certificate', 'bad', code);
}

/** The message is a code, such as `CERT_HAS_EXPIRED`. */
class CertificateRefused extends Error {
  override readonly name = 'CertificateRefused';
}

function daysLeft({ hostname, port }: URL): Promise<number> {
  return new Promise((resolve, reject) => {
    const host = hostname.replace(/^\[(.*)\]$/u, '$1');
    // No name is sent for an address (RFC 6066 §3).
    const name = isIP(host) === 0 ? { servername: host } : {};
    const socket = connectTls({ host, port: Number(port || 443), ...name, timeout: TIMEOUT });
    socket.once('secureConnect', () => {
      resolve(Math.floor((Date.parse(socket.getPeerCertificate().valid_to) - Date.now()) / DAY));
      socket.destroy();
    });
    socket.once('error', (error) => {
      // Set only where there was a handshake: a certificate has come, and is not good.
      const refusal: unknown = socket.authorizationError;
      reject(refusal ? new CertificateRefused(codeOf(error)) : error);
    });
    socket.once('timeout', () => {
      socket.destroy();
      reject(new DOMException('no answer', 'TimeoutError'));
    });
  });
}

/** Reads an answer, as far as one of ours is long: one without an end would fill the memory. */
export async function textOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  if (body)
    for await (const part of body) {
      text += decoder.decode(part as Uint8Array, { stream: true });
      if (text.length > MOST) break;
    }
  return text;
}

/** @returns null for an answer that is no JSON, or does not end */
export async function jsonOf(answer: Response): Promise<unknown> {
  try {
    return JSON.parse(await textOf(answer));
  } catch {
    return null;
  }
}

export async function loadPage(url: URL): Promise<Page | Finding> {
  try {
    const answer = await get(url);
    const target = answer.status >= 300 && answer.status < 400 ? answer.headers.get('Location') : null;
    const address = target === null ? null : addressOf(target, url);
    // One that leads to itself leads nowhere.
    if (address !== null && address !== addressOf(url.href, url)) return finding('page.moved', 'bad', address);
    const html = await textOf(answer);
    if (answer.status !== 200) return finding('page.missing', 'bad', String(answer.status));
    const type = answer.headers.get('Content-Type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
    if (!/^(?:text\/html|application\/xhtml\+xml)$/u.test(type))
      return finding('page.missing', 'bad', `Content-Type: ${type}`);
    return { url, status: answer.status, headers: answer.headers, html };
  } catch (error: unknown) {
    return finding('page.missing', 'bad', codeOf(error));
  }
}

/** Where a redirect leads, without what could be an invite. */
function addressOf(target: string, from: URL): string {
  if (!URL.canParse(target, from)) return '?';
  const { origin, pathname } = new URL(target, from);
  return origin + pathname;
}

/** A page of a framework has the element in its script. */
export function checkPage({ html }: Page): Finding {
  return /<consult-room[\s>]|<script\b/iu.test(html)
    ? finding('page.found', 'good')
    : finding('page.no-room', 'warning');
}
