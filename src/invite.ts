/** Creates invites, in browsers and in Node: the entry `consult-room/invite`, for booking systems. */
import { createInvite as create } from './e2ee/admission/invite-token.ts';
import { codeOfLink } from './e2ee/code/code-of-link.ts';
import { inviteHoursOf, type PolicyName } from './policy.ts';

const HOUR = 60 * 60 * 1000;

/**
 * Creates the links of a new room. Nothing is registered anywhere.
 *
 * @param options.base the page that holds `<consult-room>`; its own fragment is replaced
 * @param options.expires the end of the invite; the room opens at most as long before it as the policy allows
 * @param options.policy the site's preset, which gives the invite's lifetime from now on where `expires` is missing;
 *   without either, the shortest lifetime of all presets
 * @returns the host link contains the host's private key: give it to the counsellor only
 * @throws {TypeError} where `base` is not an absolute URL
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

/**
 * The spoken code of a room, such as `K7M-2QX-9TD`: a counsellor reads it out on the telephone, and the client types it into the site's page
 * (`<room-code>`) instead of opening a link. The host's page answers for it while the room is open.
 *
 * @param hostLink from {@link createInvite}
 * @throws {ConsultError} `invite-missing`, `invite-damaged`; the latter for a guest link as well
 */
export const spokenCode = (hostLink: string): Promise<string> => codeOfLink(hostLink);
