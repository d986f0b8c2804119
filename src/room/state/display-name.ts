/** The name of somebody who gives none: a person needs no name to be helped [R5], but the others need a word to call them. */
import type { Policy } from '../../policy.ts';
import type { Role } from './state.ts';
import { LIMITS } from '../messages/messages.ts';

const WORDS: Readonly<Record<string, Readonly<Record<Role, string>>>> = {
  de: { host: 'Beratung', guest: 'Gast' },
  en: { host: 'Counsellor', guest: 'Guest' },
};

export function wordFor(role: Role, lang: string): string {
  const words = WORDS[lang.toLowerCase().split('-')[0] ?? ''] ?? WORDS['de'];
  return words?.[role] ?? role;
}

/**
 * What somebody is called: what they say, tidied; otherwise the word for their role. Where the policy asks for a full name nothing stands
 * in for it, and the empty name lets nobody on.
 */
export function nameFor(
  name: string,
  { role, policy, lang }: { readonly role: Role; readonly policy: Pick<Policy, 'naming'>; readonly lang: string },
): string {
  return tidyName(name) || (policy.naming === 'full-name' ? '' : wordFor(role, lang));
}

/** What is left of a name when everything is taken out that could make it look like another; empty where nothing is. */
export function tidyName(name: string): string {
  return (
    name
      .normalize('NFC')
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
      .trim()
      .slice(0, LIMITS.name)
      // Half a character, where the cut went through one.
      .replace(/\p{Cs}$/u, '')
      .trim()
  );
}
