/** How people go: taken out by the host, with a goodbye, or without one. */
import type { GroupChannel } from '../group/group-channel.ts';
import type { HostLobby } from '../admission/host-lobby.ts';
import type { RoomInput } from '../state/actions.ts';
import type { KnownMember, Members } from '../group/members.ts';
import type { Mesh } from '../mesh/mesh.ts';

export interface DeparturesOptions {
  readonly members: Members;
  readonly mesh: Mesh;
  /** Null for a guest. */
  hostLobby(): HostLobby | null;
  conversation(): GroupChannel | null;
  report(input: RoomInput): void;
}

export class Departures {
  readonly #o: DeparturesOptions;

  constructor(o: DeparturesOptions) {
    this.#o = o;
  }

  /** @param who the `person`, who may have come back as another member meanwhile, or this `member` alone */
  async remove(id: string, who: 'person' | 'member'): Promise<void> {
    const lobby = this.#o.hostLobby();
    if (!lobby) return;
    const find = (): string => (who === 'person' ? lobby.currentId(id) : id);
    // The link to who goes is closed before anything else (§7).
    this.#o.mesh.close([find()]);
    // Looked up in the queue: who has that leaf now may not have it then.
    await this.#o.conversation()?.commit(() => this.#o.members.removalOf(find()));
  }

  goodbye(member: KnownMember, whole: boolean): void {
    if (member.isHost) return this.#o.report({ type: 'ended', reason: whole ? 'host-ended' : 'host-lost' });
    this.#o.mesh.close([member.id]);
    void this.remove(member.id, 'member');
  }

  /** Somebody who said nothing has been away for too long. */
  lost(id: string): void {
    if (this.#o.hostLobby()) void this.remove(id, 'member');
    else this.#o.report({ type: 'ended', reason: 'host-lost' });
  }
}
