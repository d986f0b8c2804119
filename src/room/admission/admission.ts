/** The door of a room, from either side: a host's lobby or a guest's, behind one face. */
import { Group } from '../../e2ee/mls/group.ts';
import type { Invite, RoomKeys } from '../../e2ee/admission/invite-token.ts';
import type { Credentials } from '../../e2ee/admission/knock.ts';
import type { ErrorCode } from '../../errors.ts';
import type { GroupChannel } from '../group/group-channel.ts';
import type { RoomInput } from '../state/actions.ts';
import { GuestLobby } from './guest-lobby.ts';
import { HostLobby } from './host-lobby.ts';
import type { SealedTransport } from '../messages/sealed-transport.ts';
import type { SealedMessage } from '../messages/messages.ts';

export interface DoorOptions {
  readonly invite: Invite;
  readonly keys: RoomKeys;
  readonly name: string;
  readonly size: number;
  readonly transport: SealedTransport;
  /** From before a reload. */
  readonly credentials: Credentials | null;
  readonly lastIncarnation: number | null;
  report(input: RoomInput): void;
  onProblem(code: ErrorCode): void;
  /** A group that we founded or joined; its conversation. */
  onGroup(group: Group, incarnation: number): Promise<GroupChannel>;
  /** The host begins anew: the group that we were in is over. */
  onGroupOver(): Promise<void>;
  onRemember(remembered: { readonly credentials: Credentials; readonly incarnation: number }): void;
}

export class Door {
  readonly #host: HostLobby | null;
  readonly #guest: GuestLobby | null;
  readonly #transport: SealedTransport;
  /** Host: participant id → seal session. */
  readonly #sessions: Map<string, string>;

  private constructor(o: DoorOptions, lobby: HostLobby | GuestLobby, sessions: Map<string, string>) {
    this.#transport = o.transport;
    this.#host = lobby instanceof HostLobby ? lobby : null;
    this.#guest = lobby instanceof GuestLobby ? lobby : null;
    this.#sessions = sessions;
  }

  static async open(o: DoorOptions): Promise<Door> {
    const sessions = new Map<string, string>();
    const { invite, keys, transport, report, onProblem } = o;
    const common = { invite, keys, transport, report, onProblem };
    if (invite.role === 'guest') {
      const { name, credentials, lastIncarnation, onGroupOver: onNewHost } = o;
      const onJoined = async (group: Group, remembered: Parameters<DoorOptions['onRemember']>[0]): Promise<void> => {
        o.onRemember(remembered);
        await o.onGroup(group, remembered.incarnation);
      };
      return new Door(
        o,
        new GuestLobby({ ...common, name, credentials, lastIncarnation, onNewHost, onJoined }),
        sessions,
      );
    }
    const incarnation = Date.now();
    const conversation = await o.onGroup(await Group.found({ roomKeys: keys, name: o.name }), incarnation);
    const onMember = (id: string, session: string): void => void sessions.set(id, session);
    return new Door(
      o,
      await HostLobby.open({ ...common, conversation, incarnation, size: o.size, onMember }),
      sessions,
    );
  }

  get role(): 'host' | 'guest' {
    return this.#host ? 'host' : 'guest';
  }

  announce(): void {
    (this.#host ?? this.#guest)?.announce();
  }

  receive(session: string, message: SealedMessage): void {
    void (this.#host ?? this.#guest)?.receive(session, message);
  }

  /** A seal session has no connection any more. */
  gone(session: string): void {
    (this.#host ?? this.#guest)?.gone(session);
  }

  /** Says nothing any more by itself; a knock can still be taken back. */
  close(): void {
    (this.#host ?? this.#guest)?.close();
  }

  admit(ids: readonly string[]): Promise<void> {
    return this.#host?.admit(ids) ?? Promise.resolve();
  }

  refuse(id: string): Promise<void> {
    return this.#host?.refuse(id) ?? Promise.resolve();
  }

  /** Host: under which id a person who came back is a member by now. */
  currentId(id: string): string {
    return this.#host?.currentId(id) ?? id;
  }

  withdraw(): Promise<void> {
    return this.#guest?.withdraw() ?? Promise.resolve();
  }

  /** Whether somebody is on the signalling channel: the host knows of all whom it admitted, a guest of the host. */
  isPresent(id: string): boolean {
    const session = this.#host ? this.#sessions.get(id) : this.#guest?.hostSession;
    return session !== undefined && session !== null && this.#transport.isPresent(session);
  }

  /** Host: who is behind a seal session, if it was admitted. */
  memberOf(session: string): string | null {
    return [...this.#sessions].find(([, known]) => known === session)?.[0] ?? null;
  }

  forget(id: string): void {
    this.#sessions.delete(id);
  }
}
