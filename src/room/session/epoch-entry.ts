/**
 * The roster and its epochs (protocol.md §7): what changes when somebody comes or goes, in the order that the page demands: first
 * what must end, then the keys, then what may begin.
 */
import type { EpochSecrets } from '../../e2ee/mls/group.ts';
import { SUITE_NAME } from '../../e2ee/mls/suite.ts';
import type { RelayBroker } from '../../signaling/channel.ts';
import { toBase64Url } from '../../util/base64url.ts';
import type { HostLobby } from '../admission/host-lobby.ts';
import type { EpochSwitch } from '../group/epoch-switch.ts';
import type { Beacon } from '../group/beacon.ts';
import type { RoomInput } from '../state/actions.ts';
import type { Members } from '../group/members.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { RelayConsent } from '../relay/relay-consent.ts';
import type { Role } from '../state/state.ts';
import type { GroupSender } from '../group/group-sender.ts';

export interface EpochEntryOptions {
  readonly role: Role;
  readonly members: Members;
  readonly epochs: EpochSwitch;
  readonly mesh: Mesh;
  readonly relay: RelayConsent;
  readonly telling: GroupSender;
  readonly broker: RelayBroker | null;
  freshness(): Beacon;
  /** Null for a guest. */
  hostLobby(): HostLobby | null;
  report(input: RoomInput): void;
}

export class EpochEntry {
  readonly #o: EpochEntryOptions;
  #secrets: EpochSecrets | null = null;

  constructor(o: EpochEntryOptions) {
    this.#o = o;
  }

  async enter(secrets: EpochSecrets): Promise<void> {
    const { members, epochs, mesh, telling } = this.#o;
    const { added, removed } = await members.update(secrets.members, secrets.ownLeaf);
    this.#secrets = secrets;
    mesh.close(removed.map(({ id }) => id));
    for (const { id, leaf } of removed) this.#forget(id, leaf);
    // A leaf index may have belonged to somebody else.
    for (const { leaf } of added) epochs.forget(leaf);
    await epochs.enter(secrets, removed.length > 0 ? 'now' : 'when-ready');
    this.#report(secrets);
    // Strangers cannot use the relay: the server learns which keys were admitted, not whose they are.
    if (this.#o.role === 'host') this.#o.broker?.admitted(secrets.members.map(({ signatureKey }) => signatureKey));
    mesh.sync(secrets.ownLeaf, members.others);
    this.#o.freshness().renew();
    telling.tell({ type: 'installed', body: { epoch: Number(secrets.epoch) } }, 'everyone');
    for (const { leaf } of added) telling.all(leaf);
  }

  /** Nobody is ever in two groups (§9): what belonged to this one ends. */
  leave(): void {
    this.#secrets = null;
    this.#o.members.clear();
    this.#o.relay.clear();
    this.#o.mesh.sync(-1, []);
    this.#o.epochs.reset();
    this.#o.report({ type: 'roster', members: [], encryption: null });
  }

  /** What a beacon says of the epoch; null while fewer than three are here. */
  sign(incarnation: number): { incarnation: number; epoch: number; transcript: string } | null {
    if (!this.#secrets || this.#secrets.members.length < 3) return null;
    const { epoch, transcript } = this.#secrets;
    return { incarnation, epoch: Number(epoch), transcript: toBase64Url(transcript) };
  }

  #report({ epoch, safetyCode }: EpochSecrets): void {
    this.#o.report({
      type: 'roster',
      members: this.#o.members.others.map(({ id, name, isHost }) => ({ id, name, host: isHost })),
      encryption: { suite: SUITE_NAME, epoch: String(epoch), safetyCode, compared: false },
    });
  }

  #forget(id: string, leaf: number): void {
    this.#o.hostLobby()?.forget(id);
    this.#o.relay.forget(id);
    this.#o.epochs.forget(leaf);
  }
}
