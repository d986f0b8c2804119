/** Shared by all consent texts: tidy lines, and the hash that a receipt contains. */
import { toBase64Url } from '../util/base64url.ts';

/**
 * Reduces a text to one line without directional overrides. A configuration may contain line breaks and bidirectional
 * controls (UAX #9 §2); neither may change how the text around them reads.
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
