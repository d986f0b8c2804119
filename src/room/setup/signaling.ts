/**
 * How the browsers of a room reach each other: through a signalling server, or within one browser without any server.
 */
import { ConsultError } from '../../errors.ts';

const BROADCAST = 'broadcast:';

/**
 * @param signaling as in {@link RoomOptions}: a URL, absolute or relative to the page, or `broadcast:`
 * @param page the page's address
 * @returns the WebSocket URL; null for `broadcast:`
 * @throws {ConsultError} `signaling-address-invalid`, `signaling-mixed-content`
 */
export function signalingUrl(signaling = '/signal', page: string = location.href): URL | null {
  if (signaling === BROADCAST) return null;
  if (!URL.canParse(signaling, page)) throw invalid('not a URL');
  const url = new URL(signaling, page);
  if (url.protocol === 'https:') url.protocol = 'wss:';
  if (url.protocol === 'http:') url.protocol = 'ws:';
  if (url.protocol !== 'wss:' && url.protocol !== 'ws:') throw invalid(`${url.protocol} instead of wss:`);
  if (url.username !== '' || url.password !== '') throw invalid('it contains a user name or a password');
  // Mixed Content §5.3: browsers refuse it, except on this device.
  if (new URL(page).protocol === 'https:' && url.protocol === 'ws:' && !LOOPBACK.test(url.hostname))
    throw new ConsultError('signaling-mixed-content', { detail: `use wss:// for ${url.host}` });
  // It may hold an invite, and RFC 6455 §3 allows none.
  url.hash = '';
  return url;
}

const LOOPBACK = /^(?:(?:[^.]+\.)*localhost|127(?:\.\d+){3}|\[::1\])$/u;

const invalid = (detail: string): ConsultError => new ConsultError('signaling-address-invalid', { detail });
