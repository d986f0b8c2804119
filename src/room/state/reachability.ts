/** When there is nobody to talk to and nobody to wait for: told by the state alone, so that every element ends the same way [R9]. */
import type { Participant, SessionState } from './state.ts';

export type UnreachableReason = 'declined' | 'withdrawn' | 'no-relay';

export interface Unreachable {
  readonly reason: UnreachableReason;
  /** `later`: people had been connected. */
  readonly when: 'ever' | 'later';
}

/** Answered no, taken back, or impossible and no relay to ask for; null while a connection may still come. */
function reasonOf({ relay, connection, retrying }: Participant, relays: 'declared' | 'none'): UnreachableReason | null {
  if (connection === 'connected') return null;
  if (relay.step === 'declined' || relay.step === 'withdrawn') return relay.step;
  return retrying && relays === 'none' ? 'no-relay' : null;
}

/** Why nobody at all can be reached, or null. With others in the room the one's tile tells it, and the session goes on. */
export function whyUnreachable({ participants, configuration }: SessionState): Unreachable | null {
  const relays = configuration.servers.some(({ role }) => role === 'relay') ? 'declared' : 'none';
  const reasons = participants.map((participant) => reasonOf(participant, relays));
  if (reasons.includes(null)) return null;
  const reason = (['withdrawn', 'declined', 'no-relay'] as const).find((one) => reasons.includes(one));
  return reason ? { reason, when: participants.some(({ wasConnected }) => wasConnected) ? 'later' : 'ever' } : null;
}

/**
 * Whether people decided so, everybody who is there or we: then nothing is tried any more. Where a link only failed and there is no relay to
 * ask for, it is tried again every few seconds, and what runs goes on running.
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

/** Everybody who is there has yet to answer what we agreed to. */
export function awaitsEveryone({ participants }: SessionState): boolean {
  return participants.length > 0 && participants.every(isAwaited);
}

export function isAwaited({ relay, connection }: Participant): boolean {
  return connection !== 'connected' && relay.step === 'asked' && relay.ours === 'yes';
}
