/**
 * The room of the first view: it opens, shows the notice and takes the answer to it, and then hands over to {@link Room}, which is by far
 * larger and is loaded while people read. Whoever holds it, a page's listeners too, need not know.
 */
import { ConsultError, type ErrorCode } from '../errors.ts';
import type { ConsentKind } from '../consent/receipt.ts';
import type { VideoKind } from './media/attachments.ts';
import type { LinkReport } from './mesh/link-report.ts';
import type { Room } from './room.ts';
import type { DeviceSwitch, RoomInterface, ServerReport } from './room-api.ts';
import { guestLink } from './setup/invite-address.ts';
import { openingFailure, openSetup } from './setup/opening.ts';
import { clearRecord } from './setup/record-storage.ts';
import type { RoomOptions, Setup } from './setup/setup.ts';
import { SiteReports } from './site-reports.ts';
import { nameFor } from './state/display-name.ts';
import { eventsBetween, type RoomEventInit } from './state/room-events.ts';
import type {
  Blur,
  Consent,
  DevicesChoice,
  EndReason,
  Knock,
  ParticipantRole,
  PauseReason,
  Phase,
  RoomState,
} from './state/state.ts';

type MakeRoom = (options: RoomOptions) => Room;

export class LateRoom extends EventTarget implements RoomInterface {
  declare addEventListener: RoomInterface['addEventListener'];
  declare removeEventListener: RoomInterface['removeEventListener'];
  readonly #options: RoomOptions;
  readonly #onNeed: () => void;
  readonly #reports = new SiteReports((event) => this.#emit(event));
  readonly #stop = new AbortController();
  #state: RoomState = Object.freeze({ phase: 'idle' });
  #opening: Promise<void> | null = null;
  #setup: Setup | null = null;
  #make: MakeRoom | null = null;
  #room: Room | null = null;
  /** Given before the room was there; it counts from the press on. */
  #consent: Consent | null = null;
  readonly #dismissed: number[] = [];
  readonly #attached: ((room: Room) => void)[] = [];

  /** @param onNeed called where nothing more can happen without the room itself */
  constructor(options: RoomOptions, onNeed: () => void) {
    super();
    this.#options = options;
    this.#onNeed = onNeed;
  }

  get state(): RoomState {
    return this.#room?.state ?? this.#state;
  }

  /** Whether nothing more can happen without the room itself: the notice is accepted, or a reload continues a session. */
  get needed(): boolean {
    if (this.#room) return false;
    if (this.#state.phase === 'idle') return this.#setup !== null && !this.#stop.signal.aborted;
    return this.#state.phase === 'notice' && this.#consent !== null;
  }

  start(): Promise<void> {
    return (this.#opening ??= this.#open());
  }

  async #open(): Promise<void> {
    const { signal } = this.#stop;
    try {
      const setup = await openSetup(this.#options, signal);
      if (signal.aborted) return;
      this.#setup = setup;
      if (!setup.record) this.#show(this.#notice(setup));
      if (this.#make) await this.#continue();
      else if (setup.record) this.#onNeed();
    } catch (error: unknown) {
      if (signal.aborted) return;
      const failure = await openingFailure(error, this.#options);
      if (signal.aborted) return;
      this.#reports.follow({ type: 'failed', ...failure });
      const { contact, ...rest } = failure;
      this.#show({ phase: 'failed', ...rest, receipts: [], ...(contact ? { contact } : {}) });
    }
  }

  /** Hands over to the room itself, now or as soon as everything before the notice is done. Never rejects. */
  async continueWith(make: MakeRoom): Promise<void> {
    this.#make = make;
    await this.#continue();
  }

  async #continue(): Promise<void> {
    const { phase } = this.#state;
    const over = this.#stop.signal.aborted || phase === 'ended' || phase === 'failed';
    if (!this.#make || !this.#setup || this.#room || over) return;
    const room = this.#make(this.#options);
    // Of the notice everyone knows already; after a reload nobody does.
    if (phase === 'idle') this.#follow(room);
    const opened = room.continueFrom(this.#setup);
    if (phase === 'notice') {
      if ('name' in this.#state) room.rename(this.#state.name);
      for (const id of this.#dismissed) room.dismissProblem(id);
      this.#follow(room);
      this.dispatchEvent(new Event('change'));
      if (this.#consent) room.acceptNotice(this.#consent);
    }
    await opened;
  }

  #follow(room: Room): void {
    this.#room = room;
    for (const attach of this.#attached) attach(room);
    room.addEventListener('change', () => this.dispatchEvent(new Event('change')));
    for (const type of ['phase', 'participant', 'path', 'consent', 'error'] as const)
      room.addEventListener(type, ({ detail }: CustomEvent) => this.dispatchEvent(new CustomEvent(type, { detail })));
  }

  #notice({ invite, policy, configuration, clock }: Setup): RoomState {
    const { role } = invite;
    const { lang = 'de' } = this.#options;
    const name = nameFor(this.#options.name ?? '', { role, policy, lang });
    const problems = clock.isWrong ? [{ id: 1, code: 'clock-wrong' } as const] : [];
    return { phase: 'notice', role, policy, configuration, name, problems };
  }

  #show(next: RoomState): void {
    const previous = this.#state;
    this.#state = Object.freeze(next);
    this.dispatchEvent(new Event('change'));
    for (const event of eventsBetween(previous, next)) this.#emit(this.#reports.detailed(event));
  }

  #emit({ type, detail }: RoomEventInit): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** @throws {ConsultError} `wrong-phase` */
  #require<P extends Phase>(...phases: readonly P[]): Extract<RoomState, { phase: P }> {
    const state = this.#state;
    if (!(phases as readonly Phase[]).includes(state.phase))
      throw new ConsultError('wrong-phase', { detail: state.phase });
    return state as Extract<RoomState, { phase: P }>;
  }

  /** @throws {ConsultError} `wrong-phase`, as the room itself does before the notice is accepted */
  #later(): Room {
    if (!this.#room) throw new ConsultError('wrong-phase', { detail: this.#state.phase });
    return this.#room;
  }

  acceptNotice(consent: Consent): void {
    if (this.#room) return this.#room.acceptNotice(consent);
    this.#require('notice');
    this.#consent ??= consent;
    this.#onNeed();
  }

  declineNotice(): void {
    if (this.#room) return this.#room.declineNotice();
    this.#require('notice');
    this.#end('declined-notice');
  }

  rename(name: string): void {
    if (this.#room) return this.#room.rename(name);
    const state = this.#require('notice');
    const { lang = 'de' } = this.#options;
    this.#show({ ...state, name: nameFor(name, { ...state, lang }) });
  }

  dismissProblem(id: number): void {
    if (this.#room) return this.#room.dismissProblem(id);
    if (this.#state.phase !== 'notice') return;
    this.#dismissed.push(id);
    this.#show({ ...this.#state, problems: this.#state.problems.filter((problem) => problem.id !== id) });
  }

  discard(): void {
    if (this.#room) return this.#room.discard();
    this.#require('idle', 'notice', 'ended', 'failed');
    this.#stop.abort();
  }

  leave(): void {
    if (this.#room) this.#room.leave();
    else this.#end('left');
  }

  quit(): void {
    if (this.#room) this.#room.quit();
    else this.#end('quick-exit');
  }

  #end(reason: EndReason): void {
    const state = this.#state;
    if (this.#stop.signal.aborted || state.phase === 'ended') return;
    clearRecord();
    if (state.phase === 'failed') return;
    this.#setup?.lock.release();
    if (!('configuration' in state)) return this.#stop.abort();
    const { role, configuration } = state as Extract<RoomState, { phase: 'notice' }>;
    this.#show({ phase: 'ended', reason, role, configuration, receipts: [] });
  }

  async guestLink(): Promise<string | null> {
    if (this.#room) return this.#room.guestLink();
    const isOpen = this.#state.phase === 'notice' && this.#state.role === 'host';
    return isOpen && this.#setup ? guestLink(this.#setup.invite, location.href) : null;
  }

  attach(video: HTMLVideoElement, id: string, kind: VideoKind): () => void {
    if (this.#room) return this.#room.attach(video, id, kind);
    let detach: (() => void) | 'waits' | 'over' = 'waits';
    this.#attached.push((room) => {
      if (detach === 'waits') detach = room.attach(video, id, kind);
    });
    return () => {
      if (typeof detach === 'function') detach();
      detach = 'over';
    };
  }

  microphoneLevel(): number {
    return this.#room?.microphoneLevel() ?? 0;
  }

  async reports(): Promise<readonly LinkReport[]> {
    return this.#room?.reports() ?? [];
  }

  async serverReport(): Promise<ServerReport | null> {
    return this.#room?.serverReport() ?? null;
  }

  async openDevices(choice: DevicesChoice): Promise<void> {
    await this.#later().openDevices(choice);
  }

  async useDevices(choice: DevicesChoice): Promise<void> {
    await this.#later().useDevices(choice);
  }

  async switchDevice(choice: DeviceSwitch): Promise<void> {
    await this.#later().switchDevice(choice);
  }

  async setScreen(on: boolean): Promise<void> {
    await this.#later().setScreen(on);
  }

  acceptRules(lang: string): void {
    this.#later().acceptRules(lang);
  }

  declareOccupants(people: readonly string[]): void {
    this.#later().declareOccupants(people);
  }

  join(): void {
    this.#later().join();
  }

  takeOver(): void {
    this.#later().takeOver();
  }

  handOver(id: string): void {
    this.#later().handOver(id);
  }

  nameStandIn(id: string): void {
    this.#later().nameStandIn(id);
  }

  withdrawHandOver(): void {
    this.#later().withdrawHandOver();
  }

  answerHandOver(accept: boolean, id?: string): void {
    this.#later().answerHandOver(accept, id);
  }

  admit(id: string, hash?: string): void {
    this.#later().admit(id, hash);
  }

  admitAll(shown?: readonly Pick<Knock, 'id' | 'hash'>[]): void {
    this.#later().admitAll(shown);
  }

  refuse(id: string, hash?: string): void {
    this.#later().refuse(id, hash);
  }

  renewCode(): void {
    this.#later().renewCode();
  }

  remove(id: string): void {
    this.#later().remove(id);
  }

  mute(id: string): void {
    this.#later().mute(id);
  }

  muteEveryone(): void {
    this.#later().muteEveryone();
  }

  askToUnmute(id: string): void {
    this.#later().askToUnmute(id);
  }

  lock(on: boolean): void {
    this.#later().lock(on);
  }

  setRole(id: string, role: ParticipantRole | null): void {
    this.#later().setRole(id, role);
  }

  endForEveryone(): void {
    this.#later().endForEveryone();
  }

  raiseHand(on: boolean): void {
    this.#later().raiseHand(on);
  }

  askForBreak(on: boolean): void {
    this.#later().askForBreak(on);
  }

  pin(id: string | null): void {
    this.#later().pin(id);
  }

  setLayout(kind: 'grid' | 'speaker'): void {
    this.#later().setLayout(kind);
  }

  acknowledgeOccupants(id: string, hash?: string): void {
    this.#later().acknowledgeOccupants(id, hash);
  }

  answerRelay(accept: boolean, id?: string, lang?: string): void {
    this.#later().answerRelay(accept, id, lang);
  }

  withdrawRelay(): void {
    this.#later().withdrawRelay();
  }

  withdraw(kind: ConsentKind): void {
    this.#later().withdraw(kind);
  }

  goDirect(): void {
    this.#later().goDirect();
  }

  pause(reason: PauseReason): void {
    this.#later().pause(reason);
  }

  resume(): void {
    this.#later().resume();
  }

  setMicrophone(on: boolean): void {
    this.#later().setMicrophone(on);
  }

  setCamera(on: boolean): void {
    this.#later().setCamera(on);
  }

  setBlur(blur: Blur): void {
    this.#later().setBlur(blur);
  }

  sendChat(text: string): void {
    this.#later().sendChat(text);
  }

  resendChat(line: number): void {
    this.#later().resendChat(line);
  }

  setCompared(compared: boolean): void {
    this.#later().setCompared(compared);
  }

  addProblem(code: ErrorCode): void {
    this.#later().addProblem(code);
  }
}
