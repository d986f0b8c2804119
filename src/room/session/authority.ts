/** What a page may lead its room with (protocol.md §13): the delegation that it holds, or the host key of its invite. */
import { delegateAuthority, type HostAuthority } from '../../e2ee/admission/delegation.ts';
import type { Lead } from '../setup/reload-record.ts';
import type { Setup } from '../setup/setup.ts';

/**
 * @returns null for a guest who was handed nothing
 * @throws {ConsultError} `host-not-proven`, `message-invalid` for a delegation that is none
 */
export async function authorityOf(
  { invite, keys }: Pick<Setup, 'invite' | 'keys'>,
  lead: Lead | null,
): Promise<HostAuthority | null> {
  if (lead?.held) return delegateAuthority({ ...lead.held, roomId: keys.roomId });
  const { hostKey, hostSpki } = invite;
  return hostKey && hostSpki ? { key: hostKey, root: hostSpki, delegation: null } : null;
}
