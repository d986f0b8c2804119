/** Which host names are this server's, and which pages may open a WebSocket to it. */
import type { IncomingMessage } from 'node:http';
import { BoundedMap } from '../util/bounded-map.ts';
import { isLoopback, parseAddress } from './addresses.ts';
import type { AdviceCode } from './log.ts';
import { hostNameOf } from './request-target.ts';

export interface OriginOptions {
  /** The server's own public origins, such as `https://beratung.example`. Without any, it answers on loopback only. */
  readonly origins: readonly string[];
  /** Origins of other sites whose pages may connect. */
  readonly pages: readonly string[];
}

/** The page of nobody (RFC 2606 §2) as which the doctor tries whether strangers are kept out. */
export const STRANGER = 'https://stranger.invalid';

/** Why a request may not use `/signal`, and what the operator can change. */
export interface OriginRefusal {
  readonly code: Extract<AdviceCode, 'host-unknown' | 'origin-refused'>;
  readonly words: string;
}

/** @returns host and port as in a URL, or null for an invalid name */
function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host : null;
}

/** Whether a host name, as in a URL, means this machine (RFC 6761 §6.3). */
export function isLoopbackHost(host: string): boolean {
  const name = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '';
  return /^(?:[^.]+\.)*localhost$/u.test(name) || isLoopback(name);
}

/**
 * Hosts under which a request may have reached us; a host's proof must name one of them (protocol.md §2). The `Host`
 * header is trusted for loopback only: elsewhere a client could name the server for which another proof was made.
 */
export function ownNames(request: IncomingMessage, { origins }: OriginOptions): readonly string[] {
  if (origins.length > 0) return origins.map(hostOf).filter((name) => name !== null);
  const name = hostOf(`https://${hostNameOf(request)}`);
  return name !== null && isLoopbackHost(name) ? [name] : [];
}

/**
 * Browsers name the page that opens a WebSocket in `Origin`; nothing else keeps pages of other sites out (RFC 6455
 * §10.2). Programs other than browsers send none.
 *
 * @returns null where the request is allowed
 */
export function originRefusal(request: IncomingMessage, options: OriginOptions): OriginRefusal | null {
  const names = ownNames(request, options);
  if (names.length === 0) {
    const host = hostOf(`https://${hostNameOf(request)}`);
    const origin = nameable(`https://${host ?? ''}`) ?? 'https://beratung.example';
    const words = `refused a connection to a name of this server that it does not know; start it with --origin ${origin}`;
    return { code: 'host-unknown', words };
  }
  const { origin } = request.headers;
  if (origin === undefined || options.pages.includes(origin)) return null;
  const host = hostOf(origin);
  if (host !== null && names.includes(host)) return null;
  const name = nameable(origin);
  if (name === null) return { code: 'origin-refused', words: OPAQUE };
  // Nothing to allow: the operator who asked the doctor reads this.
  if (name === STRANGER)
    return {
      code: 'origin-refused',
      words: `refused ${STRANGER}, as which the doctor tries whether strangers are kept out`,
    };
  return {
    code: 'origin-refused',
    words: `refused a page of ${name}; if it is a page of yours, start with --page-origin ${name}, or with --origin ${name} if this server has that name`,
  };
}

/** Combinations of a name of this server and an allowed page; a site has few. */
const KNOWN = 64;

/** Recognises requests that were allowed before, without parsing their names again. Keeps nothing of those refused. */
export class OriginGate {
  readonly #options: OriginOptions;
  readonly #known = new BoundedMap<string, readonly string[]>(KNOWN);

  constructor(options: OriginOptions) {
    this.#options = options;
  }

  /** Combinations kept. */
  get size(): number {
    return this.#known.size;
  }

  /** @returns the names of this server, see {@link ownNames}, or why the request is refused */
  enter(request: IncomingMessage): readonly string[] | OriginRefusal {
    const { origin } = request.headers;
    // Neither a header nor a target can contain a line feed.
    const key = `${this.#options.origins.length > 0 ? '' : hostNameOf(request)}${origin === undefined ? '' : `\n${origin}`}`;
    const known = this.#known.get(key);
    if (known) return known;
    const refusal = originRefusal(request, this.#options);
    if (refusal) return refusal;
    const names = ownNames(request, this.#options);
    this.#known.set(key, names);
    return names;
  }
}

/**
 * An origin as it may stand in the log: the name of a site, not an IP address [R12], and nothing that a stranger
 * wrote around it.
 */
function nameable(origin: string): string | null {
  const name = /^https?:\/\/([a-z0-9.-]{1,253})(?::\d{1,5})?$/u.exec(origin)?.[1];
  return name !== undefined && parseAddress(name) === null ? origin : null;
}

/** Also for a sandboxed frame or a `file:` page, whose opaque origin no flag can allow (HTML §7.1.1). */
const OPAQUE =
  'refused a page whose origin is not the name of a site; serve it over HTTPS, and allow it with --page-origin';
