/** Making invites, in browsers and in Node: what `consult-room/invite` gives to a booking system. */
import type { PolicyName } from './configuration.ts';
import { createInvite as create } from './e2ee/invite.ts';
import { POLICIES } from './policy.ts';

const HOUR = 60 * 60 * 1000;
/** What every preset allows, for who does not say which one it is for. */
const SHORTEST = Math.min(...Object.values(POLICIES).map(({ inviteHours }) => inviteHours));

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
  const hours = policy === undefined ? SHORTEST : POLICIES[policy].inviteHours;
  const expires = options.expires ?? new Date(Date.now() + hours * HOUR);
  return create({ base, expires });
}
