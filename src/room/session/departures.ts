/** How participants leave: removed by the host, with a goodbye, or lost without one. */
import type { HostLobby } from '../admission/host-lobby.ts';
import type { GroupChannel } from '../group/group-channel.ts';
import type { KnownMember, Members } from '../group/members.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { RoomInput } from '../state/actions.ts';

export interface DeparturesOptions {
  readonly members: Pick<Members, 'removalOf'>;
  readonly mesh: Pick<Mesh, 'close'>;
  /** Null for a guest. */
  hostLobby(): Pick<HostLobby, 'currentId'> | null;
  channel(): Pick<GroupChannel, 'commit'> | null;
  report(input: RoomInput): void;
  /** Host: is about to remove this member. */
  onRemoving(id: string): void;
  /** Guest: the host is lost. */
  onHostLost(): void;
}

export class Departures {
  readonly #o: DeparturesOptions;

  constructor(o: DeparturesOptions) {
    this.#o = o;
  }

  /**
   * Host: removes a participant from the group; does nothing for a guest.
   *
   * @param who the `person`, who may have rejoined as another member since, or this `member` alone
   */
  async remove(id: string, who: 'person' | 'member'): Promise<void> {
    const lobby = this.#o.hostLobby();
    if (!lobby) return;
    const find = (): string => (who === 'person' ? lobby.currentId(id) : id);
    // The link is closed before anything else (protocol.md §7).
    this.#o.mesh.close([find()]);
    // Looked up when its turn in the queue comes: by then the leaf may belong to another member.
    await this.#o.channel()?.commit(() => {
      const now = find();
      const removal = this.#o.members.removalOf(now);
      if (removal) this.#o.onRemoving(now);
      return removal;
    });
  }

  /** @param goodbye `end-room`: the host ended the room for everyone */
  onGoodbye(member: KnownMember, goodbye: 'leave' | 'end-room'): void {
    if (member.isHost)
      return this.#o.report({ type: 'ended', reason: goodbye === 'end-room' ? 'host-ended' : 'host-lost' });
    this.#o.mesh.close([member.id]);
    void this.remove(member.id, 'member');
  }

  /** A participant has been away, without a goodbye, for longer than the grace time. */
  onLost(id: string): void {
    if (this.#o.hostLobby()) void this.remove(id, 'member');
    else this.#o.onHostLost();
  }
}
