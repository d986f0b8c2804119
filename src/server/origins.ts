/** Which names this server answers to, and which pages may talk to it. */
import type { IncomingMessage } from 'node:http';

export interface OriginOptions {
  /**
   * The server's own public origins, such as `https://beratung.example`. Without any, the `Host` header of each request is
   * believed; a server behind a proxy that changes it must be told its name.
   */
  readonly origins: readonly string[];
  /** Origins of other sites whose pages may connect. */
  readonly pages: readonly string[];
}

/** @returns host and port as a URL has them, or null for no valid name */
function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host : null;
}

/** Hosts under which a request may have reached us; a host's proof must name one of them (protocol.md §2). */
export function ownNames(request: IncomingMessage, { origins }: OriginOptions): readonly string[] {
  const names = origins.length > 0 ? origins.map(hostOf) : [hostOf(`https://${request.headers.host ?? ''}`)];
  return names.filter((name) => name !== null);
}

/**
 * Browsers say in `Origin` which page opens a WebSocket, and nothing else keeps foreign pages from doing so (RFC 6455 §10.2).
 * Programs that are no browsers send none.
 */
export function pageAllowed(request: IncomingMessage, options: OriginOptions): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return true;
  if (options.pages.includes(origin)) return true;
  const host = hostOf(origin);
  return host !== null && ownNames(request, options).includes(host);
}
