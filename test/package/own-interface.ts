/**
 * A small interface without our elements, written against the entry `consult-room/room` alone, as a site would. `own-interface.test.ts`
 * runs it; `entries.node.test.ts` compiles it against the types of the built package.
 */
import {
  awaitsEveryone,
  buildNotice,
  ConsultError,
  isSession,
  LIMITS,
  noticeHash,
  rulesFor,
  ruleText,
  whyUnreachable,
  wordFor,
  type ChatLine,
  type DevicesChoice,
  type EndReason,
  type ErrorCode,
  type Knock,
  type LinkReport,
  type Participant,
  type Problem,
  type RelayQuestion,
  type Role,
  type RoomInterface,
  type RoomState,
  type SessionState,
} from '../../src/room/room.ts';

type Of<P extends RoomState['phase']> = Extract<RoomState, { phase: P }>;

const LANG = 'de';
const NO_DEVICES: DevicesChoice = { camera: { kind: 'none' }, microphone: { kind: 'none' } };

const ENDS: Readonly<Record<EndReason, string>> = {
  left: 'left',
  'host-ended': 'the host ended the room',
  'host-lost': 'the host is gone',
  'declined-notice': 'declined',
  'quick-exit': 'left in a hurry',
  withdrawn: 'consent withdrawn',
};

/** Draws a room into an element with buttons that call it. */
export class OwnInterface {
  readonly #root: HTMLElement;
  readonly #room: RoomInterface;
  readonly errors: ErrorCode[] = [];

  constructor(root: HTMLElement, room: RoomInterface) {
    this.#root = root;
    this.#room = room;
    room.addEventListener('change', () => this.#draw(room.state));
    room.addEventListener('error', ({ detail }) => this.errors.push(detail.code));
    this.#draw(room.state);
  }

  async figures(): Promise<readonly string[]> {
    const reports: readonly LinkReport[] = await this.#room.reports();
    return reports.map(({ path, frames }) => `${path} ${String(frames.encrypted)}`);
  }

  #draw(state: RoomState): void {
    this.#root.replaceChildren();
    this.#line(state.phase);
    if (state.phase === 'notice') this.#drawNotice(state);
    else if (state.phase === 'devices') this.#button('devices', () => this.#room.useDevices(NO_DEVICES));
    else if (state.phase === 'occupants') this.#drawRules(state);
    else if (state.phase === 'ended') this.#line(ENDS[state.reason]);
    else if (state.phase === 'failed') this.#line(state.code);
    else if (isSession(state)) this.#drawSession(state);
  }

  #drawNotice(state: Of<'notice'>): void {
    const notice = buildNotice({ ...state, lang: LANG });
    for (const { title, body } of notice.sections) {
      this.#line(title);
      for (const block of body) this.#line(typeof block === 'string' ? block : block.join(' '));
    }
    this.#button('accept', async () => {
      const { version, lang } = notice;
      this.#room.acceptNotice({ notice: { version, lang, hash: await noticeHash(notice) }, at: Date.now() });
    });
    this.#button('decline', () => this.#room.declineNotice());
  }

  #drawRules({ policy }: Of<'occupants'>): void {
    for (const rule of rulesFor(policy)) this.#line(ruleText(rule, LANG).title);
    this.#button('join', () => {
      this.#room.acceptRules(LANG);
      this.#room.declareOccupants([]);
      this.#room.join();
    });
  }

  #drawSession(state: SessionState): void {
    for (const knock of state.knocks) this.#drawKnock(knock);
    for (const participant of state.participants) this.#drawParticipant(participant);
    const unreachable = whyUnreachable(state);
    if (unreachable) this.#line(`unreachable: ${unreachable.reason}`);
    else if (awaitsEveryone(state)) this.#line('waiting for their answer');
    for (const line of state.chat) this.#drawLine(line, state.role);
    for (const problem of state.problems) this.#drawProblem(problem);
    this.#button('say', () => this.#room.sendChat(`Guten Tag von ${state.name}`.slice(0, LIMITS.chat)));
    this.#button('leave', () => this.#room.leave());
  }

  #drawKnock({ id, name, formerName }: Knock): void {
    this.#line(formerName === undefined ? `${name} knocks` : `${name}, formerly ${formerName}, knocks`);
    this.#button('admit', () => this.#room.admit(id));
  }

  #drawParticipant({ id, name, occupants, acknowledged, connection, relay }: Participant): void {
    this.#line(`${name}: ${connection}`);
    if (occupants && !acknowledged.byUs)
      this.#button(`acknowledge ${String(occupants.people.length)}`, () => this.#room.acknowledgeOccupants(id));
    if (this.#isOpen(relay)) this.#button('no relay', () => this.#room.answerRelay(false, id, LANG));
  }

  #isOpen(relay: RelayQuestion): boolean {
    return relay.step === 'asked' && relay.ours === 'open';
  }

  #drawLine({ from, name, text }: ChatLine, role: Role): void {
    this.#line(`${from === 'self' ? wordFor(role, LANG) : name}: ${text}`);
  }

  #drawProblem({ id, code, about = 'here' }: Problem): void {
    this.#line(`${code} (${about})`);
    this.#button('dismiss', () => this.#room.dismissProblem(id));
  }

  #line(text: string): void {
    const line = document.createElement('p');
    line.textContent = text;
    this.#root.append(line);
  }

  #button(label: string, act: () => void | Promise<void>): void {
    const button = document.createElement('button');
    button.textContent = label;
    button.addEventListener('click', () => void this.#run(act));
    this.#root.append(button);
  }

  async #run(act: () => void | Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error: unknown) {
      if (!(error instanceof ConsultError)) throw error;
      this.errors.push(error.code);
    }
  }
}
