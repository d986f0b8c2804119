/** What leadership reads of its session, and what it makes the page keep and do (protocol.md §13). */
import type { HostAuthority, Rank } from '../../e2ee/admission/delegation.ts';
import type { RememberedAdmission } from '../../e2ee/admission/admit-signature.ts';
import type { Bytes } from '../../e2ee/bytes.ts';
import type { Group } from '../../e2ee/mls/group.ts';
import type { ErrorCode } from '../../errors.ts';
import type { Policy } from '../../policy.ts';
import type { Members } from '../group/members.ts';
import type { GroupMessage } from '../messages/messages.ts';
import type { Held, Lead, RoomRecord } from '../setup/reload-record.ts';
import type { RoomInput } from '../state/actions.ts';
import type { Role, SessionState } from '../state/state.ts';
import type { GroupSender } from './group-sender.ts';

export type LeadershipMessage = Extract<
  GroupMessage,
  { type: 'hand-over-offer' | 'hand-over-withdrawn' | 'hand-over-answer' | 'hand-over' | 'stand-in' | 'taken-back' }
>;

/** What the page keeps and does because of it: `restart` opens a new session in that role. */
export interface LeadChange {
  readonly lead: Lead;
  /** A guest that was host: how it proves who it was. Null keeps what was remembered before. */
  readonly admitted: RememberedAdmission | null;
  /** A host: who was in the room. */
  readonly room: RoomRecord | null;
  readonly how: 'keep' | 'restart';
}

export interface LeadershipOptions {
  readonly role: Role;
  readonly roomId: Uint8Array;
  readonly policy: Pick<Policy, 'standIn'>;
  readonly entry: 'join' | 'take-over';
  /** What this page may lead with. */
  readonly authority: HostAuthority | null;
  readonly held: Held | null;
  /** As in {@link Lead}. */
  readonly signed: number;
  /** As in {@link Lead}. */
  readonly named: readonly string[];
  readonly members: Pick<Members, 'own' | 'others' | 'byId'>;
  readonly sender: Pick<GroupSender, 'send' | 'tell'>;
  /** Null outside of a group. */
  group(): Pick<Group, 'groupId' | 'own'> | null;
  /** The SPKI of the host key; null until a host has shown it. */
  root(): Bytes | null;
  /** Our rank as host, or that of the host we follow. */
  rank(): Rank | null;
  /** Guest: whether the host that we follow is a delegate: then the holder of the host key may come back. */
  isDelegated(): boolean;
  /** The id that a participant has by now. */
  currentId(id: string): string;
  roomRecord(): RoomRecord;
  state(): Pick<SessionState, 'signaling' | 'knocking' | 'participants'> | null;
  /** The site's time, in milliseconds since the epoch. */
  now(): number;
  /** Guest: asks who leads. */
  askForHost(): void;
  report(input: RoomInput): void;
  onProblem(code: ErrorCode, about?: string): void;
  onLead(change: LeadChange): void;
}
