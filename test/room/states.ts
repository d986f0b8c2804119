/** Snapshots and inputs for tests of the pure parts of the room. */
import { parsePublicConfiguration } from '../../src/configuration.ts';
import type { RoomInput } from '../../src/room/state/actions.ts';
import { POLICIES } from '../../src/policy.ts';
import { INITIAL, reduce } from '../../src/room/state/reducer.ts';
import type { Consent, Occupants, RoomState, RulesConsent } from '../../src/room/state/state.ts';

export const configuration = parsePublicConfiguration({
  operator: { name: 'Beratungsstelle', country: 'DE' },
  servers: [{ role: 'signaling', operator: 'Beratungsstelle', country: 'DE' }],
});
export const consent: Consent = { notice: { version: '1', hash: 'h', lang: 'de' }, at: 1 };
export const rules: RulesConsent = {
  recording: { version: '1', hash: 'r', lang: 'de' },
  group: { version: '1', hash: 'g', lang: 'de' },
  at: 2,
};
export const alone = (hash = 'own'): Occupants => ({ people: [], hash });
export const choice = { camera: { kind: 'default' }, microphone: { kind: 'default' } } as const;
export const shown = { camera: true, microphone: true, blur: 'off' } as const;
export const quiet = { microphone: true, camera: true, screen: false, paused: 'no' } as const;

export const guest: RoomInput = {
  type: 'configured',
  role: 'guest',
  policy: POLICIES.beratung,
  configuration,
  name: 'Gast',
};
export const roster = (...ids: readonly string[]): RoomInput => ({
  type: 'roster',
  members: ids.map((id) => ({ id, name: id, host: id === 'host' })),
  encryption: { suite: 's', epoch: '1', safetyCode: ['1'], compared: false },
});

export const answered = {
  access: 'answered',
  cameras: [],
  microphones: [],
  loudspeakers: [],
  camera: true,
  microphone: true,
  silent: { camera: false, microphone: false },
  blurs: ['off', 'picture'],
  problems: [],
} as const;

export const CEREMONY: readonly RoomInput[] = [
  guest,
  { type: 'notice-accepted', consent },
  { type: 'devices-used' },
  { type: 'rules-accepted', rules },
  { type: 'declared', occupants: alone() },
  { type: 'joined' },
  // In a session the devices have answered.
  { type: 'devices-answered', devices: answered },
];
/** What opens one pair, in one of the orders in which it can happen. */
export const opening = (id: string): readonly RoomInput[] => [
  { type: 'their-occupants', id, occupants: alone('theirs') },
  { type: 'acknowledged-by-us', id, hash: 'theirs' },
  { type: 'acknowledged-by-them', id, hash: 'own' },
  { type: 'connection', id, connection: 'connected' },
  { type: 'encrypted', id, encryption: 'running' },
];

export const run = (inputs: readonly RoomInput[], from: RoomState = INITIAL): RoomState => inputs.reduce(reduce, from);

/** A host in the waiting phase, alone. */
export const hostWaiting = (): RoomState =>
  run([
    { type: 'configured', role: 'host', policy: POLICIES.gruppe, configuration, name: 'Beratung' },
    ...CEREMONY.slice(1),
  ]);

export const STATES = {
  idle: INITIAL,
  notice: run(CEREMONY.slice(0, 1)),
  devices: run(CEREMONY.slice(0, 2)),
  occupants: run(CEREMONY.slice(0, 3)),
  declared: run(CEREMONY.slice(0, 5)),
  waiting: run(CEREMONY),
  connecting: run([...CEREMONY, roster('host')]),
  active: run([...CEREMONY, roster('host'), ...opening('host')]),
  paused: run([...CEREMONY, roster('host'), ...opening('host'), { type: 'paused', reason: 'privacy' }]),
  intruded: run([...CEREMONY, roster('host'), ...opening('host'), { type: 'paused', reason: 'someone-came-in' }]),
  ended: run([...CEREMONY, { type: 'ended', reason: 'left' }]),
  failed: run([...CEREMONY, { type: 'failed', code: 'room-full' }]),
} as const satisfies Record<string, RoomState>;
