/**
 * The receiving half of the group protocol: hands each message of another member to the service that it concerns (protocol.md §6). Its
 * counterpart is `group-sender.ts`. `leaf` is the sender that the group has verified, never a field of a message.
 */
import { SerialQueue } from '../../util/serial-queue.ts';
import { occupantsOf } from '../consent/declaration.ts';
import type { Beacon } from '../group/beacon.ts';
import type { EpochSwitch } from '../group/epoch-switch.ts';
import type { KnownMember, Members } from '../group/members.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { GroupMessage } from '../messages/messages.ts';
import type { RoomInput } from '../state/actions.ts';
import type { LateRelaying } from './late-relaying.ts';
import type { Leadership } from './leadership.ts';
import type { Signs } from './signs.ts';

export interface GroupReceiverOptions {
  readonly members: Pick<Members, 'byLeaf'>;
  readonly mesh: Pick<Mesh, 'receive'>;
  readonly epochs: Pick<EpochSwitch, 'installed'>;
  readonly relay: Pick<LateRelaying, 'receive' | 'whole'>;
  readonly beacon: Pick<Beacon, 'receive'>;
  readonly signs: Pick<Signs, 'receive'>;
  readonly leadership: Pick<Leadership, 'receive'>;
  report(input: RoomInput): void;
  onHeard(member: KnownMember): void;
  /** A member leaves, or ends the room as its host. */
  onGoodbye(member: KnownMember, goodbye: 'leave' | 'end-room'): void;
}

export class GroupReceiver {
  readonly #o: GroupReceiverOptions;
  /** Hashing takes time, and the declaration shown last must be the one sent last. */
  readonly #declarations = new SerialQueue();
  /** Attempts to record that were reported, by member. */
  readonly #refusals = new Map<string, number>();

  constructor(o: GroupReceiverOptions) {
    this.#o = o;
  }

  receive(leaf: number, message: GroupMessage): void {
    const { members, mesh, epochs, relay, report } = this.#o;
    const member = members.byLeaf(leaf);
    if (!member) return;
    this.#o.onHeard(member);
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
        // Said again to those who may have missed it.
        if (message.body.count <= (this.#refusals.get(id) ?? 0)) return;
        this.#refusals.set(id, message.body.count);
        return report({ type: 'problem', code: 'recording-refused', about: member.name });
      case 'description':
      case 'candidates':
      case 'link-lost':
        return mesh.receive(id, message);
      case 'installed':
        return epochs.installed(leaf, message.body.epoch);
      case 'beacon':
        return member.isHost ? this.#o.beacon.receive(message.body) : undefined;
      case 'relay-question':
      case 'relay-answer':
      case 'relay-signature':
      case 'relay-credentials':
      case 'relay-withdrawn':
      case 'relay-released':
        return relay.receive(member, message);
      case 'direct-probe':
        return void relay.whole?.directPath.receive(member, message.body);
      case 'room-order':
      case 'mute':
      case 'unmute-request':
      case 'hand':
        return this.#o.signs.receive(member, message);
      case 'hand-over-offer':
      case 'hand-over-withdrawn':
      case 'hand-over-answer':
      case 'hand-over':
      case 'stand-in':
      case 'taken-back':
        return void this.#o.leadership.receive(member, message);
      case 'goodbye':
        return this.#o.onGoodbye(member, message.body.endsRoom ? 'end-room' : 'leave');
    }
  }
}
