/** Display names: nobody needs a name to be helped [R5], so a word for the role replaces a missing one. */
import { cleanName } from '../../util/clean-name.ts';
import type { Policy } from '../../policy.ts';
import type { Role } from './state.ts';

const WORDS: Readonly<Record<string, Readonly<Record<Role, string>>>> = {
  de: { host: 'Beratung', guest: 'Gast' },
  en: { host: 'Counsellor', guest: 'Guest' },
};

/** The host's words of every language: a guest must not be taken for the host by any of them. */
export const HOST_WORDS: readonly string[] = Object.values(WORDS).map(({ host }) => host);
/** Given to many people; two participants without a name do not resemble each other. */
export const GUEST_WORDS: readonly string[] = Object.values(WORDS).map(({ guest }) => guest);

export function wordFor(role: Role, lang: string): string {
  const words = WORDS[lang.toLowerCase().split('-')[0] ?? ''] ?? WORDS['de'];
  return words?.[role] ?? role;
}

/**
 * The display name: the given one, tidied, or else the word for the role. Where the policy asks for a full name nothing replaces a
 * missing one, and the empty name does not lead on.
 */
export function nameFor(
  name: string,
  { role, policy, lang }: { readonly role: Role; readonly policy: Pick<Policy, 'naming'>; readonly lang: string },
): string {
  return cleanName(name) || (policy.naming === 'full-name' ? '' : wordFor(role, lang));
}
