/** How people spell a code on the telephone. */

const LETTERS = 'ABCDEFGHJKMNPQRSTVWXYZ';
/** In their order: DIN 5009, and the alphabet of radio telephony (ICAO Annex 10). */
const GERMAN =
  'Aachen Berlin Chemnitz Düsseldorf Essen Frankfurt Goslar Hamburg Jena Köln München Nürnberg Potsdam Quickborn Rostock Salzwedel Tübingen Völklingen Wuppertal Xanten Ypsilon Zwickau';
const ENGLISH =
  'Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel Juliett Kilo Mike November Papa Quebec Romeo Sierra Tango Victor Whiskey X-ray Yankee Zulu';

/**
 * `Köln 7 München, 2 Quickborn Xanten, 9 Tübingen Düsseldorf`
 *
 * @param lang BCP 47; English words for every language but German
 */
export function spelled(code: string, lang: string): string {
  const words = (lang.startsWith('de') ? GERMAN : ENGLISH).split(' ');
  const word = (sign: string): string => words[LETTERS.indexOf(sign)] ?? sign;
  return code
    .split('-')
    .map((group) => Array.from(group, word).join(' '))
    .join(', ');
}
