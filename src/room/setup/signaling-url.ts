/** Where the signalling server is. */
const BROADCAST = 'broadcast:';

/** Null for pages of one browser, which need no server. */
export function signalingUrl(signaling = '/signal'): URL | null {
  if (signaling === BROADCAST) return null;
  const url = new URL(signaling, location.href);
  if (url.protocol === 'https:') url.protocol = 'wss:';
  if (url.protocol === 'http:') url.protocol = 'ws:';
  return url;
}
