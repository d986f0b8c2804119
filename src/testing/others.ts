/** The other people of a `ScriptedRoom`, as its script moves them. */
import { ConsultError } from '../errors.ts';
import type { MediaNotice } from '../room/messages/messages.ts';
import type { RoomInput } from '../room/state/actions.ts';
import {
  isSession,
  WRONG_CODES,
  type Knock,
  type Participant,
  type RoomState,
  type SessionState,
} from '../room/state/state.ts';
import {
  arrivals,
  connected,
  departure,
  disconnected,
  freeId,
  settled,
  streaming,
  type Newcomer,
} from './others-inputs.ts';
import { knock } from './snapshots.ts';

export interface Stage {
  state(): RoomState;
  take(inputs: readonly RoomInput[]): void;
}

/**
 * What the others do. All methods need a session, from `waiting` on.
 *
 * @throws {ConsultError} `wrong-phase` outside a session; `argument-invalid` for a person who is not there
 */
export class Others {
  readonly #stage: Stage;

  /** @internal A `ScriptedRoom` has one. */
  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /**
   * Someone comes in, connected and encrypted; for voice and picture `acknowledgeOccupants(id)` is missing. To a guest the
   * first one is the host.
   *
   * @returns the participant id
   */
  enter(newcomer: Newcomer = {}): string {
    const state = this.#session();
    const id = newcomer.id ?? freeId(state);
    if (state.participants.some((one) => one.id === id)) throw invalid(`enter: ${id} is here already`);
    this.#stage.take([{ type: 'knocking', knocking: 'admitted' }, ...arrivals(state, [{ ...newcomer, id }])]);
    return id;
  }

  /**
   * Host: a guest knocks. `admit(id)` lets them in.
   *
   * @returns the id of the knock, and of the participant later
   */
  knock(changes: Partial<Knock> = {}): string {
    const state = this.#session();
    if (state.role !== 'host') throw invalid('knock: guests see no knocks');
    const id = changes.id ?? freeId(state);
    this.#stage.take([{ type: 'knocked', knock: knock({ ...changes, id }) }]);
    return id;
  }

  /** Host: a stranger types a wrong code; the fifth voids it, and `renewCode()` makes another. */
  mistypeCode(): void {
    const { code } = this.#session();
    if (code?.step !== 'open') throw invalid('mistypeCode: no code is open');
    const wrong = code.wrong + 1;
    const isVoid = wrong >= WRONG_CODES;
    this.#stage.take([
      { type: 'code', code: { ...code, wrong, step: isVoid ? 'used-up' : 'open' } },
      ...(isVoid ? [{ type: 'problem', code: 'code-used-up' } as const] : []),
    ]);
  }

  /** They leave. */
  leave(id: string): void {
    this.#one(id);
    this.#stage.take(departure(this.#session(), id));
  }

  /** They write a chat line. */
  say(id: string, text: string): void {
    this.#one(id);
    this.#stage.take([{ type: 'chat', from: id, text, at: Date.now() }]);
  }

  /** They turn something on or off, or pause. */
  show(id: string, changes: Partial<MediaNotice>): void {
    const { media: before, acknowledged } = this.#one(id);
    const media = { ...before, ...changes };
    const streams = acknowledged.byUs ? streaming(id, media) : [];
    this.#stage.take([{ type: 'their-media', id, media }, ...streams]);
  }

  /** They begin to speak, or stop. */
  speak(id: string, speaking: boolean): void {
    this.#one(id);
    this.#stage.take([{ type: 'speaking', id, speaking }]);
  }

  /** They raise a hand, or lower it. */
  raiseHand(id: string, raised: boolean): void {
    this.#one(id);
    this.#stage.take([{ type: 'their-hand', id, raised }]);
  }

  /** Host: they need a break, or no longer. */
  askForBreak(id: string, wanted: boolean): void {
    this.#one(id);
    this.#stage.take([{ type: 'their-break', id, wanted }]);
  }

  /** They declare other people in their room, which has to be acknowledged again. */
  declare(id: string, people: readonly string[]): void {
    const { occupants } = this.#one(id);
    this.#stage.take([{ type: 'their-occupants', id, occupants: { people, hash: `${occupants?.hash ?? id} again` } }]);
  }

  /** Their connection is weak, or good again. */
  weaken(id: string, quality: Participant['quality']): void {
    this.#one(id);
    this.#stage.take([{ type: 'quality', id, quality }]);
  }

  /** The link to them is interrupted, or has failed. */
  disconnect(id: string, connection: 'interrupted' | 'failed'): void {
    this.#one(id);
    this.#stage.take(disconnected(id, connection));
  }

  /** The link to them is up again. */
  reconnect(id: string): void {
    const { relay } = this.#one(id);
    this.#stage.take(connected(id, relay.step === 'granted' ? 'relay' : 'direct'));
  }

  /** No direct path to them: the relay question opens on both sides. */
  askForRelay(id: string): void {
    this.#one(id);
    this.#stage.take([...disconnected(id, 'connecting'), ...settled(id, 'open', 'open')]);
  }

  /** They answer the relay question. It takes two to say yes. */
  answerRelay(id: string, accept: boolean): void {
    const { relay } = this.#one(id);
    if (relay.step !== 'asked') throw invalid(`answerRelay: ${id} was not asked`);
    this.#stage.take(settled(id, relay.ours, accept ? 'yes' : 'no'));
  }

  /** The host turns our microphone off. */
  muteUs(): void {
    this.#session();
    this.#stage.take([{ type: 'host-about-microphone', order: 'mute' }]);
  }

  /** The host asks us to turn our microphone on. */
  askUsToUnmute(): void {
    this.#session();
    this.#stage.take([{ type: 'host-about-microphone', order: 'unmute-request' }]);
  }

  #session(): SessionState {
    const state = this.#stage.state();
    if (!isSession(state)) throw new ConsultError('wrong-phase', { detail: state.phase });
    return state;
  }

  #one(id: string): Participant {
    const one = this.#session().participants.find((participant) => participant.id === id);
    if (!one) throw invalid(`no participant ${id}`);
    return one;
  }
}

const invalid = (detail: string): ConsultError => new ConsultError('argument-invalid', { detail });
