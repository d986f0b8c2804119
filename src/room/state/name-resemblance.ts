/**
 * Names that look alike (UTS #39): two names with one skeleton can be taken for each other, and a guest whose name looks
 * like the counsellor's can pose as one. Nothing is refused for it; the room says so beside the name.
 *
 * The full table of UTS #39 is larger than the rest of the room. This one has the letters of other scripts that look
 * like a Latin letter in common typefaces (source: confusables.txt of Unicode 16, single letters only).
 */
import { GUEST_WORDS, HOST_WORDS } from './display-name.ts';
import type { SessionState } from './state.ts';

const LOOKALIKES: Readonly<Record<string, string>> = {
  a: 'аαɑａⓐᴀАΑꓮᎪⲀ𐊠𐌀',
  b: 'ЬВΒꓐᏴʙᏏßⲂ𐊡',
  c: 'сϲᴄСϹꓚᏟⅽⲤ𐌂',
  d: 'ԁꓓᎠⅾ',
  e: 'еєҽЕΕꓰᎬℯ𐌄𐊤',
  f: 'ꓝϝƒ',
  g: 'ɡցɢꓖᏀ',
  h: 'һհНΗꓧᎻʜⲎ𐋏',
  i: 'іıιɩІΙӀꓲᎥlⅼ|1!ǀⲒ𐌉',
  j: 'јյϳЈꓙᎫ',
  k: 'кκᴋКΚꓗᏦⲔ',
  m: 'мᴍМΜꓟᎷⅿⲘ𐌌',
  n: 'ոпηɴΝꓠⲚ𐌍',
  o: 'оοօσᴏОΟՕꓳ0øØⲞ𐌏௦०೦',
  p: 'рρΡРꓑᏢⲢ𐌐',
  q: 'ԛզ',
  r: 'гᴦꓣᎡʀ',
  s: 'ѕꜱЅՏꓢᏚ',
  t: 'тτᴛТΤꓔᎢⲦ𐌕',
  u: 'υսᴜꓴՍ',
  v: 'νѵᴠⅴꓦᏙ',
  w: 'ԝѡᴡꓪᎳ',
  x: 'хχХΧꓫⅹⲬ𐌗',
  y: 'уүγУΥꓬᎽⲨ',
  z: 'ᴢΖꓜᏃⲌ',
};

/** First letters of alphabets in circles, squares and flags, which have no decomposition (Unicode 16). */
const ENCLOSED = [0x1f150, 0x1f170, 0x1f1e6] as const;

const LATIN = new Map([
  ...Object.entries(LOOKALIKES).flatMap(([latin, others]) =>
    Array.from(others).flatMap((letter) => [letter, letter.toLowerCase()].map((form) => [form, latin] as const)),
  ),
  ...ENCLOSED.flatMap((first) =>
    Array.from('abcdefghijklmnopqrstuvwxyz', (letter, index) => {
      // As the letter itself is read.
      const latin = Object.entries(LOOKALIKES).find(([, others]) => others.includes(letter))?.[0] ?? letter;
      return [String.fromCodePoint(first + index), latin] as const;
    }),
  ),
]);

/** What is left of a name once case, accents, blanks, punctuation and the script of a look-alike letter are ignored. */
export function skeleton(name: string): string {
  const letters = Array.from(
    name.normalize('NFKD').replace(/[\p{M}\p{P}\p{Z}\p{S}]/gu, (sign) => (LATIN.has(sign) ? sign : '')),
  );
  const read = letters
    .map((letter) => LATIN.get(letter) ?? LATIN.get(letter.toLowerCase()) ?? letter.toLowerCase())
    .join('')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w');
  // Signs and emoji alone: they look like nothing but themselves.
  return read === '' ? name : read;
}

/** A participant, or a person who knocks. */
export interface NamedPerson {
  readonly id: string;
  readonly name: string;
  readonly host?: boolean;
  /** A person who comes back looks like the participant whose place they take. */
  readonly returning?: boolean;
}

/**
 * The name in the room that this one can be taken for: the host's, the word for hosts in any language, ours, or another
 * participant's. Null for the host, whom every view marks, and where there is none.
 */
export function resembledName(
  { role, name: own, participants }: Pick<SessionState, 'role' | 'name' | 'participants'>,
  { id, name, host = false, returning = false }: NamedPerson,
): string | null {
  if (host) return null;
  const hosts = role === 'host' ? [own] : participants.flatMap((p) => (p.host ? [p.name] : []));
  const others = participants.flatMap((p) => (p.id === id || p.host || returning ? [] : [p.name]));
  const ours = role === 'guest' ? [own] : [];
  const read = skeleton(name);
  const guests = [...others, ...ours].filter((other) => !GUEST_WORDS.includes(other));
  return [...hosts, ...HOST_WORDS, ...guests].find((other) => skeleton(other) === read) ?? null;
}
