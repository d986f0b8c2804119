/** The parts of a session that need the configuration: the links of the mesh, and the question of a relay. */
import type { RelayBroker } from '../../signaling/channel.ts';
import type { ErrorCode } from '../../errors.ts';
import type { GroupChannel } from '../group/group-channel.ts';
import type { Members } from '../group/members.ts';
import { DirectWay } from '../relay/direct-path.ts';
import type { ParticipantInput } from '../state/actions.ts';
import { Pairs } from '../mesh/mesh.ts';
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
  readonly pairs: Pairs;
  readonly relay: RelayConsent;
  readonly directWay: DirectWay;
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
    links: () => pairs,
    tell: (content, leaf) => o.telling.tell(content, leaf),
    report,
    onProblem,
  });
  const ice = {
    iceServers: configuration.servers.flatMap((server) => (server.role === 'stun' ? [{ urls: server.urls }] : [])),
    relayAddresses: relays.flatMap(({ addresses }) => addresses),
    mode: policy.relay === 'always' ? ('relay-only' as const) : ('direct-first' as const),
  };
  const directWay = new DirectWay({
    ...ice,
    member: (id) => o.members.byId(id),
    ownLeaf: () => o.members.own?.leaf ?? -1,
    isGranted: (id) => relay.isGranted(id),
    tell: (content, leaf) => o.telling.tell(content, leaf),
    onWay: (id, way) => relay.noteDirect(id, way),
    onProblem,
  });
  const pairs = new Pairs({
    frames,
    ...ice,
    isOnline: () => o.isOnline(),
    tracksTo,
    events: {
      send: (pair, content) => o.telling.tell(content, pair.leaf, pair.linkId),
      report: (input: ParticipantInput) => {
        report(input);
        if (input.type === 'path') directWay.onPath(input.id, input.path);
      },
      onGroupMessage: (message) => o.onGroupMessage(message),
      onData: (pair, message) => onData(pair.id, message),
      onChannelOpen: (pair) => {
        setTimeout(() => (pairs.get(pair.id) === pair ? o.telling.all(pair.leaf) : undefined), RETELL_AFTER);
      },
      onRelayNeeded: (pair, needed) => (needed === 'yes' ? relay.needed(pair.id) : relay.notNeeded(pair.id)),
      onStream,
      onProblem,
    },
  });
  return { pairs, relay, directWay };
}
