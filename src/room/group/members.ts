/** The members of the group, under the participant ids that the rest of the session uses. */
import { toBase64Url } from '../../util/base64url.ts';
import type { Group } from '../../e2ee/mls/group.ts';
import type { Member } from '../../e2ee/mls/group-members.ts';

export interface KnownMember extends Member {
  readonly id: string;
}

export class Members {
  #all: readonly KnownMember[] = [];
  #own: KnownMember | null = null;

  /** Takes over the roster of an epoch. @returns who was added and removed, without ourselves */
  async update(
    members: readonly Member[],
    ownLeaf: number,
  ): Promise<{ readonly added: readonly KnownMember[]; readonly removed: readonly KnownMember[] }> {
    const known = await Promise.all(
      members.map(async (member) => ({ ...member, id: await participantId(member.identity) })),
    );
    const before = this.#all;
    this.#own = known.find(({ leaf }) => leaf === ownLeaf) ?? null;
    this.#all = known.filter(({ leaf }) => leaf !== ownLeaf);
    const absentIn = (list: readonly KnownMember[]) => (member: KnownMember) =>
      !list.some(({ id }) => id === member.id);
    return { added: this.#all.filter(absentIn(before)), removed: before.filter(absentIn(this.#all)) };
  }

  /** Everyone but ourselves. */
  get others(): readonly KnownMember[] {
    return this.#all;
  }

  get own(): KnownMember | null {
    return this.#own;
  }

  byLeaf(leaf: number): KnownMember | null {
    return this.#all.find((member) => member.leaf === leaf) ?? null;
  }

  byId(id: string): KnownMember | null {
    return this.#all.find((member) => member.id === id) ?? null;
  }

  /** The group change that removes a member; null where the group has no such member. */
  removalOf(id: string): Parameters<Group['change']>[0] | null {
    const member = this.byId(id);
    return member && { add: [], remove: [member.leaf] };
  }

  clear(): void {
    this.#all = [];
    this.#own = null;
  }
}

/** The opaque id of a member for events and methods: the shortened hash of its `identity`, so of its whole key package. */
export async function participantId(identity: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-384', new Uint8Array(identity));
  return toBase64Url(new Uint8Array(digest).subarray(0, 9));
}
