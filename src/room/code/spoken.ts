/** Spoken codes for pages without a room (protocol.md §14): the code of a host link, and the invite for a code. */
import { part } from '../../util/part.ts';
import type { CodeEntry } from './code-entry.ts';

const loadEntry = part(() => import('./enter-code.ts'));
const loadCode = part(() => import('../../e2ee/code/code-of-link.ts'));

/**
 * Exchanges a spoken code for the invite of its room. Contacts the signalling server, so call it only when the person has asked for it. Waits
 * for the host without a limit.
 *
 * @returns what `RoomOptions.invite` takes, or the `hash` of a link to the page with the room
 * @throws {ConsultError} `code-invalid`, `code-wrong`, `code-used-up`, `code-busy`, `room-full`, `invite-expired`, `invite-foreign`, those of the
 *   signalling server that are fatal, and `part-unavailable`; the reason of `signal` where it aborts
 */
export async function enterCode(entry: CodeEntry): Promise<string> {
  const { runEntry } = await loadEntry();
  return runEntry(entry);
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
  const { codeOfLink } = await loadCode();
  return codeOfLink(hostLink);
}
