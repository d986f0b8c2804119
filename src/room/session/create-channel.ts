/** The way to the other browsers of a room: a signalling server, or the browser itself for pages of one browser. */
import { u64, utf8 } from '../../e2ee/bytes.ts';
import type { HostAuthority } from '../../e2ee/admission/delegation.ts';
import { signHost } from '../../e2ee/admission/host-key.ts';
import { BroadcastChannelChannel } from '../../signaling/broadcast-channel.ts';
import type { Channel, ChannelOptions, HostProof } from '../../signaling/channel.ts';
import { WebSocketChannel } from '../../signaling/websocket-channel.ts';
import type { Setup } from '../setup/setup.ts';

/** @param url from `signalingUrl` */
export function createChannel(
  url: URL | null,
  { invite, keys, hostToken }: Pick<Setup, 'invite' | 'keys' | 'hostToken'>,
  /** What a host leads with; null for a guest. */
  authority: HostAuthority | null,
  since: number,
  onEvent: ChannelOptions['onEvent'],
): Channel {
  const host: HostProof | null = authority
    ? {
        spki: authority.root,
        ...(authority.delegation ? { delegation: authority.delegation.encoded } : {}),
        roomTag: keys.roomTag,
        expires: Math.floor(invite.expires / 1000),
        since,
        // `async`, so that a function that throws rejects.
        ...(hostToken ? { token: async () => (typeof hostToken === 'string' ? hostToken : hostToken()) } : {}),
        sign: (origin, serverNonce, clientNonce) =>
          signHost(authority.key, 'server auth', [
            utf8(origin),
            keys.roomId,
            serverNonce,
            clientNonce,
            u64(BigInt(since)),
          ]),
      }
    : null;
  const options: ChannelOptions = { roomId: keys.roomId, onEvent, ...(host ? { host } : {}) };
  return url ? new WebSocketChannel({ ...options, url: url.href }) : new BroadcastChannelChannel(options);
}
