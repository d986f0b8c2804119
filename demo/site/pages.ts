/** Every page of the documentation, in the order of the header. */
import { BUILDER } from './builder-page.ts';
import { GUIDES } from './guide-pages.ts';
import { LANDING } from './landing-page.ts';
import { LANGUAGES, pathOf, type Page } from './page.ts';
import { PLAYGROUND } from './playground-page.ts';
import { REFERENCE } from './reference-pages.ts';
import { SEARCH } from './search-page.ts';
import { documentOf } from './shell.ts';

export const PAGES: readonly Page[] = [LANDING, BUILDER, PLAYGROUND, ...REFERENCE, ...GUIDES, SEARCH];

const written: ReadonlyMap<string, string> = new Map(
  PAGES.flatMap((page) => LANGUAGES.map((lang) => [pathOf(page.path, lang), documentOf(page, lang, PAGES)] as const)),
);

/** Path → HTML of every page in every language. */
export const documents = (): ReadonlyMap<string, string> => written;
