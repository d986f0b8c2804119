/**
 * Carries out the commands of `state/effects.ts` with the services: devices, session, guards, wake lock, reload record. A
 * service reports back to the store; none changes the state.
 */
import { asConsultError, type ErrorCode } from '../errors.ts';
import type { Unavailable } from '../media/capture.ts';
import { WakeLock } from '../media/wake-lock.ts';
import { Receipts } from './consent/receipts.ts';
import type { VideoKind } from './media/attachments.ts';
import { LocalMedia } from './media/local-media.ts';
import { PageGuard } from './media/page-guard.ts';
import { codeOfHandlerError } from './messages/handler-errors.ts';
import type { Session } from './session/session.ts';
import { SessionOpener } from './session/session-opener.ts';
import type { ServerReport } from './held/held-by-server.ts';
import { guestLink } from './setup/invite-address.ts';
import { PathForecaster } from './setup/path-forecast.ts';
import { clearRecord } from './setup/record-storage.ts';
import { saveRecord, touchRecord } from './setup/save-record.ts';
import type { RoomOptions, Setup } from './setup/setup.ts';
import { signalingUrl } from './setup/signaling.ts';
import { part } from '../util/part.ts';
import { whenIdle } from '../util/when-idle.ts';
import type { Resumed, RoomInput } from './state/actions.ts';
import type { Command } from './state/effects.ts';
import { isSession, type RoomState, type SessionState, type ViewSize } from './state/state.ts';

const loadAsking = part(() => import('./held/ask-server.ts'));

/** Milliseconds between two signs of life in the reload record: less than the shortest grace time. */
const TOUCH_EVERY = 5_000;

export interface EffectRunnerOptions {
  readonly setup: Setup;
  readonly options: RoomOptions;
  state(): RoomState;
  report(input: RoomInput): void;
  /** How large this page shows a participant's camera; null where it never did. */
  viewOf(id: string): ViewSize | null;
  /** For the site, not for the person: what only the site can change. */
  tellSite(code: ErrorCode, detail: string, event?: 'now' | 'follows'): void;
}

const UNAVAILABLE: Readonly<Record<Unavailable, string>> = {
  'no-api': 'navigator.mediaDevices is missing: the page needs HTTPS and a full browser',
  frame: 'the frame needs allow="camera; microphone"',
};

export class EffectRunner {
  readonly media: LocalMedia;
  readonly receipts: Receipts;
  readonly sessions: SessionOpener;
  readonly #o: EffectRunnerOptions;
  readonly #guard: PageGuard;
  readonly #wakeLock = new WakeLock();
  readonly #forecast: PathForecaster;
  /** Aborted with the session. */
  #alive: AbortController | null = null;

  constructor(o: EffectRunnerOptions) {
    this.#o = o;
    const { setup, options, state, report, tellSite } = o;
    const { configuration, policy, invite, record } = setup;
    this.media = new LocalMedia({ report, onUnavailable: (why) => tellSite('devices-unavailable', UNAVAILABLE[why]) });
    this.#guard = new PageGuard({ replayRecorders: policy.replayRecorders, report, tellSite });
    this.#forecast = new PathForecaster(configuration, (forecast) => report({ type: 'forecast', forecast }));
    this.sessions = new SessionOpener({
      setup,
      options,
      state,
      report,
      tracks: () => this.media.tracks,
      onConnection: (connection) => this.#guard.protectConnection(connection),
      viewOf: (id) => o.viewOf(id),
      onRecord: () => this.#saveRecord(),
    });
    whenIdle(() => this.sessions.prepare());
    this.receipts = new Receipts({
      configuration,
      policy,
      role: invite.role,
      lang: options.lang ?? 'de',
      restored: record?.receipts ?? null,
      leafKey: () => this.sessions.opened?.leafKey() ?? null,
      report: (receipt) => report({ type: 'receipt', receipt }),
      onProblem: (error) => report({ type: 'problem', code: codeOfHandlerError(error) }),
    });
  }

  async guestLink(base: string): Promise<string | null> {
    return this.sessions.role === 'host' ? guestLink(this.#o.setup.invite, base) : null;
  }

  /** @throws {ConsultError} `part-unavailable` */
  async serverReport(): Promise<ServerReport | null> {
    const { setup, options, state } = this.#o;
    const url = signalingUrl(options.signaling);
    if (!url || !isSession(state())) return null;
    const isOnline = (): boolean => {
      const now = state();
      return isSession(now) && now.signaling === 'online';
    };
    const { askServer } = await loadAsking();
    return askServer(url, { ...setup, isOnline, now: setup.clock.now });
  }

  /** What a reload restores; null where there is no record, or it is too old. */
  async restored(): Promise<Resumed | null> {
    const { record } = this.#o.setup;
    if (!record) return null;
    const { occupants } = await this.sessions.declare(record.people);
    const { consent, rules, choice, receipts, shown } = record;
    return {
      consent,
      rules,
      receipts: receipts?.list ?? [],
      choice,
      occupants,
      shown,
      locked: record.room?.locked ?? false,
    };
  }

  run(command: Command): void {
    switch (command.type) {
      case 'open-devices':
        this.#guard.startCapture();
        return this.#watch(this.media.open(command.choice));
      case 'use-devices':
        return this.#watch(this.media.use(command.use));
      case 'resize':
        return this.media.resize(command.size);
      case 'blur':
        return this.#watch(this.media.blur(command.blur));
      case 'close-devices':
        this.#guard.stop();
        return this.media.close();
      case 'stop-sharing':
        return this.media.stopScreen();
      case 'start-forecast':
        return this.#forecast.start();
      case 'stop-forecast':
        return this.#forecast.stop();
      case 'start-session':
        this.#guard.start();
        this.#keepAlive();
        return this.sessions.start();
      case 'take-over':
        return this.sessions.takeOver();
      case 'stop-session':
        this.#guard.stop();
        this.#alive?.abort();
        return this.sessions.stop(command.goodbye);
      case 'stream-to':
        return this.#inSession((session) => session.mesh.refreshTracks(command.id));
      case 'announce':
        return this.#inSession((session) => session.sender.announce(command));
      case 'ask-for-break':
        return this.#inSession((session) => session.signs.askForBreak());
      case 'unlock':
        return this.#inSession((session) => session.unlock());
      case 'keep-awake':
        return this.#watch(this.#wakeLock.acquire());
      case 'let-sleep':
        return this.#watch(this.#wakeLock.release());
      case 'remember':
        return this.#saveRecord();
      case 'forget':
        return clearRecord();
    }
  }

  /** The stream of a participant, or our own (`self`), to be shown in this page and recorded by nobody. */
  stream(id: string, kind: VideoKind): MediaStream | null {
    if (id !== 'self') return this.sessions.opened?.stream(id, kind) ?? null;
    const stream = this.media.stream(kind);
    if (stream) this.#guard.protectOwn(stream);
    return stream;
  }

  /** This page shows a participant's camera in another size than before. */
  tellView(id: string): void {
    this.#inSession((session) => session.signs.tellView(id));
  }

  /** Shows a stream in a video, or nothing. */
  show(video: HTMLVideoElement, stream: MediaStream | null): 'shown' | 'refused' {
    return this.#guard.show(video, stream);
  }

  /** Lets the person choose a screen, and shows it if nobody has come in meanwhile. Never rejects: a refusal is a problem. */
  async shareScreen({ occupants }: SessionState): Promise<void> {
    // A new declaration means that someone came in.
    const isWanted = (): boolean => {
      const state = this.#o.state();
      return isSession(state) && state.phase !== 'paused' && state.occupants === occupants;
    };
    try {
      const outcome = await this.media.startScreen((start) => this.#guard.allow(start), isWanted);
      if (outcome === 'shown') this.#o.report({ type: 'media', media: { screen: true } });
    } catch (error: unknown) {
      this.#o.report({ type: 'problem', code: asConsultError(error, 'screen-denied').code });
    }
  }

  /** A session that does not open reports that itself; what fails in an open one is a fault of ours. */
  #inSession(action: (session: Session) => void): void {
    const { session } = this.sessions;
    if (session)
      this.#watch(
        session.then(
          (opened) => action(opened),
          () => undefined,
        ),
      );
  }

  #watch(work: Promise<void>): void {
    work.catch((error: unknown) => this.#o.report({ type: 'problem', code: codeOfHandlerError(error) }));
  }

  /** While a session lives, its record stays young and its tab keeps the lock. */
  #keepAlive(): void {
    const { lock } = this.#o.setup;
    const alive = new AbortController();
    this.#alive = alive;
    this.#watch(lock.acquire().then(() => undefined));
    const timer = setInterval(touchRecord, TOUCH_EVERY);
    // Timers of hidden pages are held back; a page that goes says so.
    globalThis.addEventListener('pagehide', () => touchRecord(), { signal: alive.signal });
    alive.signal.addEventListener('abort', () => {
      clearInterval(timer);
      lock.release();
    });
  }

  #saveRecord(): void {
    const state = this.#o.state();
    if (!isSession(state)) return;
    const { key } = this.receipts;
    saveRecord({
      tab: this.#o.setup.lock.tab,
      invite: this.#o.setup.token,
      name: state.name,
      consent: state.consent,
      rules: state.rules,
      receipts: key && { key, list: state.receipts },
      choice: state.devices.choice,
      people: state.occupants.people,
      shown: { camera: state.media.camera, microphone: state.media.microphone, blur: state.devices.blur },
      admitted: this.sessions.admitted,
      lead: this.sessions.lead,
      room: this.sessions.room,
      code: this.sessions.code,
    });
  }
}
