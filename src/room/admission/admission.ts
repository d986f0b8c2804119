/** Opens the lobby that fits the invite: the host founds the group first, a guest joins it once admitted. */
import type { RejoinCredentials } from '../../e2ee/admission/admit-signature.ts';
import { Group } from '../../e2ee/mls/group.ts';
import type { GroupChannel } from '../group/group-channel.ts';
import { GuestLobby, type RememberedAdmission } from './guest-lobby.ts';
import { HostLobby, type Readmitted } from './host-lobby.ts';
import type { LobbyOptions } from './lobby.ts';

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
  now(): number;
  /** Guest: from before a reload. */
  readonly credentials: RejoinCredentials | null;
  readonly lastIncarnation: number | null;
  /** Host: above the incarnation of an earlier group of this page. */
  readonly after?: number;
  /** Host: the members of a group that this one repairs, or of the one before a reload. */
  readonly readmitted?: Readmitted;
  /** Host: the leaf keys of those among them who were interpreters. */
  readonly interpreters?: ReadonlySet<string>;
  /** We founded or joined a group. */
  onGroup(group: Group, incarnation: number): Promise<GroupChannel>;
  /** Guest: the host has started again, so the group we were in is over. */
  onGroupOver(): Promise<void>;
  /** Guest: what to keep for a reload. */
  onRemember(remembered: RememberedAdmission): void;
}

/** Discriminated by `role`. */
export type AnyLobby = HostLobby | GuestLobby;

/** @throws {ConsultError} `invite-damaged` for a host's invite without the host key */
export async function openLobby(o: AdmissionOptions): Promise<AnyLobby> {
  const { invite, keys, transport, name } = o;
  const common = { invite, keys, transport, report: o.report, onProblem: o.onProblem };
  if (invite.role === 'guest')
    return new GuestLobby({
      ...common,
      name,
      now: () => o.now(),
      credentials: o.credentials,
      lastIncarnation: o.lastIncarnation,
      onNewHost: () => o.onGroupOver(),
      onJoined: async (group, remembered) => {
        o.onRemember(remembered);
        await o.onGroup(group, remembered.incarnation);
      },
    });
  const incarnation = Math.max(o.now(), (o.after ?? 0) + 1);
  const groupChannel = await o.onGroup(await Group.found({ roomKeys: keys, name }), incarnation);
  return HostLobby.open({
    ...common,
    groupChannel,
    incarnation,
    size: o.size,
    isLocked: () => o.isLocked(),
    ...(o.readmitted ? { readmitted: o.readmitted } : {}),
    ...(o.interpreters ? { interpreters: o.interpreters } : {}),
  });
}
