/** Opens the session of a room, replaces it on take-over and closes it; owns what lives as long as one session. */
import type { FrameWorkerClient } from '../../e2ee/frames/frame-worker-client.ts';
import { frameWorkerFactory } from '../../e2ee/frames/frame-worker-factory.ts';
import { asConsultError, type ErrorCode } from '../../errors.ts';
import { mendWebRtc } from '../../peer/webrtc-adapter.ts';
import { failureOf } from '../messages/handler-errors.ts';
import { declare, type Declared } from '../consent/declaration.ts';
import { tracksTo, type Streams } from '../state/effects.ts';
import type { RoomInput } from '../state/actions.ts';
import { relayTermsHash } from '../relay/relay-terms.ts';
import { awaitMatchingConfiguration } from '../setup/configuration-check.ts';
import type { CodeRecord, Lead, ReloadRecord, RoomRecord } from '../setup/reload-record.ts';
import type { RoomOptions, Setup } from '../setup/setup.ts';
import { isSession, type Role, type RoomState, type ViewSize } from '../state/state.ts';
import { part } from '../../util/part.ts';
import { signalingUrl } from '../setup/signaling.ts';
import type { Session } from './session.ts';
import type { LeadChange } from './leadership-options.ts';
import type { SessionOptions } from './session-options.ts';

/** Milliseconds until a part that could not be loaded is tried again, doubled with every failure up to the last. */
const RETRY = { first: 1_000, last: 30_000 } as const;

const loadFile = part(() => import('./session-part.ts'));

const loadSession = part(async () => {
  const session = await loadFile();
  await session.preparePoints();
  return session;
});

/** With what this role needs of it. */
async function loadSessionAs(role: Role): ReturnType<typeof loadSession> {
  const session = await loadSession();
  await Promise.all([session.prepareLobby(role), ...(role === 'host' ? [session.loadHostCode()] : [])]);
  return session;
}

export interface SessionOpenerOptions {
  readonly setup: Setup;
  readonly options: RoomOptions;
  state(): RoomState;
  report(input: RoomInput): void;
  tracks(): Readonly<Record<keyof Streams, MediaStreamTrack | null>>;
  /** How large this page shows a participant's camera; null where it never did. */
  viewOf(id: string): ViewSize | null;
  onConnection(connection: RTCPeerConnection): void;
  /** A reload has to know more than before. */
  onRecord(): void;
}

export class SessionOpener {
  readonly #o: SessionOpenerOptions;
  #session: Promise<Session> | null = null;
  #opened: Session | null = null;
  /** Aborts an opening session that is no longer wanted. */
  #opening: AbortController | null = null;
  #frames: FrameWorkerClient | null = null;
  #declared: Declared | null = null;
  #admitted: ReloadRecord['admitted'];
  /** Host: the room before a reload, or a hand-over. */
  #room: RoomRecord | null;
  /** Of the sessions before this one: a code that was guessed at begins afresh for nobody's hand-over. */
  #code: CodeRecord | null;
  /** Null until the room changes hands. */
  #lead: Lead | null;

  constructor(o: SessionOpenerOptions) {
    this.#o = o;
    this.#admitted = o.setup.record?.admitted ?? null;
    this.#room = o.setup.record?.room ?? null;
    this.#code = o.setup.record?.code ?? null;
    this.#lead = o.setup.record?.lead ?? null;
  }

  /** The session, possibly still opening; null before and after. */
  get session(): Promise<Session> | null {
    return this.#session;
  }

  /** The session once it is open, for callers that need an answer at once. */
  get opened(): Session | null {
    return this.#opened;
  }

  /** Guests: the proof of our admission, for a reload. */
  get admitted(): ReloadRecord['admitted'] {
    return this.#admitted;
  }

  /** Host: the room as a reload has to know it; what was restored, as long as nothing newer is open. */
  get room(): RoomRecord | null {
    return this.role === 'host' ? (this.#opened?.roomRecord() ?? this.#room) : null;
  }

  /** Holder of the host key: which code counts, also while another one leads. */
  get code(): CodeRecord | null {
    return this.#opened?.code?.record ?? this.#code;
  }

  /** Our role: the invite's, until the room changes hands (protocol.md §13). */
  get role(): Role {
    return this.#lead?.role ?? this.#o.setup.invite.role;
  }

  /** What a reload has to know of a hand-over. */
  get lead(): Lead | null {
    return this.#lead;
  }

  /** Makes the declaration that the session sends [R13]. */
  async declare(people: readonly string[]): Promise<Declared> {
    this.#declared = await declare(people);
    return this.#declared;
  }

  /** Loads what a session needs, before it is wanted. Where that fails, {@link start} tries again. */
  prepare(): void {
    loadSessionAs(this.role).catch(() => undefined);
  }

  start(entry: SessionOptions['entry'] = 'join'): void {
    const opening = new AbortController();
    this.#opening = opening;
    const session = this.#open(entry, opening.signal);
    this.#session = session;
    session
      .then((opened) => {
        if (this.#session === session) this.#opened = opened;
      })
      .catch((error: unknown) => {
        // A session that was replaced must not end its successor.
        if (this.#session === session) this.#o.report({ type: 'failed', ...failureOf(error) });
      });
  }

  /** Guests accept only a higher incarnation than the last one, so a take-over opens a new session. */
  takeOver(): void {
    // What this device knew of the room is from before the other one had it.
    this.#room = null;
    this.#restart('take-over');
  }

  /** Opens a new session in place of this one; what the person declared and what the room knows of them stay. */
  #restart(entry: SessionOptions['entry']): void {
    const kept = [this.#declared, this.#admitted, this.#room, this.code, this.#lead] as const;
    this.stop('none');
    [this.#declared, this.#admitted, this.#room, this.#code, this.#lead] = kept;
    this.start(entry);
  }

  #onLead({ lead, admitted, room, how }: LeadChange): void {
    this.#lead = lead;
    this.#admitted = admitted ?? this.#admitted;
    if (how === 'keep') return this.#o.onRecord();
    this.#room = room;
    // Before the report: it saves the record of the new role.
    this.#code = this.code;
    this.#opened = null;
    this.#o.report({ type: 'role-changed', role: lead.role });
    this.#restart(lead.role === 'host' ? 'take-over' : 'join');
  }

  stop(goodbye: 'none' | 'leave' | 'end-room'): void {
    const frames = this.#frames;
    const session = this.#session;
    this.#opening?.abort();
    this.#session = null;
    this.#opened = null;
    this.#frames = null;
    this.#declared = null;
    this.#admitted = null;
    this.#room = null;
    this.#code = null;
    this.#lead = null;
    // The keys are deleted even where the session never opened, or cannot say goodbye.
    void (session ?? Promise.resolve(null))
      .then((opened) => opened?.close(goodbye))
      .catch(() => undefined)
      .finally(() => frames?.close());
  }

  /** Tries until the session is no longer wanted: people see the problem, and need not do anything. */
  async #load(signal: AbortSignal): ReturnType<typeof loadSession> {
    for (let pause: number = RETRY.first; ; pause = Math.min(pause * 2, RETRY.last)) {
      try {
        return await loadSessionAs(this.role);
      } catch (error: unknown) {
        if (pause === RETRY.first)
          this.#o.report({ type: 'problem', code: asConsultError(error, 'part-unavailable').code });
        await new Promise((resolve) => setTimeout(resolve, pause));
        signal.throwIfAborted();
      }
    }
  }

  async #open(entry: SessionOptions['entry'], signal: AbortSignal): Promise<Session> {
    const { setup, options, report, onConnection, viewOf } = this.#o;
    const { keys, policy, configuration } = setup;
    const invite = { ...setup.invite, role: this.role };
    const lead = this.#lead;
    const [{ authorityOf, channelMaker, createChannel, FrameWorkerClient, Session }, createWorker] = await Promise.all([
      this.#load(signal),
      frameWorkerFactory(options.workerUrl),
    ]);
    signal.throwIfAborted();
    const url = signalingUrl(options.signaling);
    if (url) {
      const onUnreachable = (problem: { readonly code: ErrorCode; readonly detail: string }): void =>
        report({ type: 'problem', ...problem });
      await awaitMatchingConfiguration({ signaling: url, shown: configuration, signal, onUnreachable });
    }
    const frames = new FrameWorkerClient({ createWorker });
    this.#frames = frames;
    const [make] = await Promise.all([channelMaker(url), frames.ready, mendWebRtc()]);
    const authority = await authorityOf(setup, lead);
    const state = this.#o.state();
    return Session.open({
      invite,
      keys,
      policy,
      configuration,
      now: setup.clock.now,
      frames,
      entry,
      report,
      onConnection,
      viewOf,
      name: 'name' in state ? state.name : '',
      relayTerms: await relayTermsHash(configuration, policy.relay),
      admitted: this.#admitted,
      authority,
      lead,
      room: invite.role === 'host' ? this.#room : null,
      codeBefore: this.#code,
      channel: (onEvent) =>
        createChannel(make, setup, invite.role === 'host' ? authority : null, lead?.since ?? 0, onEvent),
      state: () => sessionOf(this.#o.state()),
      declaration: () => this.#declared?.declaration ?? null,
      tracksTo: (id) => tracksTo(this.#o.state(), id, this.#o.tracks()),
      onRemember: (admitted) => {
        this.#admitted = admitted;
        this.#o.onRecord();
      },
      onRoom: (room) => {
        if (signal.aborted) return;
        this.#room = room;
        this.#o.onRecord();
      },
      onLead: (change) => {
        if (!signal.aborted) this.#onLead(change);
      },
    });
  }
}

function sessionOf(state: RoomState) {
  return isSession(state) ? state : null;
}
