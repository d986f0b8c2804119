/** What a page of the documentation is, and how it names its neighbours. */
import { posix } from 'node:path';
import type { Markup } from './markup.ts';

export const LANGUAGES = ['de', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];
/** A text in each language. */
export type Words = Readonly<Record<Language, string>>;
export type Section = 'start' | 'builder' | 'playground' | 'reference' | 'guides' | 'search';

export interface Context {
  readonly lang: Language;
  /** Address of another page of the same language, or of a file of the demo, as written on this one. */
  readonly link: (path: string) => string;
  readonly file: (path: string) => string;
}

export interface Page {
  /** Path of the German page; the English one is below `en/`. */
  readonly path: string;
  readonly section: Section;
  readonly title: Words;
  /** One sentence for search engines, `llms.txt` and lists. */
  readonly about: Words;
  /** Module in `client/` that only this page loads, besides that of every page. */
  readonly script?: string;
  /** Stylesheet in `styles/`, besides that of every page. */
  readonly style?: string;
  readonly body: (context: Context) => Markup;
}

export const pathOf = (path: string, lang: Language): string => (lang === 'de' ? path : `${lang}/${path}`);

/** @param from path of the page on which the address stands */
export const relativeTo = (from: string, to: string): string => posix.relative(posix.dirname(from), to);

export function contextOf({ path }: Pick<Page, 'path'>, lang: Language): Context {
  const here = pathOf(path, lang);
  return {
    lang,
    link: (to) => relativeTo(here, pathOf(to, lang)),
    file: (to) => relativeTo(here, to),
  };
}
