/**
 * The sending half of the group protocol: what this client tells the others (protocol.md §6). Its counterpart is
 * `group-receiver.ts`. Every message here may be sent twice without harm.
 */
import type { GroupChannel } from '../group/group-channel.ts';
import type { KnownMember, Members } from '../group/members.ts';
import type { Declaration, GroupContent } from '../messages/messages.ts';
import type { Announce } from '../state/effects.ts';
import { interpretersOf, mediaNoticeOf, type SessionState } from '../state/state.ts';

export interface GroupSenderOptions {
  readonly members: Members;
  /** Null outside of a group. */
  channel(): GroupChannel | null;
  state(): SessionState | null;
  declaration(): Declaration | null;
  /** Says again what one leaf has to know of who leads. */
  repeatLead(leaf: number): void;
}

export class GroupSender {
  readonly #o: GroupSenderOptions;
  #raisedBefore = false;
  /** How many programs tried to record in this page. */
  #refusals = 0;
  /** Ids of the members who were there: nobody else hears of it. */
  readonly #witnesses = new Set<string>();

  constructor(o: GroupSenderOptions) {
    this.#o = o;
  }

  /** Sends to one leaf or to everyone; `link` names the peer connection that the message is about. */
  send(content: GroupContent, to: number | 'everyone', link = ''): void {
    void this.tell(content, to, link);
  }

  /** As {@link send}, for a last word: resolves once it is on its way. */
  async tell(content: GroupContent, to: number | 'everyone', link = ''): Promise<void> {
    if (this.#o.members.others.length > 0) await this.#o.channel()?.send(content, { to, link });
  }

  /** Tells everyone about a change of ours. */
  announce(change: Announce): void {
    const content = this.#contentOf(change);
    if (content) this.send(content, 'everyone');
  }

  /** Confirms that we have read the latest declaration of this participant. */
  acknowledge({ id, leaf }: KnownMember): void {
    const occupants = this.#o.state()?.participants.find((participant) => participant.id === id)?.occupants;
    if (occupants) this.send({ type: 'acknowledgement', body: { declaration: occupants.hash } }, leaf);
  }

  /** Sends one leaf all that it has to know about us: when it is new, or may have missed something. */
  sync(leaf: number): void {
    const state = this.#o.state();
    const declaration = this.#o.declaration();
    const member = this.#o.members.byLeaf(leaf);
    if (!state || !declaration || !member) return;
    this.send({ type: 'declaration', body: declaration }, leaf);
    this.send({ type: 'media', body: mediaNoticeOf(state) }, leaf);
    if (state.participants.find(({ id }) => id === member.id)?.acknowledged.byUs) this.acknowledge(member);
    if (state.role === 'host') this.send(orderOf(state), leaf);
    // That it was lowered may be what is missing there.
    if (state.hand || this.#raisedBefore) this.send({ type: 'hand', body: { raised: state.hand } }, leaf);
    if (this.#witnesses.has(member.id)) this.send(this.#refused(), leaf);
    this.#o.repeatLead(leaf);
  }

  #contentOf(change: Announce): GroupContent | null {
    if (change.about === 'media') return { type: 'media', body: change.media };
    if (change.about === 'recording-refused') {
      this.#refusals += 1;
      for (const { id } of this.#o.members.others) this.#witnesses.add(id);
      return this.#refused();
    }
    const state = this.#o.state();
    if (change.about === 'hand') {
      this.#raisedBefore ||= state?.hand === true;
      return state && { type: 'hand', body: { raised: state.hand } };
    }
    if (change.about === 'room-order') return state && orderOf(state);
    const declaration = this.#o.declaration();
    return declaration && { type: 'declaration', body: declaration };
  }

  #refused(): GroupContent {
    return { type: 'recording-refused', body: { count: this.#refusals } };
  }
}

/** The host's orders as a whole, so that one that was lost is made good by the next. */
function orderOf(state: SessionState): GroupContent {
  return { type: 'room-order', body: { locked: state.locked, interpreters: [...interpretersOf(state)] } };
}
