/** The states that the playground and the reference show: snapshots for the fake room, with a name in each language. */
import type { RoomState, SessionState } from '../../src/room/room.ts';
import { DEVICES, ENCRYPTION, policyOf, receipt, snapshot } from '../../src/testing/testing.ts';
import { CHAT, knocks, MEDIA, NEW, others, type Changes } from './draw-room.ts';

export interface ShownState {
  readonly label: { readonly de: string; readonly en: string };
  readonly state: () => RoomState;
}

const call = (count: number, changes?: Changes, more?: Partial<SessionState>): RoomState =>
  snapshot.active({
    encryption: ENCRYPTION,
    chat: CHAT,
    receipts: RECEIPTS,
    participants: others(count, changes),
    ...(count > 1 ? { policy: policyOf('gruppe') } : {}),
    ...more,
  });

const RECEIPTS = [receipt('notice'), receipt('no-recording')];
const one = (de: string, en: string, state: () => RoomState): ShownState => ({ label: { de, en }, state });

export const STATES = {
  notice: one('Hinweise zum Datenschutz', 'Privacy notice', () => snapshot.notice()),
  'notice-host': one('Hinweise, für die Beratung', 'Privacy notice, host', () => snapshot.notice({ role: 'host' })),
  devices: one('Kamera und Mikrofon', 'Camera and microphone', () => snapshot.devices({ forecast: 'likely' })),
  'devices-none': one('Ohne Kamera und Mikrofon', 'No camera, no microphone', () =>
    snapshot.devices({ devices: { ...DEVICES, camera: false, microphone: false, problems: ['camera-denied'] } }),
  ),
  occupants: one('Wer ist im Raum?', 'Who is in the room?', () => snapshot.occupants()),
  'occupants-group': one('Wer ist im Raum? Gruppe', 'Who is in the room? Group', () =>
    snapshot.occupants({ policy: policyOf('gruppe') }),
  ),
  waiting: one('Warten', 'Waiting', () => snapshot.waiting()),
  'waiting-host': one('Warten, für die Beratung', 'Waiting, host', () => snapshot.waiting({ role: 'host' })),
  knock: one('Jemand klopft', 'Someone knocks', () => snapshot.waiting({ role: 'host', knocks: knocks(1) })),
  knocks: one('Fünf klopfen', 'Five people knock', () =>
    snapshot.waiting({ role: 'host', policy: policyOf('gruppe'), knocks: knocks(5) }),
  ),
  connecting: one('Angaben bestätigen', 'Confirming statements', () =>
    snapshot.connecting({ encryption: ENCRYPTION, participants: others(1, { 0: NEW }) }),
  ),
  call: one('Gespräch zu zweit', 'Call of two', () => call(1)),
  'call-host': one('Gespräch, für die Beratung', 'Call, host', () =>
    call(1, { 0: { name: 'Wolke', host: false } }, { role: 'host' }),
  ),
  'call-3': one('Gespräch zu dritt', 'Call of three', () => call(2, { 1: { speaking: true } })),
  'call-6': one('Gespräch zu sechst', 'Call of six', () =>
    call(5, { 1: { speaking: true }, 3: { media: { ...MEDIA, paused: 'privacy' } } }),
  ),
  'call-9': one('Gespräch zu neunt', 'Call of nine', () => call(8, { 1: { speaking: true } })),
  'group-host': one('Gruppe, für die Leitung', 'Group, host', () =>
    call(3, { 0: { host: false }, 1: { hand: true } }, { role: 'host' }),
  ),
  'call-weak': one('Schwache Verbindung', 'Weak connection', () => call(1, { 0: { quality: 'weak' } })),
  'call-screen': one('Bildschirm gezeigt', 'Screen shared', () =>
    call(3, { 0: { media: { ...MEDIA, screen: true }, streams: { audio: true, camera: true, screen: true } } }),
  ),
  'call-problem': one('Störung im Gespräch', 'Problem during a call', () =>
    call(1, {}, { problems: [{ id: 1, code: 'signaling-unreachable' }] }),
  ),
  recording: one('Aufzeichnung verhindert', 'Recording blocked', () =>
    call(1, {}, { problems: [{ id: 1, code: 'recording-refused' }] }),
  ),
  relay: one('Frage nach dem Umweg', 'Relay question', () =>
    snapshot.connecting({
      encryption: ENCRYPTION,
      participants: others(1, {
        0: { connection: 'connecting', relay: { step: 'asked', ours: 'open', theirs: 'open' } },
      }),
    }),
  ),
  'no-connection': one('Ohne Verbindung', 'No connection', () =>
    snapshot.connecting({ participants: others(1, { 0: { connection: 'failed', relay: { step: 'declined' } } }) }),
  ),
  'someone-came-in': one('Jemand kam herein', 'Someone came in', () =>
    snapshot.paused('someone-came-in', { encryption: ENCRYPTION, participants: others(1) }),
  ),
  break: one('Pause', 'Break', () => snapshot.paused('privacy', { encryption: ENCRYPTION, participants: others(1) })),
  ended: one('Zu Ende', 'Ended', () => snapshot.ended('left', { receipts: RECEIPTS })),
  failed: one('Einladung abgelaufen', 'Invite expired', () => snapshot.failed('invite-expired')),
} as const satisfies Readonly<Record<string, ShownState>>;

export type StateName = keyof typeof STATES;
export const STATE_NAMES = Object.keys(STATES) as readonly StateName[];
