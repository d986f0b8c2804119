/** Maps the server's refusals to what the channel does and reports. */
import type { ErrorCode } from '../errors.ts';
import type { ServerErrorCode } from '../wire/wire.ts';

/**
 * - `stop`: a retry would get the same answer.
 * - `retry`: temporary; reconnects after a wait.
 * - `report`: the connection stays.
 * - `ignore`: presence events report the same.
 */
export interface Refusal {
  readonly then: 'stop' | 'retry' | 'report' | 'ignore';
  readonly code: ErrorCode;
}

const REFUSALS: Readonly<Record<ServerErrorCode, Refusal>> = {
  'message-invalid': { then: 'report', code: 'message-invalid' },
  'message-too-large': { then: 'report', code: 'message-invalid' },
  'too-many-messages': { then: 'retry', code: 'signaling-unreachable' },
  'room-full': { then: 'stop', code: 'room-full' },
  'server-full': { then: 'retry', code: 'signaling-busy' },
  'not-joined': { then: 'report', code: 'message-invalid' },
  'already-joined': { then: 'report', code: 'message-invalid' },
  'host-not-proven': { then: 'stop', code: 'signaling-rejected' },
  'host-not-allowed': { then: 'stop', code: 'host-not-allowed' },
  'host-elsewhere': { then: 'stop', code: 'host-elsewhere' },
  'room-expired': { then: 'stop', code: 'invite-expired' },
  'peer-unknown': { then: 'ignore', code: 'message-invalid' },
  'code-busy': { then: 'stop', code: 'code-busy' },
  'relay-refused': { then: 'report', code: 'relay-credentials-refused' },
};

/**
 * @param stage of the connection. A full room must not end a running call: anyone with the guest link could fill it
 *   (protocol.md §9: a call survives the loss of signalling). A join that the server does not understand will never
 *   be understood.
 */
export function refusal(code: ServerErrorCode, stage: 'first-join' | 'rejoin' | 'seated'): Refusal {
  if (code === 'room-full' && stage === 'rejoin') return { then: 'retry', code: 'signaling-unreachable' };
  if (code === 'message-invalid' && stage !== 'seated') return { then: 'stop', code: 'signaling-rejected' };
  if (code === 'not-joined' && stage !== 'seated') return { then: 'retry', code: 'signaling-unreachable' };
  return REFUSALS[code];
}
