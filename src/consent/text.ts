/** What all consent texts share: the language they are shown in, tidy lines, and the hash that a receipt names. */
import { toBase64Url } from '../util/base64url.ts';

const LANGUAGES = ['de', 'en'] as const;
export type ConsentLanguage = (typeof LANGUAGES)[number];

/** The language a text is shown in; what is not there is shown in German. */
export function languageOf(lang: string): ConsentLanguage {
  const asked = lang.toLowerCase().split(/[-_]/u)[0];
  return LANGUAGES.find((language) => language === asked) ?? 'de';
}

/**
 * One line of text: a configuration may hold line breaks, and characters that turn the direction of what follows; neither may change what is
 * read around it.
 */
export function tidyLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replaceAll(/[\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu, '')
    .trim();
}

/** SHA-384 over the kind of text, its version, its language and its lines, base64url. */
export async function textHash(kind: string, version: string, lang: string, lines: readonly string[]): Promise<string> {
  const text = [`consult-room ${kind} ${version} ${lang}`, ...lines].join('\n').normalize('NFC');
  const digest = await crypto.subtle.digest('SHA-384', new TextEncoder().encode(text));
  return toBase64Url(new Uint8Array(digest));
}
