/** Snapshots of every phase, with people and texts to look at, for pages that show a room in a given state. */
import { parsePublicConfiguration } from '../configuration.ts';
import { consentRecord, withdrawnRecord } from '../consent/consent-record.ts';
import { RECEIPT_SCHEMA, type ConsentKind, type Receipt } from '../consent/receipt.ts';
import { POLICIES, type Policy, type PolicyName } from '../policy.ts';
import { AT_FIRST, NO_TOOLS_YET } from '../room/state/group-tools.ts';
import type {
  Devices,
  Encryption,
  Knock,
  Participant,
  PausedBecause,
  RoomState,
  SessionFields,
} from '../room/state/state.ts';

/** A configuration of a counselling centre that does not exist. */
export const CONFIGURATION = parsePublicConfiguration({
  operator: { name: 'Beratungsstelle am Park', country: 'DE', email: 'post@beratung.example' },
  servers: [
    { role: 'signaling', operator: 'Beratungsstelle am Park', country: 'DE' },
    { role: 'relay', urls: ['turn:turn.example:3478'], operator: 'Rechenzentrum Nord', country: 'DE' },
  ],
  alternatives: { telephone: '+49 30 0000000', email: 'hilfe@beratung.example' },
});

/** Camera and microphone of someone who allowed both. */
export const DEVICES: Devices = {
  access: 'answered',
  cameras: [
    { id: 'c1', label: 'Eingebaute Kamera' },
    { id: 'c2', label: 'USB-Kamera' },
  ],
  microphones: [{ id: 'm1', label: 'Eingebautes Mikrofon' }],
  choice: { camera: { kind: 'default' }, microphone: { kind: 'default' } },
  loudspeakers: [],
  loudspeaker: '',
  camera: true,
  microphone: true,
  silent: { camera: false, microphone: false },
  blur: 'off',
  blurs: ['off', 'picture'],
  problems: [],
};

/** A group whose safety code can be shown and compared. */
export const ENCRYPTION: Encryption = {
  suite: 'MLS_256_XWING_AES256GCM_SHA384_P384',
  epoch: '3',
  safetyCode: ['12345', '67890', '13579', '24680', '11223', '44556'],
  compared: false,
};

/** The rules of a preset, for `snapshot`: `snapshot.active({ policy: policyOf('gruppe') })`. */
export const policyOf = (name: PolicyName): Policy => POLICIES[name];

const known = {
  role: 'guest',
  policy: POLICIES.beratung,
  configuration: CONFIGURATION,
  name: 'Mond',
  problems: [],
} as const;
const prepared = {
  ...known,
  consent: { notice: { version: '1', hash: 'h', lang: 'de' }, at: 1 },
  receipts: [],
  devices: DEVICES,
  forecast: 'unasked',
} as const;

/** The snapshot of a phase. */
export type StateOf<P extends RoomState['phase']> = Extract<RoomState, { phase: P }>;
/** What is to be different in it. */
export type StateChanges<P extends RoomState['phase']> = Partial<Omit<StateOf<P>, 'phase'>>;

const session: SessionFields = {
  ...prepared,
  rules: { recording: { version: '1', hash: 'r', lang: 'de' }, group: { version: '1', hash: 'g', lang: 'de' }, at: 2 },
  signaling: 'online',
  occupants: { people: [], hash: 'ours' },
  participants: [],
  knocks: [],
  knocking: 'sent',
  regrouping: [],
  media: { microphone: true, camera: true, screen: false, paused: 'no' },
  stale: false,
  encryption: null,
  chat: [],
  ...AT_FIRST,
};

/**
 * A snapshot of each phase, seen by a guest; each takes what is to be different. The result is what you ask for, also
 * where a room never gets there: `snapshot.active()` without participants is active, and empty.
 */
export const snapshot = {
  idle: (): RoomState => ({ phase: 'idle' }),
  notice: (changes: StateChanges<'notice'> = {}): RoomState => ({ ...known, phase: 'notice', ...changes }),
  devices: (changes: StateChanges<'devices'> = {}): RoomState => ({ ...prepared, phase: 'devices', ...changes }),
  occupants: (changes: StateChanges<'occupants'> = {}): RoomState => ({
    ...prepared,
    phase: 'occupants',
    declared: null,
    rules: null,
    ...changes,
  }),
  waiting: (changes: Partial<SessionFields> = {}): RoomState => ({ ...session, phase: 'waiting', ...changes }),
  connecting: (changes: Partial<SessionFields> = {}): RoomState => ({ ...session, phase: 'connecting', ...changes }),
  active: (changes: Partial<SessionFields> = {}): RoomState => ({ ...session, phase: 'active', ...changes }),
  paused: (reason: PausedBecause, changes: Partial<SessionFields> = {}): RoomState => ({
    ...session,
    media: { microphone: true, camera: true, screen: false, paused: reason },
    phase: 'paused',
    reason,
    ...changes,
  }),
  ended: (
    reason: StateOf<'ended'>['reason'] = 'left',
    changes: Omit<StateChanges<'ended'>, 'reason'> = {},
  ): RoomState => ({
    phase: 'ended',
    reason,
    role: 'guest',
    configuration: CONFIGURATION,
    receipts: [],
    ...changes,
  }),
  failed: (
    code: StateOf<'failed'>['code'] = 'invite-expired',
    changes: Omit<StateChanges<'failed'>, 'code'> = {},
  ): RoomState => ({
    phase: 'failed',
    code,
    configuration: CONFIGURATION,
    receipts: [],
    ...changes,
  }),
} as const;

/** A participant who is connected, encrypted and acknowledged on both sides unless overridden. */
export function participant(changes: Partial<Participant> = {}): Participant {
  return {
    id: 'p1',
    name: 'Frau Sommer',
    host: true,
    occupants: { people: [], hash: 'theirs' },
    acknowledged: { byUs: true, byThem: true },
    connection: 'connected',
    wasConnected: true,
    retrying: false,
    failedAttempts: 0,
    encryption: 'running',
    path: 'direct',
    relay: { step: 'none' },
    media: { microphone: true, camera: true, screen: false, paused: 'no' },
    streams: { audio: true, camera: true, screen: false },
    view: 'large',
    speaking: false,
    quality: 'good',
    ...NO_TOOLS_YET,
    ...changes,
  };
}

/** A guest who waits for the host's admission unless overridden. */
export function knock(changes: Partial<Knock> = {}): Knock {
  return {
    id: 'k1',
    name: 'Wolke',
    returning: false,
    since: Date.now(),
    hash: `hash of ${changes.id ?? 'k1'}`,
    ...changes,
  };
}

const AT = Date.parse('2026-11-24T10:00:00Z');

/** A receipt as it is shown; its signature proves nothing. */
export function receipt(kind: ConsentKind, state: 'given' | 'withdrawn' = 'given'): Receipt {
  const record = consentRecord({
    kind,
    configuration: CONFIGURATION,
    policy: POLICIES.beratung,
    role: 'guest',
    text: { version: '2', hash: 'h'.repeat(64), lang: 'de' },
    at: AT,
    recordId: `00000000-0000-0000-0000-${kind.length.toString(16).padStart(12, '0')}`,
    principal: 'p'.repeat(22),
  });
  return {
    receipt_id: crypto.randomUUID(),
    schema_version: RECEIPT_SCHEMA,
    record: state === 'given' ? record : withdrawnRecord(record, AT + 60_000),
    signer: { algorithm: 'ECDSA P-384 SHA-384', public_key: 'k'.repeat(130), member: null },
    signature: 's'.repeat(128),
  };
}
