/**
 * The reducer: (state, input) → state, pure. An input that does not fit the phase changes nothing and returns the same
 * snapshot, so that a late report of a service does no harm; `Room` throws `wrong-phase` for actions.
 */
import { rulesFor } from '../../consent/rules.ts';
import type { CeremonyInput, RoomInput } from './actions.ts';
import type { Policy } from '../../policy.ts';
import { AT_FIRST, isOfLeading, withoutLeading } from './group-tools.ts';
import { reduceSession } from './session-reducer.ts';
import {
  isSession,
  type Device,
  type Devices,
  type PathForecast,
  type Problem,
  type RoomState,
  type SessionFields,
} from './state.ts';
import type { Receipt, RulesConsent } from './state.ts';

export const INITIAL: RoomState = Object.freeze({ phase: 'idle' });

const NO_DEVICES: Devices = {
  access: 'unasked',
  cameras: [],
  microphones: [],
  choice: { camera: { kind: 'default' }, microphone: { kind: 'default' } },
  loudspeakers: [],
  loudspeaker: '',
  camera: false,
  microphone: false,
  silent: { camera: false, microphone: false },
  blur: 'off',
  blurs: ['off', 'picture'],
  problems: [],
};

/** Problems shown at once; older ones are dropped, so that a hostile network cannot fill the screen or the memory. */
const PROBLEMS_KEPT = 4;

export function reduce(state: RoomState, input: RoomInput): RoomState {
  // Also after the end: a withdrawal ends the room at once, and its receipt is signed a moment later.
  if (input.type === 'receipt')
    return 'receipts' in state ? { ...state, receipts: [...state.receipts, input.receipt] } : state;
  if (state.phase === 'ended' || state.phase === 'failed') return state;
  switch (input.type) {
    case 'failed':
      return {
        phase: 'failed',
        code: input.code,
        ...(input.detail ? { detail: input.detail } : {}),
        receipts: receiptsOf(state),
        configuration: state.phase === 'idle' ? (input.configuration ?? null) : state.configuration,
        ...(state.phase === 'idle' && input.contact ? { contact: input.contact } : {}),
      };
    case 'ended':
      if (state.phase === 'idle') return state;
      return {
        phase: 'ended',
        reason: input.reason,
        role: state.role,
        configuration: state.configuration,
        receipts: receiptsOf(state),
      };
    case 'problem':
      return state.phase === 'idle' ? state : withProblem(state, input);
    case 'problem-dismissed':
      if (state.phase === 'idle' || !state.problems.some(({ id }) => id === input.id)) return state;
      return { ...state, problems: state.problems.filter(({ id }) => id !== input.id) };
    default:
      return isCeremony(input) ? reduceCeremony(state, input) : isSession(state) ? reduceSession(state, input) : state;
  }
}

function withProblem<S extends { readonly problems: readonly Problem[] }>(
  state: S,
  { code, about, detail }: Omit<Problem, 'id'>,
): S {
  // The same problem is shown once.
  if (state.problems.some((problem) => problem.code === code && problem.about === about)) return state;
  const problems = isOfLeading(code) ? withoutLeading(state.problems) : state.problems;
  const id = (state.problems.at(-1)?.id ?? 0) + 1;
  const problem: Problem = {
    id,
    code,
    ...(about === undefined ? {} : { about }),
    ...(detail === undefined ? {} : { detail }),
  };
  return { ...state, problems: [...problems, problem].slice(-PROBLEMS_KEPT) };
}

const receiptsOf = (state: RoomState): readonly Receipt[] => ('receipts' in state ? state.receipts : []);

const CEREMONY: ReadonlySet<RoomInput['type']> = new Set<CeremonyInput['type']>([
  'configured',
  'notice-accepted',
  'resumed',
  'named',
  'devices-asked',
  'devices-answered',
  'forecast',
  'blurred',
  'loudspeaker',
  'devices-used',
  'rules-accepted',
  'declared',
  'joined',
]);

function isCeremony(input: RoomInput): input is CeremonyInput {
  return CEREMONY.has(input.type);
}

function reduceCeremony(state: RoomState, input: CeremonyInput): RoomState {
  switch (input.type) {
    case 'configured': {
      const { role, policy, configuration, name } = input;
      return state.phase === 'idle' ? { phase: 'notice', role, policy, configuration, name, problems: [] } : state;
    }
    case 'notice-accepted':
      return state.phase === 'notice'
        ? { ...state, phase: 'devices', consent: input.consent, receipts: [], devices: NO_DEVICES, forecast: 'unasked' }
        : state;
    case 'resumed': {
      if (state.phase !== 'notice') return state;
      const { consent, rules, receipts, choice, occupants, shown } = input.record;
      const locked = state.role === 'host' && input.record.locked;
      const devices: Devices = { ...NO_DEVICES, access: 'asking', choice, blur: shown.blur };
      const session = openSession(choice);
      const media = {
        ...session.media,
        camera: session.media.camera && shown.camera,
        microphone: session.media.microphone && shown.microphone,
      };
      const kept = { locked, consent, rules, receipts, devices, forecast: 'unasked', occupants } as const;
      return { ...state, ...session, media, phase: 'waiting', ...kept };
    }
    case 'named':
      if (state.phase !== 'notice' && state.phase !== 'devices' && state.phase !== 'occupants') return state;
      // Where a name is required it can be changed before joining, but not removed.
      return state.phase === 'occupants' && input.name === '' ? state : { ...state, name: input.name };
    case 'devices-asked':
    case 'devices-answered':
    case 'blurred':
    case 'loudspeaker':
      return state.phase === 'idle' || !('devices' in state) ? state : reduceDevices(state, input);
    case 'forecast':
      // An answer that arrives after the `devices` phase changes nothing.
      return state.phase === 'devices' && state.forecast === 'looking' ? { ...state, forecast: input.forecast } : state;
    case 'devices-used':
      // Where a name is required nobody proceeds without one, whatever the page calls.
      if (state.phase !== 'devices' || state.name === '') return state;
      return { ...state, phase: 'occupants', declared: null, rules: null };
    case 'rules-accepted':
      return state.phase === 'occupants' && complete(input.rules, state.policy)
        ? { ...state, rules: input.rules }
        : state;
    case 'declared':
      if (state.phase === 'occupants') return { ...state, declared: input.occupants };
      return isSession(state) ? reduceSession(state, input) : state;
    case 'joined':
      // Joining without a declaration and the rules is not possible, whatever the page calls [R13] [R16] [R17].
      if (state.phase !== 'occupants' || !state.declared || !state.rules) return state;
      return {
        ...withoutDeclared(state),
        ...openSession(state.devices.choice),
        phase: 'waiting',
        occupants: state.declared,
        rules: state.rules,
      };
  }
}

type DevicesInput = Extract<CeremonyInput, { type: 'devices-asked' | 'devices-answered' | 'blurred' | 'loudspeaker' }>;

function reduceDevices(state: Extract<RoomState, { devices: Devices }>, input: DevicesInput): RoomState {
  switch (input.type) {
    case 'devices-asked':
      // What is wrong is said again if it is still wrong after this attempt.
      return withDeviceProblems(state, {
        ...state,
        devices: { ...state.devices, access: 'asking', choice: { ...input.choice }, problems: [] },
      });
    case 'devices-answered':
      return withLoudspeaker(state, {
        ...withDeviceProblems(state, { ...state, devices: { ...state.devices, ...input.devices } }),
        forecast:
          state.phase === 'devices' && state.forecast === 'unasked' && input.devices.access === 'answered'
            ? askedOf(state)
            : state.forecast,
      });
    case 'blurred':
      return state.devices.blurs.includes(input.blur)
        ? { ...state, devices: { ...state.devices, blur: input.blur } }
        : state;
    case 'loudspeaker':
      if (state.devices.loudspeaker === input.id) return state;
      return {
        ...state,
        devices: { ...state.devices, loudspeaker: input.id },
        problems: state.problems.filter(({ code }) => code !== 'loudspeaker-lost'),
      };
  }
}

/**
 * In a session, trouble with a device is a problem as long as it lasts: new trouble is shown, and what is over goes. Before
 * it, the device check shows the trouble itself.
 */
function withDeviceProblems<S extends Extract<RoomState, { devices: Devices }>>(before: S, next: S): S {
  if (!isSession(before)) return next;
  const [old, now] = [before.devices.problems, next.devices.problems];
  const over = old.filter((code) => !now.includes(code));
  const kept = {
    ...next,
    problems: next.problems.filter(({ code, about }) => about !== undefined || !over.includes(code)),
  };
  return now.filter((code) => !old.includes(code)).reduce((state, code) => withProblem(state, { code }), kept);
}

/**
 * A chosen loudspeaker that is gone plays nothing, and no browser says so: the one of the system takes over. Gone is what was listed and is not any
 * more: Firefox lets people choose one that it has not listed yet. A list without any device is withheld, and says nothing of this one.
 */
function withLoudspeaker<S extends Extract<RoomState, { devices: Devices }>>(before: S, next: S): S {
  const { cameras, microphones, loudspeakers, loudspeaker } = next.devices;
  if ([cameras, microphones, loudspeakers].every(({ length }) => length === 0))
    return { ...next, devices: { ...next.devices, loudspeakers: before.devices.loudspeakers } };
  const lists = (found: readonly Device[]): boolean => found.some(({ id }) => id === loudspeaker);
  if (!lists(before.devices.loudspeakers) || lists(loudspeakers)) return next;
  return withProblem({ ...next, devices: { ...next.devices, loudspeaker: '' } }, { code: 'loudspeaker-lost' });
}

/** Asked after the devices were opened, because browsers reveal usable candidates only then. Not asked where everything is relayed. */
function askedOf({ policy, configuration }: Extract<RoomState, { phase: 'devices' }>): PathForecast {
  if (policy.relay === 'always') return 'unasked';
  return configuration.servers.some(({ role }) => role === 'stun') ? 'looking' : 'unknown';
}

type OccupantsState = Extract<RoomState, { phase: 'occupants' }>;

/** In rooms for more than two, acceptance includes the rules among everyone. */
const complete = (rules: RulesConsent, policy: Policy): boolean =>
  rules.group !== null || !rulesFor(policy).includes('group-rules');

function withoutDeclared(state: OccupantsState): Omit<OccupantsState, 'declared' | 'rules' | 'phase'> {
  const { declared: _declared, rules: _rules, phase: _phase, ...rest } = state;
  return rest;
}

function openSession({
  camera,
  microphone,
}: Devices['choice']): Omit<SessionFields, keyof OccupantsState | 'occupants'> {
  return {
    signaling: 'connecting',
    participants: [],
    knocks: [],
    knocking: 'host-absent',
    regrouping: [],
    media: { microphone: microphone.kind !== 'none', camera: camera.kind !== 'none', screen: false, paused: 'no' },
    stale: false,
    encryption: null,
    chat: [],
    ...AT_FIRST,
  };
}
