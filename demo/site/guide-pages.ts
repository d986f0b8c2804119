/** The guides as pages, and the list of them. */
import { GUIDE_TEXTS, type GuideText } from './guide-texts.ts';
import { markup } from './markup.ts';
import type { Page, Words } from './page.ts';
import { inlineProse, prose } from './prose.ts';

const TITLE = { de: 'Anleitungen', en: 'Guides' };
const ABOUT = {
  de: 'Schritt für Schritt: das erste Gespräch, eine eigene Oberfläche, Webserver, WordPress und TYPO3, Umzug von anderen.',
  en: 'Step by step: the first call, an interface of your own, web servers, WordPress and TYPO3, moving from others.',
};

/** Text without the marks of Markdown. */
const plain = (text: string): string => text.replaceAll(/[`*]/gu, '');

const plainWords = ({ de, en }: Words): Words => ({ de: plain(de), en: plain(en) });

const guidePage = ({ name, title, about, text }: GuideText): Page => ({
  path: `guides/${name}.html`,
  section: 'guides',
  title: plainWords(title),
  about: plainWords(about),
  body: ({ lang }) => markup`<div class="prose">${prose(text[lang])}</div>`,
});

const index: Page = {
  path: 'guides/index.html',
  section: 'guides',
  title: TITLE,
  about: ABOUT,
  body: ({ lang, link }) => markup`<h1>${TITLE[lang]}</h1>
    <p class="lead">${ABOUT[lang]}</p>
    <dl class="entries">${GUIDE_TEXTS.map(
      ({ name, title, about }) =>
        markup`<div><dt><a href="${link(`guides/${name}.html`)}">${inlineProse(title[lang])}</a></dt><dd>${inlineProse(about[lang])}</dd></div>`,
    )}</dl>`,
};

export const GUIDES: readonly Page[] = [index, ...GUIDE_TEXTS.map(guidePage)];
