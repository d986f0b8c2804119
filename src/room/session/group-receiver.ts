/** What the others say in the group, each message to whom it concerns. `leaf` is the verified sender, never a field of a message. */
import { occupantsOf } from '../consent/declaration.ts';
import type { DirectPath } from '../relay/direct-path.ts';
import type { EpochSwitch } from '../group/epoch-switch.ts';
import type { Beacon } from '../group/beacon.ts';
import type { RoomInput } from '../state/actions.ts';
import type { KnownMember, Members } from '../group/members.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { RelayConsent } from '../relay/relay-consent.ts';
import { SerialQueue } from '../../util/serial-queue.ts';
import type { GroupMessage } from '../messages/messages.ts';

export interface GroupReceiverOptions {
  readonly members: Members;
  readonly mesh: Mesh;
  readonly epochs: EpochSwitch;
  readonly relay: RelayConsent;
  readonly directPath: DirectPath;
  freshness(): Beacon;
  report(input: RoomInput): void;
  /** A member said goodbye. */
  onGoodbye(member: KnownMember, whole: boolean): void;
}

export class GroupReceiver {
  readonly #o: GroupReceiverOptions;
  /** Hashing takes its time, and what is shown last must be what was said last. */
  readonly #declarations = new SerialQueue();

  constructor(o: GroupReceiverOptions) {
    this.#o = o;
  }

  receive(leaf: number, message: GroupMessage): void {
    const { members, mesh, epochs, relay, report } = this.#o;
    const member = members.byLeaf(leaf);
    if (!member) return;
    const { id } = member;
    switch (message.type) {
      case 'declaration':
        return void this.#declarations.run(async () =>
          report({ type: 'their-occupants', id, occupants: await occupantsOf(message.body) }),
        );
      case 'acknowledgement':
        return report({ type: 'acknowledged-by-them', id, hash: message.body.declaration });
      case 'media':
        return report({ type: 'their-media', id, media: message.body });
      case 'recording-refused':
        return report({ type: 'problem', code: 'recording-refused', about: member.name });
      case 'description':
      case 'candidates':
      case 'link-lost':
        return mesh.receive(id, message);
      case 'installed':
        return epochs.installed(leaf, message.body.epoch);
      case 'beacon':
        return member.isHost ? this.#o.freshness().receive(message.body) : undefined;
      case 'relay-question':
      case 'relay-answer':
      case 'relay-signature':
      case 'relay-credentials':
      case 'relay-withdrawn':
      case 'relay-released':
        return void relay.receive(member, message);
      case 'direct-probe':
        return void this.#o.directPath.receive(member, message.body);
      case 'goodbye':
        return this.#o.onGoodbye(member, message.body.whole);
    }
  }
}
