/** What each method of a room does to the snapshot of a `ScriptedRoom`, as inputs of the room's own reducer. */
import { ConsultError } from '../errors.ts';
import { rulesFor } from '../consent/rules.ts';
import { cleanName } from '../util/clean-name.ts';
import { LIMITS } from '../room/messages/message-limits.ts';
import type { RoomInput } from '../room/state/actions.ts';
import { addedProblem } from '../room/state/added-problem.ts';
import { nameFor } from '../room/state/display-name.ts';
import {
  isSession,
  sameChoice,
  type ConsentKind,
  type Devices,
  type DevicesChoice,
  type HandOverKind,
  type Knock,
  type Participant,
  type Phase,
  type RoomState,
  type SessionState,
} from '../room/state/state.ts';
import type { ArgumentsOf, RoomCall } from './fake-room.ts';
import { arrivals, departure, disconnected, settled, streaming } from './others-inputs.ts';
import { receipt } from './snapshots.ts';

/** What an answer can see. */
export interface Scene {
  readonly state: RoomState;
  /** What opening devices finds. */
  readonly devices: Devices;
  /** BCP 47: the language of the words for host and guest. */
  readonly lang: string;
}

type Inputs = readonly RoomInput[];
type Answers = { readonly [M in RoomCall[0]]: (scene: Scene, ...args: ArgumentsOf<M>) => Inputs };

const SESSION: readonly Phase[] = ['waiting', 'connecting', 'active', 'paused'];
const AFTER_NOTICE: readonly Phase[] = ['devices', 'occupants', ...SESSION];

/** Methods outside a session; everything else that has a phase belongs to a session (`RoomInterface`). */
const PHASES: Partial<Record<RoomCall[0], readonly Phase[] | 'any'>> = {
  start: 'any',
  acceptNotice: ['notice'],
  declineNotice: ['notice'],
  rename: ['notice', 'devices', 'occupants'],
  openDevices: AFTER_NOTICE,
  useDevices: ['devices'],
  acceptRules: ['occupants'],
  declareOccupants: ['occupants', ...SESSION],
  join: ['occupants'],
  switchDevice: AFTER_NOTICE,
  setBlur: AFTER_NOTICE,
  addProblem: AFTER_NOTICE,
  dismissProblem: 'any',
  discard: ['idle', 'notice', 'ended', 'failed'],
  leave: 'any',
  quit: 'any',
};

function phasesOf([method, first]: RoomCall): readonly Phase[] | 'any' {
  if (method === 'withdraw' && first !== 'relay') return AFTER_NOTICE;
  return PHASES[method] ?? SESSION;
}

const CODES = ['K7M-2QX-9TD', 'R3F-8HW-5CN'] as const;

/** The host's page answers for a code, and for another one where it is asked to. */
const answering = (before: string | null): RoomInput => ({
  type: 'code',
  code: { text: before === CODES[0] ? CODES[1] : CODES[0], step: 'open', wrong: 0 },
});

let declarations = 0;
/** Every declaration has a hash of its own, as the nonce in a real one makes sure. */
const declared = (people: readonly string[]) => ({ people, hash: `declaration ${String(++declarations)}` });

const ended = (reason: 'left' | 'quick-exit' | 'declined-notice' | 'withdrawn'): Inputs => [{ type: 'ended', reason }];
const given = (kind: ConsentKind): RoomInput => ({ type: 'receipt', receipt: receipt(kind) });
const problem = (code: 'changed-meanwhile' | 'hand-over-failed' | 'room-full'): Inputs => [{ type: 'problem', code }];

/** @throws {ConsultError} `wrong-phase` */
function session({ state }: Scene): SessionState {
  if (!isSession(state)) throw new ConsultError('wrong-phase', { detail: state.phase });
  return state;
}

const asHost = (scene: Scene, inputs: (state: SessionState) => Inputs): Inputs => {
  const state = session(scene);
  return state.role === 'host' ? inputs(state) : [];
};

const someone = (scene: Scene, id: string): Participant | undefined =>
  session(scene).participants.find((participant) => participant.id === id);

function opened({ devices }: Scene, choice: DevicesChoice): Inputs {
  const { access: _access, choice: _choice, blur: _blur, loudspeaker: _loudspeaker, ...found } = devices;
  const camera = devices.camera && choice.camera.kind !== 'none';
  const microphone = devices.microphone && choice.microphone.kind !== 'none';
  return [
    { type: 'devices-asked', choice },
    { type: 'devices-answered', devices: { ...found, access: 'answered', camera, microphone } },
    // Counts only where the configuration has a STUN server to ask.
    { type: 'forecast', forecast: 'likely' },
  ];
}

function turned(scene: Scene, kind: 'camera' | 'microphone', on: boolean): Inputs {
  const { devices } = session(scene);
  const media: Inputs = [{ type: 'media', media: { [kind]: on } }];
  return on && !devices[kind]
    ? [...media, ...opened(scene, { ...devices.choice, [kind]: { kind: 'default' } })]
    : media;
}

function admitted(scene: Scene, shown: readonly Pick<Knock, 'id' | 'hash'>[]): Inputs {
  return asHost(scene, (state) => {
    const knocks = shown.map(({ id, hash }) => state.knocks.find((knock) => knock.id === id && knock.hash === hash));
    const present = knocks.filter((knock) => knock !== undefined);
    if (present.length < knocks.length) return problem('changed-meanwhile');
    if (state.participants.length + 1 + present.length > state.policy.size) return problem('room-full');
    return arrivals(state, present);
  });
}

const muted = ({ id, media }: Participant): RoomInput => ({
  type: 'their-media',
  id,
  media: { ...media, microphone: false },
});

/** Withdrawals of the consents of these kinds that were given. */
function withdrawn({ state }: Scene, kinds: readonly ConsentKind[]): Inputs {
  const receipts = 'receipts' in state ? state.receipts : [];
  return kinds
    .filter((kind) => receipts.some(({ record }) => record.consent_kind === kind))
    .map((kind) => ({ type: 'receipt', receipt: receipt(kind, 'withdrawn') }));
}

function relayWithdrawn(scene: Scene): Inputs {
  const relayed = session(scene).participants.filter(({ relay }) => relay.step === 'granted');
  const ends = relayed.flatMap(({ id }): Inputs => [
    { type: 'relay', id, relay: { step: 'withdrawn' } },
    ...disconnected(id, 'connecting'),
  ]);
  return [...withdrawn(scene, ['relay']), ...ends];
}

const BEFORE: Pick<Answers, 'start' | 'acceptNotice' | 'declineNotice' | 'rename' | 'openDevices' | 'useDevices'> = {
  // What a room starts with is known to `ScriptedRoom`.
  start: () => [],
  acceptNotice: (_, consent) => [{ type: 'notice-accepted', consent }, given('notice')],
  declineNotice: () => ended('declined-notice'),
  rename({ state, lang }, name) {
    return 'policy' in state ? [{ type: 'named', name: nameFor(name, { ...state, lang }) }] : [];
  },
  openDevices: opened,
  useDevices(scene, choice) {
    const { state } = scene;
    if (state.phase !== 'devices') return [];
    if (state.name === '') throw new ConsultError('name-missing');
    const isOpen = state.devices.access !== 'unasked' && sameChoice(state.devices.choice, choice);
    return [...(isOpen ? [] : opened(scene, choice)), { type: 'devices-used' }];
  },
};

const JOINING: Pick<Answers, 'acceptRules' | 'declareOccupants' | 'join'> = {
  acceptRules({ state }, lang) {
    const group = 'policy' in state && rulesFor(state.policy).includes('group-rules');
    const text = { version: '1', hash: 'rules', lang };
    const rules = { recording: text, group: group ? text : null, at: Date.now() };
    return [{ type: 'rules-accepted', rules }, given('no-recording'), ...(group ? [given('group-rules')] : [])];
  },
  declareOccupants({ state }, people) {
    const tidy = people.map(cleanName).filter((name) => name !== '');
    if (tidy.length > LIMITS.occupants) throw new ConsultError('argument-invalid', { detail: 'too many people' });
    const occupants = declared(tidy);
    // In a session everyone else acknowledges it at once.
    const others = isSession(state) ? state.participants : [];
    return [
      { type: 'declared', occupants },
      ...others.map(({ id }): RoomInput => ({ type: 'acknowledged-by-them', id, hash: occupants.hash })),
    ];
  },
  join({ state }) {
    if (state.phase !== 'occupants' || !state.rules || !state.declared)
      throw new ConsultError('wrong-phase', { detail: 'join() comes after acceptRules() and declareOccupants()' });
    const knocking: Inputs = state.role === 'guest' ? [{ type: 'knocking', knocking: 'sent' }] : [];
    const code: Inputs = state.role === 'host' ? [answering(null)] : [];
    return [{ type: 'joined' }, { type: 'signaling', signaling: 'online' }, ...knocking, ...code];
  },
};

/** The group starts afresh under us; a script brings the others back. */
const leading = (authority: 'host-key' | 'delegation'): Inputs => [
  { type: 'authority', authority },
  { type: 'role-changed', role: 'host' },
  { type: 'signaling', signaling: 'online' },
];

/** Asks a participant to lead; a script answers. */
const offered = (scene: Scene, id: string, as: HandOverKind): Inputs =>
  asHost(scene, ({ authority, participants, policy }) => {
    const may = authority !== 'delegation' && (as === 'now' || policy.standIn === 'takes-over');
    return may && participants.some((one) => one.id === id)
      ? [{ type: 'hand-over', handOver: { step: 'offered', id, as } }]
      : problem('hand-over-failed');
  });

const HOST: Pick<
  Answers,
  | 'takeOver'
  | 'handOver'
  | 'nameStandIn'
  | 'withdrawHandOver'
  | 'answerHandOver'
  | 'admit'
  | 'admitAll'
  | 'refuse'
  | 'renewCode'
  | 'remove'
  | 'mute'
  | 'muteEveryone'
  | 'askToUnmute'
  | 'lock'
  | 'setRole'
  | 'endForEveryone'
> = {
  takeOver: (scene) => {
    const { role, authority } = session(scene);
    if (role === 'guest') return authority === 'host-key' ? leading('host-key') : [];
    return [{ type: 'taken-over' }, { type: 'signaling', signaling: 'online' }];
  },
  handOver: (scene, id) => offered(scene, id, 'now'),
  nameStandIn: (scene, id) => offered(scene, id, 'stand-in'),
  withdrawHandOver: (scene) => asHost(scene, () => [{ type: 'hand-over', handOver: { step: 'none' } }]),
  answerHandOver(scene, accept, id) {
    const { handOver } = session(scene);
    // An answer to one that was replaced by another counts for neither.
    if (handOver.step !== 'asked' || (id !== undefined && id !== handOver.id)) return [];
    const answered: Inputs = [{ type: 'hand-over', handOver: { step: 'none' } }];
    if (!accept) return answered;
    return handOver.as === 'now'
      ? [...answered, ...leading('delegation')]
      : [...answered, { type: 'authority', authority: 'stand-in' }];
  },
  admit: (scene, id, hash) => {
    const shown = hash ?? session(scene).knocks.find((knock) => knock.id === id)?.hash ?? '';
    return admitted(scene, [{ id, hash: shown }]);
  },
  admitAll: (scene, shown) => admitted(scene, shown ?? session(scene).knocks),
  refuse: (scene, id, hash) =>
    asHost(scene, ({ knocks }) => {
      const knock = knocks.find((one) => one.id === id);
      return knock && (hash === undefined || hash === knock.hash)
        ? [{ type: 'knock-gone', id }]
        : problem('changed-meanwhile');
    }),
  renewCode: (scene) => asHost(scene, ({ code }) => (code ? [answering(code.text)] : [])),
  remove: (scene, id) => asHost(scene, (state) => departure(state, id)),
  mute: (scene, id) =>
    asHost(scene, ({ participants }) => participants.filter((one) => one.id === id).map((one) => muted(one))),
  muteEveryone: (scene) => asHost(scene, ({ participants }) => participants.map((one) => muted(one))),
  // They decide: a script answers.
  askToUnmute: () => [],
  lock: (_, on) => [{ type: 'locked', locked: on }],
  setRole: (_, id, role) => [{ type: 'role', id, role }],
  endForEveryone: (scene) => asHost(scene, () => ended('left')),
};

const CALL: Omit<Answers, keyof typeof BEFORE | keyof typeof JOINING | keyof typeof HOST> = {
  raiseHand: (_, on) => [{ type: 'hand', raised: on }],
  askForBreak: (_, on) => [{ type: 'break', wanted: on }],
  pin: (_, id) => [{ type: 'layout', layout: id === null ? { kind: 'grid' } : { kind: 'pinned', id } }],
  setLayout: (_, kind) => [{ type: 'layout', layout: { kind } }],
  acknowledgeOccupants(scene, id, hash) {
    const participant = someone(scene, id);
    const present = participant?.occupants?.hash;
    if (!participant || present === undefined) return [];
    if (hash !== undefined && hash !== present) return problem('changed-meanwhile');
    return [{ type: 'acknowledged-by-us', id, hash: present }, ...streaming(id, participant.media)];
  },
  answerRelay: (scene, accept, id) =>
    session(scene).participants.flatMap(({ id: other, relay }) =>
      relay.step === 'asked' && relay.ours === 'open' && (id === undefined || id === other)
        ? settled(other, accept ? 'yes' : 'no', relay.theirs)
        : [],
    ),
  withdrawRelay: relayWithdrawn,
  withdraw: (scene, kind) =>
    kind === 'relay'
      ? relayWithdrawn(scene)
      : [
          ...ended('withdrawn'),
          ...withdrawn(scene, kind === 'notice' ? ['notice', 'no-recording', 'group-rules', 'relay'] : [kind]),
        ],
  goDirect: (scene) =>
    session(scene).participants.flatMap(({ id, relay }): Inputs =>
      relay.step === 'granted' && relay.direct
        ? [
            { type: 'relay', id, relay: { step: 'none' } },
            { type: 'path', id, path: 'direct' },
          ]
        : [],
    ),
  pause: (_, reason) => [{ type: 'paused', reason }],
  resume: () => [{ type: 'resumed-media' }],
  setMicrophone: (scene, on) => turned(scene, 'microphone', on),
  setCamera: (scene, on) => turned(scene, 'camera', on),
  setBlur: (_, blur) => [{ type: 'blurred', blur }],
  switchDevice(scene, { camera, microphone, loudspeaker }) {
    const { state } = scene;
    const heard: Inputs = loudspeaker === undefined ? [] : [{ type: 'loudspeaker', id: loudspeaker }];
    if (!('devices' in state) || (!camera && !microphone)) return heard;
    const { choice } = state.devices;
    const own = { camera: camera ?? choice.camera, microphone: microphone ?? choice.microphone };
    return [...heard, ...opened(scene, own)];
  },
  setScreen: ({ state }, on) => (on && state.phase === 'paused' ? [] : [{ type: 'media', media: { screen: on } }]),
  sendChat(_, text) {
    const line = text.trim().slice(0, LIMITS.chat);
    return line === '' ? [] : [{ type: 'chat', from: 'self', text: line, at: Date.now() }];
  },
  resendChat: (_, line) => [{ type: 'chat-again', line }],
  setCompared: (_, compared) => [{ type: 'compared', compared }],
  addProblem: (_, code) => [addedProblem(code)],
  dismissProblem: (_, id) => [{ type: 'problem-dismissed', id }],
  discard: () => [],
  leave: () => ended('left'),
  quit: () => ended('quick-exit'),
};

const ANSWERS: Answers = { ...BEFORE, ...JOINING, ...HOST, ...CALL };

/**
 * What a call changes.
 *
 * @throws {ConsultError} as the real method does: `wrong-phase`, `name-missing`, `argument-invalid`
 */
export function inputsOf(call: RoomCall, scene: Scene): Inputs {
  const phases = phasesOf(call);
  if (phases !== 'any' && !phases.includes(scene.state.phase))
    throw new ConsultError('wrong-phase', { detail: scene.state.phase });
  const [method, ...args] = call;
  const answer = ANSWERS[method] as (scene: Scene, ...args: readonly unknown[]) => Inputs;
  return answer(scene, ...args);
}
