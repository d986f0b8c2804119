/** Admission as a session sees it, from either side. The host's lobby and the guest's add what only they can do. */
import { verifyHello, type VerifiedHello } from '../../e2ee/admission/hello.ts';
import type { Invite, RoomKeys } from '../../e2ee/admission/invite-token.ts';
import type { ErrorCode } from '../../errors.ts';
import type { Policy } from '../../policy.ts';
import { fromBase64Url } from '../../util/base64url.ts';
import type { SealedMessage } from '../messages/messages.ts';
import type { SealedTransport } from '../messages/sealed-transport.ts';
import type { RoomInput } from '../state/actions.ts';
import type { Role } from '../state/state.ts';

export interface Lobby {
  readonly role: Role;
  /** Makes us known to the other side: when the channel opens, and each time it is back. */
  announce(): void;
  /** Handles a sealed message; never rejects. */
  receive(session: string, message: SealedMessage): Promise<void>;
  /** A seal session has left the signalling channel. */
  onSessionLeft(session: string): void;
  /** Whether a participant is on the signalling channel, as far as this side can know. */
  isPresent(id: string): boolean;
  /** Stops everything that would be sent later. */
  close(): void;
}

/** @throws {ConsultError} `host-not-proven`, `message-invalid` */
export function readHello(
  { hello, spki, delegation }: Extract<SealedMessage, { type: 'hello' }>,
  { invite, keys }: Pick<LobbyOptions, 'invite' | 'keys'>,
): Promise<VerifiedHello> {
  return verifyHello({
    encoded: fromBase64Url(hello),
    spki: fromBase64Url(spki),
    delegation: delegation === undefined ? null : fromBase64Url(delegation),
    thumb: invite.thumb,
    roomId: keys.roomId,
  });
}

/** How a host says no, with the purpose under which its key signs each. */
export const REJECTIONS = { refused: 'refuse', failed: 'admit failed', locked: 'locked' } as const;

/** What both sides need. */
export interface LobbyOptions {
  readonly invite: Invite;
  readonly keys: RoomKeys;
  /** Whether the policy lets a stand-in lead (protocol.md §13). */
  readonly standIns: Policy['standIn'];
  readonly transport: Pick<SealedTransport, 'send' | 'isPresent'>;
  report(input: RoomInput): void;
  onProblem(code: ErrorCode): void;
}
