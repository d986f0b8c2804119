/** Opens the lobby that fits the invite: the host founds the group first, a guest joins it once admitted. */
import type { RememberedAdmission } from '../../e2ee/admission/admit-signature.ts';
import type { HostAuthority, Rank } from '../../e2ee/admission/delegation.ts';
import type { VerifiedHello } from '../../e2ee/admission/hello.ts';
import { Group, loadFollowCommit, loadHostCommit } from '../../e2ee/mls/group.ts';
import { ConsultError, type ErrorCode } from '../../errors.ts';
import { part } from '../../util/part.ts';
import { untilLoaded } from '../../util/until-loaded.ts';
import type { GroupChannel } from '../group/group-channel.ts';
import type { Role } from '../state/state.ts';
import type { GuestLobby } from './guest-lobby.ts';
import type { HostLobby, HostLobbyOptions } from './host-lobby.ts';
import type { LobbyOptions } from './lobby.ts';
import type { Readmitted } from './readmissions.ts';

export interface AdmissionOptions extends LobbyOptions {
  readonly name: string;
  /** Participants that the room may hold, the host included. */
  readonly size: number;
  /** Host: whether the room is locked. */
  isLocked(): boolean;
  /**
   * The site's time, in milliseconds since the epoch: incarnations of two page loads are compared by it (protocol.md
   * §9).
   */
  readonly now: () => number;
  /** Guest: from before a reload. */
  readonly admitted: RememberedAdmission | null;
  /** Guest: whether its host is lost, so that a stand-in may lead (protocol.md §13). */
  isHostLost(): boolean;
  /** Host: what it leads with; null for a guest. */
  readonly authority: HostAuthority | null;
  /** Host: when it began to lead, in milliseconds since the epoch. */
  readonly since: number;
  /** Host: another host of this room is above us. */
  onOutranked(hello: VerifiedHello): 'elsewhere' | 'settled';
  /** Host: people are about to get a Welcome. */
  onComing(): void;
  /** Host: a person who was in the room is in again, or was refused. */
  readonly onReturned: HostLobbyOptions['onReturned'];
  /** Host: the members of a group that this one repairs, or of the one before a reload. */
  readonly readmitted: readonly Readmitted[];
  /** Host: the rank of that group's host; ours is above it. */
  readonly recordedAt: Rank;
  /** Host: delegates until this time are void and known. */
  readonly revoked: number;
  /** Host: another device led the room after it; `ids` came in without a question, and should not have. */
  onOutdated(ids: readonly string[]): void;
  /** We founded or joined a group. */
  onGroup(group: Group, rank: Rank): Promise<GroupChannel>;
  /** Guest: the host has started again, so the group we were in is over. */
  onGroupOver(): Promise<void>;
  /** Guest: what to keep for a reload. */
  onRemember(remembered: RememberedAdmission): void;
}

/** Discriminated by `role`. */
export type AnyLobby = HostLobby | GuestLobby;

const loadGuest = part(() => import('./guest-lobby.ts'));
const loadHost = part(() => import('./host-lobby.ts'));

/**
 * Loads the lobby of this role; call it before the session opens, so that it is not missing later.
 *
 * @throws {ConsultError} `part-unavailable`
 */
export async function prepareLobby(role: Role): Promise<void> {
  await Promise.all(role === 'host' ? [loadHost(), loadHostCommit()] : [loadGuest()]);
}

/**
 * Guest: resolves once it can follow the host's commits. With the host alone there is nobody whose removal it could miss, so it need not wait;
 * among more people it does not begin without.
 *
 * @param members of the group that it has joined, itself included
 */
export async function untilFollowing(
  members: number,
  onProblem: (code: ErrorCode) => void,
  load: () => Promise<unknown> = loadFollowCommit,
): Promise<void> {
  if (members > 2) await untilLoaded(load, () => onProblem('part-unavailable'));
}

/** @throws {ConsultError} `invite-damaged` for a host's invite without the host key */
export async function openLobby(o: AdmissionOptions): Promise<AnyLobby> {
  const { authority, invite, keys, name, now, recordedAt, since } = o;
  if (invite.role === 'guest') {
    const { GuestLobby } = await loadGuest();
    return new GuestLobby({
      ...o,
      onNewHost: () => o.onGroupOver(),
      onJoined: async (group, remembered) => {
        o.onRemember(remembered);
        await untilFollowing(group.members.length, (code) => o.onProblem(code));
        await o.onGroup(group, remembered.rank);
      },
    });
  }
  if (!authority) throw new ConsultError('invite-damaged', { detail: 'no host key' });
  const { HostLobby } = await loadHost();
  const rank = { since, incarnation: Math.max(now(), recordedAt.incarnation + 1) };
  const groupChannel = await o.onGroup(await Group.found({ roomKeys: keys, name }), rank);
  return HostLobby.open({ ...o, groupChannel, rank, authority });
}
