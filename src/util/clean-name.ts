/**
 * What a name in a credential may consist of (protocol.md §3): text that renders as what it is. A name that shows as
 * nothing, that differs from another one only in invisible characters, or that carries a seal of approval deceives the
 * people who decide about it.
 *
 * Sources: Unicode 16 `Default_Ignorable_Code_Point`, UAX #31 §2.3 (where the two joiners are part of the spelling),
 * UTS #51 (emoji sequences).
 */

/** UTF-16 code units of a name. */
export const NAME_LIMIT = 64;

/** Check marks and what looks like one, locks, shields and badges: they vouch for a name, and nobody has vouched. */
const VOUCHING =
  /[\u221A\u237B\u23B7\u2611\u2705\u2713\u2714\u{10102}\u{1F5F8}\u{1F5F9}\u{1FBB1}\u{1F510}-\u{1F513}\u{1F50F}\u{1F6E1}\u26E8\u{1F4DB}\u{1F530}\u{1FAAA}\u{1F6C2}]/gu;

/** Joiners that are part of the spelling: between letters of scripts that join, after a virama, inside an emoji. */
const SPELLED = [
  /(?<=[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}])\u200C(?=[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}])/u,
  /(?<=[\u094D\u09CD\u0A4D\u0ACD\u0B4D\u0BCD\u0C4D\u0CCD\u0D4D\u0DCA])[\u200C\u200D](?=\p{L})/u,
  /(?<=\p{Extended_Pictographic}\uFE0F?\p{Emoji_Modifier}?)\u200D(?=\p{Extended_Pictographic})/u,
  /(?<=\p{Extended_Pictographic})\uFE0F/u,
]
  .map(({ source }) => source)
  .join('|');

const INVISIBLE = new RegExp(
  `(?<spelled>${SPELLED})|[\\p{Default_Ignorable_Code_Point}\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}\\u2800\\uFFFC\\u{13441}\\u{13442}\\u{16FE4}\\u{1D159}\\uFDD0-\\uFDEF\\uFFFE\\uFFFF]`,
  'gu',
);

/** More marks on one letter than any spelling needs: they would cover the lines above and below. */
const STACKED = /(?<kept>\p{M}{4})\p{M}+/gu;

/**
 * The part of a text that may stand as a name: NFKC, without invisible, private or vouching characters, single blanks,
 * at most {@link NAME_LIMIT} code units, cut between characters. Empty where nothing visible is left.
 */
export function cleanName(text: string): string {
  let name = text;
  // What one step removes may let the next compose differently; each round shortens the text or ends.
  for (let before = ''; before !== name;) {
    before = name;
    name = cut(strip(name));
  }
  return name;
}

const strip = (text: string): string =>
  text
    .normalize('NFKC')
    // Line breaks and tabs separate words; every other control character is dropped below.
    .replace(/[\s\p{Z}]+/gu, ' ')
    .replace(INVISIBLE, (_found: string, spelled: string | undefined) => spelled ?? '')
    .replace(VOUCHING, '')
    .replace(STACKED, '$1')
    .replace(/(?<=^|\s)\p{M}+/gu, '')
    .replace(/ {2,}/gu, ' ')
    .trim();

function cut(name: string): string {
  if (name.length <= NAME_LIMIT) return name;
  let end = 0;
  for (const { index, segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name))
    if (index + segment.length <= NAME_LIMIT) end = index + segment.length;
  // One grapheme alone may be longer than the limit: then it is cut between code points.
  return end > 0 ? name.slice(0, end) : name.slice(0, NAME_LIMIT).replace(/\p{Cs}$/u, '');
}

/** Whether a credential may hold this name. */
export function isName(name: string): boolean {
  return name !== '' && cleanName(name) === name;
}
