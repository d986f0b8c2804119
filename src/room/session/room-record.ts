/** What a host, or the next one to lead, has to know of the room: so nobody who was in it has to be asked about again (protocol.md §9). */
import { toBase64Url } from '../../util/base64url.ts';
import type { HostLobby, Readmitted } from '../admission/host-lobby.ts';
import type { KnownMember } from '../group/members.ts';
import type { RoomRecord } from '../setup/reload-record.ts';
import { interpretersOf, type SessionState } from '../state/state.ts';

/** @param awaited those of an earlier group who have not come back yet */
export function roomRecordOf(
  state: SessionState | null,
  members: readonly KnownMember[],
  awaited: RoomRecord['members'],
  rank: RoomRecord['rank'],
): RoomRecord {
  const interpreters = state ? interpretersOf(state) : [];
  const present = members.map(({ id, signatureKey }) => ({
    key: toBase64Url(signatureKey),
    interpreter: interpreters.includes(id),
  }));
  return { locked: state?.locked ?? false, rank, members: [...present, ...awaited] };
}

/** The leaf keys of the interpreters. */
export function interpretersIn(room: RoomRecord | null): ReadonlySet<string> {
  return new Set(room?.members.flatMap(({ key, interpreter }) => (interpreter ? [key] : [])));
}

/** Who comes in again after a repair: everyone but the members who did not follow twice. */
export function readmittedAfterRepair(
  members: readonly KnownMember[],
  split: readonly string[],
  lobby: Pick<HostLobby, 'wasSplit'>,
): Readmitted {
  const readmitted = new Map<string, 'followed' | 'split'>();
  for (const { id, signatureKey } of members) {
    const isSplit = split.includes(id);
    if (!(isSplit && lobby.wasSplit(id)))
      readmitted.set(toBase64Url(signatureKey), isSplit || lobby.wasSplit(id) ? 'split' : 'followed');
  }
  return readmitted;
}
