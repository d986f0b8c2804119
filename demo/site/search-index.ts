/** What the search looks through: every part of a page with a heading or an entry of its own, one file for each language. */
import { LANGUAGES, pathOf, type Language } from './page.ts';
import { documents, PAGES } from './pages.ts';

export interface SearchEntry {
  readonly id: string;
  /** Heading of the part. */
  readonly title: string;
  /** Title of the page. */
  readonly page: string;
  readonly text: string;
}

const textOf = (html: string): string =>
  html
    .replaceAll(/<(?:nav|figure)\b.*?<\/(?:nav|figure)>/gsu, ' ')
    .replaceAll(/<[^>]*>/gu, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/gu, ' ')
    .trim();

/** The parts of a page: what stands between one address and the next. */
function partsOf(html: string, path: string, page: string): readonly SearchEntry[] {
  const [, main = ''] = /<main[^>]*>(.*)<\/main>/su.exec(html) ?? [];
  const starts = [...main.matchAll(/<(?:h[23]|div) id="([\w-]+)"[^>]*>/gu)];
  const first = { id: path, title: page, page, text: textOf(main.slice(0, starts[0]?.index ?? main.length)) };
  const parts = starts.map((start, index) => {
    const html = main.slice(start.index, starts[index + 1]?.index ?? main.length);
    const [, heading = ''] = /<(?:h[23]|dt)[^>]*>(.*?)<\/(?:h[23]|dt)>/su.exec(html) ?? [];
    const title = textOf(heading);
    return { id: `${path}#${start[1] ?? ''}`, title, page, text: textOf(html).slice(title.length).trim() };
  });
  return [first, ...parts].filter(({ title, text }) => title !== '' && text !== title);
}

const entriesIn = (lang: Language): readonly SearchEntry[] =>
  PAGES.filter(({ section }) => section !== 'search').flatMap(({ path, title }) =>
    partsOf(documents().get(pathOf(path, lang)) ?? '', path, title[lang]),
  );

/** File → content. */
export const searchFiles = (): ReadonlyMap<string, string> =>
  new Map(LANGUAGES.map((lang) => [`search.${lang}.json`, JSON.stringify(entriesIn(lang))]));
