/** What the server's refusals mean for a room. */
import type { ErrorCode } from '../errors.ts';
import type { ServerErrorCode } from '../wire/wire.ts';

/**
 * - `stop`: asking again would get the same answer.
 * - `retry`: a matter of time; the connection is made again after a wait.
 * - `tell`: the connection goes on.
 * - `ignore`: presence events say the same.
 */
export interface Refusal {
  readonly then: 'stop' | 'retry' | 'tell' | 'ignore';
  readonly code: ErrorCode;
}

const REFUSALS: Readonly<Record<ServerErrorCode, Refusal>> = {
  'message-invalid': { then: 'tell', code: 'message-invalid' },
  'message-too-large': { then: 'tell', code: 'message-invalid' },
  'too-many-messages': { then: 'retry', code: 'signaling-unreachable' },
  'room-full': { then: 'stop', code: 'room-full' },
  'server-full': { then: 'retry', code: 'signaling-unreachable' },
  'not-joined': { then: 'tell', code: 'message-invalid' },
  'already-joined': { then: 'tell', code: 'message-invalid' },
  'host-not-proven': { then: 'stop', code: 'signaling-rejected' },
  'host-elsewhere': { then: 'stop', code: 'host-elsewhere' },
  'room-expired': { then: 'stop', code: 'invite-expired' },
  'peer-unknown': { then: 'ignore', code: 'message-invalid' },
  'relay-refused': { then: 'tell', code: 'relay-credentials-refused' },
};

/**
 * @param asked what for. A full room is no reason to end a running call: whoever holds the guest link could fill it
 *   (protocol.md §9, signalling gone: the call goes on). A join that the server does not understand never will be.
 */
export function refusal(code: ServerErrorCode, asked: 'first-join' | 'rejoin' | 'seated'): Refusal {
  if (code === 'room-full' && asked === 'rejoin') return { then: 'retry', code: 'signaling-unreachable' };
  if (code === 'message-invalid' && asked !== 'seated') return { then: 'stop', code: 'signaling-rejected' };
  if (code === 'not-joined' && asked !== 'seated') return { then: 'retry', code: 'signaling-unreachable' };
  return REFUSALS[code];
}
