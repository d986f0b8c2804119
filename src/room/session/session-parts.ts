/** The parts of a session that need the configuration: the links of the mesh, and the question of a relay. */
import type { RelayBroker } from '../../signaling/channel.ts';
import type { ErrorCode } from '../../errors.ts';
import type { GroupChannel } from '../group/group-channel.ts';
import type { Members } from '../group/members.ts';
import { DirectPath } from '../relay/direct-path.ts';
import type { ParticipantInput } from '../state/actions.ts';
import { Mesh } from '../mesh/mesh.ts';
import { RelayConsent } from '../relay/relay-consent.ts';
import { relaysOf } from '../relay/relay-terms.ts';
import type { SessionOptions } from './session-options.ts';
import type { GroupSender } from '../group/group-sender.ts';

/**
 * Milliseconds after a direct way has opened until everything is told once more on it, in case the server withheld something: these
 * messages are work at both ends, and the first moments are needed for the first picture.
 */
const RETELL_AFTER = 1_000;

export interface PartsOptions {
  readonly session: SessionOptions;
  readonly members: Members;
  readonly telling: GroupSender;
  readonly broker: RelayBroker | null;
  conversation(): GroupChannel | null;
  isOnline(): boolean;
  onGroupMessage(message: Uint8Array<ArrayBuffer>): void;
  onProblem(code: ErrorCode): void;
}

export interface Parts {
  readonly mesh: Mesh;
  readonly relay: RelayConsent;
  readonly directPath: DirectPath;
}

export function createParts(o: PartsOptions): Parts {
  const { configuration, frames, keys, onData, onStream, policy, relayTerms, report, tracksTo } = o.session;
  const relays = relaysOf(configuration);
  const onProblem = (code: ErrorCode): void => o.onProblem(code);
  const relay = new RelayConsent({
    roomId: keys.roomId,
    terms: relayTerms,
    relays,
    broker: o.broker,
    leafKey: () => o.conversation()?.group.leafKey ?? null,
    member: (id) => o.members.byId(id),
    links: () => mesh,
    send: (content, leaf) => o.telling.tell(content, leaf),
    report,
    onProblem,
  });
  const ice = {
    iceServers: configuration.servers.flatMap((server) => (server.role === 'stun' ? [{ urls: server.urls }] : [])),
    relayAddresses: relays.flatMap(({ addresses }) => addresses),
    mode: policy.relay === 'always' ? ('relay-only' as const) : ('direct-first' as const),
  };
  const directPath = new DirectPath({
    ...ice,
    member: (id) => o.members.byId(id),
    ownLeaf: () => o.members.own?.leaf ?? -1,
    isGranted: (id) => relay.isGranted(id),
    send: (content, leaf) => o.telling.tell(content, leaf),
    onDirect: (id, way) => relay.noteDirect(id, way),
    onProblem,
  });
  const mesh = new Mesh({
    frames,
    ...ice,
    isOnline: () => o.isOnline(),
    tracksTo,
    events: {
      send: (link, content) => o.telling.tell(content, link.leaf, link.linkId),
      report: (input: ParticipantInput) => {
        report(input);
        if (input.type === 'path') directPath.onPath(input.id, input.path);
      },
      onGroupMessage: (message) => o.onGroupMessage(message),
      onData: (link, message) => onData(link.id, message),
      onChannelOpen: (link) => {
        setTimeout(() => (mesh.get(link.id) === link ? o.telling.all(link.leaf) : undefined), RETELL_AFTER);
      },
      onRelayNeeded: (link, needed) => (needed === 'yes' ? relay.needed(link.id) : relay.notNeeded(link.id)),
      onStream,
      onProblem,
    },
  });
  return { mesh, relay, directPath };
}
