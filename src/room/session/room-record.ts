/** What a host, or the next one to lead, has to know of the room: so nobody who was in it has to be asked about again (protocol.md §9). */
import { toBase64Url } from '../../util/base64url.ts';
import type { HostLobby } from '../admission/host-lobby.ts';
import type { Readmitted } from '../admission/readmissions.ts';
import type { KnownMember } from '../group/members.ts';
import type { RecordedMember, RoomRecord } from '../setup/reload-record.ts';
import { interpretersOf, type SessionState } from '../state/state.ts';

/** @param lobby knows those of an earlier group who have not come back yet, or are only just coming; null for a guest */
export function roomRecordOf(
  state: SessionState | null,
  members: readonly KnownMember[],
  lobby: Pick<HostLobby, 'awaited' | 'coming' | 'keysOf'> | null,
  rank: RoomRecord['rank'],
): RoomRecord {
  const interpreters = state ? interpretersOf(state) : [];
  const present = members.map((member) => ({
    keys: lobby?.keysOf(member) ?? [toBase64Url(member.signatureKey)],
    interpreter: interpreters.includes(member.id),
  }));
  return {
    locked: state?.locked ?? false,
    rank,
    members: once([...(lobby?.coming ?? []), ...present, ...(lobby?.awaited ?? [])]),
  };
}

/**
 * Each person once, the newest first: with two places in the record, one who is removed after using the first would come in by the
 * second.
 */
function once(members: RoomRecord['members']): RoomRecord['members'] {
  return members.reduce<RoomRecord['members']>((kept, one) => {
    const isSame = ({ keys }: RecordedMember): boolean => keys.some((key) => one.keys.includes(key));
    if (!kept.some(isSame)) return [...kept, one];
    return kept.map((known) =>
      isSame(known) ? { ...known, interpreter: known.interpreter || one.interpreter } : known,
    );
  }, []);
}

/** Who comes in again after a reload: everyone. */
export function readmittedAfterReload(room: RoomRecord | null): readonly Readmitted[] {
  return room?.members.map((member) => ({ ...member, followed: true })) ?? [];
}

/**
 * Who comes in again after a repair: everyone but the members who did not follow twice.
 *
 * @param room of the group that is repaired
 */
export function readmittedAfterRepair(
  { members: recorded }: RoomRecord,
  members: readonly KnownMember[],
  split: readonly string[],
  lobby: Pick<HostLobby, 'wasSplit'>,
): readonly Readmitted[] {
  return members.flatMap((member) => {
    const [isSplit, wasSplit] = [split.includes(member.id), lobby.wasSplit(member.id)];
    const key = toBase64Url(member.signatureKey);
    const found = recorded.find(({ keys }) => keys.includes(key));
    return found && !(isSplit && wasSplit) ? [{ ...found, followed: !isSplit && !wasSplit }] : [];
  });
}
