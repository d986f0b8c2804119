/** The languages that consents are given in, and the choice among them. A site can add its own (`consent/site-texts.ts`). */
const languages = new Set(['de', 'en']);

/** @param lang the language subtag in lower case */
export function addConsentLanguage(lang: string): void {
  languages.add(lang);
}

/** Chooses the language of a text, by BCP 47 tag; German where the language is not available. */
export function languageOf(lang: string): string {
  const asked = lang.toLowerCase().split(/[-_]/u)[0] ?? '';
  return languages.has(asked) ? asked : 'de';
}
