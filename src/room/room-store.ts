/**
 * What moves a room: one state, one way to change it, and the services that the state asks for. What people can do is in
 * `room.ts`.
 */
import { asConsultError, ConsultError } from '../errors.ts';
import { runAt } from '../util/run-at.ts';
import { effects } from './state/effects.ts';
import type { RoomInput } from './state/actions.ts';
import { nameFor } from './state/display-name.ts';
import { eventsBetween } from './state/room-events.ts';
import type { Setup, RoomOptions } from './setup/setup.ts';
import type { RoomInterface } from './room-api.ts';
import { INITIAL, reduce } from './state/reducer.ts';
import { SerialQueue } from '../util/serial-queue.ts';
import { EffectRunner } from './effect-runner.ts';
import type { Session } from './session/session.ts';
import type { Phase, RoomState } from './state/state.ts';

export class RoomStore extends EventTarget {
  // Only types: the listeners get the events of a room.
  declare addEventListener: RoomInterface['addEventListener'];
  declare removeEventListener: RoomInterface['removeEventListener'];
  protected readonly options: RoomOptions;
  protected services: EffectRunner | null = null;
  /** Once it is open; for what must answer at once. */
  protected session: Session | null = null;
  /** Actions that need a digest or a device run one after the other, so that `declareOccupants(); join()` does what it says. */
  readonly #actions = new SerialQueue();
  readonly #inputs: RoomInput[] = [];
  #state: RoomState = INITIAL;
  #reducing = false;
  /** Rooms end with their invite, on every side. */
  #expiry: (() => void) | null = null;
  readonly #stop = new AbortController();

  constructor(options: RoomOptions = {}) {
    super();
    this.options = options;
  }

  get state(): RoomState {
    return this.#state;
  }

  /** Aborted as soon as the room is to do nothing more. */
  protected get stopped(): AbortSignal {
    return this.#stop.signal;
  }

  protected get lang(): string {
    return this.options.lang ?? 'de';
  }

  protected stop(): void {
    this.#stop.abort();
    this.#expiry?.();
  }

  protected begin(opening: Setup): void {
    const { invite, policy, configuration, record } = opening;
    this.services = new EffectRunner({
      opening,
      options: this.options,
      state: () => this.#state,
      report: (input) => this.dispatch(input),
      onSession: (session) => {
        this.session = session;
      },
    });
    const { role } = invite;
    const name = record?.name ?? nameFor(this.options.name ?? '', { role, policy, lang: this.lang });
    this.dispatch({ type: 'configured', role, policy, configuration, name });
    this.#expiry = runAt(invite.expires, () => this.dispatch({ type: 'failed', code: 'invite-expired' }));
  }

  protected act(action: (services: EffectRunner) => Promise<void>): void {
    const services = this.services;
    if (services) void this.#actions.run(() => action(services)).catch((error: unknown) => this.#report(error));
  }

  protected inSession(action: (session: Session) => Promise<void>): void {
    this.requireSession();
    this.act(async (services) => {
      const session = await services.session;
      if (session) await action(session);
    });
  }

  #report(error: unknown): void {
    this.dispatch({ type: 'problem', code: asConsultError(error, 'action-failed').code });
  }

  /** @throws {ConsultError} `wrong-phase` */
  protected require<P extends Phase>(...phases: readonly P[]): Extract<RoomState, { phase: P }> {
    const state = this.#state;
    if (!(phases as readonly Phase[]).includes(state.phase))
      throw new ConsultError('wrong-phase', { detail: state.phase });
    return state as Extract<RoomState, { phase: P }>;
  }

  protected requireSession() {
    return this.require('waiting', 'connecting', 'active', 'paused');
  }

  /** Inputs are taken one at a time: a service that reports while it is being started waits its turn. */
  protected dispatch(input: RoomInput): void {
    if (this.stopped.aborted) return;
    this.#inputs.push(input);
    if (this.#reducing) return;
    this.#reducing = true;
    try {
      for (let next = this.#inputs.shift(); next; next = this.#inputs.shift()) this.#step(next);
    } finally {
      // A service that breaks must not leave a room that takes nothing in any more, not even «leave».
      this.#reducing = false;
    }
  }

  #step(input: RoomInput): void {
    const previous = this.#state;
    const next = reduce(previous, input);
    if (next === previous) return;
    this.#state = Object.freeze(next);
    if (next.phase === 'ended' || next.phase === 'failed') this.#expiry?.();
    this.services?.receipts.follow(previous, next);
    for (const command of effects(previous, next)) this.services?.run(command);
    this.dispatchEvent(new Event('change'));
    for (const { type, detail } of eventsBetween(previous, next)) this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
