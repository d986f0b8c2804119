/** Connects leadership with the rest of a session: what it reads of the group, and what a lost seat of the host means. */
import type { Rank } from '../../e2ee/admission/delegation.ts';
import type { AnyLobby } from '../admission/admission.ts';
import type { GroupChannel } from '../group/group-channel.ts';
import type { Members } from '../group/members.ts';
import type { RoomRecord } from '../setup/reload-record.ts';
import type { GroupSender } from './group-sender.ts';
import { Leadership } from './leadership.ts';
import { ServerErrors } from './server-errors.ts';
import type { SessionOptions } from './session-options.ts';

export interface LeadingParts {
  readonly members: Members;
  readonly sender: GroupSender;
  /** Null outside of a group. */
  channel(): GroupChannel | null;
  lobby(): AnyLobby | null;
  /** That of the group that we are in. */
  rank(): Rank | null;
  roomRecord(): RoomRecord;
}

export function leadershipOf(
  o: SessionOptions,
  { channel, lobby, members, rank, roomRecord, sender }: LeadingParts,
): Leadership {
  const { authority, entry, invite, keys, lead, policy, report, onLead } = o;
  const asGuest = () => {
    const open = lobby();
    return open?.role === 'guest' ? open : null;
  };
  return new Leadership({
    role: invite.role,
    roomId: keys.roomId,
    held: lead?.held ?? null,
    signed: lead?.signed ?? 0,
    named: lead?.named ?? [],
    authority,
    entry,
    members,
    policy,
    sender,
    report,
    roomRecord,
    group: () => channel()?.group ?? null,
    root: () => authority?.root ?? asGuest()?.root ?? null,
    rank: () => asGuest()?.rank ?? rank(),
    isDelegated: () => asGuest()?.isDelegated ?? false,
    currentId: (id) => {
      const open = lobby();
      return open?.role === 'host' ? open.currentId(id) : id;
    },
    state: () => o.state(),
    now: () => o.now(),
    askForHost: () => lobby()?.announce(),
    onProblem: (code, about) => report({ type: 'problem', code, ...(about === undefined ? {} : { about }) }),
    onLead: (change) => onLead(change),
  });
}

/** A host that has lost its seat and can come back as a guest does so, where it would otherwise fail. */
export function serverErrorsOf({ report, state }: SessionOptions, leadership: () => Leadership): ServerErrors {
  return new ServerErrors({
    state: () => state(),
    mayFollow: () => leadership().mayStepDown,
    report: (input) => {
      const isReplaced = input.type === 'failed' && input.code === 'host-elsewhere';
      if (isReplaced && leadership().mayStepDown) void leadership().stepDown();
      else report(input);
    },
  });
}
