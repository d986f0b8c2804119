/**
 * The invite in the address bar. It travels in the fragment, which browsers send to no server, and leaves the bar as
 * soon as it is read, so that no one reads it over a shoulder or finds it in the history.
 */
import { locateInvite } from '../../e2ee/admission/invite-text.ts';
import { guestLinkOf, type Invite } from '../../e2ee/admission/invite-token.ts';

/** Whether the address bar holds an invite, in whatever shape a mail program gave it. */
export function holdsInvite(): boolean {
  return locateInvite(location.href) !== null;
}

/**
 * Takes the invite out of the address bar.
 *
 * @returns what `RoomOptions.invite` takes, also where it is damaged; undefined where there is none
 */
export function takeInvite(): string | undefined {
  const found = locateInvite(location.href);
  if (!found) return undefined;
  try {
    // Absolute: a path such as `//room.html` would name a host, and a foreign `<base>` another site.
    history.replaceState(history.state, '', found.rest);
  } catch {
    // No history here, as in a sandboxed frame, or too many changes in a short time.
    location.hash = '';
  }
  return found.text;
}

/** The link for guests of this invite. @param base the page that holds the room */
export const guestLink = (invite: Invite, base: string): Promise<string> => guestLinkOf(invite, base);
