/**
 * How the browsers of a room reach each other: through a signalling server, or within one browser without any server.
 */
import { utf8 } from '../../e2ee/bytes.ts';
import { signHost } from '../../e2ee/admission/host-key.ts';
import { BroadcastChannelChannel } from '../../signaling/broadcast-channel.ts';
import type { Channel, ChannelOptions, HostProof } from '../../signaling/channel.ts';
import { WebSocketChannel } from '../../signaling/websocket-channel.ts';
import type { Setup } from './setup.ts';

const BROADCAST = 'broadcast:';

/**
 * @param signaling as in {@link RoomOptions}: a URL, absolute or relative to the page, or `broadcast:`
 * @returns the WebSocket URL; null for `broadcast:`
 */
export function signalingUrl(signaling = '/signal'): URL | null {
  if (signaling === BROADCAST) return null;
  const url = new URL(signaling, location.href);
  if (url.protocol === 'https:') url.protocol = 'wss:';
  if (url.protocol === 'http:') url.protocol = 'ws:';
  return url;
}

/** @param url from {@link signalingUrl} */
export function createChannel(
  url: URL | null,
  { invite, keys }: Pick<Setup, 'invite' | 'keys'>,
  onEvent: ChannelOptions['onEvent'],
): Channel {
  const { hostKey, hostSpki: spki } = invite;
  const host: HostProof | null =
    hostKey && spki
      ? {
          spki,
          roomTag: keys.roomTag,
          expires: Math.floor(invite.expires / 1000),
          sign: (origin, serverNonce, clientNonce) =>
            signHost(hostKey, 'server auth', [utf8(origin), keys.roomId, serverNonce, clientNonce]),
        }
      : null;
  const options: ChannelOptions = { roomId: keys.roomId, onEvent, ...(host ? { host } : {}) };
  return url ? new WebSocketChannel({ ...options, url: url.href }) : new BroadcastChannelChannel(options);
}
