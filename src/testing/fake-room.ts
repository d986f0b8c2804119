/**
 * A room that shows the snapshot you give it and notes what it was asked, behind the interface of the real one: no
 * server, no camera, no network. Its methods change nothing; `ScriptedRoom` is one whose methods do.
 */
import type { LinkReport } from '../room/mesh/link-report.ts';
import { Attachments, type VideoKind } from '../room/media/attachments.ts';
import type { RoomInterface, ServerReport } from '../room/room-api.ts';
import { eventsBetween } from '../room/state/room-events.ts';
import type { RoomState } from '../room/state/state.ts';
import { serverReportOf } from './server-report-of.ts';

/** The methods of a room that ask for something; the others only read. */
export type AskingMethod = Exclude<
  {
    [K in keyof RoomInterface]: RoomInterface[K] extends (...args: never[]) => unknown ? K : never;
  }[keyof RoomInterface],
  keyof EventTarget | 'guestLink' | 'attach' | 'microphoneLevel' | 'reports' | 'serverReport'
>;

/** What a method of a room takes. */
export type ArgumentsOf<M extends AskingMethod> = Parameters<RoomInterface[M]>;

/** What a room was asked: the method's name and its arguments. */
export type RoomCall = { [M in AskingMethod]: readonly [method: M, ...args: ArgumentsOf<M>] }[AskingMethod];

export class FakeRoom extends EventTarget implements RoomInterface {
  // Types only: listeners get the events of `RoomEventMap`.
  declare addEventListener: RoomInterface['addEventListener'];
  declare removeEventListener: RoomInterface['removeEventListener'];
  /** What was asked, in order. */
  readonly calls: RoomCall[] = [];
  /** Pictures by participant id (or `self`) and kind: `'p1 camera'`, `'self screen'`. */
  readonly streams = new Map<string, MediaStream>();
  /** What `microphoneLevel()` says, 0 to 1. */
  level = 0;
  /** What `reports()` says. */
  linkReports: readonly LinkReport[] = [];
  /** What `serverReport()` says; default: what a server holds of a room in this state. */
  held: ServerReport | null = null;
  #state: RoomState;
  readonly #attachments = new Attachments({
    stream: (id, kind) => this.streamOf(id, kind),
    show: (video, stream) => {
      if (video.srcObject !== stream) video.srcObject = stream;
      return 'shown';
    },
  });

  constructor(state: RoomState = { phase: 'idle' }) {
    super();
    this.#state = Object.freeze(state);
  }

  get state(): RoomState {
    return this.#state;
  }

  /** Shows another snapshot, and dispatches `change` and the events that a room dispatches at this step. */
  set(state: RoomState): void {
    const previous = this.#state;
    this.#state = Object.freeze(state);
    this.#attachments.refresh();
    this.dispatchEvent(new Event('change'));
    for (const { type, detail } of eventsBetween(previous, state))
      this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** The picture to show now; null while there is none. */
  protected streamOf(id: string, kind: VideoKind): MediaStream | null {
    return this.streams.get(`${id} ${kind}`) ?? null;
  }

  /** Answers a call that was noted: this class does nothing. */
  protected answer(_call: RoomCall): void {
    // The snapshot stays what `set` made it.
  }

  #note(...call: RoomCall): void {
    this.calls.push(call);
    this.answer(call);
  }

  async start(): Promise<void> {
    this.#note('start');
  }
  acceptNotice(...args: ArgumentsOf<'acceptNotice'>): void {
    this.#note('acceptNotice', ...args);
  }
  declineNotice(): void {
    this.#note('declineNotice');
  }
  rename(...args: ArgumentsOf<'rename'>): void {
    this.#note('rename', ...args);
  }
  async openDevices(...args: ArgumentsOf<'openDevices'>): Promise<void> {
    this.#note('openDevices', ...args);
  }
  async useDevices(...args: ArgumentsOf<'useDevices'>): Promise<void> {
    this.#note('useDevices', ...args);
  }
  acceptRules(...args: ArgumentsOf<'acceptRules'>): void {
    this.#note('acceptRules', ...args);
  }
  declareOccupants(...args: ArgumentsOf<'declareOccupants'>): void {
    this.#note('declareOccupants', ...args);
  }
  join(): void {
    this.#note('join');
  }
  async guestLink(): Promise<string | null> {
    const { state } = this;
    return 'role' in state && state.role === 'host' ? 'https://beratung.example/#consult=guest' : null;
  }
  takeOver(): void {
    this.#note('takeOver');
  }
  handOver(...args: ArgumentsOf<'handOver'>): void {
    this.#note('handOver', ...args);
  }
  nameStandIn(...args: ArgumentsOf<'nameStandIn'>): void {
    this.#note('nameStandIn', ...args);
  }
  withdrawHandOver(): void {
    this.#note('withdrawHandOver');
  }
  answerHandOver(...args: ArgumentsOf<'answerHandOver'>): void {
    this.#note('answerHandOver', ...args);
  }
  admit(...args: ArgumentsOf<'admit'>): void {
    this.#note('admit', ...args);
  }
  admitAll(...args: ArgumentsOf<'admitAll'>): void {
    this.#note('admitAll', ...args);
  }
  refuse(...args: ArgumentsOf<'refuse'>): void {
    this.#note('refuse', ...args);
  }
  renewCode(): void {
    this.#note('renewCode');
  }
  remove(...args: ArgumentsOf<'remove'>): void {
    this.#note('remove', ...args);
  }
  mute(...args: ArgumentsOf<'mute'>): void {
    this.#note('mute', ...args);
  }
  muteEveryone(): void {
    this.#note('muteEveryone');
  }
  askToUnmute(...args: ArgumentsOf<'askToUnmute'>): void {
    this.#note('askToUnmute', ...args);
  }
  lock(...args: ArgumentsOf<'lock'>): void {
    this.#note('lock', ...args);
  }
  setRole(...args: ArgumentsOf<'setRole'>): void {
    this.#note('setRole', ...args);
  }
  endForEveryone(): void {
    this.#note('endForEveryone');
  }
  raiseHand(...args: ArgumentsOf<'raiseHand'>): void {
    this.#note('raiseHand', ...args);
  }
  askForBreak(...args: ArgumentsOf<'askForBreak'>): void {
    this.#note('askForBreak', ...args);
  }
  pin(...args: ArgumentsOf<'pin'>): void {
    this.#note('pin', ...args);
  }
  setLayout(...args: ArgumentsOf<'setLayout'>): void {
    this.#note('setLayout', ...args);
  }
  acknowledgeOccupants(...args: ArgumentsOf<'acknowledgeOccupants'>): void {
    this.#note('acknowledgeOccupants', ...args);
  }
  answerRelay(...args: ArgumentsOf<'answerRelay'>): void {
    this.#note('answerRelay', ...args);
  }
  withdrawRelay(): void {
    this.#note('withdrawRelay');
  }
  withdraw(...args: ArgumentsOf<'withdraw'>): void {
    this.#note('withdraw', ...args);
  }
  goDirect(): void {
    this.#note('goDirect');
  }
  pause(...args: ArgumentsOf<'pause'>): void {
    this.#note('pause', ...args);
  }
  resume(): void {
    this.#note('resume');
  }
  setMicrophone(...args: ArgumentsOf<'setMicrophone'>): void {
    this.#note('setMicrophone', ...args);
  }
  setCamera(...args: ArgumentsOf<'setCamera'>): void {
    this.#note('setCamera', ...args);
  }
  setBlur(...args: ArgumentsOf<'setBlur'>): void {
    this.#note('setBlur', ...args);
  }
  async switchDevice(...args: ArgumentsOf<'switchDevice'>): Promise<void> {
    this.#note('switchDevice', ...args);
  }
  async setScreen(...args: ArgumentsOf<'setScreen'>): Promise<void> {
    this.#note('setScreen', ...args);
  }
  sendChat(...args: ArgumentsOf<'sendChat'>): void {
    this.#note('sendChat', ...args);
  }
  resendChat(...args: ArgumentsOf<'resendChat'>): void {
    this.#note('resendChat', ...args);
  }
  setCompared(...args: ArgumentsOf<'setCompared'>): void {
    this.#note('setCompared', ...args);
  }
  addProblem(...args: ArgumentsOf<'addProblem'>): void {
    this.#note('addProblem', ...args);
  }
  dismissProblem(...args: ArgumentsOf<'dismissProblem'>): void {
    this.#note('dismissProblem', ...args);
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
    return this.#attachments.attach(video, id, kind);
  }
  microphoneLevel(): number {
    return this.level;
  }
  async reports(): Promise<readonly LinkReport[]> {
    return this.linkReports;
  }
  async serverReport(): Promise<ServerReport | null> {
    return this.held ?? serverReportOf(this.#state);
  }
}
