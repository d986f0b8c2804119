/**
 * A room that goes the whole way, from the notice to the end, without a server, a camera or the network. Its snapshots
 * come from the reducer of the real room, its methods throw where the real ones throw, and a script moves the others.
 */
import { parsePublicConfiguration } from '../configuration.ts';
import type { ErrorCode } from '../errors.ts';
import { resolvePolicy, type PolicyName } from '../policy.ts';
import type { VideoKind } from '../room/media/attachments.ts';
import type { RoomInput } from '../room/state/actions.ts';
import { nameFor } from '../room/state/display-name.ts';
import { reduce } from '../room/state/reducer.ts';
import { isSession, type Devices, type EndReason, type Phase, type Role } from '../room/state/state.ts';
import { inputsOf } from './answers.ts';
import { drawnCamera } from './drawn-camera.ts';
import { FakeRoom, type RoomCall } from './fake-room.ts';
import { Others } from './others.ts';
import { CONFIGURATION, DEVICES } from './snapshots.ts';

/** What happens when the room enters a phase; runs right after the step, each time. */
export type Script = { readonly [P in Phase]?: (room: ScriptedRoom) => void };

export interface ScriptedRoomOptions {
  /** Default: `guest`. */
  readonly role?: Role;
  /** Default: that of the configuration. */
  readonly policy?: PolicyName;
  /** The public configuration; default: that of a centre that does not exist. */
  readonly config?: unknown;
  /** The pseudonym to begin with. */
  readonly name?: string;
  /** BCP 47: the language of the words for host and guest; default: `de`. */
  readonly lang?: string;
  /** What opening the devices finds; default: camera and microphone, both allowed. */
  readonly devices?: Partial<Devices>;
  readonly script?: Script;
}

export class ScriptedRoom extends FakeRoom {
  /** The other people. */
  readonly others = new Others({ state: () => this.state, take: (inputs) => this.#take(inputs) });
  readonly #options: ScriptedRoomOptions;
  #stopped = false;

  constructor(options: ScriptedRoomOptions = {}) {
    super();
    this.#options = options;
  }

  /** Something goes wrong that does not end the session; before the notice nothing is shown. */
  report(code: ErrorCode): void {
    this.#take([{ type: 'problem', code }]);
  }

  /** The room fails. */
  fail(code: ErrorCode): void {
    this.#take([{ type: 'failed', code }]);
  }

  /** The session ends: `host-ended`, `host-lost`, or another reason. */
  end(reason: EndReason): void {
    this.#take([{ type: 'ended', reason }]);
  }

  protected override answer(call: RoomCall): void {
    const { lang = 'de', devices } = this.#options;
    const inputs = inputsOf(call, { state: this.state, devices: { ...DEVICES, ...devices }, lang });
    const [method] = call;
    if (method === 'discard' || (this.state.phase === 'idle' && (method === 'leave' || method === 'quit')))
      this.#stopped = true;
    this.#take(method === 'start' ? this.#beginning() : inputs);
  }

  /** Draws a picture for everyone who shows one and has none in `streams`. */
  protected override streamOf(id: string, kind: VideoKind): MediaStream | null {
    const given = super.streamOf(id, kind);
    const person = this.#showing(id, kind);
    if (person === null || given) return person === null ? null : given;
    const drawn = drawnCamera(person, kind === 'screen' ? 'wide' : 'usual');
    this.streams.set(`${id} ${kind}`, drawn);
    return drawn;
  }

  /** A number for the picture of a person; null where they show none. */
  #showing(id: string, kind: VideoKind): number | null {
    const { state } = this;
    if (!('devices' in state)) return null;
    if (id === 'self') {
      const wanted = isSession(state) ? state.media[kind] : kind === 'camera';
      return wanted && (kind === 'screen' || state.devices.camera) ? 8 : null;
    }
    const index = isSession(state) ? state.participants.findIndex((one) => one.id === id && one.streams[kind]) : -1;
    return index < 0 ? null : index;
  }

  #beginning(): readonly RoomInput[] {
    const { role = 'guest', name = '', lang = 'de', config } = this.#options;
    const configuration = config === undefined ? CONFIGURATION : parsePublicConfiguration(config);
    const policy = resolvePolicy({ ...configuration, policy: this.#options.policy ?? configuration.policy });
    return [{ type: 'configured', role, policy, configuration, name: nameFor(name, { role, policy, lang }) }];
  }

  #take(inputs: readonly RoomInput[]): void {
    for (const input of inputs) {
      const { state } = this;
      const next = this.#stopped ? state : reduce(state, input);
      if (next === state) continue;
      this.set(next);
      if (next.phase !== state.phase) queueMicrotask(() => this.#options.script?.[next.phase]?.(this));
    }
  }
}
