/** Die Datenschutzhinweise auf Deutsch: Sie-Form, kurze Sätze, Wörter, die man auch in Angst versteht. */
import type { DeclaredServer } from '../configuration.ts';
import type { NoticeFacts, NoticeSection, NoticeText } from './notice.ts';

const list = (items: readonly string[]): string => new Intl.ListFormat('de', { type: 'conjunction' }).format(items);

const operators = (servers: readonly DeclaredServer[], { country }: NoticeFacts): string =>
  list([...new Set(servers.map((server) => `${server.operator} (${country(server.country)})`))]);

const count = (value: number, one: string, many: string): readonly string[] =>
  value === 0 ? [] : [`${String(value)} ${value === 1 ? one : many}`];

export const german: NoticeText = {
  title: 'Datenschutzhinweise zur Videoberatung',

  duration: ({ days, hours, minutes, seconds }) =>
    list([
      ...count(days, 'Tag', 'Tage'),
      ...count(hours, 'Stunde', 'Stunden'),
      ...count(minutes, 'Minute', 'Minuten'),
      ...count(seconds, 'Sekunde', 'Sekunden'),
    ]) || 'keine Zeit',

  summary: (facts) => [
    {
      id: 'direct',
      text:
        facts.policy.relay === 'always'
          ? 'Bild und Ton laufen nur über eine Vermittlung, damit niemand Ihre Internet-Adresse erfährt.'
          : 'Bild und Ton gehen direkt von Gerät zu Gerät.',
    },
    {
      id: 'encryption',
      text: 'Alles ist Ende-zu-Ende verschlüsselt. Auch wir können auf dem Weg nichts mitsehen oder mithören.',
    },
    {
      id: 'servers',
      text:
        facts.servers.relay.length === 0
          ? 'Es gibt keine Vermittlung über fremde Rechner. Gelingt die direkte Verbindung nicht, kommt keine zustande.'
          : 'Gelingt es direkt nicht, fragen wir Sie. Ohne Ihr Ja wird nichts umgeleitet.',
    },
    { id: 'recording', text: 'Niemand zeichnet etwas auf. Das gilt für beide Seiten.' },
    { id: 'storage', text: 'Nach dem Gespräch bleibt nichts gespeichert, weder hier im Browser noch auf dem Server.' },
    { id: 'voluntary', text: 'Sie entscheiden. Sie können jederzeit aufhören, ohne einen Grund zu nennen.' },
  ],

  sections: (facts) => [
    controller(facts),
    {
      id: 'purpose',
      title: 'Wofür',
      paragraphs: [
        'Wir verarbeiten Ihre Daten nur, damit dieses Gespräch per Video stattfinden kann. Es gibt keine Werbung, keine Auswertung, kein Profil und keine automatische Entscheidung über Sie.',
      ],
    },
    data(facts),
    {
      id: 'basis',
      title: 'Rechtsgrundlage',
      paragraphs: [
        'Grundlage ist Ihre Einwilligung nach Art. 6 Abs. 1 Buchst. a DSGVO. In einer Beratung kann es um Ihre Gesundheit gehen; dafür willigen Sie nach Art. 9 Abs. 2 Buchst. a DSGVO ausdrücklich ein.',
        'Die Einwilligung ist freiwillig. Ohne sie kommt kein Video-Gespräch zustande. Auf anderen Wegen können Sie uns trotzdem erreichen.',
      ],
    },
    recipients(facts),
    path(facts),
    {
      id: 'encryption',
      title: 'Verschlüsselung',
      paragraphs: [
        'Bild, Ton, Text und alles, was zum Verbindungsaufbau gehört, wird auf Ihrem Gerät verschlüsselt und erst auf dem Gerät Ihres Gegenübers entschlüsselt. Die Verfahren folgen der Technischen Richtlinie TR-02102-1 des Bundesamtes für Sicherheit in der Informationstechnik (BSI): AES-256-GCM, SHA-384, P-384 und ML-KEM-1024.',
        'Mit dem Sicherheitscode im Gespräch können Sie selbst prüfen, dass niemand dazwischen ist.',
      ],
    },
    {
      id: 'retention',
      title: 'Wie lange',
      paragraphs: [
        `Der Server hält nur im Arbeitsspeicher fest, dass es den Raum gibt. Ein leerer Raum wird nach längstens ${facts.retention} vergessen. Er schreibt keine Internet-Adressen, keine Namen und keine Raumnummern in Protokolle.`,
        'In Ihrem Browser liegt während des Gesprächs ein kleiner Eintrag, damit Sie nach einem Neuladen zurückkommen. Er wird gelöscht, sobald das Gespräch endet.',
      ],
    },
    {
      id: 'room',
      title: 'Wer im Raum ist',
      paragraphs: [
        'Vor dem Gespräch nennt jede Seite alle Personen, die bei ihr im Raum sind. Der Raum ist geschlossen, und niemand sonst kann mithören oder auf den Bildschirm sehen. Erst wenn beide Seiten die Angaben gelesen haben, beginnen Bild und Ton.',
        'Kommt jemand herein, können Sie Bild und Ton sofort auf beiden Seiten anhalten.',
      ],
    },
    {
      id: 'recording',
      title: 'Keine Aufzeichnung',
      paragraphs: [
        'Aufzeichnungen jeder Art sind für beide Seiten nicht gestattet. Diese Seite enthält nichts, was aufzeichnen könnte, und sperrt bekannte Wege dafür.',
        'Was keine Internetseite verhindern kann: ein Programm auf dem Gerät, das den Bildschirm aufnimmt, oder eine zweite Kamera im Zimmer.',
      ],
    },
    rights(facts),
    {
      id: 'withdrawal',
      title: 'Widerruf',
      paragraphs: [
        'Sie können Ihre Einwilligung jederzeit widerrufen, so leicht wie Sie sie geben: Verlassen Sie das Gespräch. Dann endet die Verbindung sofort. Was bis dahin geschah, bleibt rechtmäßig.',
      ],
    },
  ],
};

function controller({ configuration: { operator }, country }: NoticeFacts): NoticeSection {
  const contact = [operator.address, operator.email].filter((line) => line !== undefined);
  return {
    id: 'controller',
    title: 'Wer verantwortlich ist',
    paragraphs: [
      `${[operator.name, ...contact].join(', ')} (${country(operator.country)}).`,
      ...(operator.officer ? [`Datenschutzbeauftragte Stelle: ${operator.officer}.`] : []),
    ],
  };
}

function data({ policy: { naming } }: NoticeFacts): NoticeSection {
  const name = naming === 'full-name' ? 'Ihr Name' : 'der Name, den Sie sich hier geben; es darf ein erfundener sein';
  return {
    id: 'data',
    title: 'Welche Daten',
    paragraphs: [
      `Verarbeitet werden: ${name}; Ihr Bild und Ihre Stimme, solange Sie Kamera und Mikrofon eingeschaltet haben; was Sie sagen und schreiben, darunter vielleicht Angaben zu Ihrer Gesundheit; die Namen oder Rollen der Personen bei Ihnen im Raum; Ihre Internet-Adresse (IP-Adresse).`,
      'Sie brauchen kein Konto und keine Anmeldung. Es gibt keine Cookies.',
    ],
  };
}

function recipients(facts: NoticeFacts): NoticeSection {
  const { signaling, stun, relay } = facts.servers;
  return {
    id: 'recipients',
    title: 'Wer etwas empfängt',
    paragraphs: [
      `Was Sie zeigen und sagen, empfangen nur die Personen in diesem Gespräch; es sind höchstens ${String(facts.policy.size)}.`,
      `Den Verbindungsaufbau vermittelt: ${operators(signaling, facts)}. Dieser Server sieht Ihre Internet-Adresse und verschlüsselte Nachrichten, nie ihren Inhalt.`,
      ...(stun.length > 0
        ? [`Beim Finden des direkten Weges hilft: ${operators(stun, facts)}. Er sieht Ihre Internet-Adresse.`]
        : []),
      ...(relay.length > 0 ? [`Nur wenn beide Seiten zustimmen, leitet weiter: ${operators(relay, facts)}.`] : []),
      outside(facts),
    ],
  };
}

function outside({ configuration: { countries, servers }, country }: NoticeFacts): string {
  const used = countries.filter((code) => servers.some((server) => server.country === code));
  return used.length === 0
    ? 'Alle Server stehen in Ländern, in denen die DSGVO gilt. Es gibt keine Übermittlung in andere Länder und keine Anfragen an Dritte.'
    : `Server stehen auch in: ${list(used.map(country))}. Für diese Länder hat die Europäische Kommission festgestellt, dass sie Daten angemessen schützen (Art. 45 DSGVO).`;
}

function path({ servers: { relay }, policy }: NoticeFacts): NoticeSection {
  const direct =
    'Bild und Ton gehen direkt zwischen den Geräten (Peer-to-Peer). Dabei kann das Gerät Ihres Gegenübers Ihre Internet-Adresse erfahren und Ihres die seine. Sie zeigt ungefähr, aus welcher Gegend und über welchen Anbieter Sie verbunden sind.';
  if (policy.relay === 'always')
    return {
      id: 'path',
      title: 'Welchen Weg das Gespräch nimmt',
      paragraphs: [
        'Damit niemand im Gespräch Ihre Internet-Adresse erfährt, läuft alles über die genannte Vermittlung. Sie werden vorher gefragt. Wenn Sie ablehnen, kommt keine Verbindung zustande.',
      ],
    };
  return {
    id: 'path',
    title: 'Welchen Weg das Gespräch nimmt',
    paragraphs: [
      direct,
      relay.length > 0
        ? 'Manchmal verhindert ein Netz den direkten Weg. Dann fragen wir Sie und Ihr Gegenüber, ob eine Vermittlung die verschlüsselten Daten weiterleiten darf. Sie sieht beide Internet-Adressen, Zeiten und Mengen, nie den Inhalt. Sie können ablehnen; dann kommt keine Verbindung zustande.'
        : 'Manchmal verhindert ein Netz den direkten Weg. Dann kommt keine Verbindung zustande.',
    ],
  };
}

function rights({ configuration: { operator } }: NoticeFacts): NoticeSection {
  return {
    id: 'rights',
    title: 'Ihre Rechte',
    paragraphs: [
      'Sie haben das Recht auf Auskunft, Berichtigung, Löschung, Einschränkung der Verarbeitung und Übertragbarkeit Ihrer Daten (Art. 15 bis 20 DSGVO). Wenden Sie sich dafür an die oben genannte Stelle.',
      `Sie können sich bei einer Aufsichtsbehörde für den Datenschutz beschweren${operator.authority ? `, zum Beispiel hier: ${operator.authority}` : ''}.`,
    ],
  };
}
