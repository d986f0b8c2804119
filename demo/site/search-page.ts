/** The search over everything, without a server. */
import { markup } from './markup.ts';
import type { Page } from './page.ts';

const WORDS = {
  de: {
    title: 'Suche',
    about: 'Sucht in allen Seiten, ohne Server: was Sie eingeben, bleibt in Ihrem Browser.',
    label: 'Suchwort',
  },
  en: {
    title: 'Search',
    about: 'Searches all pages without a server: what you type stays in your browser.',
    label: 'Search term',
  },
} as const;

export const SEARCH: Page = {
  path: 'search.html',
  section: 'search',
  title: { de: WORDS.de.title, en: WORDS.en.title },
  about: { de: WORDS.de.about, en: WORDS.en.about },
  script: 'search.ts',
  body: ({ lang, file }) => markup`<h1>${WORDS[lang].title}</h1>
    <p class="lead">${WORDS[lang].about}</p>
    <search><label>${WORDS[lang].label}
      <input type="search" id="query" autocomplete="off" spellcheck="false" data-index="${file(`search.${lang}.json`)}" /></label></search>
    <p role="status" id="count"></p>
    <ol class="entries results" id="results"></ol>`,
};
