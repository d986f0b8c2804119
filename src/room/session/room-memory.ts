/** Keeps what a page of the host after this one has to know of the room, from before anyone hears of a change (protocol.md §9). */
import type { Rank } from '../../e2ee/admission/delegation.ts';
import type { HostLobby } from '../admission/host-lobby.ts';
import type { Members } from '../group/members.ts';
import type { RoomRecord } from '../setup/reload-record.ts';
import type { SessionState } from '../state/state.ts';
import { roomRecordOf } from './room-record.ts';

export interface RoomMemoryOptions {
  readonly members: Pick<Members, 'others'>;
  state(): SessionState | null;
  /** Null for a guest. */
  hostLobby(): HostLobby | null;
  rank(): Rank;
  onRoom(room: RoomRecord): void;
}

export class RoomMemory {
  readonly #o: RoomMemoryOptions;
  /** While a fresh group takes the place of the one that it is of. */
  #held: RoomRecord | null = null;
  /** Ids of members whom the host is removing, or has removed. */
  readonly #removing = new Set<string>();

  constructor(o: RoomMemoryOptions) {
    this.#o = o;
  }

  get record(): RoomRecord {
    const { members, state, hostLobby, rank } = this.#o;
    const others = members.others.filter(({ id }) => !this.#removing.has(id));
    return this.#held ?? roomRecordOf(state(), others, hostLobby(), rank());
  }

  /** The host has founded a group, or is about to let people in. */
  readonly remember = (): void => this.#o.onRoom(this.record);

  /** The host is about to remove this member. */
  readonly forget = (id: string): void => {
    this.#removing.add(id);
    this.remember();
  };

  /** The group is over, and its people are awaited: the record stays as it is until a fresh group is founded. */
  hold(): RoomRecord {
    this.#held = this.record;
    return this.#held;
  }

  release(): void {
    this.#held = null;
    this.remember();
  }
}
