/** What may be used for the paths of a session. */
import type { RelayServer } from '../../configuration.ts';
import type { MeshOptions } from '../mesh/mesh.ts';
import { relaysOf } from '../relay/relay-terms.ts';
import type { SessionOptions } from './session-options.ts';

export interface Ice extends Pick<MeshOptions, 'iceServers' | 'relayAddresses' | 'mode'> {
  readonly relays: readonly RelayServer[];
}

/** The servers that the site declares, and whether a relay alone may carry the call. */
export function iceOf({ configuration, policy }: Pick<SessionOptions, 'configuration' | 'policy'>): Ice {
  const relays = relaysOf(configuration);
  return {
    relays,
    iceServers: configuration.servers.flatMap((server) => (server.role === 'stun' ? [{ urls: server.urls }] : [])),
    relayAddresses: relays.flatMap(({ addresses }) => addresses),
    mode: policy.relay === 'always' ? 'relay-only' : 'direct-first',
  };
}
