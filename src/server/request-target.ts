/** What a request asks for. */
import type { IncomingMessage } from 'node:http';

/** The absolute form (RFC 9112 §3.2.2), in which a client asks a proxy, and which a server has to take as well. */
const ABSOLUTE = /^https?:\/\/([^/?#]*)/iu;

/** The path, without query; `*` of `OPTIONS` and what is no target are no path of ours. */
export function pathOf({ url = '/' }: Pick<IncomingMessage, 'url'>): string {
  const path = url.replace(ABSOLUTE, '').split(/[?#]/u, 1)[0] ?? '';
  return path === '' ? '/' : path;
}

/** The name under which the client means to have reached us: that of an absolute target counts before `Host`. */
export const hostNameOf = ({ url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>): string =>
  ABSOLUTE.exec(url)?.[1] ?? headers.host ?? '';
