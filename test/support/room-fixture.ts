/** A room that does nothing but hold a snapshot and note what it was asked, behind the face of the real one. */
import { ContextProvider } from '@lit/context';
import { html, LitElement, type TemplateResult } from 'lit';
import { fixture } from '@open-wc/testing';
import { parsePublicConfiguration } from '../../src/configuration.ts';
import { consentRecord, withdrawnRecord } from '../../src/consent/consent-record.ts';
import { RECEIPT_SCHEMA, type ConsentKind, type Receipt } from '../../src/consent/receipt.ts';
import { roomContext } from '../../src/context.ts';
import { POLICIES } from '../../src/policy.ts';
import type { LinkReport } from '../../src/room/mesh/link-report.ts';
import { Attachments, type VideoKind } from '../../src/room/media/attachments.ts';
import type { DeviceSwitch, RoomInterface } from '../../src/room/room-api.ts';
import { AT_FIRST, NO_TOOLS_YET } from '../../src/room/state/group-tools.ts';
import type {
  Blur,
  Devices,
  DevicesChoice,
  Participant,
  PauseReason,
  RoomState,
  SessionFields,
} from '../../src/room/state/state.ts';

export const CONFIGURATION = parsePublicConfiguration({
  operator: { name: 'Beratungsstelle am Park', country: 'DE', email: 'post@beratung.example' },
  servers: [
    { role: 'signaling', operator: 'Beratungsstelle am Park', country: 'DE' },
    { role: 'relay', urls: ['turn:turn.example:3478'], operator: 'Rechenzentrum Nord', country: 'DE' },
  ],
  alternatives: { telephone: '+49 30 0000000', email: 'hilfe@beratung.example' },
});

export const DEVICES: Devices = {
  access: 'answered',
  cameras: [
    { id: 'c1', label: 'Eingebaute Kamera' },
    { id: 'c2', label: 'USB-Kamera' },
  ],
  microphones: [{ id: 'm1', label: 'Eingebautes Mikrofon' }],
  choice: { camera: { kind: 'default' }, microphone: { kind: 'default' } },
  loudspeakers: [],
  camera: true,
  microphone: true,
  silent: { camera: false, microphone: false },
  blur: 'off',
  blurs: ['off', 'picture'],
  problems: [],
};

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

type Of<P extends RoomState['phase']> = Extract<RoomState, { phase: P }>;
type Changes<P extends RoomState['phase']> = Partial<Omit<Of<P>, 'phase'>>;

export const SESSION: SessionFields = {
  ...prepared,
  rules: { recording: { version: '1', hash: 'r', lang: 'de' }, group: { version: '1', hash: 'g', lang: 'de' }, at: 2 },
  signaling: 'online',
  occupants: { people: [], hash: 'ours' },
  participants: [],
  knocks: [],
  knocking: 'sent',
  media: { microphone: true, camera: true, screen: false, paused: 'no' },
  stale: false,
  encryption: null,
  chat: [],
  ...AT_FIRST,
};

/** Snapshots of every phase; each takes what is to be different. */
export const snapshot = {
  notice: (changes: Changes<'notice'> = {}): RoomState => ({ ...known, phase: 'notice', ...changes }),
  devices: (changes: Changes<'devices'> = {}): RoomState => ({ ...prepared, phase: 'devices', ...changes }),
  occupants: (changes: Changes<'occupants'> = {}): RoomState => ({
    ...prepared,
    phase: 'occupants',
    declared: null,
    rules: null,
    ...changes,
  }),
  waiting: (changes: Partial<SessionFields> = {}): RoomState => ({ ...SESSION, phase: 'waiting', ...changes }),
  connecting: (changes: Partial<SessionFields> = {}): RoomState => ({ ...SESSION, phase: 'connecting', ...changes }),
  active: (changes: Partial<SessionFields> = {}): RoomState => ({ ...SESSION, phase: 'active', ...changes }),
  paused: (reason: PauseReason, changes: Partial<SessionFields> = {}): RoomState => ({
    ...SESSION,
    media: { microphone: true, camera: true, screen: false, paused: reason },
    phase: 'paused',
    reason,
    ...changes,
  }),
  ended: (reason: Of<'ended'>['reason'] = 'left'): RoomState => ({
    phase: 'ended',
    reason,
    role: 'guest',
    configuration: CONFIGURATION,
    receipts: [],
  }),
  failed: (code: Of<'failed'>['code'] = 'invite-expired'): RoomState => ({
    phase: 'failed',
    code,
    configuration: CONFIGURATION,
    receipts: [],
  }),
};

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
    speaking: false,
    quality: 'good',
    ...NO_TOOLS_YET,
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

export class FakeRoom extends EventTarget implements RoomInterface {
  state: RoomState;
  /** What was asked, in order: the method's name and its arguments. */
  readonly calls: (readonly [method: string, ...args: unknown[]])[] = [];
  readonly streams = new Map<string, MediaStream>();
  readonly attachments = new Attachments({
    stream: (id, kind) => this.streams.get(`${id} ${kind}`) ?? null,
    show: (video, stream) => {
      if (video.srcObject !== stream) video.srcObject = stream;
      return 'shown';
    },
  });
  level = 0;
  pairReports: readonly LinkReport[] = [];

  constructor(state: RoomState = { phase: 'idle' }) {
    super();
    this.state = state;
  }

  set(state: RoomState): void {
    this.state = state;
    this.attachments.refresh();
    this.dispatchEvent(new Event('change'));
  }

  #note(method: string, ...args: readonly unknown[]): void {
    this.calls.push([method, ...args]);
  }

  start(): Promise<void> {
    this.#note('start');
    return Promise.resolve();
  }
  acceptNotice(consent: unknown): void {
    this.#note('acceptNotice', consent);
  }
  declineNotice(): void {
    this.#note('declineNotice');
  }
  rename(name: string): void {
    this.#note('rename', name);
  }
  openDevices(choice: DevicesChoice): Promise<void> {
    this.#note('openDevices', choice);
    return Promise.resolve();
  }
  useDevices(choice: DevicesChoice): Promise<void> {
    this.#note('useDevices', choice);
    return Promise.resolve();
  }
  acceptRules(lang: string): void {
    this.#note('acceptRules', lang);
  }
  declareOccupants(people: readonly string[]): void {
    this.#note('declareOccupants', people);
  }
  join(): void {
    this.#note('join');
  }
  guestLink(): Promise<string | null> {
    const { state } = this;
    return Promise.resolve('role' in state && state.role === 'host' ? 'https://beratung.example/#consult=guest' : null);
  }
  takeOver(): void {
    this.#note('takeOver');
  }
  admit(id: string, hash?: string): void {
    this.#note('admit', id, hash);
  }
  refuse(id: string, hash?: string): void {
    this.#note('refuse', id, hash);
  }
  remove(id: string): void {
    this.#note('remove', id);
  }
  admitAll(shown?: unknown): void {
    this.#note('admitAll', shown);
  }
  mute(id: string): void {
    this.#note('mute', id);
  }
  muteEveryone(): void {
    this.#note('muteEveryone');
  }
  askToUnmute(id: string): void {
    this.#note('askToUnmute', id);
  }
  lock(on: boolean): void {
    this.#note('lock', on);
  }
  setRole(id: string, role: unknown): void {
    this.#note('setRole', id, role);
  }
  endForEveryone(): void {
    this.#note('endForEveryone');
  }
  raiseHand(on: boolean): void {
    this.#note('raiseHand', on);
  }
  askForBreak(on: boolean): void {
    this.#note('askForBreak', on);
  }
  pin(id: string | null): void {
    this.#note('pin', id);
  }
  setLayout(kind: 'grid' | 'speaker'): void {
    this.#note('setLayout', kind);
  }
  acknowledgeOccupants(id: string, hash?: string): void {
    this.#note('acknowledgeOccupants', id, hash);
  }
  answerRelay(accept: boolean, id?: string, lang?: string): void {
    this.#note('answerRelay', accept, id, lang);
  }
  goDirect(): void {
    this.#note('goDirect');
  }
  withdrawRelay(): void {
    this.#note('withdrawRelay');
  }
  withdraw(kind: ConsentKind): void {
    this.#note('withdraw', kind);
  }
  pause(reason: PauseReason): void {
    this.#note('pause', reason);
  }
  resume(): void {
    this.#note('resume');
  }
  setMicrophone(on: boolean): void {
    this.#note('setMicrophone', on);
  }
  setCamera(on: boolean): void {
    this.#note('setCamera', on);
  }
  switchDevice(choice: DeviceSwitch): Promise<void> {
    this.#note('switchDevice', choice);
    return Promise.resolve();
  }
  setBlur(blur: Blur): void {
    this.#note('setBlur', blur);
  }
  setScreen(on: boolean): Promise<void> {
    this.#note('setScreen', on);
    return Promise.resolve();
  }
  sendChat(text: string): void {
    this.#note('sendChat', text);
  }
  setCompared(compared: boolean): void {
    this.#note('setCompared', compared);
  }
  dismissProblem(id: number): void {
    this.#note('dismissProblem', id);
  }
  discard(): void {
    this.#note('discard');
  }
  leave(): void {
    this.#note('leave');
  }
  quit(): void {
    this.#note('quit');
  }
  attach(video: HTMLVideoElement, id: string, kind: VideoKind): () => void {
    return this.attachments.attach(video, id, kind);
  }
  microphoneLevel(): number {
    return this.level;
  }
  reports(): Promise<readonly LinkReport[]> {
    return Promise.resolve(this.pairReports);
  }
}

/** Provides a room to whatever stands inside it. */
export class RoomProvider extends LitElement {
  readonly #provider = new ContextProvider(this, { context: roomContext });

  set room(room: RoomInterface) {
    this.#provider.setValue(room);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
if (!customElements.get('test-room-provider')) customElements.define('test-room-provider', RoomProvider);

/** Renders a template inside a provider of the room and waits for its first element. */
export async function inRoom<T extends LitElement>(
  room: RoomInterface,
  template: TemplateResult,
  lang = 'de',
): Promise<T> {
  const provider = await fixture<HTMLElement>(
    html`<test-room-provider lang=${lang} .room=${room}><div>${template}</div></test-room-provider>`,
  );
  const element = provider.firstElementChild?.firstElementChild as T;
  await element.updateComplete;
  return element;
}

/** A stream of a small canvas that draws a quiet picture: no camera needed, and it can be told from black. */
export function pictureStream(hue = 30): MediaStream {
  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 360;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2d context');
  const draw = (): void => {
    const light = context.createRadialGradient(320, 130, 20, 320, 200, 420);
    light.addColorStop(0, `hsl(${String(hue)} 45% 72%)`);
    light.addColorStop(1, `hsl(${String(hue + 140)} 18% 24%)`);
    context.fillStyle = light;
    context.fillRect(0, 0, 640, 360);
    context.fillStyle = `hsl(${String(hue)} 30% 38%)`;
    context.beginPath();
    context.arc(320, 160, 62, 0, 7);
    context.ellipse(320, 350, 130, 110, 0, 0, 7);
    context.fill();
  };
  draw();
  return canvas.captureStream(5);
}
