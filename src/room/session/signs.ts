/**
 * What the host orders and what participants signal without words (protocol.md §12): room orders, muting, raised hands,
 * breaks, and how large they show each other's cameras. An order counts only from the leaf that the group knows as the
 * host's; a member who repeats a sign changes the display at most once a second.
 */
import type { KnownMember, Members } from '../group/members.ts';
import type { HostLobby } from '../admission/host-lobby.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { DataMessage, GroupContent, GroupMessage } from '../messages/messages.ts';
import type { RoomInput } from '../state/actions.ts';
import type { SessionState, ViewSize } from '../state/state.ts';
import type { GroupSender } from './group-sender.ts';
import { Throttle } from '../../util/throttle.ts';

/** Milliseconds between two changes of one sign of one participant; the newest of those between is applied. */
const SIGN_EVERY = 1_000;

export type SignMessage = Extract<GroupMessage, { type: 'room-order' | 'mute' | 'unmute-request' | 'hand' }>;

export interface SignsOptions {
  readonly members: Pick<Members, 'own' | 'byId' | 'others'>;
  readonly sender: Pick<GroupSender, 'send'>;
  readonly mesh: Pick<Mesh, 'sendDataTo' | 'setView' | 'told'>;
  /** Null for a guest. */
  hostLobby(): Pick<HostLobby, 'currentId'> | null;
  state(): Pick<SessionState, 'break'> | null;
  /** How large this page shows a participant's camera; null where it never did. */
  viewOf(id: string): ViewSize | null;
  report(input: RoomInput): void;
}

export class Signs {
  readonly #o: SignsOptions;
  readonly #throttle = new Throttle(SIGN_EVERY);

  constructor(o: SignsOptions) {
    this.#o = o;
  }

  /** Host: turns the microphone of one participant, or of everyone, off at their end; does nothing for a guest. */
  mute(id: string | 'everyone'): void {
    this.#order({ type: 'mute', body: {} }, id);
  }

  /** Host: asks a participant to turn the microphone on; does nothing for a guest. */
  askToUnmute(id: string): void {
    this.#order({ type: 'unmute-request', body: {} }, id);
  }

  /** Guest: tells the host, and nobody else, whether we need a break. */
  askForBreak(): void {
    const host = this.#o.members.others.find(({ isHost }) => isHost);
    const wanted = this.#o.state()?.break ?? false;
    if (host) this.#o.mesh.sendDataTo(host.id, { type: 'break', wanted });
  }

  /** Tells a participant how large we show their camera now: at each change, and when the channel to them opens. */
  tellView(id: string): void {
    this.#throttle.run(`our view of ${id}`, () => {
      const shown = this.#o.viewOf(id);
      if (!shown) return;
      const { mesh } = this.#o;
      mesh.sendDataTo(id, { type: 'view', camera: mesh.told(shown) });
    });
  }

  /** As {@link tellView}, to everyone: this device can take less, or more again. */
  tellViews(): void {
    for (const { id } of this.#o.members.others) this.tellView(id);
  }

  /** A channel was opened to a participant, and is in use: one who reloaded does not know that we need a break. */
  onChannelOpen(id: string): void {
    if (this.#o.state()?.break && this.#o.members.byId(id)?.isHost) this.askForBreak();
  }

  #order(content: GroupContent, id: string | 'everyone'): void {
    const lobby = this.#o.hostLobby();
    if (!lobby) return;
    const leaf = id === 'everyone' ? id : this.#o.members.byId(lobby.currentId(id))?.leaf;
    if (leaf !== undefined) this.#o.sender.send(content, leaf);
  }

  /** @param member the verified sender */
  receive(member: KnownMember, message: SignMessage): void {
    const { id } = member;
    if (message.type === 'hand') {
      const { raised } = message.body;
      return this.#throttle.run(`hand ${id}`, () => this.#o.report({ type: 'their-hand', id, raised }));
    }
    // From anyone else it is a claim to a role that the group does not confirm.
    if (!member.isHost) return;
    if (message.type !== 'room-order') return this.#o.report({ type: 'host-about-microphone', order: message.type });
    const { locked, interpreters } = message.body;
    const own = this.#o.members.own?.id;
    this.#o.report({
      type: 'room-order',
      locked,
      interpreters: interpreters.map((interpreter) => (interpreter === own ? 'self' : interpreter)),
    });
  }

  /** @param id whose link it came on */
  receiveBreak(id: string, { wanted }: Extract<DataMessage, { type: 'break' }>): void {
    this.#throttle.run(`break ${id}`, () => {
      if (this.#o.members.byId(id)) this.#o.report({ type: 'their-break', id, wanted });
    });
  }

  /** @param id whose link it came on */
  receiveView(id: string, { camera }: Extract<DataMessage, { type: 'view' }>): void {
    this.#throttle.run(`view ${id}`, () => {
      if (!this.#o.members.byId(id)) return;
      this.#o.report({ type: 'their-view', id, view: camera });
      this.#o.mesh.setView(id, camera);
    });
  }

  close(): void {
    this.#throttle.close();
  }
}
