/**
 * The reducer of what the host decides for a group, and of what everyone may say to it without words: lock, roles, muting, raised hands,
 * breaks, layout (protocol.md §12). Whether a message really came from the host is checked before it gets here, by its leaf.
 */
import type { ErrorCode } from '../../errors.ts';
import type { SessionInput } from './actions.ts';
import type { Layout, Participant, Problem, SessionFields, SessionState } from './state.ts';

type ToolInput = Extract<
  SessionInput,
  {
    type:
      | 'locked'
      | 'room-order'
      | 'host-about-microphone'
      | 'hand'
      | 'break'
      | 'layout'
      | 'authority'
      | 'hand-over'
      | 'code'
      | 'role-changed';
  }
>;

/** How every session begins. */
export const AT_FIRST: Pick<
  SessionFields,
  'locked' | 'interpreting' | 'hand' | 'break' | 'hostAbout' | 'layout' | 'authority' | 'handOver' | 'code'
> = {
  locked: false,
  interpreting: false,
  hand: false,
  break: false,
  hostAbout: 'nothing',
  layout: { kind: 'grid' },
  authority: 'none',
  handOver: { step: 'none' },
  code: null,
};

/** How every participant begins. */
export const NO_TOOLS_YET: Pick<Participant, 'role' | 'hand' | 'break' | 'standIn'> = {
  role: null,
  hand: false,
  break: false,
  standIn: false,
};

export function changeByHostTools(state: SessionState, input: ToolInput): SessionState {
  switch (input.type) {
    case 'locked':
      return state.role !== 'host' || state.locked === input.locked ? state : { ...state, locked: input.locked };
    case 'room-order':
      return state.role === 'guest' ? ordered(state, input) : state;
    case 'host-about-microphone':
      return state.role === 'guest' ? aboutMicrophone(state, input.order) : state;
    case 'hand':
      return state.hand === input.raised ? state : { ...state, hand: input.raised };
    case 'break':
      return state.role === 'host' || state.break === input.wanted ? state : { ...state, break: input.wanted };
    case 'layout':
      return withLayout(state, input.layout);
    case 'authority':
      return state.authority === input.authority ? state : { ...state, authority: input.authority };
    case 'hand-over':
      return input.handOver.step === 'none'
        ? { ...state, handOver: input.handOver }
        : { ...state, handOver: input.handOver, problems: withoutLeading(state.problems) };
    case 'code':
      return state.role === 'host' ? { ...state, code: input.code } : state;
    case 'role-changed':
      return withRole(state, input.role);
  }
}

/** What is said of who leads: each of them makes the one before untrue. */
const LEADING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'hand-over-failed',
  'hand-over-declined',
  'stand-in-ended',
  'stand-in-leads',
  'host-changed',
  'handed-over',
  'you-lead',
]);

export const isOfLeading = (code: ErrorCode): boolean => LEADING.has(code);

export const withoutLeading = (problems: readonly Problem[]): readonly Problem[] =>
  problems.some(({ code }) => LEADING.has(code)) ? problems.filter(({ code }) => !LEADING.has(code)) : problems;

/** Those who were in the group that is over: they are expected in the next one. */
export const awaitedAfter = ({ participants, regrouping }: SessionState): readonly string[] =>
  participants.length > 0 ? participants.map(({ name }) => name) : regrouping;

/** The group that we were in is over, and what it said of us; the lock and what we show stay. */
function withRole(state: SessionState, role: SessionState['role']): SessionState {
  const { locked, layout, hand, authority, problems } = state;
  return {
    ...state,
    ...AT_FIRST,
    role,
    locked,
    layout,
    hand,
    authority,
    signaling: 'connecting',
    knocking: 'host-absent',
    regrouping: awaitedAfter(state),
    participants: [],
    knocks: [],
    encryption: null,
    stale: false,
    problems: (state.role === role ? problems : withoutLeading(problems)).filter(({ code }) => code !== 'group-stale'),
  };
}

function ordered(
  state: SessionState,
  { locked, interpreters }: Extract<ToolInput, { type: 'room-order' }>,
): SessionState {
  const roleOf = ({ id, host }: Participant): Participant['role'] =>
    !host && interpreters.includes(id) ? 'interpreter' : null;
  const participants = state.participants.map((p) => (p.role === roleOf(p) ? p : { ...p, role: roleOf(p) }));
  return { ...state, locked, interpreting: interpreters.includes('self'), participants };
}

/** Nobody turns on another's microphone: a request changes only what we are shown. */
function aboutMicrophone(state: SessionState, order: 'mute' | 'unmute-request'): SessionState {
  if (order === 'unmute-request')
    return state.media.microphone || state.hostAbout === order ? state : { ...state, hostAbout: order };
  if (!state.media.microphone) return state.hostAbout === 'unmute-request' ? { ...state, hostAbout: 'nothing' } : state;
  return { ...state, hostAbout: 'muted', media: { ...state.media, microphone: false } };
}

function withLayout(state: SessionState, layout: Layout): SessionState {
  const next = pinnedAfter(layout, state.participants);
  const { layout: now } = state;
  const isSame = now.kind === next.kind && (now.kind !== 'pinned' || next.kind !== 'pinned' || now.id === next.id);
  return isSame ? state : { ...state, layout: next };
}

/** Only who is in the room can be pinned. */
export function pinnedAfter(layout: Layout, participants: readonly Participant[]): Layout {
  return layout.kind !== 'pinned' || participants.some(({ id }) => id === layout.id) ? layout : { kind: 'grid' };
}
