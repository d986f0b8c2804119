/** The playground: every state of every element, with tokens and parts to change. `client/playground.ts` gives it life. */
import { THEMES } from '../../src/server/snippet.ts';
import { ELEMENTS } from './elements.ts';
import { markup, type Markup } from './markup.ts';
import type { Context, Page } from './page.ts';
import { sample } from './prose.ts';

const WORDS = {
  de: {
    title: 'Gestalten',
    about: 'Alle Elemente in allen Zuständen, mit Ihren Farben, Abständen und Parts. Das CSS dazu zum Kopieren.',
    element: 'Element',
    state: 'Zustand',
    show: 'Zeigen',
    covers: 'Dieses Element legt sich über die Seite. Es erscheint, wenn Sie „Zeigen“ drücken.',
    theme: 'Farben',
    themes: { '': 'Haus am Abend', calm: 'ruhig, blaugrau', dark: 'dunkel', 'high-contrast': 'hoher Kontrast' },
    density: 'Abstände',
    densities: { '': 'üblich', compact: 'enger' },
    scheme: 'Hell oder dunkel',
    schemes: { 'light dark': 'wie das Gerät', light: 'hell', dark: 'dunkel' },
    tokens: 'Farben, Schrift und Abstände',
    tokensText: 'Was Sie ändern, gilt sofort. Leere Felder behalten die Vorgabe.',
    parts: 'Parts',
    part: 'Part',
    declarations: 'CSS für diesen Part',
    consent:
      'Mit diesem Knopf stimmen Menschen zu oder lehnen ab. Bemalen Sie accept-button und decline-button gleich, sonst ist die Zustimmung nichts wert.',
    css: 'Ihr CSS',
    reset: 'Alles zurücksetzen',
    stage: 'Ansicht',
  },
  en: {
    title: 'Design',
    about: 'All elements in all states, with your colours, distances and parts. The CSS is there to copy.',
    element: 'Element',
    state: 'State',
    show: 'Show',
    covers: 'This element covers the page. It appears when you press “Show”.',
    theme: 'Colours',
    themes: { '': 'house at dusk', calm: 'calm, blue-grey', dark: 'dark', 'high-contrast': 'high contrast' },
    density: 'Distances',
    densities: { '': 'usual', compact: 'compact' },
    scheme: 'Light or dark',
    schemes: { 'light dark': 'as on the device', light: 'light', dark: 'dark' },
    tokens: 'Colours, type and distances',
    tokensText: 'What you change applies at once. Empty fields keep the default.',
    parts: 'Parts',
    part: 'Part',
    declarations: 'CSS for this part',
    consent:
      'People agree or refuse with this button. Paint accept-button and decline-button alike, or the consent is worth nothing.',
    css: 'Your CSS',
    reset: 'Reset everything',
    stage: 'View',
  },
} as const;

const select = (id: string, label: string, options: Readonly<Record<string, string>>): Markup =>
  markup`<div class="field"><label>${label}<select id="${id}">${Object.entries(options).map(
    ([value, name]) => markup`<option value="${value}">${name}</option>`,
  )}</select></label></div>`;

function body({ lang }: Context): Markup {
  const words = WORDS[lang];
  const tags = Object.fromEntries(ELEMENTS.map(({ tagName }) => [tagName, `<${tagName}>`]));
  const themes = Object.fromEntries(['', ...THEMES].map((name) => [name, words.themes[name as '']]));
  return markup`<h1>${words.title}</h1>
    <p class="lead">${words.about}</p>
    <div class="workbench">
      <form id="playground" autocomplete="off">
        <fieldset><legend>${words.stage}</legend>
          ${select('element', words.element, tags)} ${select('state', words.state, {})}
          ${select('theme', words.theme, themes)} ${select('density', words.density, words.densities)}
          ${select('scheme', words.scheme, words.schemes)}
        </fieldset>
        <fieldset><legend>${words.parts}</legend>
          ${select('part', words.part, {})}
          <div class="field"><label>${words.declarations}<textarea id="declarations" rows="3" spellcheck="false" aria-describedby="declarations-mistake" placeholder="border-radius: 0.5rem;"></textarea></label>
          <p class="mistake" id="declarations-mistake" role="alert"></p></div>
          <p class="hint" id="consent" hidden>${words.consent}</p>
        </fieldset>
        <details><summary>${words.tokens}</summary><fieldset id="tokens"><legend>${words.tokens}</legend><p>${words.tokensText}</p></fieldset></details>
        <p><button type="reset" class="quiet">${words.reset}</button></p>
      </form>
      <section class="results sticky" aria-label="${words.stage}">
        <p class="hint" id="covers" hidden>${words.covers} <button type="button" id="show">${words.show}</button></p>
        <div class="stage" id="stage"></div>
        <div id="result-css">${sample('', 'css', words.css)}</div>
      </section>
    </div>`;
}

export const PLAYGROUND: Page = {
  path: 'playground.html',
  section: 'playground',
  title: { de: WORDS.de.title, en: WORDS.en.title },
  about: { de: WORDS.de.about, en: WORDS.en.about },
  script: 'playground.ts',
  style: 'workbench.css',
  body,
};
