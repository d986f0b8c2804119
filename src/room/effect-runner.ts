/**
 * Carries out what `effects.ts` asks: devices, the session, the guard, the wake lock, the record. Each command ends in a report
 * to the room or in nothing; none changes a state.
 */
import { FrameWorkerClient } from '../e2ee/frames/frame-worker-client.ts';
import { asConsultError } from '../errors.ts';
import { CaptureGuard } from '../guard/recording.ts';
import { ReplayWatch } from '../guard/replay-watch.ts';
import { WakeLock } from '../media/wake-lock.ts';
import { awaitMatchingConfiguration } from './setup/configuration-check.ts';
import { createChannel, signalingUrl } from './setup/signaling.ts';
import { declare, type Declared } from './consent/declaration.ts';
import { tracksTo, type Command } from './state/effects.ts';
import type { Resumed, RoomInput } from './state/actions.ts';
import type { Setup, RoomOptions } from './setup/setup.ts';
import { PathForecaster } from './setup/path-forecast.ts';
import { LocalMedia } from './media/local-media.ts';
import { clearRecord, saveRecord, type ReloadRecord } from './setup/reload-record.ts';
import { Receipts } from './consent/receipts.ts';
import { relayTermsHash } from './relay/relay-terms.ts';
import { Session } from './session/session.ts';
import type { SessionOptions } from './session/session-options.ts';
import { isSession, type RoomState } from './state/state.ts';
import type { DataMessage } from './messages/messages.ts';

export interface EffectRunnerOptions {
  readonly opening: Setup;
  readonly options: RoomOptions;
  state(): RoomState;
  report(input: RoomInput): void;
  onSession(session: Session | null): void;
}

export class EffectRunner {
  readonly media: LocalMedia;
  readonly receipts: Receipts;
  readonly #o: EffectRunnerOptions;
  readonly #guard = new CaptureGuard({
    onRefused: () => this.#o.report({ type: 'problem', code: 'recording-refused' }),
  });
  readonly #replay: ReplayWatch;
  readonly #awake = new WakeLock();
  readonly #forecast: PathForecaster;
  #session: Promise<Session> | null = null;
  #opened: Session | null = null;
  /** Ends the attempts to open a session that is not wanted any more. */
  #begun: AbortController | null = null;
  #frames: FrameWorkerClient | null = null;
  #declared: Declared | null = null;
  #admitted: ReloadRecord['admitted'];

  constructor(o: EffectRunnerOptions) {
    this.#o = o;
    this.#admitted = o.opening.record?.admitted ?? null;
    const { replayRecorders } = o.opening.policy;
    this.#replay = new ReplayWatch((runs) => {
      if (replayRecorders === 'refuse') o.report({ type: 'recorder', runs });
      else if (replayRecorders === 'warn' && runs === 'yes')
        o.report({ type: 'problem', code: 'replay-recorder-found' });
    });
    this.#forecast = new PathForecaster(o.opening.configuration, (forecast) =>
      o.report({ type: 'forecast', forecast }),
    );
    this.receipts = new Receipts({
      configuration: o.opening.configuration,
      policy: o.opening.policy,
      role: o.opening.invite.role,
      lang: o.options.lang ?? 'de',
      restored: o.opening.record?.receipts ?? null,
      leafKey: () => this.#opened?.leafKey() ?? null,
      report: (receipt) => o.report({ type: 'receipt', receipt }),
      onProblem: (error) => o.report({ type: 'problem', code: asConsultError(error, 'argument-invalid').code }),
    });
    this.media = new LocalMedia({ report: (input) => o.report(input) });
  }

  /** The running session; null before and after. */
  get session(): Promise<Session> | null {
    return this.#session;
  }

  async declare(people: readonly string[]): Promise<Declared> {
    this.#declared = await declare(people);
    return this.#declared;
  }

  /** What a reload brings back; null where there is nothing, or nothing young enough. */
  async record(): Promise<Resumed | null> {
    const { record } = this.#o.opening;
    if (!record) return null;
    const { occupants } = await this.declare(record.people);
    const { consent, rules, choice, receipts, shown } = record;
    return { consent, rules, receipts: receipts?.list ?? [], choice, occupants, shown };
  }

  run(command: Command): void {
    switch (command.type) {
      case 'open-devices':
        return void this.media.open(command.choice);
      case 'use-devices':
        return void this.media.use(command.use);
      case 'soften':
        return void this.media.blur(command.blur);
      case 'close-devices':
        return this.media.close();
      case 'look-ahead':
        return this.#forecast.start();
      case 'stop-looking':
        return this.#forecast.stop();
      case 'start-session':
        return this.#start();
      case 'stop-session':
        return this.#stop(command.goodbye);
      case 'take-over':
        return this.#takeOver();
      case 'stop-sharing':
        return this.media.stopScreen();
      case 'stream-to':
        return void this.#session?.then((session) => session.mesh.refreshTracks(command.id));
      case 'tell-media':
        return void this.#session?.then((session) => session.telling.media(command.media));
      case 'tell-declaration':
        return void this.#session?.then((session) => session.telling.declaration());
      case 'tell-refused':
        return void this.#session?.then((session) => session.telling.refused());
      case 'keep-awake':
        return void this.#awake.acquire();
      case 'let-sleep':
        return void this.#awake.release();
      case 'remember':
        return this.#remember();
      case 'forget':
        return clearRecord();
    }
  }

  /** Our own picture, to be shown here and read by nobody. */
  ownStream(kind: 'camera' | 'screen'): MediaStream | null {
    const stream = this.media.stream(kind);
    if (stream) this.#guard.protectOwn(stream);
    return stream;
  }

  /** Our own share button: the guard lets this one call of `getDisplayMedia` through. */
  startScreen(): Promise<void> {
    return this.media.startScreen((start) => this.#guard.allow(start));
  }

  #start(entry: SessionOptions['entry'] = 'join'): void {
    this.#guard.start();
    this.#replay.start();
    this.#begun = new AbortController();
    const session = this.#open(entry, this.#begun.signal);
    this.#session = session;
    session
      .then((open) => (this.#session === session ? this.#follow(open) : undefined))
      .catch((error: unknown) => {
        // One that was given up for another must not end that.
        if (this.#session === session)
          this.#o.report({ type: 'failed', code: asConsultError(error, 'signaling-unreachable').code });
      });
  }

  /** Guests believe only an incarnation above the last one, so the session begins anew instead of going on. */
  #takeOver(): void {
    const declared = this.#declared;
    this.#stop('none');
    this.#declared = declared;
    this.#start('take-over');
  }

  #follow(session: Session): void {
    this.#opened = session;
    this.#o.onSession(session);
  }

  async #open(entry: SessionOptions['entry'], signal: AbortSignal): Promise<Session> {
    const { opening, options } = this.#o;
    const { invite, keys, policy, configuration } = opening;
    const url = signalingUrl(options.signaling);
    if (url) {
      const onUnreachable = (): void => this.#o.report({ type: 'problem', code: 'signaling-unreachable' });
      await awaitMatchingConfiguration({ signaling: url, shown: configuration, signal, onUnreachable });
    }
    const frames = new FrameWorkerClient(options.workerUrl === undefined ? {} : { workerUrl: options.workerUrl });
    this.#frames = frames;
    await frames.ready;
    const state = this.#o.state();
    return Session.open({
      invite,
      keys,
      policy,
      configuration,
      frames,
      entry,
      name: 'name' in state ? state.name : '',
      relayTerms: await relayTermsHash(configuration, policy.relay),
      credentials: this.#admitted?.credentials ?? null,
      lastIncarnation: this.#admitted?.incarnation ?? null,
      channel: (onEvent) => createChannel(url, opening, onEvent),
      state: () => sessionOf(this.#o.state()),
      report: (input) => this.#o.report(input),
      declaration: () => this.#declared?.declaration ?? null,
      tracksTo: (id) => tracksTo(this.#o.state(), id, this.media.tracks),
      onStream: (stream) => this.#guard.protect(stream),
      onData: (id, message) => this.#onData(id, message),
      onRemember: (admitted) => {
        this.#admitted = admitted;
        this.#remember();
      },
    });
  }

  #stop(goodbye: 'none' | 'own' | 'whole'): void {
    const frames = this.#frames;
    const session = this.#session;
    this.#begun?.abort();
    this.#session = null;
    this.#opened = null;
    this.#o.onSession(null);
    this.#frames = null;
    this.#declared = null;
    this.#admitted = null;
    this.#guard.stop();
    this.#replay.stop();
    // Even where the session never opened, or cannot say goodbye, the keys go.
    void (session ?? Promise.resolve(null))
      .then((open) => open?.close(goodbye))
      .catch(() => undefined)
      .finally(() => frames?.close());
  }

  #onData(id: string, message: DataMessage): void {
    const state = sessionOf(this.#o.state());
    const from = state?.participants.find((participant) => participant.id === id);
    if (from) this.#o.report({ type: 'chat', line: { from: id, name: from.name, text: message.text, at: Date.now() } });
  }

  #remember(): void {
    const state = sessionOf(this.#o.state());
    if (!state) return;
    const { key } = this.receipts;
    saveRecord({
      invite: this.#o.opening.token,
      name: state.name,
      consent: state.consent,
      rules: state.rules,
      receipts: key && { key, list: state.receipts },
      choice: state.devices.choice,
      people: state.occupants.people,
      shown: { camera: state.media.camera, microphone: state.media.microphone, blur: state.devices.blur },
      admitted: this.#admitted,
    });
  }
}

function sessionOf(state: RoomState) {
  return isSession(state) ? state : null;
}
