/** Host: what a member that is back on the channel has missed is sent again: commits, and what we say of ourselves. */
import { toBase64Url } from '../../util/base64url.ts';
import type { GroupChannel } from '../group/group-channel.ts';
import type { HostLobby } from '../admission/host-lobby.ts';
import type { EpochSwitch } from '../group/epoch-switch.ts';
import type { Members } from '../group/members.ts';
import { Throttle } from '../../util/throttle.ts';
import type { GroupSender } from '../group/group-sender.ts';
import type { SealedTransport } from '../messages/sealed-transport.ts';

/** Milliseconds between two times for one member: whoever holds the link can say that it is back without end. */
const EVERY = 2_000;

export interface CatchUpOptions {
  readonly members: Pick<Members, 'byId'>;
  readonly epochs: Pick<EpochSwitch, 'reported'>;
  readonly transport: Pick<SealedTransport, 'send'>;
  readonly telling: Pick<GroupSender, 'all'>;
  /** Null for a guest. */
  hostLobby(): Pick<HostLobby, 'memberOf'> | null;
  conversation(): Pick<GroupChannel, 'commitsSince'> | null;
}

export class CatchUp {
  readonly #o: CatchUpOptions;
  readonly #throttle = new Throttle(EVERY);

  constructor(o: CatchUpOptions) {
    this.#o = o;
  }

  /** A seal session says that it is on the channel. */
  present(session: string): void {
    const id = this.#o.hostLobby()?.memberOf(session);
    if (id) this.#throttle.run(id, () => this.#send(id, session));
  }

  close(): void {
    this.#throttle.close();
  }

  #send(id: string, session: string): void {
    const { members, epochs, transport, telling } = this.#o;
    const member = members.byId(id);
    if (!member) return;
    for (const commit of this.#o.conversation()?.commitsSince(epochs.reported(member.leaf)) ?? [])
      void transport.send(session, { type: 'group', message: toBase64Url(commit) });
    telling.all(member.leaf);
  }
}
