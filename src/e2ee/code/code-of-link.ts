/** The first spoken code of a host link (protocol.md §14). */
import { ConsultError } from '../../errors.ts';
import { parseInvite } from '../admission/invite-token.ts';
import { deriveCode, formatCode } from './spoken-code.ts';

/** @throws {ConsultError} the codes of an invite; `invite-damaged` for a guest's link */
export async function codeOfLink(hostLink: string): Promise<string> {
  const { origin } = new URL(hostLink);
  const { codeRoot } = await parseInvite(hostLink, { origin, now: 0 });
  if (!codeRoot) throw new ConsultError('invite-damaged', { detail: 'not a host link' });
  return formatCode(await deriveCode(codeRoot, 0));
}
