/**
 * The commands that follow from the step between two snapshots: pure, and the only place where services are started or
 * stopped. `EffectRunner` runs them in this order.
 */
import type { DeviceUse, PictureSize } from '../../media/capture.ts';
import {
  interpretersOf,
  isSession,
  mayStream,
  mediaNoticeOf,
  sameNotice,
  type Blur,
  type DevicesChoice,
  type EndReason,
  type RoomState,
  type SessionState,
} from './state.ts';
import { isDecided } from './reachability.ts';
import type { MediaNotice } from '../messages/messages.ts';

/** Tells all participants what we show, who is in our room, or that something in this page tried to record; a raised hand; as host our orders. */
export type Announce = { readonly type: 'announce' } & (
  | { readonly about: 'media'; readonly media: MediaNotice }
  | { readonly about: 'declaration' | 'recording-refused' | 'hand' | 'room-order' }
);

export type Command =
  | { readonly type: 'open-devices'; readonly choice: DevicesChoice }
  /** Which of the opened devices run: a camera that nobody may see is off, and its light too [R15]. */
  | { readonly type: 'use-devices'; readonly use: DeviceUse }
  | { readonly type: 'resize'; readonly size: PictureSize }
  | { readonly type: 'blur'; readonly blur: Blur }
  | { readonly type: 'close-devices' }
  /** Asks the declared STUN servers, and no others, whether a direct connection is likely. */
  | { readonly type: 'start-forecast' }
  | { readonly type: 'stop-forecast' }
  | { readonly type: 'start-session' }
  | { readonly type: 'stop-session'; readonly goodbye: 'none' | 'leave' | 'end-room' }
  /** Opens a new session, as a new incarnation, in place of another device of the host. */
  | { readonly type: 'take-over' }
  | { readonly type: 'stop-sharing' }
  /** Re-evaluates which of our tracks this participant may receive; {@link streamsTo} decides when it runs (invariant 2). */
  | { readonly type: 'stream-to'; readonly id: string }
  | Announce
  /** Tells the host alone that we need a break, or no longer. */
  | { readonly type: 'ask-for-break' }
  /** Host: those who were kept out may knock again. */
  | { readonly type: 'unlock' }
  | { readonly type: 'keep-awake' }
  | { readonly type: 'let-sleep' }
  | { readonly type: 'remember' }
  | { readonly type: 'forget' };

export interface Streams {
  readonly audio: boolean;
  readonly camera: boolean;
  readonly screen: boolean;
}

type Tracks<T> = Readonly<Record<keyof Streams, T | null>>;

const NOTHING: Streams = { audio: false, camera: false, screen: false };

export function effects(previous: RoomState, next: RoomState): readonly Command[] {
  return [
    ...ending(previous, next),
    ...devices(previous, next),
    ...outlook(previous, next),
    ...session(previous, next),
  ];
}

function ending(previous: RoomState, next: RoomState): readonly Command[] {
  if (next.phase !== 'ended' && next.phase !== 'failed') return [];
  if (previous.phase === next.phase) return [];
  const commands: Command[] = [];
  // Devices first: what others see and hear ends before anything else.
  if ('devices' in previous) commands.push({ type: 'close-devices' });
  if (isSession(previous))
    commands.push({ type: 'let-sleep' }, { type: 'stop-session', goodbye: goodbye(previous, next) });
  return [...commands, { type: 'forget' }];
}

const OWN_WILL: ReadonlySet<EndReason> = new Set<EndReason>(['left', 'quick-exit', 'withdrawn']);

/** A goodbye is sent only where we end the session ourselves; after an end by others or by an error there is nobody to tell. */
function goodbye(previous: SessionState, next: RoomState): 'none' | 'leave' | 'end-room' {
  if (next.phase !== 'ended' || !OWN_WILL.has(next.reason)) return 'none';
  return previous.role === 'host' ? 'end-room' : 'leave';
}

function devices(previous: RoomState, next: RoomState): readonly Command[] {
  if (!('devices' in next)) return [];
  const commands: Command[] = [];
  const [was, use] = [useOf(previous), useOf(next)];
  if (was.camera !== use.camera || was.microphone !== use.microphone) commands.push({ type: 'use-devices', use });
  const before = 'devices' in previous ? previous.devices : null;
  // Before a camera opens, so that no picture is shown without the chosen blur.
  if ((before?.blur ?? 'off') !== next.devices.blur) commands.push({ type: 'blur', blur: next.devices.blur });
  // Each wish is a choice of its own. A device that opens again by itself, after a break or a loss, is being asked for without one.
  if (next.devices.access === 'asking' && before?.choice !== next.devices.choice)
    commands.push({ type: 'open-devices', choice: next.devices.choice });
  const [had, size] = [sizeOf(previous), sizeOf(next)];
  if (had !== size) commands.push({ type: 'resize', size });
  return commands;
}

/**
 * Which devices run [R15]. In a pause, and where people decided against a connection, neither; the camera only while it is shown. A muted
 * microphone stays open, so that the first word after it is not lost; nothing of it is sent. While the group is `stale` or a failed link is
 * replaced, nothing is turned off: both end by themselves, and a camera that reopens each time flickers and in some browsers asks again.
 */
export function useOf(state: RoomState): DeviceUse {
  if (!isSession(state)) return { camera: 'on', microphone: 'on' };
  const here = state.phase !== 'paused' && !isDecided(state);
  return { camera: here && state.media.camera ? 'on' : 'off', microphone: here ? 'on' : 'off' };
}

/**
 * How large a picture our camera gives: large for one other person who shows it large, over a direct path that carries it. For several it would be encoded
 * several times, a relay carries every bit twice, and a blurred picture has no details.
 */
export function sizeOf(state: RoomState): PictureSize {
  if ('devices' in state && state.devices.blur === 'picture') return 'small';
  if (!isSession(state)) return 'large';
  const { participants } = state;
  if (participants.length > 1) return 'small';
  return participants.some((p) => p.path === 'relay' || p.quality === 'weak' || p.view !== 'large') ? 'small' : 'large';
}

function outlook(previous: RoomState, next: RoomState): readonly Command[] {
  const [before, now] = [previous, next].map((state) => state.phase === 'devices' && state.forecast === 'looking');
  if (before === now) return [];
  return [{ type: now ? 'start-forecast' : 'stop-forecast' }];
}

function session(previous: RoomState, next: RoomState): readonly Command[] {
  if (!isSession(next)) return [];
  const before = isSession(previous) ? previous : null;
  const commands: Command[] = before ? [] : [{ type: 'start-session' }, { type: 'remember' }];
  if (before && before.role !== next.role) commands.push({ type: 'remember' });
  else if (before?.signaling === 'elsewhere' && next.signaling === 'connecting') commands.push({ type: 'take-over' });
  if (before && before.occupants !== next.occupants)
    commands.push({ type: 'announce', about: 'declaration' }, { type: 'remember' });
  if (before && refused(next) !== undefined && refused(next) !== refused(before))
    commands.push({ type: 'announce', about: 'recording-refused' });
  if (before && before.receipts !== next.receipts) commands.push({ type: 'remember' });
  if (before?.media.screen && !next.media.screen) commands.push({ type: 'stop-sharing' });
  for (const participant of next.participants) {
    const old = before?.participants.find(({ id }) => id === participant.id);
    // The devices may have changed although the same streams are allowed.
    if (
      !old ||
      !before ||
      before.devices !== next.devices ||
      !same(streamsTo(before, participant.id), streamsTo(next, participant.id))
    )
      commands.push({ type: 'stream-to', id: participant.id });
  }
  if (before && !sameNotice(mediaNoticeOf(before), mediaNoticeOf(next)))
    commands.push({ type: 'announce', about: 'media', media: mediaNoticeOf(next) });
  if (before && (before.media !== next.media || before.devices.blur !== next.devices.blur))
    commands.push({ type: 'remember' });
  if (before) commands.push(...tools(before, next));
  // From the waiting room on: with a dark screen people would miss being let in.
  if (!before) commands.push({ type: 'keep-awake' });
  return commands;
}

function tools(before: SessionState, next: SessionState): readonly Command[] {
  const commands: Command[] = [];
  if (before.hand !== next.hand) commands.push({ type: 'announce', about: 'hand' });
  if (before.break !== next.break) commands.push({ type: 'ask-for-break' });
  if (next.role !== 'host') return commands;
  if (before.locked !== next.locked || interpretersOf(before).join() !== interpretersOf(next).join())
    commands.push({ type: 'announce', about: 'room-order' });
  if (before.locked && !next.locked) commands.push({ type: 'unlock' });
  if (before.locked !== next.locked || before.code !== next.code || roomOf(before) !== roomOf(next))
    commands.push({ type: 'remember' });
  return commands;
}

/** Who is in the room, and in which role. */
const roomOf = ({ participants }: SessionState): string =>
  participants.map(({ id, role }) => `${id} ${role ?? ''}`).join();

/** Which of our streams one participant may receive now: invariant 2, and the pauses. */
export function streamsTo(state: SessionState, id: string): Streams {
  const participant = state.participants.find((p) => p.id === id);
  if (!participant || !mayStream(participant) || state.stale || state.media.paused !== 'no') return NOTHING;
  // Nothing goes into a page in which a recorder runs [R16].
  if (participant.media.paused === 'recorder') return NOTHING;
  return { audio: state.media.microphone, camera: state.media.camera, screen: state.media.screen };
}

/** Our tracks, as far as one participant may receive them in this state (invariant 2). */
export function tracksTo<T>(state: RoomState, id: string, tracks: Tracks<T>): Tracks<T> {
  const may = isSession(state) ? streamsTo(state, id) : NOTHING;
  const { audio, camera, screen } = tracks;
  return { audio: may.audio ? audio : null, camera: may.camera ? camera : null, screen: may.screen ? screen : null };
}

/** Id of the present problem about a refused recording in this page. */
function refused({ problems }: SessionState): number | undefined {
  return problems.find(({ code, about }) => code === 'recording-refused' && about === undefined)?.id;
}

function same(a: Streams, b: Streams): boolean {
  return a.audio === b.audio && a.camera === b.camera && a.screen === b.screen;
}
