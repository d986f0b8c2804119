/** Connects the spoken code with the rest of a session: only the holder of the host key has one, and only with a server (protocol.md §14). */
import { guestLinkOf } from '../../e2ee/admission/invite-token.ts';
import { isCodeBroker, type Channel } from '../../signaling/channel.ts';
import { HostCode } from '../code/host-code.ts';
import { codeOfHandlerError } from '../messages/handler-errors.ts';
import type { SessionOptions } from './session-options.ts';

/** @returns null where this page has no code */
export function hostCodeOf({ invite, room, report }: SessionOptions, channel: Channel): HostCode | null {
  if (invite.role !== 'host' || !invite.codeRoot || !isCodeBroker(channel)) return null;
  return new HostCode({
    root: invite.codeRoot,
    origin: location.origin,
    broker: channel,
    before: room?.code ?? null,
    invite: async () => new URL(await guestLinkOf(invite, location.href)).hash,
    report: (code) => report({ type: 'code', code }),
    onProblem: (code) => report({ type: 'problem', code }),
    onError: (error) => report({ type: 'problem', code: codeOfHandlerError(error) }),
  });
}
