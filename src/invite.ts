/** Creates invites, in browsers and in Node: the entry `consult-room/invite`, for booking systems. */
import { currentHostKey, forgetHostKeys as forget } from './e2ee/admission/host-key-store.ts';
import { createInvite as create, createInviteFor } from './e2ee/admission/invite-token.ts';
import { invalid, publicPartOf, readPublicPart } from './e2ee/admission/public-part.ts';
import { codeOfLink } from './e2ee/code/code-of-link.ts';
import { roomInWebhooks } from './e2ee/admission/room-in-webhooks.ts';
import { inviteHoursOf, type PolicyName } from './policy.ts';

const HOUR = 60 * 60 * 1000;
/** Milliseconds since the epoch, in the year 5138: whoever means a later end has given microseconds. */
const END = 1e14;

/**
 * Creates the links of a new room. Nothing is registered anywhere.
 *
 * @param options.base the page that holds `<consult-room>`; its own fragment is replaced
 * @param options.expires the end of the invite; the room opens at most as long before it as the policy allows
 * @param options.policy the site's preset, which gives the invite's lifetime from now on where `expires` is missing;
 *   without either, the shortest lifetime of all presets
 * @param options.for the public part of a host key that a counsellor's browser keeps, from {@link hostPublicPart}; without
 *   it the room gets a key of its own
 * @returns the host link contains the host's private key: give it to the counsellor only. With `for` it contains none, and
 *   works only in that counsellor's browser
 * @throws {TypeError} where `base` is not an absolute URL
 * @throws {ConsultError} `argument-invalid` where `expires` has passed or is no date, `base` is not a page's address, or `for` not a public part;
 *   `invite-foreign` where that is of another site
 */
export async function createInvite(options: {
  readonly base: string | URL;
  readonly expires?: Date;
  readonly policy?: PolicyName;
  readonly for?: string;
}): Promise<{ hostLink: string; guestLink: string }> {
  const base = new URL(options.base);
  const now = Date.now();
  const expires = options.expires ?? new Date(now + inviteHoursOf(options.policy) * HOUR);
  // Also for a date that is none.
  if (!(+expires > now && +expires < END)) throw invalid('expires');
  // As the scripts in PHP and Python: a room has a page.
  if (!/^https?:/u.test(base.href)) throw invalid('base');
  if (options.for === undefined) return create({ base, expires });
  return createInviteFor({ base, expires, thumb: await readPublicPart(options.for, base.origin) });
}

/**
 * The public part of the host key that this browser keeps for this site; the first call makes the key. Give it to those
 * who make appointments: with it they make invites that only this browser can open as the host. For pages, not for Node.
 *
 * @throws {ConsultError} `host-key-missing` where the browser keeps nothing for the site
 */
export async function hostPublicPart(): Promise<string> {
  const { thumb } = await currentHostKey();
  return publicPartOf(thumb, location.origin);
}

/**
 * Deletes the host keys that this browser keeps for this site. Appointments that were made for them cannot be opened any
 * more; the next {@link hostPublicPart} makes another key.
 */
export const forgetHostKeys = (): Promise<void> => forget();

/**
 * The spoken code of a room, such as `K7M-2QX-9TD`: a counsellor reads it out on the telephone, and the client types it into the site's page
 * (`<room-code>`) instead of opening a link. The host's page answers for it while the room is open.
 *
 * @param hostLink from {@link createInvite}
 * @throws {ConsultError} `invite-missing`, `invite-damaged`; the latter for a guest link as well
 */
export const spokenCode = (hostLink: string): Promise<string> => codeOfLink(hostLink);

/**
 * The name under which the server's webhooks speak of a room, so that a booking system recognises its appointment.
 *
 * @param link either link of the room
 * @param secret `whsec_…`; while two are configured, the older one
 * @throws {ConsultError} `invite-missing`, `invite-damaged`, `argument-invalid`
 */
export const webhookRoom = (link: string, secret: string): Promise<string> => roomInWebhooks(link, secret);
