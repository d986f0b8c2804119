/** What surrounds every page: head, header, side list and footer. No inline script or style, so that the strict policy holds. */
import { markup, type Content, type Markup } from './markup.ts';
import { contextOf, LANGUAGES, pathOf, relativeTo, type Language, type Page, type Section } from './page.ts';

/** The policy of every page, in the page itself: a folder of static files has no headers. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob: mediastream:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const WORDS = {
  de: {
    skip: 'Zum Inhalt',
    main: 'Hauptnavigation',
    menu: 'Menü',
    language: 'Sprache',
    start: 'Start',
    builder: 'Einbetten',
    playground: 'Gestalten',
    reference: 'Elemente',
    guides: 'Anleitungen',
    search: 'Suche',
    footer:
      'consult-room ist freie Software unter der MIT-Lizenz. Diese Seiten fragen nur den Server, von dem sie kommen.',
    llms: 'Für Sprachmodelle: llms.txt',
  },
  en: {
    skip: 'Skip to content',
    main: 'Main navigation',
    menu: 'Menu',
    language: 'Language',
    start: 'Start',
    builder: 'Embed',
    playground: 'Design',
    reference: 'Elements',
    guides: 'Guides',
    search: 'Search',
    footer: 'consult-room is free software under the MIT licence. These pages contact only the server they come from.',
    llms: 'For language models: llms.txt',
  },
} as const;

const NAMES = { de: 'Deutsch', en: 'English' } as const;

/** The page that stands for a section in the header. */
const ENTRIES: Readonly<Record<Section, string>> = {
  start: 'index.html',
  builder: 'builder.html',
  playground: 'playground.html',
  reference: 'reference/index.html',
  guides: 'guides/index.html',
  search: 'search.html',
};

function header(page: Page, lang: Language, all: readonly Page[]): Markup {
  const { link } = contextOf(page, lang);
  const words = WORDS[lang];
  const current = (is: boolean): Markup | null => (is ? markup` aria-current="page"` : null);
  const entries = Object.entries(ENTRIES) as readonly (readonly [Section, string])[];
  const items = entries
    .filter(([, path]) => all.some((other) => other.path === path))
    .map(
      ([section, path]) =>
        markup`<li><a href="${link(path)}"${current(section === page.section)}>${words[section]}</a></li>`,
    );
  const here = pathOf(page.path, lang);
  const languages = LANGUAGES.map((other) => {
    const href = relativeTo(here, pathOf(page.path, other));
    return markup`<li><a href="${href}" hreflang="${other}" lang="${other}"${current(other === lang)}>${NAMES[other]}</a></li>`;
  });
  // A popover opens, closes and says so to screen readers without a script. Wide views show it as a part of the header.
  return markup`<header class="bar">
    <p class="brand"><a href="${link('index.html')}">consult-room</a></p>
    <button type="button" class="menu-button" popovertarget="menu">${words.menu}</button>
    <div class="menu" id="menu" popover>
      <nav aria-label="${words.main}"><ul>${items}</ul></nav>
      <nav aria-label="${words.language}"><ul>${languages}</ul></nav>
    </div>
  </header>`;
}

/** The other pages of a section, beside the content. */
function siblings(page: Page, lang: Language, all: readonly Page[]): Content {
  if (page.section !== 'reference' && page.section !== 'guides') return null;
  const { link } = contextOf(page, lang);
  const items = all
    .filter(({ section }) => section === page.section)
    .map((other) => {
      const mark = other === page ? markup` aria-current="page"` : null;
      return markup`<li><a href="${link(other.path)}"${mark}>${other.title[lang]}</a></li>`;
    });
  return markup`<nav class="siblings" aria-label="${WORDS[lang][page.section]}"><ul>${items}</ul></nav>`;
}

/** A whole page. */
export function documentOf(page: Page, lang: Language, all: readonly Page[]): string {
  const context = contextOf(page, lang);
  const words = WORDS[lang];
  const name = page.path === 'index.html' ? 'consult-room' : `${page.title[lang]} – consult-room`;
  const { script, style } = page;
  return markup`<!doctype html>
<html lang="${lang}">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
    <meta name="color-scheme" content="light dark" />
    <meta name="referrer" content="no-referrer" />
    <meta name="description" content="${page.about[lang]}" />
    <title>${name}</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${context.file('styles/site.css')}" />
    ${style === undefined ? null : markup`<link rel="stylesheet" href="${context.file(`styles/${style}`)}" />`}
    <script type="module" src="${context.file('client/every-page.ts')}"></script>
    ${script === undefined ? null : markup`<script type="module" src="${context.file(`client/${script}`)}"></script>`}
  </head>
  <body>
    <a class="skip" href="#content">${words.skip}</a>
    ${header(page, lang, all)}
    <div class="frame ${page.section}">
      <main id="content" tabindex="-1">
        ${page.body(context)}
      </main>
      ${siblings(page, lang, all)}
    </div>
    <footer class="bar">
      <p>${words.footer}</p>
      <p><a href="${context.file('llms.txt')}">${words.llms}</a></p>
    </footer>
  </body>
</html>
`.html;
}
