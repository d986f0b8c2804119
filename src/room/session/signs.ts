/**
 * What the host orders and what participants signal without words (protocol.md §12): room orders, muting, raised hands, breaks. An
 * order counts only from the leaf that the group knows as the host's; a member who repeats a sign changes the display at most once a second.
 */
import type { KnownMember, Members } from '../group/members.ts';
import type { DataMessage, GroupMessage } from '../messages/messages.ts';
import type { RoomInput } from '../state/actions.ts';
import { Throttle } from '../../util/throttle.ts';

/** Milliseconds between two changes of one sign of one participant; the newest of those between is applied. */
const SIGN_EVERY = 1_000;

export type SignMessage = Extract<GroupMessage, { type: 'room-order' | 'mute' | 'unmute-request' | 'hand' }>;

export interface SignsOptions {
  readonly members: Pick<Members, 'own' | 'byId'>;
  report(input: RoomInput): void;
}

export class Signs {
  readonly #o: SignsOptions;
  readonly #throttle = new Throttle(SIGN_EVERY);

  constructor(o: SignsOptions) {
    this.#o = o;
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

  close(): void {
    this.#throttle.close();
  }
}
