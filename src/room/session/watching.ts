/** Connects what watches the members with the rest of a session: who is away, and who does not follow the group (protocol.md §9). */
import type { AnyLobby } from '../admission/admission.ts';
import type { EpochSwitch } from '../group/epoch-switch.ts';
import type { GroupChannel } from '../group/group-channel.ts';
import type { Members } from '../group/members.ts';
import type { CatchUp } from './catch-up.ts';
import type { Departures } from './departures.ts';
import { EpochRepair } from './epoch-repair.ts';
import type { Leadership } from './leadership.ts';
import { PresenceMonitor } from './presence-monitor.ts';
import type { SessionOptions } from './session-options.ts';

export interface WatchingParts {
  readonly members: Members;
  readonly epochs: EpochSwitch;
  readonly departures: Departures;
  readonly leadership: Leadership;
  readonly catchUp: CatchUp;
  lobby(): AnyLobby | null;
  channel(): GroupChannel | null;
  /** These members do not follow the group. */
  onSplit(ids: readonly string[]): void;
}

type Parts<K extends keyof WatchingParts> = Pick<WatchingParts, 'lobby' | K>;

export function presenceOf(
  { invite, policy, state }: SessionOptions,
  { lobby, departures, leadership }: Parts<'departures' | 'leadership'>,
): PresenceMonitor {
  return new PresenceMonitor({
    graceSeconds: policy.graceSeconds,
    role: invite.role,
    participants: () => state()?.participants ?? [],
    isPresent: (id) => lobby()?.isPresent(id) ?? false,
    onLost: (id) => departures.onLost(id),
    onBack: () => leadership.onHostPresent(),
  });
}

/** Of a host; null for a guest. */
export function repairOf(
  { invite, state }: SessionOptions,
  {
    lobby,
    members,
    epochs,
    channel,
    catchUp,
    onSplit,
  }: Parts<'members' | 'epochs' | 'channel' | 'catchUp' | 'onSplit'>,
): EpochRepair | null {
  if (invite.role !== 'host') return null;
  return new EpochRepair({
    participants: () => state()?.participants ?? [],
    epochs: (id) => {
      const [member, group] = [members.byId(id), channel()?.group];
      return member && group ? { current: Number(group.epoch), confirmed: epochs.reported(member.leaf) } : null;
    },
    isPresent: (id) => lobby()?.isPresent(id) ?? false,
    resend: (id) => catchUp.resend(id),
    onSplit: (ids) => onSplit(ids),
  });
}
