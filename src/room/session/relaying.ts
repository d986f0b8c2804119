/**
 * Connects the relay with the rest of a session (protocol.md §10): the consent, and the way back from it. A part of its own, which
 * `late-relaying.ts` loads: most pairs find a direct path.
 */
import type { LeafKey } from '../../e2ee/mls/leaf-key.ts';
import type { ErrorCode } from '../../errors.ts';
import type { RelayBroker } from '../../signaling/channel.ts';
import type { Members } from '../group/members.ts';
import type { Mesh } from '../mesh/mesh.ts';
import { DirectPath } from '../relay/direct-path.ts';
import { RelayConsent } from '../relay/relay-consent.ts';
import type { GroupContent } from '../messages/messages.ts';
import type { GroupSender } from './group-sender.ts';
import type { Ice } from './ice.ts';
import type { SessionOptions } from './session-options.ts';

export interface RelayingParts {
  readonly ice: Ice;
  readonly members: Members;
  readonly sender: GroupSender;
  /** Null without a server. */
  readonly broker: RelayBroker | null;
  /** Null outside of a group. */
  leafKey(): LeafKey | null;
  links(): Mesh;
  onProblem(code: ErrorCode): void;
}

export interface Relaying {
  readonly consent: RelayConsent;
  readonly directPath: DirectPath;
}

export function relayingOf(o: SessionOptions, { broker, ice, members, sender, ...parts }: RelayingParts): Relaying {
  const { keys, relayTerms, report } = o;
  const common = {
    member: (id: string) => members.byId(id),
    send: (content: GroupContent, leaf: number) => sender.send(content, leaf),
    onProblem: (code: ErrorCode) => parts.onProblem(code),
  };
  const consent = new RelayConsent({
    ...common,
    roomId: keys.roomId,
    terms: relayTerms,
    relays: ice.relays,
    broker,
    leafKey: () => parts.leafKey(),
    links: () => parts.links(),
    isDirect: (id) =>
      o.state()?.participants.some((one) => one.id === id && one.path === 'direct' && one.connection === 'connected') ??
      false,
    report,
  });
  const directPath = new DirectPath({
    ...common,
    ...ice,
    ownLeaf: () => members.own?.leaf ?? -1,
    isGranted: (id) => consent.isGranted(id),
    onDirect: (id, way) => consent.noteDirect(id, way),
  });
  return { consent, directPath };
}
