/** The builder: choices on the left, what to copy on the right, and how it will look. `client/builder.ts` gives it life. */
import { POLICY_NAMES } from '../../src/policy.ts';
import { DENSITIES, THEMES } from '../../src/server/snippet.ts';
import { markup, type Content, type Markup } from './markup.ts';
import type { Context, Page } from './page.ts';
import { longSample } from './prose.ts';

const WORDS = {
  de: {
    title: 'Einbetten',
    about:
      'Der Baukasten schreibt alles, was Ihre Seite braucht: HTML, Content-Security-Policy, Konfiguration und Befehl.',
    lead: 'Wählen Sie, was zu Ihrer Stelle passt. Was Sie eingeben, bleibt in Ihrem Browser.',
    room: 'Der Raum',
    site: 'Ihre Seite',
    centre: 'Ihre Stelle',
    relay: 'Umweg über einen Relay-Server (freiwillig)',
    wording: 'Eigene Texte',
    wordingText: 'Ersetzt den Text der Bibliothek. Ohne die Zeichen " < > und ohne Zeilenumbruch.',
    add: 'Text hinzufügen',
    remove: 'Entfernen',
    policy: 'Regelwerk',
    policies: {
      beratung: 'Beratung zu zweit',
      gruppe: 'Gruppe bis neun',
      'anlage-31b': 'Videosprechstunde (Anlage 31b)',
      gewaltschutz: 'Gewaltschutz',
    },
    theme: 'Farben',
    themes: { '': 'Haus am Abend', calm: 'ruhig, blaugrau', dark: 'dunkel', 'high-contrast': 'hoher Kontrast' },
    density: 'Abstände',
    densities: { usual: 'üblich', compact: 'enger' },
    lang: 'Sprache',
    'exit-href': 'Wohin „Sofort weg“ führt',
    base: 'Ordner der Skripte auf Ihrer Seite',
    origin: 'Adresse Ihrer Seite',
    signaling: 'Vermittlungsserver, falls er eine andere Adresse hat',
    name: 'Name der Stelle',
    address: 'Anschrift',
    email: 'E-Mail',
    country: 'Land (ISO-Kürzel)',
    telephone: 'Telefon, falls die Verbindung nicht klappt',
    relayHost: 'Name des Relay-Servers',
    relayAddress: 'Seine IP-Adresse',
    results: 'Das brauchen Sie',
    html: 'In die Seite',
    csp: 'Kopfzeile der Antwort',
    config: 'config.json für den Server',
    texts: 'texts.js auf Ihrer Seite',
    command: 'Dasselbe auf der Kommandozeile',
    server: 'Server starten',
    files:
      'Kopieren Sie den Ordner dist/cdn des Pakets dorthin, wo das HTML ihn erwartet. Das Geheimnis des Relay-Servers kommt aus CONSULT_ROOM_RELAY_SECRET und steht in keiner Datei.',
    notBuilt: 'Die Prüfsummen fehlen, weil dist/cdn nicht gebaut ist. Führen Sie zuerst npm run build aus.',
    preview: 'So sieht es aus',
    previewText: 'Ein Raum, der nur so tut: ohne Server, ohne Kamera.',
  },
  en: {
    title: 'Embed',
    about: 'The builder writes everything your page needs: HTML, content security policy, configuration and command.',
    lead: 'Choose what suits your centre. What you type stays in your browser.',
    room: 'The room',
    site: 'Your site',
    centre: 'Your centre',
    relay: 'A relay server (optional)',
    wording: 'Your own texts',
    wordingText: 'Replaces the text of the library. Without the characters " < > and without line breaks.',
    add: 'Add a text',
    remove: 'Remove',
    policy: 'Rules',
    policies: {
      beratung: 'Counselling for two',
      gruppe: 'Group of up to nine',
      'anlage-31b': 'Video consultation (Anlage 31b)',
      gewaltschutz: 'Protection from violence',
    },
    theme: 'Colours',
    themes: { '': 'house at dusk', calm: 'calm, blue-grey', dark: 'dark', 'high-contrast': 'high contrast' },
    density: 'Distances',
    densities: { usual: 'usual', compact: 'compact' },
    lang: 'Language',
    'exit-href': 'Where the quick exit leads',
    base: 'Folder of the scripts on your site',
    origin: 'Address of your site',
    signaling: 'Signalling server, if it has another address',
    name: 'Name of the centre',
    address: 'Postal address',
    email: 'Email',
    country: 'Country (ISO code)',
    telephone: 'Telephone, in case the connection fails',
    relayHost: 'Name of the relay server',
    relayAddress: 'Its IP address',
    results: 'What you need',
    html: 'Into the page',
    csp: 'Header of the answer',
    config: 'config.json for the server',
    texts: 'texts.js on your site',
    command: 'The same on the command line',
    server: 'Start the server',
    files:
      'Copy the folder dist/cdn of the package to where the HTML expects it. The secret of the relay comes from CONSULT_ROOM_RELAY_SECRET and stands in no file.',
    notBuilt: 'The hashes are missing because dist/cdn was not built. Run npm run build first.',
    preview: 'What it looks like',
    previewText: 'A pretend room: no server, no camera.',
  },
} as const;

const LANGUAGE_NAMES = { de: 'Deutsch', en: 'English' };

/** What the form begins with. */
const INITIAL: Readonly<Record<string, string>> = {
  base: '/consult-room/',
  'exit-href': 'https://www.wetter.example/',
  origin: 'https://beratung.example',
  name: 'Beratungsstelle Nord',
  address: 'Hafen 1, 24103 Kiel',
  email: 'post@nord.example',
  country: 'DE',
  telephone: '+49 431 123456',
};

const INPUT_MODES: Readonly<Record<string, string>> = {
  'exit-href': 'url',
  origin: 'url',
  signaling: 'url',
  email: 'email',
  telephone: 'tel',
};

/** A field, and below it the place for what is wrong with it. */
const field = (name: string, label: string, control: Markup): Markup =>
  markup`<div class="field"><label>${label}${control}</label><p class="mistake" id="${name}-mistake" role="alert"></p></div>`;

function input(name: string, label: string): Markup {
  const mode = INPUT_MODES[name] ?? 'text';
  return field(
    name,
    label,
    markup`<input name="${name}" value="${INITIAL[name] ?? ''}" inputmode="${mode}" autocomplete="off" spellcheck="false" aria-describedby="${name}-mistake" />`,
  );
}

function select(
  name: string,
  label: string,
  options: Readonly<Record<string, string>>,
  names: readonly string[],
): Markup {
  const items = names.map((value) => markup`<option value="${value}">${options[value] ?? value}</option>`);
  return field(name, label, markup`<select name="${name}" aria-describedby="${name}-mistake">${items}</select>`);
}

const group = (legend: string, ...contents: readonly Content[]): Markup =>
  markup`<fieldset><legend>${legend}</legend>${contents}</fieldset>`;

/** A sample whose code the script writes. */
const result = (id: string, caption: string, language: string): Markup =>
  markup`<div id="result-${id}">${longSample(language, caption)}</div>`;

function body({ lang }: Context): Markup {
  const words = WORDS[lang];
  return markup`<h1>${words.title}</h1>
    <p class="lead">${words.lead}</p>
    <div class="workbench">
      <form id="builder" autocomplete="off">
        ${group(
          words.room,
          select('lang', words.lang, LANGUAGE_NAMES, ['de', 'en']),
          select('policy', words.policy, words.policies, POLICY_NAMES),
          select('theme', words.theme, words.themes, ['', ...THEMES]),
          select('density', words.density, words.densities, DENSITIES),
          input('exit-href', words['exit-href']),
        )}
        ${group(words.site, input('origin', words.origin), input('base', words.base), input('signaling', words.signaling))}
        ${group(words.centre, ...(['name', 'address', 'email', 'country', 'telephone'] as const).map((name) => input(name, words[name])))}
        ${group(words.relay, input('relay-host', words.relayHost), input('relay-address', words.relayAddress))}
        ${group(
          words.wording,
          markup`<p>${words.wordingText}</p><div id="texts"></div>
            <template id="text-row"><div class="row field">
              <label>Text <select></select></label><label class="own">${words.wording}<input autocomplete="off" /></label>
              <button type="button" class="quiet">${words.remove}</button><p class="mistake" role="alert"></p></div></template>
            <p><button type="button" class="quiet" id="add-text">${words.add}</button></p>`,
        )}
      </form>
      <section class="results" aria-labelledby="results">
        <h2 id="results">${words.results}</h2>
        <p class="hint" id="not-built" hidden>${words.notBuilt}</p>
        ${result('html', words.html, 'html')} ${result('csp', words.csp, 'http')} ${result('texts', words.texts, 'js')}
        ${result('config', words.config, 'json')} ${result('server', words.server, 'sh')} ${result('command', words.command, 'sh')}
        <p>${words.files}</p>
      </section>
    </div>
    <section><h2 id="preview">${words.preview}</h2><p>${words.previewText}</p><div class="stage" id="stage"></div></section>`;
}

export const BUILDER: Page = {
  path: 'builder.html',
  section: 'builder',
  title: { de: WORDS.de.title, en: WORDS.en.title },
  about: { de: WORDS.de.about, en: WORDS.en.about },
  script: 'builder.ts',
  style: 'workbench.css',
  body,
};
