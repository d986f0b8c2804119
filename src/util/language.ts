/** The languages that consents are given in, and the choice among them. */
const LANGUAGES = ['de', 'en'] as const;
export type ConsentLanguage = (typeof LANGUAGES)[number];

/** Chooses the language of a text, by BCP 47 tag; German where the language is not available. */
export function languageOf(lang: string): ConsentLanguage {
  const asked = lang.toLowerCase().split(/[-_]/u)[0];
  return LANGUAGES.find((language) => language === asked) ?? 'de';
}
