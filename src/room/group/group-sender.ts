/** What we tell the others through the group. Everything here may be told twice without harm. */
import type { GroupChannel } from './group-channel.ts';
import type { KnownMember, Members } from './members.ts';
import { mediaNoticeOf, type SessionState } from '../state/state.ts';
import type { Declaration, GroupContent, MediaNotice } from '../messages/messages.ts';

export interface GroupSenderOptions {
  readonly members: Members;
  conversation(): GroupChannel | null;
  state(): SessionState | null;
  declaration(): Declaration | null;
}

export class GroupSender {
  readonly #o: GroupSenderOptions;

  constructor(o: GroupSenderOptions) {
    this.#o = o;
  }

  /** Anything, to one leaf or to everyone; `link` is the peer connection that it is about. */
  tell(content: GroupContent, to: number | 'everyone', link = ''): void {
    if (this.#o.members.others.length > 0) void this.#o.conversation()?.send(content, { to, link });
  }

  /** Who is in our room now. */
  declaration(): void {
    const declaration = this.#o.declaration();
    if (declaration) this.tell({ type: 'declaration', body: declaration }, 'everyone');
  }

  media(media: MediaNotice): void {
    this.tell({ type: 'media', body: media }, 'everyone');
  }

  refused(): void {
    this.tell({ type: 'recording-refused', body: {} }, 'everyone');
  }

  /** That we have read what this person declared last. */
  acknowledgement({ id, leaf }: KnownMember): void {
    const occupants = this.#o.state()?.participants.find((participant) => participant.id === id)?.occupants;
    if (occupants) this.tell({ type: 'acknowledgement', body: { declaration: occupants.hash } }, leaf);
  }

  /** All that somebody needs to know of us: when they are new, or may have missed it. */
  all(leaf: number): void {
    const state = this.#o.state();
    const declaration = this.#o.declaration();
    const member = this.#o.members.byLeaf(leaf);
    if (!state || !declaration || !member) return;
    this.tell({ type: 'declaration', body: declaration }, leaf);
    this.tell({ type: 'media', body: mediaNoticeOf(state) }, leaf);
    if (state.participants.find(({ id }) => id === member.id)?.acknowledged.byUs) this.acknowledgement(member);
  }
}
