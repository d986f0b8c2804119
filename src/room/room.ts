/**
 * The headless room and the package entry `consult-room/room`: one state, one way to change it, and everything that an
 * interface needs. The elements of this library import of the room nothing but this file, so a site's own interface can do the same.
 */
import { CONSENT_KINDS } from '../consent/receipt.ts';
import { cleanName } from '../util/clean-name.ts';
import { ConsultError, type ErrorCode } from '../errors.ts';
import { findReplayRecorders } from '../guard/replay.ts';
import { SerialQueue } from '../util/serial-queue.ts';
import { acceptedRules } from './consent/receipts.ts';
import { EffectRunner } from './effect-runner.ts';
import { Attachments, type VideoKind } from './media/attachments.ts';
import { ShownSizes } from './media/shown-sizes.ts';
import { inWords } from './media/page-guard.ts';
import type { LinkReport } from './mesh/link-report.ts';
import { LIMITS } from './messages/message-limits.ts';
import type { DeviceSwitch, RoomInterface, ServerReport } from './room-api.ts';
import { RoomStore } from './room-store.ts';
import type { Session } from './session/session.ts';
import { clearRecord } from './setup/record-storage.ts';
import { codeOfHandlerError, failureOf } from './messages/handler-errors.ts';
import { checkBrowser } from './setup/browser-check.ts';
import { openingFailure, openSetup } from './setup/opening.ts';
import type { RoomOptions, Setup } from './setup/setup.ts';
import { SiteReports } from './site-reports.ts';
import type { RoomInput } from './state/actions.ts';
import { addedProblem } from './state/added-problem.ts';
import type { RoomEventInit } from './state/room-events.ts';
import { nameFor } from './state/display-name.ts';
import {
  isSession,
  knockHash,
  sameChoice,
  type Blur,
  type Consent,
  type ConsentKind,
  type DevicesChoice,
  type EndReason,
  type Knock,
  type ParticipantRole,
  type PauseReason,
  type Phase,
  type RoomState,
  type Participant,
  type SessionState,
} from './state/state.ts';

export * from './room-exports.ts';

export class Room extends EventTarget implements RoomInterface {
  // Types only: listeners get the events of `RoomEventMap`.
  declare addEventListener: RoomInterface['addEventListener'];
  declare removeEventListener: RoomInterface['removeEventListener'];
  readonly #options: RoomOptions;
  readonly #lang: string;
  readonly #store: RoomStore;
  #runner: EffectRunner | null = null;
  /** Videos of the page that show media of the room. */
  readonly #sizes = new ShownSizes((id) => this.#runner?.tellView(id));
  readonly #attachments = new Attachments({
    sizes: this.#sizes,
    stream: (id, kind) => this.#runner?.stream(id, kind) ?? null,
    show: (video, stream) => this.#runner?.show(video, stream) ?? 'shown',
    onLoudspeaker: (id) => this.#dispatch({ type: 'loudspeaker', id }),
  });
  readonly #reports = new SiteReports((event) => this.#emit(event));
  /** A second beginning would leave the devices of the first one open for good. */
  #opening: Promise<void> | null = null;
  /** Actions that need a digest or a device run in order, so that `declareOccupants(); join()` works as written. */
  readonly #actions = new SerialQueue();
  /** What was called before `join()`, also while its digest is still being computed. */
  readonly #called = new Set<'acceptRules' | 'declareOccupants'>();

  constructor(options: RoomOptions = {}) {
    super();
    this.#options = options;
    this.#lang = options.lang ?? 'de';
    this.#store = new RoomStore({
      onStep: (previous, next) => this.#runner?.receipts.follow(previous, next),
      run: (command) => this.#runner?.run(command),
      emit: (events) => {
        this.#attachments.follow(this.state);
        this.dispatchEvent(new Event('change'));
        for (const event of events) this.#emit(this.#reports.detailed(event));
      },
    });
  }

  get state(): RoomState {
    return this.#store.state;
  }

  start(): Promise<void> {
    return (this.#opening ??= this.#open(openSetup(this.#options, this.#store.stopped)));
  }

  /** @internal With what another part has prepared: at once `idle` → `notice`, and after a reload then to `waiting`. */
  continueFrom(setup: Setup): Promise<void> {
    return (this.#opening ??= this.#open(setup));
  }

  async #open(prepared: Setup | Promise<Setup>): Promise<void> {
    const { stopped } = this.#store;
    try {
      const setup = prepared instanceof Promise ? await prepared : prepared;
      if (stopped.aborted) return;
      this.#begin(setup);
      await this.#resume();
    } catch (error: unknown) {
      if (!stopped.aborted) this.#dispatch({ type: 'failed', ...(await openingFailure(error, this.#options)) });
    }
  }

  acceptNotice(consent: Consent): void {
    this.#require('notice');
    if (this.#isFit()) this.#dispatch({ type: 'notice-accepted', consent });
  }

  declineNotice(): void {
    this.#require('notice');
    this.#dispatch({ type: 'ended', reason: 'declined-notice' });
  }

  rename(name: string): void {
    const state = this.#require('notice', 'devices', 'occupants');
    this.#dispatch({ type: 'named', name: nameFor(name, { ...state, lang: this.#lang }) });
  }

  async openDevices(choice: DevicesChoice): Promise<void> {
    this.#require('devices', 'occupants', 'waiting', 'connecting', 'active', 'paused');
    this.#dispatch({ type: 'devices-asked', choice });
    await this.#runner?.media.settled;
  }

  async useDevices(choice: DevicesChoice): Promise<void> {
    const { devices, name } = this.#require('devices');
    if (name === '') throw new ConsultError('name-missing');
    // Devices that are still opening, or wait for the person's permission, join when they are open.
    if (devices.access === 'unasked' || !sameChoice(devices.choice, choice)) await this.openDevices(choice);
    this.#dispatch({ type: 'devices-used' });
  }

  acceptRules(lang: string): void {
    const { policy } = this.#require('occupants');
    this.#called.add('acceptRules');
    this.#act(async () => this.#dispatch({ type: 'rules-accepted', rules: await acceptedRules(policy, lang) }));
  }

  declareOccupants(people: readonly string[]): void {
    this.#require('occupants', 'waiting', 'connecting', 'active', 'paused');
    const tidy = people.map(cleanName).filter((name) => name !== '');
    if (tidy.length > LIMITS.occupants) throw new ConsultError('argument-invalid', { detail: 'too many people' });
    this.#called.add('declareOccupants');
    this.#act(async ({ sessions }) => {
      const { occupants } = await sessions.declare(tidy);
      this.#dispatch({ type: 'declared', occupants });
    });
  }

  join(): void {
    this.#require('occupants');
    for (const method of ['acceptRules', 'declareOccupants'] as const)
      if (!this.#called.has(method))
        throw new ConsultError('wrong-phase', { detail: `join() comes after ${method}()` });
    this.#act(async () => this.#dispatch({ type: 'joined' }));
  }

  async guestLink(): Promise<string | null> {
    return (await this.#runner?.guestLink(location.href)) ?? null;
  }

  takeOver(): void {
    const { role } = this.#requireSession();
    if (role === 'guest') this.#inSession(async (session) => session.leadership.takeBack());
    else this.#dispatchInSession({ type: 'taken-over' });
  }

  handOver(id: string): void {
    this.#inSession(async (session) => session.leadership.offer(id, 'now'));
  }

  nameStandIn(id: string): void {
    this.#inSession(async (session) => session.leadership.offer(id, 'stand-in'));
  }

  withdrawHandOver(): void {
    this.#inSession(async (session) => session.leadership.withdrawOffer());
  }

  answerHandOver(accept: boolean, id?: string): void {
    this.#inSession((session) => session.leadership.answer(accept ? 'yes' : 'no', id));
  }

  admit(id: string, hash?: string): void {
    const shown = hash ?? knockHash(this.state, id);
    this.#inSession((session) => session.admit([{ id, shown }]));
  }

  admitAll(shown?: readonly Pick<Knock, 'id' | 'hash'>[]): void {
    const { knocks } = this.#requireSession();
    const pressed = (shown ?? knocks).map(({ id, hash }) => ({ id, shown: hash }));
    if (pressed.length > 0) this.#inSession((session) => session.admit(pressed));
  }

  refuse(id: string, hash?: string): void {
    const shown = hash ?? knockHash(this.state, id);
    this.#inSession((session) => session.refuse({ id, shown }));
  }

  renewCode(): void {
    this.#inSession(async (session) => session.code?.renew());
  }

  remove(id: string): void {
    this.#inSession((session) => session.remove(id));
  }

  mute(id: string): void {
    this.#inSession(async (session) => session.signs.mute(id));
  }

  muteEveryone(): void {
    this.#inSession(async (session) => session.signs.mute('everyone'));
  }

  askToUnmute(id: string): void {
    this.#inSession(async (session) => session.signs.askToUnmute(id));
  }

  lock(on: boolean): void {
    this.#dispatchInSession({ type: 'locked', locked: on });
  }

  setRole(id: string, role: ParticipantRole | null): void {
    this.#dispatchInSession({ type: 'role', id, role });
  }

  endForEveryone(): void {
    if (this.#requireSession().role === 'host') this.#end('left');
  }

  raiseHand(on: boolean): void {
    this.#dispatchInSession({ type: 'hand', raised: on });
  }

  askForBreak(on: boolean): void {
    this.#dispatchInSession({ type: 'break', wanted: on });
  }

  pin(id: string | null): void {
    this.#dispatchInSession({ type: 'layout', layout: id === null ? { kind: 'grid' } : { kind: 'pinned', id } });
  }

  setLayout(kind: 'grid' | 'speaker'): void {
    this.#dispatchInSession({ type: 'layout', layout: { kind } });
  }

  acknowledgeOccupants(id: string, hash?: string): void {
    const read = hash ?? this.#participant(id)?.occupants?.hash;
    this.#inSession(async (session) => {
      // Read at the press, compared when it is carried out: a declaration may have come in between.
      if (this.#participant(id)?.occupants?.hash !== read) throw new ConsultError('changed-meanwhile');
      if (read === undefined) return;
      this.#dispatch({ type: 'acknowledged-by-us', id, hash: read });
      session.acknowledge(id);
    });
  }

  #participant(id: string): Participant | undefined {
    return isSession(this.state) ? this.state.participants.find((participant) => participant.id === id) : undefined;
  }

  answerRelay(accept: boolean, id?: string, lang?: string): void {
    this.#inSession(async (session) => {
      this.#runner?.receipts.recordRelayLanguage(this.state, lang, id);
      session.relay.whole?.consent.answer(accept ? 'yes' : 'no', id);
    });
  }

  withdrawRelay(): void {
    this.#requireSession();
    this.#runner?.receipts.withdraw(['relay']);
    this.#inSession(async (session) => session.relay.whole?.consent.withdraw());
  }

  withdraw(kind: ConsentKind): void {
    if (kind === 'relay') return this.withdrawRelay();
    this.#require('devices', 'occupants', 'waiting', 'connecting', 'active', 'paused');
    this.#runner?.receipts.withdraw(kind === 'notice' ? CONSENT_KINDS : [kind]);
    this.#end('withdrawn');
  }

  goDirect(): void {
    this.#inSession(async (session) => session.relay.whole?.consent.goDirect());
  }

  pause(reason: PauseReason): void {
    this.#dispatchInSession({ type: 'paused', reason });
  }

  resume(): void {
    this.#dispatchInSession({ type: 'resumed-media' });
  }

  setMicrophone(on: boolean): void {
    this.#setDevice('microphone', on ? 'on' : 'off');
  }

  setCamera(on: boolean): void {
    this.#setDevice('camera', on ? 'on' : 'off');
  }

  async switchDevice(choice: DeviceSwitch): Promise<void> {
    const { devices } = this.#require('devices', 'occupants', 'waiting', 'connecting', 'active', 'paused');
    const { loudspeaker, ...own } = choice;
    if (loudspeaker !== undefined) await this.#attachments.playOn(loudspeaker);
    if (own.camera || own.microphone) await this.openDevices({ ...devices.choice, ...own });
  }

  setBlur(blur: Blur): void {
    this.#require('devices', 'occupants', 'waiting', 'connecting', 'active', 'paused');
    this.#dispatch({ type: 'blurred', blur });
  }

  async setScreen(on: boolean): Promise<void> {
    const state = this.#requireSession();
    if (on) await this.#runner?.shareScreen(state);
    else this.#dispatch({ type: 'media', media: { screen: false } });
  }

  sendChat(text: string): void {
    this.#inSession(async ({ chat }) => chat.write(text));
  }

  resendChat(line: number): void {
    this.#inSession(async ({ chat }) => chat.again(line));
  }

  setCompared(compared: boolean): void {
    this.#dispatchInSession({ type: 'compared', compared });
  }

  addProblem(code: ErrorCode): void {
    this.#require('devices', 'occupants', 'waiting', 'connecting', 'active', 'paused');
    this.#dispatch(addedProblem(code));
  }

  dismissProblem(id: number): void {
    this.#dispatch({ type: 'problem-dismissed', id });
  }

  discard(): void {
    this.#require('idle', 'notice', 'ended', 'failed');
    this.#store.stop();
  }

  leave(): void {
    this.#end('left');
  }

  quit(): void {
    this.#end('quick-exit');
  }

  attach(video: HTMLVideoElement, id: string, kind: VideoKind): () => void {
    return this.#attachments.attach(video, id, kind);
  }

  microphoneLevel(): number {
    return this.#runner?.media.level() ?? 0;
  }

  async reports(): Promise<readonly LinkReport[]> {
    return (await this.#runner?.sessions.session)?.mesh.reports() ?? [];
  }

  async serverReport(): Promise<ServerReport | null> {
    return this.#runner?.serverReport() ?? null;
  }

  #begin(setup: Setup): void {
    const { invite, policy, configuration, record, clock } = setup;
    this.#runner = new EffectRunner({
      setup,
      viewOf: (id) => this.#sizes.of(id),
      options: this.#options,
      state: () => this.state,
      report: (input) => this.#dispatch(input),
      tellSite: (code, detail, event) => this.#reports.tell(code, detail, event),
    });
    const { role } = this.#runner.sessions;
    const name = record?.name ?? nameFor(this.#options.name ?? '', { role, policy, lang: this.#lang });
    this.#dispatch({ type: 'configured', role, policy, configuration, name });
    this.#store.expireAt(invite.expires, clock);
    if (clock.isWrong) this.#dispatch({ type: 'problem', code: 'clock-wrong' });
  }

  /** After a reload: consent and declaration were given in this same session, minutes ago at most (protocol.md §9). */
  async #resume(): Promise<void> {
    const record = await this.#runner?.restored();
    if (record && this.#isFit()) this.#dispatch({ type: 'resumed', record });
  }

  /** Whether browser and page are fit for a session; the room fails otherwise. */
  #isFit(): boolean {
    try {
      checkBrowser();
      this.#checkRecorders();
      return true;
    } catch (error: unknown) {
      this.#dispatch({ type: 'failed', ...failureOf(error) });
      return false;
    }
  }

  #checkRecorders(): void {
    const { policy } = this.#require('notice');
    const recorders = policy.replayRecorders === 'ignore' ? [] : findReplayRecorders();
    if (recorders.length === 0) return;
    this.#reports.tell('replay-recorder-found', inWords(recorders), 'follows');
    if (policy.replayRecorders === 'refuse') throw new ConsultError('replay-recorder-found');
    this.#dispatch({ type: 'problem', code: 'replay-recorder-found' });
  }

  /** One press opens another device where the chosen one is gone, was refused, or none was chosen. */
  #setDevice(kind: 'camera' | 'microphone', use: 'on' | 'off'): void {
    const { devices } = this.#requireSession();
    this.#dispatch({ type: 'media', media: { [kind]: use === 'on' } });
    if (use === 'on' && !devices[kind] && devices.access !== 'asking')
      this.#dispatch({ type: 'devices-asked', choice: { ...devices.choice, [kind]: { kind: 'default' } } });
  }

  #emit({ type, detail }: RoomEventInit): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #end(reason: EndReason): void {
    // Another room may have replaced this one: the reload record is that room's.
    if (this.#store.stopped.aborted) return;
    clearRecord();
    // Nothing has opened that could end, and nothing will.
    if (this.state.phase === 'idle') this.#store.stop();
    else this.#dispatch({ type: 'ended', reason });
  }

  #dispatch(input: RoomInput): void {
    if (!this.#store.stopped.aborted && (input.type === 'failed' || input.type === 'problem'))
      this.#reports.follow(input);
    this.#store.dispatch(input);
    // A new link brings a new stream into a state that looks the same.
    if (input.type === 'stream') this.#attachments.refresh();
  }

  /** @throws {ConsultError} `wrong-phase` */
  #dispatchInSession(input: RoomInput): void {
    this.#requireSession();
    this.#dispatch(input);
  }

  /** @throws {ConsultError} `wrong-phase` */
  #require<P extends Phase>(...phases: readonly P[]): Extract<RoomState, { phase: P }> {
    const { state } = this;
    if (!(phases as readonly Phase[]).includes(state.phase))
      throw new ConsultError('wrong-phase', { detail: state.phase });
    return state as Extract<RoomState, { phase: P }>;
  }

  #requireSession(): SessionState {
    return this.#require('waiting', 'connecting', 'active', 'paused');
  }

  #act(action: (runner: EffectRunner) => Promise<void>): void {
    const runner = this.#runner;
    if (!runner) return;
    void this.#actions
      .run(() => action(runner))
      .catch((error: unknown) => this.#dispatch({ type: 'problem', code: codeOfHandlerError(error) }));
  }

  #inSession(action: (session: Session) => Promise<void>): void {
    this.#requireSession();
    this.#act(async ({ sessions }) => {
      const session = await sessions.session;
      if (session) await action(session);
    });
  }
}
