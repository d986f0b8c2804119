/** Every state that the room can show, as the pictures and the measurements see it: snapshots for the fake room. */
import type { Participant, RoomState, SessionState } from '../../src/room/room.ts';
import {
  DEVICES,
  drawnCamera,
  ENCRYPTION as encryption,
  FakeRoom,
  participant,
  policyOf,
  receipt,
  snapshot,
  type CameraShape,
} from '../../src/testing/testing.ts';

export interface PictureState {
  readonly state: () => RoomState;
  /** Shapes of the cameras, in the order of the participants; 4:3 where nothing is said. */
  readonly shapes?: readonly CameraShape[];
  /** CSS parts that are pressed one after the other before the picture is taken. */
  readonly press?: readonly string[];
}

const NAMES = ['Frau Sommer', 'Wolke', 'Jana', 'Stern', 'Lina K.', 'Anders', 'Birke', 'Sam'];
const CHAT = [
  { id: 1, from: 'p0', name: 'Frau Sommer', host: true, text: 'Hören Sie mich gut?', at: 1 },
  { id: 2, from: 'self', name: 'Mond', host: false, text: 'Ja, danke. Ich schreibe lieber einen Moment.', at: 2 },
];
const MEDIA = { microphone: true, camera: true, screen: false, paused: 'no' } as const;

/** @param count of the others */
function others(count: number, changes: Readonly<Record<number, Partial<Participant>>> = {}): readonly Participant[] {
  return Array.from({ length: count }, (_, index) =>
    participant({ id: `p${String(index)}`, name: NAMES[index] ?? '', host: index === 0, ...changes[index] }),
  );
}

const group = { policy: policyOf('gruppe'), encryption };
const asked = { acknowledged: { byUs: false, byThem: false }, connection: 'connecting', wasConnected: false } as const;
const call = (count: number, changes?: Readonly<Record<number, Partial<Participant>>>, more?: Partial<SessionState>) =>
  snapshot.active({ ...(count > 2 ? group : { encryption }), participants: others(count, changes), ...more });
const knock = (index: number) => ({
  id: `k${String(index)}`,
  name: NAMES[index % NAMES.length] ?? '',
  hash: `h${String(index)}`,
  returning: false,
  since: Date.now(),
});
const one = (state: () => RoomState, more: Omit<PictureState, 'state'> = {}): PictureState => ({ state, ...more });

export const STATES: Readonly<Record<string, PictureState>> = {
  idle: one(() => ({ phase: 'idle' })),
  notice: one(() => snapshot.notice()),
  'notice, host': one(() => snapshot.notice({ role: 'host' })),
  devices: one(() => snapshot.devices({ forecast: 'likely' })),
  'devices, none': one(() =>
    snapshot.devices({ devices: { ...DEVICES, camera: false, microphone: false, problems: ['camera-denied'] } }),
  ),
  occupants: one(() => snapshot.occupants()),
  'occupants, group': one(() => snapshot.occupants({ policy: policyOf('gruppe') })),
  'devices, host': one(() => snapshot.devices({ role: 'host', forecast: 'likely' })),
  'occupants, host': one(() => snapshot.occupants({ role: 'host' })),
  'occupants, company': one(() => snapshot.occupants(), { press: ['company-button'] }),
  waiting: one(() => snapshot.waiting()),
  'waiting, host': one(() => snapshot.waiting({ role: 'host' })),
  'waiting, ten knocks': one(() =>
    snapshot.waiting({
      role: 'host',
      policy: policyOf('gruppe'),
      knocks: Array.from({ length: 10 }, (_, k) => knock(k)),
    }),
  ),
  'waiting, one knock': one(() => snapshot.waiting({ role: 'host', knocks: [knock(1)] })),
  connecting: one(() => snapshot.connecting({ encryption, participants: others(1, { 0: asked }) })),
  'connecting, host': one(() =>
    snapshot.connecting({ role: 'host', encryption, participants: others(1, { 0: { ...asked, name: 'Wolke' } }) }),
  ),
  'connecting, group': one(() =>
    snapshot.connecting({ ...group, participants: others(5, { 0: asked, 1: asked, 2: asked, 3: asked, 4: asked }) }),
  ),
  'call of 2': one(() => call(1)),
  'call of 3': one(() => call(2, { 1: { speaking: true } })),
  'call of 4': one(() => call(3, { 1: { speaking: true } })),
  'call of 6': one(() => call(5, { 1: { speaking: true }, 3: { media: { ...MEDIA, paused: 'privacy' } } })),
  'call of 6, latecomer': one(() => call(5, { 1: { speaking: true }, 4: asked })),
  'call of 9': one(() => call(8, { 1: { speaking: true }, 3: { media: { ...MEDIA, camera: false } } })),
  'call of 5, odd cameras': one(() => call(4), { shapes: ['portrait', 'wide', 'ultra-wide', 'usual'] }),
  'call, long names': one(() =>
    call(3, { 0: { name: 'W'.repeat(64) }, 1: { name: '漢'.repeat(64), quality: 'weak', path: 'relay' } }),
  ),
  'call, screen shared': one(() =>
    call(5, { 0: { media: { ...MEDIA, screen: true }, streams: { audio: true, camera: true, screen: true } } }),
  ),
  'call, more': one(() => call(1), { press: ['more-button'] }),
  'call, chat': one(() => call(1, {}, { chat: CHAT }), { press: ['chat-button'] }),
  'call, own picture': one(() => call(2), { press: ['more-button', 'self-view-button'] }),
  'call, knock and problem': one(() =>
    call(1, {}, { role: 'host', knocks: [knock(3)], problems: [{ id: 1, code: 'signaling-unreachable' }] }),
  ),
  'call, weak': one(() => call(1, { 0: { quality: 'weak' } })),
  'someone came in there': one(() =>
    snapshot.paused('someone-came-in', {
      encryption,
      media: MEDIA,
      participants: others(1, { 0: { media: { ...MEDIA, paused: 'someone-came-in' } } }),
    }),
  ),
  'someone came in here': one(() => snapshot.paused('someone-came-in', { encryption, participants: others(1) })),
  'someone came in here, answers': one(
    () => snapshot.paused('someone-came-in', { encryption, participants: others(1) }),
    { press: ['uncover-button'] },
  ),
  break: one(() => snapshot.paused('privacy', { encryption, participants: others(1) })),
  'without a connection': one(() =>
    snapshot.connecting({ participants: others(1, { 0: { connection: 'failed', relay: { step: 'declined' } } }) }),
  ),
  'relay asked': one(() =>
    snapshot.connecting({
      encryption,
      participants: others(1, {
        0: { connection: 'connecting', relay: { step: 'asked', ours: 'open', theirs: 'open' } },
      }),
    }),
  ),
  ended: one(() => snapshot.ended('left', { receipts: [receipt('notice'), receipt('no-recording')] })),
  failed: one(() => snapshot.failed('invite-expired')),
};

/** A fake room in this state, with a still camera picture for everyone. */
export function roomFor({ state, shapes = [] }: PictureState): FakeRoom {
  const snapshotNow = state();
  const room = new FakeRoom(snapshotNow);
  room.streams.set('self camera', drawnCamera(8, 'usual'));
  const people = 'participants' in snapshotNow ? snapshotNow.participants : [];
  for (const [index, { id }] of people.entries()) {
    room.streams.set(`${id} camera`, drawnCamera(index, shapes[index] ?? 'usual'));
    room.streams.set(`${id} screen`, drawnCamera(index, 'wide'));
  }
  return room;
}
