/** Connects the relay with the rest of a session: what may be used for a path, and whom the consent concerns (protocol.md §10). */
import type { LeafKey } from '../../e2ee/mls/leaf-key.ts';
import type { ErrorCode } from '../../errors.ts';
import type { RelayBroker } from '../../signaling/channel.ts';
import type { Members } from '../group/members.ts';
import type { Mesh } from '../mesh/mesh.ts';
import { DirectPath } from '../relay/direct-path.ts';
import { RelayConsent } from '../relay/relay-consent.ts';
import { relaysOf } from '../relay/relay-terms.ts';
import type { GroupSender } from './group-sender.ts';
import type { SessionOptions } from './session-options.ts';

/** The servers that the site declares, and whether a relay alone may carry the call. */
export function iceOf({ configuration, policy }: Pick<SessionOptions, 'configuration' | 'policy'>) {
  return {
    iceServers: configuration.servers.flatMap((server) => (server.role === 'stun' ? [{ urls: server.urls }] : [])),
    relayAddresses: relaysOf(configuration).flatMap(({ addresses }) => addresses),
    mode: policy.relay === 'always' ? ('relay-only' as const) : ('direct-first' as const),
  };
}

export interface RelayingParts {
  readonly members: Members;
  readonly sender: GroupSender;
  /** Null without a server. */
  readonly broker: RelayBroker | null;
  /** Null outside of a group. */
  leafKey(): LeafKey | null;
  links(): Mesh;
  onProblem(code: ErrorCode): void;
}

export function relayConsentOf(o: SessionOptions, { broker, members, sender, ...parts }: RelayingParts): RelayConsent {
  const { configuration, keys, relayTerms, report } = o;
  return new RelayConsent({
    roomId: keys.roomId,
    terms: relayTerms,
    relays: relaysOf(configuration),
    broker,
    leafKey: () => parts.leafKey(),
    member: (id) => members.byId(id),
    links: () => parts.links(),
    send: (content, leaf) => sender.send(content, leaf),
    report,
    onProblem: (code) => parts.onProblem(code),
  });
}

export function directPathOf(
  ice: ReturnType<typeof iceOf>,
  {
    members,
    sender,
    relay,
    onProblem,
  }: Pick<RelayingParts, 'members' | 'sender' | 'onProblem'> & { readonly relay: RelayConsent },
): DirectPath {
  return new DirectPath({
    ...ice,
    member: (id) => members.byId(id),
    ownLeaf: () => members.own?.leaf ?? -1,
    isGranted: (id) => relay.isGranted(id),
    send: (content, leaf) => sender.send(content, leaf),
    onDirect: (id, way) => relay.noteDirect(id, way),
    onProblem: (code) => onProblem(code),
  });
}
