/** Host: resends to a member who is back on the channel what it has missed: commits, and our own state. */
import { toBase64Url } from '../../util/base64url.ts';
import { Throttle } from '../../util/throttle.ts';
import type { HostLobby } from '../admission/host-lobby.ts';
import type { EpochSwitch } from '../group/epoch-switch.ts';
import type { GroupChannel } from '../group/group-channel.ts';
import type { Members } from '../group/members.ts';
import type { SealedTransport } from '../messages/sealed-transport.ts';
import type { GroupSender } from './group-sender.ts';
import type { LateRelaying } from './late-relaying.ts';

/** Milliseconds between two resends to one member: anyone with the link can claim to be back, without limit. */
const INTERVAL = 2_000;

export interface CatchUpOptions {
  readonly members: Pick<Members, 'byId'>;
  readonly epochs: Pick<EpochSwitch, 'reported'>;
  readonly transport: Pick<SealedTransport, 'send'>;
  readonly sender: Pick<GroupSender, 'sync'>;
  readonly relay: Pick<LateRelaying, 'whole'>;
  /** Null for a guest. */
  hostLobby(): Pick<HostLobby, 'memberOf' | 'sessionOf'> | null;
  channel(): Pick<GroupChannel, 'commitsSince'> | null;
}

export class CatchUp {
  readonly #o: CatchUpOptions;
  readonly #throttle = new Throttle(INTERVAL);

  constructor(o: CatchUpOptions) {
    this.#o = o;
  }

  /** A seal session announced that it is on the channel. */
  present(session: string): void {
    const id = this.#o.hostLobby()?.memberOf(session);
    if (id) this.#throttle.run(id, () => this.#resend(id, session));
  }

  /** A member does not follow the group. */
  resend(id: string): void {
    const session = this.#o.hostLobby()?.sessionOf(id);
    if (session) this.#throttle.run(id, () => this.#resend(id, session));
  }

  close(): void {
    this.#throttle.close();
  }

  #resend(id: string, session: string): void {
    const { members, epochs, transport, sender, relay } = this.#o;
    const member = members.byId(id);
    if (!member) return;
    for (const commit of this.#o.channel()?.commitsSince(epochs.reported(member.leaf)) ?? [])
      void transport.send(session, { type: 'group', message: toBase64Url(commit) });
    sender.sync(member.leaf);
    relay.whole?.consent.repeat(id);
  }
}
