/** Making invites, in browsers and in Node: what `consult-room/invite` gives to a booking system. */
import { createInvite as create } from './e2ee/admission/invite-token.ts';
import { inviteHoursOf, type PolicyName } from './policy.ts';

const HOUR = 60 * 60 * 1000;

/**
 * Makes a room: nothing is registered anywhere, the links are the room.
 *
 * @param options.base the page that holds `<consult-room>`; its own fragment is replaced
 * @param options.expires until when the invite works; a room opens no earlier before that than its policy allows
 * @param options.policy the preset of the site: without `expires` the invite works as long as that allows, from now on, and without
 *   either as long as every preset does
 */
export function createInvite(options: {
  readonly base: string | URL;
  readonly expires?: Date;
  readonly policy?: PolicyName;
}): Promise<{ hostLink: string; guestLink: string }> {
  const { base, policy } = options;
  const expires = options.expires ?? new Date(Date.now() + inviteHoursOf(policy) * HOUR);
  return create({ base, expires });
}
