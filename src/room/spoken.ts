/** Spoken codes for pages without a room (protocol.md §14): the code of a host link, and the invite for a code. */
import { ConsultError } from '../errors.ts';
import { part } from '../util/part.ts';
import { signalingUrl } from './setup/signaling.ts';
import type { CodeEntry } from './code/code-entry.ts';

/** What a session needs as well comes first, so that it is loaded once. */
const loadSession = part(() => import('./session/session-part.ts'));
const load = async () => (await loadSession()).loadCodes();

/**
 * Exchanges a spoken code for the invite of its room. Contacts the signalling server, so call it only when the person has asked for it. Waits
 * for the host without a limit.
 *
 * @returns what `RoomOptions.invite` takes, or the `hash` of a link to the page with the room
 * @throws {ConsultError} `code-invalid`, `code-wrong`, `code-used-up`, `code-busy`, `code-unanswered`, `room-full`, `invite-expired`, `invite-foreign`, those of the
 *   signalling server that are fatal, and `part-unavailable`; the reason of `signal` where it aborts
 */
export async function enterCode(entry: CodeEntry): Promise<string> {
  const url = signalingUrl(entry.signaling);
  if (!url) throw new ConsultError('signaling-address-invalid', { detail: 'broadcast: has no codes' });
  const { runEntry } = await load();
  return runEntry(entry, url);
}

/**
 * The code of a room before anyone has opened it, such as for a letter: the host's page answers for it while the room is open. In the room the
 * snapshot's `code` counts, which may be another one.
 *
 * @param hostLink from `createInvite`
 * @returns `K7M-2QX-9TD`
 * @throws {ConsultError} the codes of an invite; `invite-damaged` for a guest's link
 */
export async function spokenCode(hostLink: string): Promise<string> {
  const { codeOfLink } = await load();
  return codeOfLink(hostLink);
}
