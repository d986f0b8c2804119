/**
 * The reducer of a running session: roster, participants, pauses. `waiting`, `connecting`, `active` and `paused` are never set
 * directly: they follow from the participants and our own pause.
 */
import type { ErrorCode } from '../../errors.ts';
import type { AboutParticipant, CeremonyInput, RosterEntry, SessionInput } from './actions.ts';
import { changeChat } from './chat-lines.ts';
import { awaitedAfter, changeByHostTools, NO_TOOLS_YET, pinnedAfter } from './group-tools.ts';
import { mayStream, type Participant, type SessionState } from './state.ts';

type Input = SessionInput | Extract<CeremonyInput, { type: 'declared' }>;

export function reduceSession(state: SessionState, input: Input): SessionState {
  const next = change(state, input);
  return next === state ? state : withPhase(next);
}

function change(state: SessionState, input: Input): SessionState {
  switch (input.type) {
    case 'signaling':
      return state.signaling === input.signaling ? state : withSignaling(state, input.signaling);
    case 'taken-over':
      return state.signaling === 'elsewhere' ? { ...state, signaling: 'connecting' } : state;
    case 'knocking':
      return state.knocking === input.knocking ? state : { ...state, knocking: input.knocking };
    case 'knocked':
      return { ...state, knocks: [...state.knocks.filter(({ id }) => id !== input.knock.id), input.knock] };
    case 'knock-gone':
      return state.knocks.some(({ id }) => id === input.id)
        ? { ...state, knocks: state.knocks.filter(({ id }) => id !== input.id) }
        : state;
    case 'roster':
      return withRoster(state, input.members, input.encryption);
    case 'compared':
      return state.encryption ? { ...state, encryption: { ...state.encryption, compared: input.compared } } : state;
    case 'declared':
      // Nobody has acknowledged a new declaration yet, and it ends the pause that asked for it [R14].
      return {
        ...state,
        occupants: input.occupants,
        media: { ...state.media, paused: state.media.paused === 'someone-came-in' ? 'no' : state.media.paused },
        participants: state.participants.map((p) => ({ ...p, acknowledged: { ...p.acknowledged, byThem: false } })),
      };
    case 'media':
      return {
        ...state,
        media: { ...state.media, ...input.media },
        // Our own choice answers what the host did or asked.
        hostAbout: input.media.microphone === undefined ? state.hostAbout : 'nothing',
      };
    case 'paused':
      // `someone-came-in` outranks a pause for privacy: only a new declaration ends it.
      if (state.media.paused === 'someone-came-in') return state;
      if (state.media.paused === 'recorder' && input.reason === 'privacy') return state;
      return {
        ...state,
        media: { ...state.media, paused: input.reason },
        participants:
          input.reason === 'someone-came-in'
            ? state.participants.map((p) => ({ ...p, acknowledged: { ...p.acknowledged, byThem: false } }))
            : state.participants,
      };
    case 'resumed-media':
      return state.media.paused === 'privacy' ? { ...state, media: { ...state.media, paused: 'no' } } : state;
    case 'recorder':
      // Reported repeatedly while it runs, so a pause that precedes it or ends meanwhile does not hide it.
      if (input.runs === 'no')
        return state.media.paused === 'recorder' ? { ...state, media: { ...state.media, paused: 'no' } } : state;
      return state.media.paused === 'someone-came-in' || state.media.paused === 'recorder'
        ? state
        : { ...state, media: { ...state.media, paused: 'recorder' } };
    case 'stale':
    case 'fresh':
      return state.stale === (input.type === 'stale') ? state : withStale(state, input.type);
    default:
      return changeParts(state, input);
  }
}

/** What has its own reducer. */
function changeParts(
  state: SessionState,
  input: Parameters<typeof changeChat | typeof changeByHostTools>[1] | AboutParticipant,
): SessionState {
  switch (input.type) {
    case 'chat':
    case 'chat-again':
    case 'chat-delivery':
      return changeChat(state, input);
    case 'locked':
    case 'room-order':
    case 'host-about-microphone':
    case 'hand':
    case 'break':
    case 'layout':
    case 'authority':
    case 'hand-over':
    case 'code':
    case 'role-changed':
      return changeByHostTools(state, input);
    default:
      return withParticipant(state, input);
  }
}

function withParticipant(state: SessionState, input: AboutParticipant): SessionState {
  const before = state.participants.find(({ id }) => id === input.id);
  if (!before) return state;
  const after = changeParticipant(before, input, state);
  if (after === before) return state;
  // A stand-in takes the place of the one before it.
  const others = (p: Participant): Participant =>
    input.type === 'their-stand-in' && p.standIn ? { ...p, standIn: false } : p;
  return { ...state, participants: state.participants.map((p) => (p === before ? after : others(p))) };
}

function changeParticipant(p: Participant, input: AboutParticipant, state: SessionState): Participant {
  switch (input.type) {
    case 'their-occupants':
      if (p.occupants?.hash === input.occupants.hash) return p;
      return { ...p, occupants: input.occupants, acknowledged: { ...p.acknowledged, byUs: false } };
    case 'acknowledged-by-us':
      // An acknowledgement is of the declaration that was read, never of one that came meanwhile.
      return p.occupants?.hash === input.hash && p.media.paused !== 'someone-came-in'
        ? { ...p, acknowledged: { ...p.acknowledged, byUs: true } }
        : p;
    case 'acknowledged-by-them':
      // An acknowledgement of another declaration than the present one acknowledges nothing.
      return input.hash === state.occupants.hash && state.media.paused !== 'someone-came-in'
        ? { ...p, acknowledged: { ...p.acknowledged, byThem: true } }
        : p;
    case 'connection':
      return p.connection === input.connection ? p : withConnection(p, input.connection);
    case 'attempt-failed':
      return p.connection === 'connected' ? p : { ...p, failedAttempts: p.failedAttempts + input.attempts };
    case 'encrypted':
      return p.encryption === input.encryption ? p : { ...p, encryption: input.encryption };
    case 'path':
      return p.path === input.path ? p : { ...p, path: input.path };
    case 'relay':
      // With a relay the attempts begin again.
      return input.relay.step === 'granted' && p.relay.step !== 'granted'
        ? { ...p, relay: input.relay, failedAttempts: 0 }
        : { ...p, relay: input.relay };
    case 'their-media':
      // Another person came in there: the declaration that we acknowledged no longer holds [R14].
      return input.media.paused === 'someone-came-in'
        ? { ...p, media: input.media, acknowledged: { ...p.acknowledged, byUs: false } }
        : { ...p, media: input.media };
    case 'stream':
      return p.streams[input.stream] === input.there
        ? p
        : { ...p, streams: { ...p.streams, [input.stream]: input.there } };
    case 'speaking':
      return p.speaking === input.speaking ? p : { ...p, speaking: input.speaking };
    case 'quality':
      return p.quality === input.quality ? p : { ...p, quality: input.quality };
    case 'their-view':
      return p.view === input.view ? p : { ...p, view: input.view };
    case 'their-hand':
      return p.hand === input.raised ? p : { ...p, hand: input.raised };
    case 'their-break':
      return state.role !== 'host' || p.break === input.wanted ? p : { ...p, break: input.wanted };
    case 'their-stand-in':
      return p.standIn ? p : { ...p, standIn: true };
    case 'role':
      return state.role !== 'host' || p.host || p.role === input.role ? p : { ...p, role: input.role };
  }
}

function withRoster(
  state: SessionState,
  members: readonly RosterEntry[],
  encryption: SessionState['encryption'],
): SessionState {
  const participants = members.map(({ replaces, ...member }) => {
    const known = state.participants.find(({ id }) => id === member.id);
    const former = state.participants.find(({ id }) => id === replaces);
    return known ?? { ...newParticipant(member), role: former?.role ?? null };
  });
  // Members of the group no longer wait for admission.
  const knocks = state.knocks.filter(({ id }) => !members.some((member) => member.id === id));
  // Comparing holds for the very code that was compared (protocol.md §11).
  const isSame =
    encryption?.safetyCode.join() === state.encryption?.safetyCode.join() &&
    participants.length === state.participants.length &&
    participants.every((p, index) => p === state.participants[index]);
  const kept =
    encryption && state.encryption && isSame ? { ...encryption, compared: state.encryption.compared } : encryption;
  const layout = pinnedAfter(state.layout, participants);
  const { handOver } = state;
  // One who leaves can no longer be handed the room over.
  const isGone = handOver.step === 'offered' && !participants.some(({ id }) => id === handOver.id);
  return {
    ...state,
    participants,
    knocks,
    encryption: kept,
    regrouping: regroupingAfter(state, { participants, encryption }),
    layout,
    ...(isGone ? { handOver: { step: 'none' } } : {}),
  };
}

/** What is said of a server while it does not answer. */
const UNANSWERED: ReadonlySet<ErrorCode> = new Set(['signaling-unreachable', 'signaling-busy', 'device-offline']);

/** It is over once the server answers. */
function withSignaling(state: SessionState, signaling: SessionState['signaling']): SessionState {
  const problems = signaling === 'online' ? state.problems.filter(({ code }) => !UNANSWERED.has(code)) : state.problems;
  return { ...state, signaling, problems };
}

/** What was said of a missing beacon is over with the next one. */
function withStale(state: SessionState, group: 'stale' | 'fresh'): SessionState {
  const problems = group === 'fresh' ? state.problems.filter(({ code }) => code !== 'group-stale') : state.problems;
  return { ...state, stale: group === 'stale', problems };
}

/** Who of the group that is over is still awaited. Nobody is where the last one has left a group that continues. */
function regroupingAfter(
  state: SessionState,
  { participants, encryption }: Pick<SessionState, 'participants' | 'encryption'>,
): SessionState['regrouping'] {
  if (encryption === null) return awaitedAfter(state);
  if (participants.length === 0) return state.participants.length > 0 ? [] : state.regrouping;
  const here = participants.map(({ name }) => name);
  return state.regrouping.some((name) => here.includes(name))
    ? state.regrouping.filter((name) => !here.includes(name))
    : state.regrouping;
}

function newParticipant(member: Omit<RosterEntry, 'replaces'>): Participant {
  return {
    ...member,
    occupants: null,
    acknowledged: { byUs: false, byThem: false },
    connection: 'none',
    wasConnected: false,
    retrying: false,
    failedAttempts: 0,
    encryption: 'pending',
    path: 'none',
    relay: { step: 'none' },
    media: { microphone: false, camera: false, screen: false, paused: 'no' },
    streams: { audio: false, camera: false, screen: false },
    speaking: false,
    quality: 'unknown',
    view: 'large',
    ...NO_TOOLS_YET,
  };
}

function withConnection(p: Participant, connection: Participant['connection']): Participant {
  const wasConnected = p.wasConnected || connection === 'connected';
  const retrying = connection === 'failed' || (p.retrying && connection !== 'connected');
  const failedAttempts = connection === 'connected' ? 0 : p.failedAttempts;
  return { ...p, connection, wasConnected, retrying, failedAttempts };
}

/** Whether media may flow and can: the three conditions of invariant 2. */
export function isOpen(p: Participant): boolean {
  return mayStream(p) && p.encryption === 'running' && (p.connection === 'connected' || p.connection === 'interrupted');
}

function withPhase(state: SessionState): SessionState {
  const { phase: _phase, reason: _reason, ...session } = { reason: undefined, ...state };
  const { paused } = session.media;
  if (paused !== 'no') return { ...session, phase: 'paused', reason: paused };
  if (session.participants.length === 0) return { ...session, phase: 'waiting' };
  if (session.participants.some(isOpen)) return { ...session, phase: 'active' };
  // Nobody is reachable, and one of them reported `someone-came-in`: a pause for both, not a connection to wait for.
  if (session.participants.some((p) => p.media.paused === 'someone-came-in'))
    return { ...session, phase: 'paused', reason: 'someone-came-in' };
  return { ...session, phase: 'connecting' };
}
