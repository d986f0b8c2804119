/** What a host, or the next one to lead, has to know of the room: so nobody who was in it has to be asked about again (protocol.md §9). */
import { toBase64Url } from '../../util/base64url.ts';
import type { HostLobby } from '../admission/host-lobby.ts';
import type { Readmitted } from '../admission/readmissions.ts';
import type { KnownMember } from '../group/members.ts';
import type { RoomRecord } from '../setup/reload-record.ts';
import { interpretersOf, type SessionState } from '../state/state.ts';

/** @param lobby knows those of an earlier group who have not come back yet, or are only just coming; null for a guest */
export function roomRecordOf(
  state: SessionState | null,
  members: readonly KnownMember[],
  lobby: Pick<HostLobby, 'awaited' | 'keysOf'> | null,
  rank: RoomRecord['rank'],
): RoomRecord {
  const interpreters = state ? interpretersOf(state) : [];
  const present = members.flatMap((member) => {
    const keys = lobby?.keysOf(member) ?? [toBase64Url(member.signatureKey)];
    return keys.map((key) => ({ key, interpreter: interpreters.includes(member.id) }));
  });
  return { locked: state?.locked ?? false, rank, members: [...present, ...(lobby?.awaited ?? [])] };
}

/** The leaf keys of the interpreters. */
export function interpretersIn(room: RoomRecord | null): ReadonlySet<string> {
  return new Set(room?.members.flatMap(({ key, interpreter }) => (interpreter ? [key] : [])));
}

/** Who comes in again after a repair: everyone but the members who did not follow twice. */
export function readmittedAfterRepair(
  members: readonly KnownMember[],
  split: readonly string[],
  lobby: Pick<HostLobby, 'wasSplit' | 'keysOf'>,
): Readmitted {
  const readmitted = new Map<string, 'followed' | 'split'>();
  for (const member of members) {
    const [isSplit, wasSplit] = [split.includes(member.id), lobby.wasSplit(member.id)];
    if (isSplit && wasSplit) continue;
    for (const key of lobby.keysOf(member)) readmitted.set(key, isSplit || wasSplit ? 'split' : 'followed');
  }
  return readmitted;
}
