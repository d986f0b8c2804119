/** The way to the others of a room: over its signalling server, or between the pages of one browser. */
import { utf8 } from '../../e2ee/bytes.ts';
import { signHost } from '../../e2ee/admission/host-key.ts';
import { BroadcastChannelChannel } from '../../signaling/broadcast-channel.ts';
import type { ChannelOptions, HostProof } from '../../signaling/channel.ts';
import { WebSocketChannel } from '../../signaling/websocket-channel.ts';
import type { Setup } from './setup.ts';
import type { Channel } from '../session/session-options.ts';

/** @param url null for pages of one browser */
export function channelFor(
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
