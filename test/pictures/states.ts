/** Every state that the room can show, as the pictures and the measurements see it: snapshots for the fake room. */
import { CHAT, drawRoom, knocks, MEDIA, NEW, others, type Changes } from '../../demo/states/draw-room.ts';
import { STATES as SHOWN } from '../../demo/states/states.ts';
import type { ChatLine, RoomState, SessionState } from '../../src/room/room.ts';
import {
  ENCRYPTION as encryption,
  policyOf,
  snapshot,
  type CameraShape,
  type FakeRoom,
} from '../../src/testing/testing.ts';

export interface PictureState {
  readonly state: () => RoomState;
  /** Shapes of the cameras, in the order of the participants; 4:3 where nothing is said. */
  readonly shapes?: readonly CameraShape[];
  /** CSS parts that are pressed one after the other before the picture is taken. */
  readonly press?: readonly string[];
}

const group = { policy: policyOf('gruppe'), encryption };
const call = (count: number, changes?: Changes, more?: Partial<SessionState>) =>
  snapshot.active({ ...(count > 2 ? group : { encryption }), participants: others(count, changes), ...more });
/** One line is under way to whom is here; of the other, nobody knows whether somebody who has left got it. */
const undelivered = (): readonly ChatLine[] =>
  [
    { text: 'Sind Sie noch da?', to: ['gone'], missing: ['gone'] },
    { text: 'Ich sehe Sie wieder.', to: ['p0'], missing: ['p0'] },
  ].map((line, index) => ({ id: 3 + index, from: 'self', name: 'Mond', host: false, at: 3 + index, ...line }));
const one = (state: () => RoomState, more: Omit<PictureState, 'state'> = {}): PictureState => ({ state, ...more });

export const STATES: Readonly<Record<string, PictureState>> = {
  idle: one(() => ({ phase: 'idle' })),
  notice: SHOWN.notice,
  'notice, host': SHOWN['notice-host'],
  devices: SHOWN.devices,
  'devices, none': SHOWN['devices-none'],
  occupants: SHOWN.occupants,
  'occupants, group': SHOWN['occupants-group'],
  'devices, host': one(() => snapshot.devices({ role: 'host', forecast: 'likely' })),
  'occupants, host': one(() => snapshot.occupants({ role: 'host' })),
  'occupants, company': { ...SHOWN.occupants, press: ['company-button'] },
  waiting: SHOWN.waiting,
  'waiting, host': SHOWN['waiting-host'],
  'waiting, ten knocks': one(() => snapshot.waiting({ role: 'host', policy: policyOf('gruppe'), knocks: knocks(10) })),
  'waiting, one knock': SHOWN.knock,
  connecting: SHOWN.connecting,
  'connecting, host': one(() =>
    snapshot.connecting({ role: 'host', encryption, participants: others(1, { 0: { ...NEW, name: 'Wolke' } }) }),
  ),
  'connecting, group': one(() =>
    snapshot.connecting({ ...group, participants: others(5, { 0: NEW, 1: NEW, 2: NEW, 3: NEW, 4: NEW }) }),
  ),
  'call of 2': one(() => call(1)),
  'call of 3': one(() => call(2, { 1: { speaking: true } })),
  'call of 4': one(() => call(3, { 1: { speaking: true } })),
  'call of 6': one(() => call(5, { 1: { speaking: true }, 3: { media: { ...MEDIA, paused: 'privacy' } } })),
  'call of 6, latecomer': one(() => call(5, { 1: { speaking: true }, 4: NEW })),
  'call of 9': one(() => call(8, { 1: { speaking: true }, 3: { media: { ...MEDIA, camera: false } } })),
  'call of 9, speaker': one(() =>
    call(8, { 1: { speaking: true }, 2: { hand: true } }, { layout: { kind: 'speaker' } }),
  ),
  'group, host tools': one(
    () =>
      call(
        5,
        { 1: { hand: true }, 2: { break: true }, 3: { role: 'interpreter' }, 4: { standIn: true } },
        { role: 'host', authority: 'host-key', locked: true },
      ),
    { press: ['more-button', 'people-button'] },
  ),
  'group, asked to lead': one(() => call(3, {}, { handOver: { step: 'asked', id: 'q', as: 'now' } })),
  'group, asked to speak': one(() =>
    call(5, {}, { media: { ...MEDIA, microphone: false }, hostAbout: 'unmute-request' }),
  ),
  'call of 5, odd cameras': one(() => call(4), { shapes: ['portrait', 'wide', 'ultra-wide', 'usual'] }),
  'call, long names': one(() =>
    call(3, { 0: { name: 'W'.repeat(64) }, 1: { name: '漢'.repeat(64), quality: 'weak', path: 'relay' } }),
  ),
  'call, screen shared': one(() =>
    call(5, { 0: { media: { ...MEDIA, screen: true }, streams: { audio: true, camera: true, screen: true } } }),
  ),
  'call, more': one(() => call(1), { press: ['more-button'] }),
  'call, chat': one(() => call(1, {}, { chat: CHAT }), { press: ['chat-button'] }),
  'call, chat not arrived': one(() => call(1, {}, { chat: [...CHAT, ...undelivered()] }), { press: ['chat-button'] }),
  'call, what the server holds': one(() => call(1), { press: ['security-button', 'summary'] }),
  'call, own picture': one(() => call(2), { press: ['more-button', 'self-view-button'] }),
  'call, knock and problem': one(() =>
    call(1, {}, { role: 'host', knocks: knocks(3).slice(-1), problems: [{ id: 1, code: 'signaling-unreachable' }] }),
  ),
  'call, weak': one(() => call(1, { 0: { quality: 'weak' } })),
  'someone came in there': one(() =>
    snapshot.paused('someone-came-in', {
      encryption,
      media: MEDIA,
      participants: others(1, { 0: { media: { ...MEDIA, paused: 'someone-came-in' } } }),
    }),
  ),
  'someone came in here': SHOWN['someone-came-in'],
  'someone came in here, answers': { ...SHOWN['someone-came-in'], press: ['uncover-button'] },
  break: SHOWN.break,
  'without a connection': SHOWN['no-connection'],
  'relay asked': SHOWN.relay,
  ended: SHOWN.ended,
  failed: SHOWN.failed,
};

/** A fake room in this state, with a still camera picture for everyone. */
export const roomFor = ({ state, shapes }: PictureState): FakeRoom => drawRoom(state(), shapes);
