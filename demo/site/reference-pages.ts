/** The reference: a page for each element with everything the manifest knows, a live example and code to copy. */
import {
  namedTypes,
  settable,
  writable,
  type Described,
  type ElementDescription,
} from '../../src/integrations/manifest.ts';
import { asksForConsent, exampleFile, type Dialect } from '../../src/integrations/reference.ts';
import { ELEMENTS, referencePath } from './elements.ts';
import { markup, type Content, type Markup } from './markup.ts';
import type { Context, Language, Page, Words } from './page.ts';
import { inlineProse, prose, sample } from './prose.ts';

const WORDS = {
  de: {
    title: 'Elemente',
    about:
      'Alle Elemente von consult-room: Attribute, Eigenschaften, Ereignisse, Slots und Parts, mit lebenden Beispielen.',
    lead: 'Meist genügt ein Tag, <consult-room>. Wer selbst anordnet, setzt die anderen Elemente hinein. Die Beschreibungen kommen aus dem Quelltext und sind deshalb englisch.',
    contents: 'Auf dieser Seite',
    live: 'So sieht es aus',
    liveText:
      'Ein lebendes Beispiel mit einem Raum, der nur so tut: Es gibt keinen Server, keine Kamera und kein Netz.',
    show: 'Beispiel zeigen',
    design: 'Alle Zustände ansehen und gestalten',
    code: 'Code',
    attributes: 'Attribute',
    properties: 'Eigenschaften',
    readable: 'Eigenschaften zum Lesen',
    methods: 'Methoden',
    events: 'Ereignisse',
    slots: 'Slots',
    parts: 'Parts',
    cssProperties: 'CSS-Eigenschaften',
    defaultSlot: 'ohne Namen',
    initial: 'Vorgabe',
    types: 'Typen',
    paint: 'Was Sie mit ::part bemalen dürfen',
  },
  en: {
    title: 'Elements',
    about: 'All elements of consult-room: attributes, properties, events, slots and parts, with live examples.',
    lead: 'Usually one tag is enough, <consult-room>. For a layout of your own, put the other elements inside it.',
    contents: 'On this page',
    live: 'What it looks like',
    liveText: 'A live example with a pretend room: there is no server, no camera and no network.',
    show: 'Show the example',
    design: 'See and style every state',
    code: 'Code',
    attributes: 'Attributes',
    properties: 'Properties',
    readable: 'Read-only properties',
    methods: 'Methods',
    events: 'Events',
    slots: 'Slots',
    parts: 'Parts',
    cssProperties: 'Custom properties',
    defaultSlot: 'default slot',
    initial: 'Default',
    types: 'Types',
    paint: 'What you may paint with ::part',
  },
} as const;

/** What a site may do to buttons with which people agree or refuse. */
const CONSENT: Words = {
  de: `Mit diesen Knöpfen stimmen Menschen zu oder lehnen ab. Die Zustimmung gilt nur, wenn Nein so leicht ist wie Ja
(Art. 4 Nr. 11 und Art. 7 DSGVO).

- **Erlaubt** ist alles, was beide Knöpfe gleich trifft: Farbe, Schrift, Ecken, Rahmen, Abstand. Schreiben Sie beide Parts in eine Regel.
- **Nicht erlaubt** ist, was einen hervorhebt oder versteckt: eine kräftige Farbe nur für \`accept-button\`, kleinere oder blasse Schrift
  für \`decline-button\`, \`order\`, \`display: none\`, \`opacity\`, \`pointer-events\`. Auch \`summary\` von \`<privacy-notice>\` bleibt zu sehen:
  Dort öffnet sich der ganze Hinweis.
- **Lesbar bleiben**: Text mindestens 4,5 : 1, Umrisse 3 : 1, Höhe mindestens 44 Pixel. Der Fokusring bleibt.

Der Raum prüft Ihre Farben nicht. Wer einen Knopf bevorzugt, hat am Ende keine gültige Zustimmung.`,
  en: `People agree or refuse with these buttons. Consent counts only if no is as easy as yes (Art. 4(11) and Art. 7 GDPR).

- **You may** paint whatever meets both buttons alike: colour, font, corners, border, distance. Write both parts in one rule.
- **You may not** highlight or hide one: a strong colour for \`accept-button\` only, smaller or paler text for \`decline-button\`,
  \`order\`, \`display: none\`, \`opacity\`, \`pointer-events\`. The \`summary\` of \`<privacy-notice>\` stays in sight too: it opens the whole notice.
- **Keep it readable**: text at 4.5:1 or more, outlines at 3:1, a height of at least 44 pixels. The focus ring stays.

The room does not check your colours. A site that favours one button ends up without a valid consent.`,
};

const ALIKE = (tag: string): string => `${tag}::part(accept-button),
${tag}::part(decline-button) {
  border-radius: 0.5rem;
  font-weight: 600;
}
`;

const DIALECTS: readonly (readonly [Dialect, string])[] = [
  ['html', 'HTML'],
  ['react', 'React'],
  ['vue', 'Vue'],
  ['svelte', 'Svelte'],
];

/** Without the references to promises, which only the source explains. */
const plain = (text: string): string => text.replaceAll(/\s*\[R\d+\]/gu, '');

/** The manifest is written in English. */
const english = (lang: Language, text: string): Markup =>
  lang === 'en' ? inlineProse(plain(text)) : markup`<span lang="en">${inlineProse(plain(text))}</span>`;

interface Group {
  readonly id: string;
  readonly heading: string;
  readonly items: readonly Described[];
}

function groupsOf(element: ElementDescription, lang: Language): readonly Group[] {
  const words = WORDS[lang];
  const { attributes = [], members = [], events = [], slots = [], cssParts = [], cssProperties = [] } = element;
  const groups: readonly Group[] = [
    { id: 'attributes', heading: words.attributes, items: attributes },
    { id: 'properties', heading: words.properties, items: writable(element) },
    {
      id: 'readable',
      heading: words.readable,
      items: members.filter((member) => member.kind === 'field' && !writable(element).includes(member)),
    },
    { id: 'methods', heading: words.methods, items: members.filter(({ kind }) => kind === 'method') },
    { id: 'events', heading: words.events, items: events },
    { id: 'slots', heading: words.slots, items: slots },
    { id: 'parts', heading: words.parts, items: cssParts },
    { id: 'css-properties', heading: words.cssProperties, items: cssProperties },
  ];
  return groups.filter(({ items }) => items.length > 0);
}

/** Where the documentation says what a type is. */
const TOLD: Readonly<Record<string, string>> = {
  ErrorCode: 'guides/errors.html',
  Phase: `${referencePath('consult-room')}#readable-phase`,
  RoomInterface: 'guides/own-interface.html',
};

const typeOf = ({ type }: Described, link: Context['link']): Markup | null =>
  type
    ? markup` <code class="type">${type.text
        .split(/\b/u)
        .map((word) => (TOLD[word] === undefined ? word : markup`<a href="${link(TOLD[word])}">${word}</a>`))}</code>`
    : null;

function renderGroup({ id, heading, items }: Group, { lang, link }: Context): Markup {
  const words = WORDS[lang];
  const entries = items.map((item) => {
    const { name, description = '', default: initial } = item;
    const entry = `${id}-${name === '' ? 'default' : name}`;
    const shown: Content = name === '' ? words.defaultSlot : markup`<code>${name}</code>`;
    return markup`<div id="${entry}">
      <dt>${shown}${typeOf(item, link)}</dt>
      <dd>${english(lang, description)}${initial === undefined ? null : markup` <span class="initial">${words.initial}: <code>${initial}</code></span>`}</dd>
    </div>`;
  });
  const names = namedTypes(items);
  const types = `import type { ${names.join(', ')} } from 'consult-room/room';`;
  return markup`<section><h2 id="${id}">${heading}</h2><dl class="entries">${entries}</dl>
    ${names.length === 0 ? null : sample(types, 'ts', words.types)}</section>`;
}

function elementBody(element: ElementDescription, context: Context): Markup {
  const { lang, link } = context;
  const words = WORDS[lang];
  const { tagName, name, description } = element;
  const groups = groupsOf(element, lang);
  const consent = asksForConsent(element);
  const contents: readonly (readonly [string, string])[] = [
    ['live', words.live],
    ['code', words.code],
    ...(consent ? ([['paint', words.paint]] as const) : []),
    ...groups.map(({ id, heading }) => [id, heading] as const),
  ];
  return markup`<h1><code>&lt;${tagName}&gt;</code></h1>
    <div class="lead"${lang === 'en' ? null : markup` lang="en"`}>${prose(plain(description))}</div>
    ${sample(`import { ${name} } from 'consult-room/elements';`, 'js', 'JavaScript')}
    <nav class="contents" aria-label="${words.contents}"><ul>${contents.map(([id, heading]) => markup`<li><a href="#${id}">${heading}</a></li>`)}</ul></nav>
    <section><h2 id="live">${words.live}</h2>
      <p>${words.liveText}</p>
      <p class="actions"><button type="button" class="quiet" id="show-example" hidden>${words.show}</button>
        <a href="${link('playground.html')}#${tagName}">${words.design}</a></p>
      <div class="stage" id="example" data-tag="${tagName}"></div>
    </section>
    <section><h2 id="code">${words.code}</h2>
      <div class="dialects">${DIALECTS.map(
        ([dialect, label]) => markup`<details name="dialect"${dialect === 'html' ? markup` open` : null}>
          <summary>${label}</summary>${sample(exampleFile(element, dialect), dialect === 'react' ? 'tsx' : dialect, label)}</details>`,
      )}</div>
    </section>
    ${consent ? markup`<section><h2 id="paint">${words.paint}</h2>${prose(CONSENT[lang])}${sample(ALIKE(tagName), 'css', 'CSS')}</section>` : null}
    ${groups.map((group) => renderGroup(group, context))}`;
}

/** Not up to the full stop of “Art. 13”. */
const firstSentence = (text: string): string =>
  (/^.*?[.!?](?=\s+\D|\s*$)/su.exec(plain(text))?.[0] ?? text).replaceAll(/\s+/gu, ' ');

const elementPage = (element: ElementDescription): Page => ({
  path: referencePath(element.tagName),
  section: 'reference',
  title: { de: `<${element.tagName}>`, en: `<${element.tagName}>` },
  about: {
    de: `${element.tagName}: ${settable(element).length + (element.events ?? []).length > 0 ? 'Attribute, Ereignisse, ' : ''}Parts, lebendes Beispiel und Code.`,
    en: firstSentence(element.description),
  },
  script: 'example-page.ts',
  body: (context) => elementBody(element, context),
});

const index: Page = {
  path: 'reference/index.html',
  section: 'reference',
  title: { de: WORDS.de.title, en: WORDS.en.title },
  about: { de: WORDS.de.about, en: WORDS.en.about },
  body: ({ lang, link }) => markup`<h1>${WORDS[lang].title}</h1>
    <p class="lead">${WORDS[lang].lead}</p>
    <dl class="entries">${ELEMENTS.map(
      (
        element,
      ) => markup`<div><dt><a href="${link(referencePath(element.tagName))}"><code>&lt;${element.tagName}&gt;</code></a></dt>
        <dd>${english(lang, firstSentence(element.description))}</dd></div>`,
    )}</dl>`,
};

export const REFERENCE: readonly Page[] = [index, ...ELEMENTS.map(elementPage)];
