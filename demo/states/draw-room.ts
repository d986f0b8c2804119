/** What the states of the playground and those of the picture tests are made of, and the fake room that shows one. */
import type { Knock, Participant, RoomState } from '../../src/room/room.ts';
import { drawnCamera, FakeRoom, knock, participant, type CameraShape } from '../../src/testing/testing.ts';

const NAMES = ['Frau Sommer', 'Wolke', 'Jana', 'Stern', 'Lina K.', 'Anders', 'Birke', 'Sam'];
const nameOf = (index: number): string => NAMES[index % NAMES.length] ?? '';

export const MEDIA = { microphone: true, camera: true, screen: false, paused: 'no' } as const;
export const CHAT = [
  { id: 1, from: 'p0', name: 'Frau Sommer', host: true, text: 'Hören Sie mich gut?', at: 1 },
  { id: 2, from: 'self', name: 'Mond', host: false, text: 'Ja, danke. Ich schreibe lieber einen Moment.', at: 2 },
];
/** Of a participant: not acknowledged yet. */
export const NEW = {
  acknowledged: { byUs: false, byThem: false },
  connection: 'connecting',
  wasConnected: false,
} as const;

export type Changes = Readonly<Record<number, Partial<Participant>>>;

/** The other participants, of whom the first is the counsellor. */
export const others = (count: number, changes: Changes = {}): readonly Participant[] =>
  Array.from({ length: count }, (_, index) =>
    participant({ id: `p${String(index)}`, name: nameOf(index), host: index === 0, ...changes[index] }),
  );

/** Knocks of as many people, none of them the counsellor. */
export const knocks = (count: number): readonly Knock[] =>
  Array.from({ length: count }, (_, index) => knock({ id: `k${String(index)}`, name: nameOf(index + 1) }));

/** @param shapes of the cameras, in the order of the participants; 4:3 where nothing is said */
export function drawRoom(state: RoomState, shapes: readonly CameraShape[] = []): FakeRoom {
  const room = new FakeRoom(state);
  room.streams.set('self camera', drawnCamera(8));
  const people = 'participants' in state ? state.participants : [];
  for (const [index, { id, streams }] of people.entries()) {
    room.streams.set(`${id} camera`, drawnCamera(index, shapes[index] ?? 'usual'));
    if (streams.screen) room.streams.set(`${id} screen`, drawnCamera(index, 'wide'));
  }
  return room;
}
