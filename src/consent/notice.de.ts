/** The privacy notice in German: "Sie", short sentences, and words that a frightened person understands. */
import type { DeclaredServer } from '../configuration.ts';
import type { NoticeBlock, NoticeFacts, NoticeSection, NoticeText, SectionId } from './notice-model.ts';

const list = (items: readonly string[]): string => new Intl.ListFormat('de', { type: 'conjunction' }).format(items);

const operators = (
  servers: readonly Pick<DeclaredServer, 'operator' | 'country'>[],
  { country }: NoticeFacts,
): string => list([...new Set(servers.map((server) => `${server.operator} (${country(server.country)})`))]);

const count = (value: number, one: string, many: string): readonly string[] =>
  value === 0 ? [] : [`${String(value)} ${value === 1 ? one : many}`];

const section = (id: SectionId, title: string, ...body: readonly NoticeBlock[]): NoticeSection => ({ id, title, body });

export const german: NoticeText = {
  title: ({ policy }) =>
    policy.name === 'gruppe'
      ? 'Datenschutzhinweise zur Videoberatung und zu Video-Gruppen'
      : 'Datenschutzhinweise zur Videoberatung',

  intro: ({ configuration: { operator } }) =>
    `Diese Hinweise gelten für das Gespräch per Video. Sie ergänzen die allgemeine Datenschutzerklärung von ${operator.name}.`,

  // The dative after "nach", otherwise the accusative.
  duration: ({ days, hours, minutes, seconds }, use) =>
    list([
      ...count(days, 'Tag', use === 'after' ? 'Tagen' : 'Tage'),
      ...count(hours, 'Stunde', 'Stunden'),
      ...count(minutes, 'Minute', 'Minuten'),
      ...count(seconds, 'Sekunde', 'Sekunden'),
    ]) || 'keine Zeit',

  footer: (version, hash) => `Fassung ${version}, Prüfsumme (SHA-384): ${hash}`,

  summaryTitle: 'Das Wichtigste in Kürze',

  summary: (facts) => [
    {
      id: 'direct',
      text:
        facts.policy.relay === 'always'
          ? 'Bild und Ton laufen nur über einen Server, der weiterleitet. So erfährt niemand im Gespräch Ihre Internet-Adresse. Der Server selbst sieht sie.'
          : 'Bild und Ton gehen direkt von Gerät zu Gerät.',
    },
    {
      id: 'encryption',
      text: 'Alles ist Ende-zu-Ende verschlüsselt. Auch wir können auf dem Weg nichts mitsehen oder mithören.',
    },
    { id: 'servers', text: detour(facts) },
    { id: 'recording', text: 'Niemand zeichnet etwas auf. Das gilt für alle.' },
    { id: 'storage', text: 'Vom Gespräch bleibt nichts gespeichert, weder hier im Browser noch auf dem Server.' },
    { id: 'voluntary', text: 'Sie entscheiden. Sie können jederzeit aufhören, ohne einen Grund zu nennen.' },
  ],

  sections: (facts) => [
    controller(facts),
    roles(facts),
    section(
      'purpose',
      'Wofür',
      'Wir verarbeiten Ihre Daten nur, damit dieses Gespräch per Video stattfinden kann. Es gibt keine Werbung, keine Auswertung und kein Profil.',
    ),
    data(facts),
    section(
      'basis',
      'Rechtsgrundlage',
      'Grundlage ist Ihre Einwilligung nach Art. 6 Abs. 1 Buchst. a DSGVO. In einer Beratung kann es um Ihre Gesundheit gehen; dafür willigen Sie nach Art. 9 Abs. 2 Buchst. a DSGVO ausdrücklich ein.',
      'Damit Sie diese Seite laden können und niemand den Server überlastet, verarbeiten wir Ihre Internet-Adresse schon vorher (Art. 6 Abs. 1 Buchst. f DSGVO). Dem können Sie widersprechen (Art. 21 DSGVO).',
    ),
    voluntary(facts),
    recipients(facts),
    countries(facts),
    path(facts),
    section(
      'encryption',
      'Verschlüsselung',
      'Bild, Ton, Text und alles, was zum Verbindungsaufbau gehört, wird auf Ihrem Gerät verschlüsselt und erst auf dem Gerät Ihres Gegenübers entschlüsselt. Auf dem Weg wird nichts davon eingesehen oder gespeichert, und niemand könnte es: weder wir noch die genannten Server. Die Bausteine empfiehlt die Technische Richtlinie TR-02102-1 des Bundesamtes für Sicherheit in der Informationstechnik (BSI): AES-256-GCM, SHA-384, P-384 und ML-KEM-1024.',
      'Mit dem Sicherheitscode im Gespräch können Sie selbst prüfen, dass niemand dazwischen ist.',
    ),
    retention(facts),
    room(facts),
    section(
      'recording',
      'Keine Aufzeichnung',
      'Aufzeichnungen jeder Art sind niemandem im Gespräch gestattet. Diese Seite enthält nichts, was aufzeichnen könnte, und sperrt bekannte Wege dafür.',
      'Was keine Internetseite verhindern kann: ein Programm auf dem Gerät, das den Bildschirm aufnimmt, oder eine zweite Kamera im Zimmer.',
    ),
    section(
      'quiet',
      'Ungestört',
      'Diese Seite macht keine Signalgeräusche und schickt keine Benachrichtigungen. Bricht die Verbindung ab, versucht sie es von selbst wieder. Wird sie schwach, entscheiden Sie, was geschieht.',
    ),
    proof(facts),
    rights(facts),
    section(
      'withdrawal',
      'Widerruf',
      'Sie können Ihre Einwilligung jederzeit widerrufen, so leicht wie Sie sie geben. Drücken Sie auf „Einwilligung widerrufen“: vor dem Gespräch und in Pausen unter „Ihre Einwilligung“, im Gespräch bei „Sicherheit“. Dann endet die Verbindung sofort. Danach genügt eine Nachricht an die oben genannte Stelle.',
      'Was bis dahin geschah, bleibt rechtmäßig. Auch ohne Widerruf können Sie jederzeit gehen.',
    ),
    section(
      'decisions',
      'Keine automatischen Entscheidungen',
      'Keine Maschine entscheidet über Sie. Es gibt keine automatisierte Entscheidung und kein Profiling (Art. 22 DSGVO).',
    ),
  ],
};

function detour({ policy, servers: { relay } }: NoticeFacts): string {
  if (policy.relay === 'always') return 'Wir fragen Sie vorher. Ohne Ihr Ja kommt keine Verbindung zustande.';
  return relay.length === 0
    ? 'Es gibt keine Weiterleitung über andere Rechner. Gelingt die direkte Verbindung nicht, kommt keine zustande.'
    : 'Gelingt es direkt nicht, fragen wir Sie. Ohne Ihr Ja wird nichts weitergeleitet.';
}

function controller({ configuration: { operator }, country }: NoticeFacts): NoticeSection {
  const contact = [operator.address, operator.email].filter((line) => line !== undefined);
  return section(
    'controller',
    'Wer verantwortlich ist',
    `${[operator.name, ...contact].join(', ')} (${country(operator.country)}).`,
    ...(operator.officer ? [`Unsere Datenschutzbeauftragten erreichen Sie hier: ${operator.officer}.`] : []),
  );
}

function roles({ configuration: { operator }, processors, role }: NoticeFacts): NoticeSection {
  const secrecy = operator.country === 'DE' ? ' (in Deutschland § 203 StGB)' : '';
  return section(
    'roles',
    'Wer welche Aufgabe hat',
    [
      `${operator.name} bestimmt, wofür und wie Ihre Daten verarbeitet werden, und antwortet auf Ihre Fragen.`,
      processors.length === 0
        ? 'Alle Server betreibt diese Stelle selbst. Es gibt keinen anderen Videodienst.'
        : `Server betreiben in unserem Auftrag und nur nach unserer Weisung (Auftragsverarbeitung, Art. 28 DSGVO): ${list(processors)}.`,
      role === 'host'
        ? 'Sie führen das Gespräch. Nur Sie können jemanden hereinlassen.'
        : 'Die beratende Person führt das Gespräch. Nur sie kann jemanden hereinlassen.',
      role === 'host'
        ? 'Sie und alle, die Sie hereinlassen, sehen und hören einander.'
        : 'Sie, die beratende Person und alle, die sonst noch eingeladen sind, sehen und hören einander.',
    ],
    `Was hier anvertraut wird, darf niemand unbefugt weitergeben. Wo eine gesetzliche Schweigepflicht gilt${secrecy}, ist das strafbar, auch für alle, die in unserem Auftrag arbeiten.`,
  );
}

function data({ policy: { naming } }: NoticeFacts): NoticeSection {
  const name = naming === 'full-name' ? 'Ihr Name' : 'der Name, den Sie sich hier geben; es darf ein erfundener sein';
  return section(
    'data',
    'Welche Daten',
    'Verarbeitet werden:',
    [
      name,
      'Ihr Bild und Ihre Stimme, solange Sie Kamera und Mikrofon eingeschaltet haben, und Ihr Bildschirm, wenn Sie ihn zeigen',
      'was Sie sagen und schreiben, darunter vielleicht Angaben zu Ihrer Gesundheit (Gesundheitsdaten)',
      'die Namen oder Rollen der Personen bei Ihnen im Raum',
      'Ihre Internet-Adresse (IP-Adresse) und wann wie viele Daten fließen (Verbindungsdaten)',
      'wann Sie welchem Text zugestimmt haben',
    ],
    'Nach E-Mail-Adresse, Alter, Geschlecht oder Rechnungsdaten fragt diese Seite nicht. Was Sie uns davon auf anderem Weg geben, regelt unsere allgemeine Datenschutzerklärung.',
    'Sie brauchen kein Konto und keine Anmeldung. Es gibt keine Cookies.',
  );
}

function voluntary({ configuration: { alternatives }, policy: { naming } }: NoticeFacts): NoticeSection {
  const { telephone, email, text } = alternatives;
  const ways = [
    ...(text === undefined ? [] : [text]),
    ...(telephone === undefined ? [] : [`Telefon: ${telephone}.`]),
    ...(email === undefined ? [] : [`E-Mail: ${email}.`]),
  ];
  return section(
    'voluntary',
    'Freiwillig',
    naming === 'full-name'
      ? 'Die Teilnahme per Video ist freiwillig. Ihr Name wird gebraucht, weil die Regeln für Videosprechstunden (Anlage 31b BMV-Ä) verlangen, dass wir wissen, wer Sie sind. Ohne Namen ist nur ein anderer Weg möglich.'
      : 'Die Einwilligung ist freiwillig. Kein Gesetz und kein Vertrag verlangt Ihre Angaben.',
    'Ohne Einwilligung kommt kein Gespräch per Video zustande; andere Nachteile haben Sie nicht.',
    ['Sie erreichen uns auch auf anderen Wegen.', ...ways].join(' '),
  );
}

function recipients(facts: NoticeFacts): NoticeSection {
  const { signaling, stun, relay } = facts.servers;
  return section(
    'recipients',
    'Wer etwas empfängt',
    `Was Sie zeigen und sagen, empfangen nur die Personen in diesem Gespräch; es sind höchstens ${String(facts.policy.size)}.`,
    [
      `Beim Verbinden hilft: ${operators(signaling, facts)}. Dieser Server sieht Ihre Internet-Adresse und verschlüsselte Nachrichten, nie ihren Inhalt.`,
      ...(stun.length > 0
        ? [`Beim Finden des direkten Weges hilft: ${operators(stun, facts)}. Er sieht Ihre Internet-Adresse.`]
        : []),
      ...(relay.length > 0
        ? [
            `Nur wenn beide Seiten zustimmen, leitet weiter: ${operators(relay, facts)}. Dieser Server sieht beide Internet-Adressen, Zeiten und Mengen, nie den Inhalt.`,
          ]
        : []),
      ...(facts.told.length > 0
        ? [
            `Dass der Raum offen ist und wann er endet, wird einem System gemeldet: ${operators(facts.told, facts)}. Es erfährt keine Namen, keine Internet-Adressen und nichts aus dem Gespräch.`,
          ]
        : []),
    ],
    'An andere geben wir nichts weiter, und diese Seite fragt nirgends sonst an.',
  );
}

/** Adequacy decisions that cover only some organisations of a country. */
const ADEQUATE_ONLY: Readonly<Record<string, string>> = {
  US: 'In den USA gilt das nur für Organisationen, die dem Datenschutzrahmen EU-USA (EU-US Data Privacy Framework) beigetreten sind.',
  CA: 'In Kanada gilt das nur für Organisationen, die geschäftlich tätig sind.',
};

function countries({ outside, country }: NoticeFacts): NoticeSection {
  return section(
    'countries',
    'In welchen Ländern',
    outside.length === 0
      ? 'Alle Server stehen in Ländern, in denen die DSGVO gilt. Daten werden in keine anderen Länder übermittelt.'
      : [
          `Server stehen auch in: ${list(outside.map(country))}. Für diese Länder hat die Europäische Kommission festgestellt, dass sie Daten angemessen schützen (Art. 45 DSGVO).`,
          ...outside.flatMap((code) => ADEQUATE_ONLY[code] ?? []),
          'Alle anderen Server stehen in Ländern, in denen die DSGVO gilt.',
        ].join(' '),
  );
}

function path({ servers: { relay }, policy }: NoticeFacts): NoticeSection {
  const title = 'Welchen Weg das Gespräch nimmt';
  if (policy.relay === 'always')
    return section(
      'path',
      title,
      relay.length > 0
        ? 'Damit niemand im Gespräch Ihre Internet-Adresse erfährt, läuft alles über den genannten Server, der weiterleitet. Der Server selbst sieht sie. Wir fragen Sie vorher. Ohne Ihr Ja kommt keine Verbindung zustande.'
        : 'Damit niemand im Gespräch Ihre Internet-Adresse erfährt, gibt es keinen direkten Weg. Eine Weiterleitung ist nicht eingerichtet; so kommt keine Verbindung zustande.',
    );
  return section(
    'path',
    title,
    'Bild und Ton gehen direkt zwischen den Geräten (Peer-to-Peer, von Rechner zu Rechner). Dabei kann das Gerät Ihres Gegenübers Ihre Internet-Adresse erfahren und Ihres die seine. Sie zeigt ungefähr, aus welcher Gegend und über welchen Anbieter Sie verbunden sind.',
    relay.length > 0
      ? 'Manchmal verhindert ein Netz den direkten Weg. Dann fragen wir Sie und Ihr Gegenüber, ob ein Server die verschlüsselten Daten weiterleiten darf. Sie können ablehnen; dann kommt keine Verbindung zustande.'
      : 'Manchmal verhindert ein Netz den direkten Weg. Dann kommt keine Verbindung zustande.',
  );
}

function retention(facts: NoticeFacts): NoticeSection {
  const { configuration, servers } = facts;
  const needed =
    configuration.operator.country === 'DE' ? ' Dafür ist das unbedingt erforderlich (§ 25 Abs. 2 TDDDG).' : '';
  return section(
    'retention',
    'Wie lange',
    'Wir speichern nur, was für das Gespräch nötig ist, und nur so lange:',
    [
      'Inhalte des Gesprächs: gar nicht.',
      `Der Server, der beim Verbinden hilft, hält nur im Arbeitsspeicher fest: dass es den Raum gibt, welche Verbindungen offen sind, und eine unkenntlich gemachte Form Ihrer Internet-Adresse, solange Sie verbunden sind. Haben Sie einen Code eingegeben, behält er diese Form bis zu zehn Minuten länger. Ein leerer Raum wird nach längstens ${facts.retention} vergessen, ein Wechsel der Leitung mit dem Ende der Einladung. Er schreibt keine Internet-Adressen, keine Namen und keine Raumnummern in Protokolle. Was er gerade hat, sehen Sie im Gespräch unter „Sicherheit“.`,
      ...(servers.relay.length > 0
        ? ['Der Server, der weiterleitet, braucht die Internet-Adressen nur, solange er weiterleitet.']
        : []),
      'Während des Gesprächs merkt sich Ihr Browser in diesem Fenster: Einladung, Name, Zustimmung mit Beleg, Geräte, wer im Raum ist und die Schlüssel, mit denen Sie nach einem Neuladen zurückkommen.' +
        `${needed} Am Ende wird das gelöscht; nach einem Absturz, sobald der Raum später wieder geöffnet wird.`,
      'Im Verlauf des Browsers und in seiner Liste der Seiten, die Kamera und Mikrofon benutzen durften, kann die Adresse dieser Seite stehen bleiben. An einem fremden Gerät nehmen Sie bitte ein privates Fenster.',
      `Den Beleg Ihrer Einwilligung bewahren wir ${facts.receipts === null ? 'nicht' : facts.receipts} auf.`,
    ],
    `Verbindungsdaten (Metadaten) werden nur genutzt, um das Gespräch durchzuführen, und sind spätestens nach ${facts.cap} gelöscht. Eine längere Frist lässt diese Anwendung nicht zu.`,
  );
}

function room({ role }: NoticeFacts): NoticeSection {
  return section(
    'room',
    'Wer im Raum ist',
    role === 'host'
      ? 'Sie führen das Gespräch nur aus einem geschlossenen Raum, nennen vorher alle Personen darin und sorgen dafür, dass niemand sonst mithören oder auf den Bildschirm sehen kann.'
      : 'Wir führen das Gespräch nur aus einem geschlossenen Raum, nennen vorher alle Personen darin und sorgen dafür, dass niemand sonst mithören oder auf den Bildschirm sehen kann.',
    'Dasselbe erklären alle anderen. Erst wenn Sie gegenseitig die Angaben gelesen haben, beginnen Bild und Ton.',
    'Kommt jemand herein, können Sie Bild und Ton sofort bei allen anhalten.',
  );
}

function proof({ receipts }: NoticeFacts): NoticeSection {
  return section(
    'proof',
    'Nachweis Ihrer Einwilligung',
    'Zu jeder Zustimmung und zu jedem Widerruf entsteht ein Beleg: was Sie gelesen haben und wann Sie zugestimmt haben. Ihr Name steht nicht darin, auch nicht der, den Sie sich hier geben.',
    'Sie können die Belege speichern oder drucken. Sonst sind sie fort, wenn Sie diese Seite schließen.',
    receipts === null
      ? 'Wir bewahren den Beleg nicht auf. Nur Sie haben ihn.'
      : `Wir bewahren den Beleg ${receipts} auf, um Ihre Einwilligung nachweisen zu können (Art. 6 Abs. 1 Buchst. c und Art. 7 Abs. 1 DSGVO). Ihr Name steht nicht darin.`,
  );
}

function rights({ configuration: { operator } }: NoticeFacts): NoticeSection {
  return section(
    'rights',
    'Ihre Rechte',
    'Sie haben das Recht auf Auskunft, Berichtigung, Löschung, Einschränkung der Verarbeitung und Übertragbarkeit Ihrer Daten (Art. 15 bis 18 und 20 DSGVO) und das Recht, Ihre Einwilligung zu widerrufen (Art. 7 Abs. 3 DSGVO). Wenden Sie sich dafür an die oben genannte Stelle.',
    // Art. 21(4) GDPR: separate from all other information.
    'Sie haben das Recht, der Verarbeitung Ihrer Internet-Adresse vor Ihrer Zustimmung zu widersprechen (Art. 21 DSGVO). Auch dafür genügt eine Nachricht an die oben genannte Stelle.',
    `Sie können sich bei einer Aufsichtsbehörde für den Datenschutz beschweren, zum Beispiel dort, wo Sie wohnen (Art. 77 DSGVO).${operator.authority ? ` Für uns zuständig ist: ${operator.authority}.` : ''}`,
  );
}
