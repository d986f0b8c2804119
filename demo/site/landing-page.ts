/** The first page: what this is, in one screen; a room to try; three ways in. */
import { markup, type Markup } from './markup.ts';
import type { Context, Page } from './page.ts';
import { sample } from './prose.ts';

const WORDS = {
  de: {
    title: 'Start',
    about: 'Private Videoberatung als Webkomponente: direkt, Ende-zu-Ende verschlüsselt, mit einem Nein, das zählt.',
    heading: 'Ein geschützter Raum für ein Gespräch',
    lead: 'consult-room ist ein HTML-Element für Ihre eigene Seite. Zwei Menschen, oder eine Beraterin und bis zu acht, sprechen per Video, direkt von Gerät zu Gerät und Ende-zu-Ende verschlüsselt. Wer eingeladen ist, braucht nur einen Link.',
    create: 'Raum anlegen',
    embed: 'Einbetten',
    preview: 'Beide Seiten auf einer Seite ansehen',
    picture: 'Ein Gespräch: die Beraterin im Bild, daneben der geschriebene Teil, darunter ruhige Knöpfe',
    linksHeading: 'Ihr Raum ist bereit',
    linksText:
      'Öffnen Sie beide Links in zwei Fenstern, um es auszuprobieren. Oder geben Sie den zweiten jemandem weiter.',
    alone:
      'Diese Seiten liegen hier ohne Server, deshalb kann sich der Raum nicht verbinden. Sehen Sie sich stattdessen beide Seiten auf einer Seite an.',
    promises: 'Zusagen',
    direct: [
      'Direkt',
      'Bild und Ton nehmen den kürzesten Weg. Geht es nur über einen Umweg, werden beide vorher gefragt, und Nein ist eine gute Antwort.',
    ],
    closed: [
      'Geschlossen',
      'Vor dem Gespräch sagt jede Seite, wer mit im Raum ist. Kommt jemand herein, ruhen Bild und Ton sofort auf beiden Seiten.',
    ],
    quiet: [
      'Still',
      'Kein Klingeln, kein Konto, keine Cookies, keine Anfrage an Dritte. Nichts wird aufgezeichnet, danach bleibt nichts zurück.',
    ],
    doors: 'Drei Wege hinein',
    door1: [
      'Den Raum einbetten',
      'Zwei Zeilen in Ihrer Seite. Der Baukasten schreibt sie, mit Konfiguration und Content-Security-Policy.',
      'Zum Baukasten',
    ],
    door2: [
      'Eine eigene Oberfläche bauen',
      'Die Sitzung ohne Oberfläche. Sie zeichnen, was der Zustand sagt.',
      'Zur Anleitung',
    ],
    door3: [
      'Den Server betreiben',
      'Ein kleiner Dienst, der Menschen einander vorstellt und nichts mithört, hinter nginx, Caddy oder Apache.',
      'Zur Anleitung',
    ],
  },
  en: {
    title: 'Start',
    about: 'Private video counselling as a web component: direct, end-to-end encrypted, with a no that counts.',
    heading: 'A protected room for a conversation',
    lead: 'consult-room is an HTML element for your own page. Two people, or a counsellor and up to eight, talk by video, directly from device to device and end-to-end encrypted. Guests only need a link.',
    create: 'Create a room',
    embed: 'Embed it',
    preview: 'See both sides on one page',
    picture: 'A call: the counsellor in the picture, the written conversation beside it, calm controls below',
    linksHeading: 'Your room is ready',
    linksText: 'Open both links in two windows to try it. Or send the second one to someone.',
    alone:
      'These pages are served without the signalling server, so the room cannot connect. See both sides on one page instead.',
    promises: 'Promises',
    direct: [
      'Direct',
      'Picture and sound take the shortest path. If a direct connection fails, both people are asked before a relay is used, and no is a good answer.',
    ],
    closed: [
      'Closed',
      'Before the call, each side says who else is in the room. If someone comes in, picture and sound pause on both sides immediately.',
    ],
    quiet: [
      'Quiet',
      'No ringing, no account, no cookies, no requests to third parties. Nothing is recorded, and nothing is left behind.',
    ],
    doors: 'Three ways in',
    door1: [
      'Embed the room',
      'Two lines in your page. The builder writes them, with the configuration and the content security policy.',
      'Open the builder',
    ],
    door2: [
      'Build your own interface',
      'The session without elements. You draw what its state says.',
      'Read the guide',
    ],
    door3: [
      'Run the server',
      'A small service that introduces people to each other and hears nothing, behind nginx, Caddy or Apache.',
      'Read the guide',
    ],
  },
} as const;

const EMBED = `<script type="module" src="/consult-room/consult-room.js"></script>
<consult-room></consult-room>`;

function body({ lang, link, file }: Context): Markup {
  const words = WORDS[lang];
  const door = ([heading, text, label]: readonly [string, string, string], to: string): Markup =>
    markup`<li><h3>${heading}</h3><p>${text}</p><p><a href="${link(to)}">${label}<span class="visually-hidden">: ${heading}</span></a></p></li>`;
  const promise = ([heading, text]: readonly [string, string]): Markup =>
    markup`<li><h3>${heading}</h3><p>${text}</p></li>`;
  return markup`<section class="welcome">
      <div>
        <h1>${words.heading}</h1>
        <p class="lead">${words.lead}</p>
        <p class="actions">
          <button type="button" id="create">${words.create}</button>
          <a class="button" href="${link('builder.html')}">${words.embed}</a>
        </p>
        <p><a id="preview" href="${file('preview.html')}">${words.preview}</a></p>
      </div>
      <img src="${file('pictures/call.png')}" width="1280" height="800" alt="${words.picture}" />
    </section>
    <section class="links" id="links" hidden>
      <h2 id="links-heading" tabindex="-1">${words.linksHeading}</h2>
      <p class="lead">${words.linksText}</p>
      <p class="hint" id="alone" hidden>${words.alone}</p>
      <room-invite></room-invite>
    </section>
    <section aria-labelledby="promises">
      <h2 id="promises" class="visually-hidden">${words.promises}</h2>
      <ul class="columns">${[words.direct, words.closed, words.quiet].map(promise)}</ul>
    </section>
    <section>
      <h2 id="doors">${words.doors}</h2>
      ${sample(EMBED, 'html', 'HTML')}
      <ul class="columns">
        ${door(words.door1, 'builder.html')} ${door(words.door2, 'guides/own-interface.html')} ${door(words.door3, 'guides/web-servers.html')}
      </ul>
    </section>`;
}

export const LANDING: Page = {
  path: 'index.html',
  section: 'start',
  title: { de: WORDS.de.title, en: WORDS.en.title },
  about: { de: WORDS.de.about, en: WORDS.en.about },
  script: 'landing.ts',
  style: 'landing.css',
  body,
};
