/**
 * Enters a new epoch of the group (protocol.md §7) in the order that the protocol demands: first close what must end, then install
 * the keys, then open what may begin.
 */
import type { EpochSecrets } from '../../e2ee/mls/group.ts';
import { SUITE_NAME } from '../../e2ee/mls/suite.ts';
import type { RelayBroker } from '../../signaling/channel.ts';
import { toBase64Url } from '../../util/base64url.ts';
import type { HostLobby } from '../admission/host-lobby.ts';
import type { Beacon, BeaconBody } from '../group/beacon.ts';
import type { EpochSwitch } from '../group/epoch-switch.ts';
import type { KnownMember, Members } from '../group/members.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { RoomInput } from '../state/actions.ts';
import type { Role } from '../state/state.ts';
import type { GroupSender } from './group-sender.ts';
import type { LateRelaying } from './late-relaying.ts';

/** Below this size there is nobody whom a server could keep apart unnoticed. */
const BEACONS_FROM = 3;

export interface EpochEntryOptions {
  readonly role: Role;
  readonly members: Members;
  readonly epochs: Pick<EpochSwitch, 'enter' | 'forget' | 'reset'>;
  readonly mesh: Pick<Mesh, 'close' | 'sync'>;
  readonly relay: Pick<LateRelaying, 'forget' | 'clear'>;
  readonly sender: Pick<GroupSender, 'send' | 'sync'>;
  readonly beacon: Pick<Beacon, 'renew'>;
  readonly broker: Pick<RelayBroker, 'admitted'> | null;
  /** Null for a guest. */
  hostLobby(): Pick<HostLobby, 'forget' | 'currentId'> | null;
  report(input: RoomInput): void;
}

export class EpochEntry {
  readonly #o: EpochEntryOptions;
  #secrets: EpochSecrets | null = null;

  constructor(o: EpochEntryOptions) {
    this.#o = o;
  }

  async enter(secrets: EpochSecrets): Promise<void> {
    const { members, epochs, mesh, sender } = this.#o;
    const { added, removed } = await members.update(secrets.members, secrets.ownLeaf);
    this.#secrets = secrets;
    mesh.close(removed.map(({ id }) => id));
    for (const member of removed) this.#forget(member);
    // A leaf index may have belonged to another member before.
    for (const { leaf } of added) epochs.forget(leaf);
    await epochs.enter(secrets, removed.length > 0 ? 'now' : 'when-ready');
    this.#report(secrets, removed);
    // Only admitted members may use the relay: the server learns their keys, not who they are.
    if (this.#o.role === 'host') this.#o.broker?.admitted(secrets.members.map(({ signatureKey }) => signatureKey));
    mesh.sync(secrets.ownLeaf, members.others);
    this.#o.beacon.renew();
    sender.send({ type: 'installed', body: { epoch: Number(secrets.epoch) } }, 'everyone');
    for (const { leaf } of added) sender.sync(leaf);
  }

  /** Leaves the group with everything that belonged to it: nobody is ever in two groups (protocol.md §9). */
  leave(): void {
    this.#secrets = null;
    this.#o.members.clear();
    this.#o.relay.clear();
    this.#o.mesh.sync(-1, []);
    this.#o.epochs.reset();
    this.#o.report({ type: 'roster', members: [], encryption: null });
  }

  /** What a beacon says about the present epoch; null while fewer than three people are here. */
  beaconBody(incarnation: number): Omit<BeaconBody, 'seq' | 'at'> | null {
    if (!this.#secrets || this.#secrets.members.length < BEACONS_FROM) return null;
    const { epoch, transcript } = this.#secrets;
    return { incarnation, epoch: Number(epoch), transcript: toBase64Url(transcript) };
  }

  #report({ epoch, safetyCode }: EpochSecrets, removed: readonly { readonly id: string }[]): void {
    const lobby = this.#o.hostLobby();
    const replacedBy = new Map(removed.map((one) => [lobby?.currentId(one.id), one.id]));
    this.#o.report({
      type: 'roster',
      members: this.#o.members.others.map(({ id, name, isHost }) => {
        const replaces = replacedBy.get(id);
        return { id, name, host: isHost, ...(replaces === undefined ? {} : { replaces }) };
      }),
      encryption: { suite: SUITE_NAME, epoch: String(epoch), safetyCode, compared: false },
    });
  }

  #forget(member: KnownMember): void {
    this.#o.hostLobby()?.forget(member);
    this.#o.relay.forget(member.id);
    this.#o.epochs.forget(member.leaf);
  }
}
