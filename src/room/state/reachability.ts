/** Tells from the state whether anybody can still be reached, so that every element ends the same way [R9]. */
import type { Participant, SessionState } from './state.ts';

/** `blocked`: both agreed to a relay, and even that does not connect. */
export type UnreachableReason = 'declined' | 'withdrawn' | 'no-relay' | 'blocked';

export interface Unreachable {
  readonly reason: UnreachableReason;
  /** `later`: there was a connection before. */
  readonly when: 'ever' | 'later';
}

/** Attempts after which a person reads that there is no connection: within 45 seconds. */
const ATTEMPTS = 2;

/** Declined, withdrawn, or failed without a relay to ask for; null while a connection is still likely. */
function reasonOf(
  { relay, connection, retrying, failedAttempts }: Participant,
  relays: 'declared' | 'none',
): UnreachableReason | null {
  if (connection === 'connected') return null;
  if (relay.step === 'declined' || relay.step === 'withdrawn') return relay.step;
  if (relays === 'none') return retrying || failedAttempts >= ATTEMPTS ? 'no-relay' : null;
  return relay.step === 'granted' && failedAttempts >= ATTEMPTS ? 'blocked' : null;
}

/** Why nobody can be reached, or null. With others connected that participant's tile says it, and the session continues. */
export function whyUnreachable({ participants, configuration }: SessionState): Unreachable | null {
  const relays = configuration.servers.some(({ role }) => role === 'relay') ? 'declared' : 'none';
  const reasons = participants.map((participant) => reasonOf(participant, relays));
  if (reasons.includes(null)) return null;
  const reason = (['withdrawn', 'declined', 'blocked', 'no-relay'] as const).find((one) => reasons.includes(one));
  return reason ? { reason, when: participants.some(({ wasConnected }) => wasConnected) ? 'later' : 'ever' } : null;
}

/**
 * Whether people have decided against every connection: then there are no retries. Where links only failed and there is no relay to ask for,
 * they are retried every few seconds, and devices stay on.
 */
export function isDecided({ participants }: SessionState): boolean {
  return (
    participants.length > 0 &&
    participants.every(
      ({ relay, connection }) =>
        connection !== 'connected' && (relay.step === 'declined' || relay.step === 'withdrawn'),
    )
  );
}

/** Whether we agreed to a relay and every participant has yet to answer. */
export function awaitsEveryone({ participants }: SessionState): boolean {
  return participants.length > 0 && participants.every(isAwaited);
}

export function isAwaited({ relay, connection }: Participant): boolean {
  return connection !== 'connected' && relay.step === 'asked' && relay.ours === 'yes';
}
