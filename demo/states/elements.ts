/** In which states each element shows something, the first of them being its example; and what it is given. */
import { STATE_NAMES, type StateName } from './states.ts';

export interface ElementStates {
  /** Empty where the element needs no room. */
  readonly states: readonly StateName[];
  readonly attributes?: Readonly<Record<string, string>>;
  /** It covers the page, so it is shown when someone asks for it. */
  readonly covers?: true;
}

const CALLS = ['call', 'call-host', 'call-3', 'call-6', 'call-9', 'group-host', 'call-weak', 'call-screen'] as const;

/** Of a room that nobody opens: a sheet is made of whole links only. */
const GUEST_LINK =
  'https://beratung.example/room.html#consult=AWcAAAAAaw6mWOPTw20Yk38QWTsSOBvzUisqbNCuxJm8DxC7mQZgGJ0BN39GnBCKI_eca4XOoHgXG_OkVOR7B-vsEj1pevy8QacovkzTySwPfy1nvDqj5gBUOpJNFdMFs7s99NoP';

export const ELEMENT_STATES: Readonly<Record<string, ElementStates>> = {
  'consult-room': { states: STATE_NAMES },
  'appointment-sheet': {
    states: [],
    attributes: {
      'guest-link': GUEST_LINK,
      code: 'K7M-2QX-9TD',
      starts: '2026-12-01T10:00+01:00',
      'time-zone': 'Europe/Berlin',
      centre: 'Beratungsstelle am Markt',
      telephone: '030 1234567',
    },
  },
  'call-controls': { states: ['call', 'call-host', 'call-6', 'group-host', 'break'] },
  'connection-report': { states: ['call', 'call-weak', 'call-6'] },
  'consent-receipts': { states: ['ended', 'call'] },
  'device-check': { states: ['devices', 'devices-none'] },
  'device-menu': { states: ['call'] },
  'host-tools': { states: ['group-host', 'call-host'] },
  'participant-grid': { states: ['call-3', ...CALLS.filter((name) => name !== 'call-3'), 'connecting'] },
  'participant-tile': { states: CALLS, attributes: { 'participant-id': 'p0' } },
  'privacy-notice': { states: ['notice', 'notice-host'] },
  'quick-exit': { states: ['call'], attributes: { href: 'list.html' } },
  'recording-guard': { states: ['recording'] },
  'relay-consent-dialog': { states: ['relay'], covers: true },
  'room-chat': { states: ['call', 'call-6'] },
  'room-code': { states: [], attributes: { 'room-url': 'room.html' } },
  'room-invite': {
    states: [],
    attributes: {
      'host-link': 'https://beratung.example/room.html#consult=host',
      'guest-link': 'https://beratung.example/room.html#consult=guest',
    },
  },
  'room-occupants-notice': { states: ['occupants', 'occupants-group', 'someone-came-in', 'connecting'] },
  'safety-code': { states: ['call', 'call-6'] },
  'server-report': { states: ['call', 'call-6', 'waiting'] },
  'waiting-room': { states: ['waiting', 'waiting-host', 'knock', 'knocks'] },
};
