/** The way to the other browsers of a room: a signalling server, or the browser itself for pages of one browser. */
import { u64, utf8 } from '../../e2ee/bytes.ts';
import type { HostAuthority } from '../../e2ee/admission/delegation.ts';
import { signHost } from '../../e2ee/admission/host-key.ts';
import type { Channel, ChannelOptions, HostProof } from '../../signaling/channel.ts';
import { WebSocketChannel } from '../../signaling/websocket-channel.ts';
import { part } from '../../util/part.ts';
import type { Setup } from '../setup/setup.ts';

const loadBroadcast = part(() => import('../../signaling/broadcast-channel.ts'));

/** Makes a channel of these options. */
export type MakeChannel = (options: ChannelOptions) => Channel;

/**
 * @param url from `signalingUrl`
 * @throws {ConsultError} `part-unavailable`
 */
export async function channelMaker(url: URL | null): Promise<MakeChannel> {
  if (url) return (options) => new WebSocketChannel({ ...options, url: url.href });
  const { BroadcastChannelChannel } = await loadBroadcast();
  return (options) => new BroadcastChannelChannel(options);
}

export function createChannel(
  make: MakeChannel,
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
  return make(options);
}
