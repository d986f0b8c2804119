/** The notice as data and in print: complete, consistent, and always plain text. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../support/property.ts';
import { ADEQUATE, EEA, parsePublicConfiguration, type PublicConfiguration } from '../../src/configuration.ts';
import {
  buildNotice,
  loadNoticeText,
  noticeHash,
  noticeLines,
  type Notice,
  type NoticeOptions,
} from '../../src/consent/notice.ts';
import { NOTICE_FORMATS, renderNotice } from '../../src/consent/render-notice.ts';
import { de } from '../../src/locales/de.ts';
import { en } from '../../src/locales/en.ts';
import { POLICIES } from '../../src/policy.ts';

const given = {
  operator: {
    name: 'Aktionskreis am Park e. V.',
    address: 'Parkweg 3, 10115 Berlin',
    email: 'post@park.example',
    country: 'DE',
    officer: 'Dr. Amsel, datenschutz@park.example',
    authority: 'Berliner Beauftragte für Datenschutz',
  },
  servers: [
    { role: 'signaling', operator: 'Aktionskreis am Park e. V.', country: 'DE' },
    { role: 'stun', urls: ['stun:stun.example:3478'], operator: 'Rechenhaus Wien', country: 'AT' },
    { role: 'relay', urls: ['turn:turn.example:3478'], operator: 'Alpenfunk', country: 'CH' },
  ],
  countries: ['CH'],
  alternatives: { telephone: '030 5550100', email: 'hilfe@park.example', text: 'Sprechstunde montags.' },
  retention: { rooms: 'PT45M' },
} as const;

const build = (changes: Partial<NoticeOptions> = {}, configuration: unknown = given): Notice =>
  buildNotice({
    configuration: parsePublicConfiguration(configuration),
    policy: POLICIES.beratung,
    role: 'guest',
    lang: 'de',
    ...changes,
  });
await loadNoticeText('en');

const wordsOf = (notice: Notice): string => noticeLines(notice).join('\n');

describe('the privacy notice', () => {
  it('[R2] names the operator and every server with its operator and country', () => {
    const words = wordsOf(build());
    for (const fact of [
      'Aktionskreis am Park e. V., Parkweg 3, 10115 Berlin, post@park.example (Deutschland)',
      'Unsere Datenschutzbeauftragten erreichen Sie hier: Dr. Amsel, datenschutz@park.example.',
      'Berliner Beauftragte für Datenschutz',
      'Beim Verbinden hilft: Aktionskreis am Park e. V. (Deutschland)',
      'hilft: Rechenhaus Wien (Österreich)',
      'leitet weiter: Alpenfunk (Schweiz)',
      'Auftragsverarbeitung, Art. 28 DSGVO): Rechenhaus Wien und Alpenfunk',
      'Server stehen auch in: Schweiz',
      'nach längstens 45 Minuten',
      '030 5550100',
      'hilfe@park.example',
      'Sprechstunde montags.',
    ])
      assert.ok(words.includes(fact), fact);
  });

  it('[R11] says who is told that the room is open, in each language, and only where somebody is', () => {
    const told = {
      ...given,
      webhooks: [
        { operator: 'Terminhaus Bern', country: 'CH' },
        { operator: 'Alpenfunk', country: 'CH' },
      ],
    };
    const words = wordsOf(build({}, told));
    for (const fact of [
      'wird einem System gemeldet: Terminhaus Bern (Schweiz) und Alpenfunk (Schweiz).',
      'keine Namen, keine Internet-Adressen und nichts aus dem Gespräch',
      'Art. 28 DSGVO): Rechenhaus Wien, Alpenfunk und Terminhaus Bern',
    ])
      assert.ok(words.includes(fact), fact);
    assert.ok(wordsOf(build({ lang: 'en' }, told)).includes('is told that the room is open'));
    // Also where nothing else is in that country.
    const only = wordsOf(build({}, { ...told, servers: given.servers.slice(0, 2) }));
    assert.ok(only.includes('Server stehen auch in: Schweiz'));
    for (const lang of ['de', 'en']) assert.doesNotMatch(wordsOf(build({ lang })), /gemeldet|is told/u);
    assert.throws(() => build({}, { ...told, countries: [], servers: given.servers.slice(0, 2) }), {
      code: 'server-country-refused',
    });
    assert.throws(() => build({}, { ...told, webhooks: [{ operator: '', country: 'CH' }] }), {
      code: 'server-undeclared',
    });
    assert.throws(() => build({}, { ...told, webhooks: [{ ...told.webhooks[0], url: 'https://hook.example' }] }), {
      code: 'configuration-invalid',
    });
  });

  it('[R1] contains everything that Art. 13 GDPR requires', () => {
    for (const lang of ['de', 'en']) {
      const notice = build({ lang });
      assert.deepEqual(
        notice.sections.map(({ id }) => id),
        [
          'controller', // Art. 13(1)(a), (b)
          'roles', // Art. 13(1)(e), Art. 28
          'purpose', // (1)(c)
          'data',
          'basis', // (1)(c)
          'voluntary', // (2)(e)
          'recipients', // (1)(e)
          'countries', // (1)(f)
          'path',
          'encryption',
          'retention', // (2)(a)
          'room',
          'recording',
          'quiet',
          'proof', // Art. 7(1)
          'rights', // (2)(b), (2)(d)
          'withdrawal', // (2)(c)
          'decisions', // (2)(f)
        ],
      );
      for (const article of [
        'Art. 6',
        'Art. 9',
        'Art. 7',
        'Art. 15',
        'Art. 21',
        'Art. 22',
        'Art. 77',
        'Art. 28',
        'Art. 45',
      ])
        assert.ok(wordsOf(notice).includes(article), `${article} in ${lang}`);
    }
  });

  it('contains every promise of the founding centre’s own notice', () => {
    const words = wordsOf(build({ policy: POLICIES.gruppe }));
    for (const promise of [
      'Sie ergänzen die allgemeine Datenschutzerklärung', // "ergänzend zu der allgemeinen Datenschutzerklärung"
      'Videoberatung und zu Video-Gruppen',
      'Gesundheitsdaten',
      'Internet-Adresse (IP-Adresse)',
      'E-Mail-Adresse, Alter, Geschlecht oder Rechnungsdaten', // said: not asked for
      'Art. 6 Abs. 1 Buchst. a DSGVO',
      'nur, was für das Gespräch nötig ist',
      'weder wir noch die genannten Server', // contents are neither looked at nor stored by the provider
      '§ 203 StGB', // forbidden by criminal law to pass anything on
      'Auftragsverarbeitung',
      'keine Signalgeräusche',
      'geschlossenen Raum',
      'nennen vorher alle Personen',
      'auf den Bildschirm sehen',
      'Aufzeichnungen jeder Art sind niemandem im Gespräch gestattet',
      'kein Konto und keine Anmeldung',
      'Peer-to-Peer',
      'Sie können ablehnen; dann kommt keine Verbindung zustande',
      'Ende-zu-Ende',
      'TR-02102-1',
      'in denen die DSGVO gilt',
      'spätestens nach 90 Tagen gelöscht', // "nach spätestens drei Monaten"
      'nur genutzt, um das Gespräch durchzuführen',
    ])
      assert.ok(words.includes(promise), promise);
  });

  it('[R12] states the retention that the server applies, 90 days at most', () => {
    const long = build({}, { ...given, retention: { rooms: 'P400D' } });
    assert.ok(wordsOf(long).includes('nach längstens 90 Tagen vergessen'));
    const short = build({}, { ...given, retention: { rooms: 'PT90M' } });
    assert.ok(wordsOf(short).includes('nach längstens 1 Stunde und 30 Minuten vergessen'));
  });

  it('[R1] states what is processed before consent, the legal basis, the period and the right to object', () => {
    const words = wordsOf(build());
    for (const sentence of [
      'Damit Sie diese Seite laden können und niemand den Server überlastet, verarbeiten wir Ihre Internet-Adresse schon vorher (Art. 6 Abs. 1 Buchst. f DSGVO). Dem können Sie widersprechen (Art. 21 DSGVO).',
      'hält nur im Arbeitsspeicher fest: dass es den Raum gibt, welche Verbindungen offen sind, und eine unkenntlich gemachte Form Ihrer Internet-Adresse, solange Sie verbunden sind.',
      'Sie haben das Recht, der Verarbeitung Ihrer Internet-Adresse vor Ihrer Zustimmung zu widersprechen',
    ])
      assert.ok(words.includes(sentence), sentence);
    assert.ok(!words.includes('berechtigte Interessen'));
    const english = wordsOf(build({ lang: 'en' }));
    for (const sentence of ['We process your internet address even before you consent', 'right to object'])
      assert.ok(english.includes(sentence), sentence);
    assert.ok(!english.includes('nothing here rests'));
  });

  it('[R1] names the places for withdrawing consent with the words shown there', () => {
    for (const [lang, texts, open, close] of [
      ['de', de, '„', '“'],
      ['en', en, '“', '”'],
    ] as const) {
      const { body } = build({ lang }).sections.find(({ id }) => id === 'withdrawal') ?? { body: [] };
      for (const key of [
        'consent-receipts.withdraw',
        'consent-receipts.heading',
        'consult-room.panel.security',
      ] as const)
        assert.ok(body.flat().join(' ').includes(`${open}${texts[key]}${close}`), key);
    }
    assert.ok(wordsOf(build()).includes('Danach genügt eine Nachricht an die oben genannte Stelle.'));
  });

  it('explains under Annex 31b why a name is required', () => {
    const words = wordsOf(build({ policy: POLICIES['anlage-31b'] }));
    assert.ok(
      words.includes(
        'Die Teilnahme per Video ist freiwillig. Ihr Name wird gebraucht, weil die Regeln für Videosprechstunden (Anlage 31b BMV-Ä) verlangen, dass wir wissen, wer Sie sind. Ohne Namen ist nur ein anderer Weg möglich.',
      ),
    );
    assert.ok(!/Kein Gesetz|Video-Gruppen/u.test(words));
    const english = wordsOf(build({ policy: POLICIES['anlage-31b'], lang: 'en' }));
    assert.match(english, /Annex 31b BMV-Ä/u);
    assert.ok(!/No law|video groups/u.test(english));
    assert.ok(wordsOf(build()).includes('Kein Gesetz und kein Vertrag verlangt Ihre Angaben.'));
  });

  it('distinguishes host and guest when it says who sees and hears whom', () => {
    const guest = 'Sie, die beratende Person und alle, die sonst noch eingeladen sind, sehen und hören einander.';
    const host = 'Sie und alle, die Sie hereinlassen, sehen und hören einander.';
    for (const policy of Object.values(POLICIES)) {
      const [theirs, ours] = [wordsOf(build({ policy })), wordsOf(build({ policy, role: 'host' }))];
      assert.ok(theirs.includes(guest) && !theirs.includes(host));
      assert.ok(ours.includes(host) && !ours.includes(guest) && !ours.includes('Sie und die beratende Person'));
    }
  });

  it('[R12] states what the browser keeps, until when, and what remains in the history', () => {
    for (const sentence of [
      'merkt sich Ihr Browser in diesem Fenster: Einladung, Name, Zustimmung mit Beleg, Geräte, wer im Raum ist und die Schlüssel',
      'Am Ende wird das gelöscht; nach einem Absturz, sobald der Raum später wieder geöffnet wird.',
      'Im Verlauf des Browsers und in seiner Liste der Seiten, die Kamera und Mikrofon benutzen durften, kann die Adresse dieser Seite stehen bleiben. An einem fremden Gerät nehmen Sie bitte ein privates Fenster.',
    ])
      assert.ok(wordsOf(build()).includes(sentence), sentence);
    assert.match(wordsOf(build({ lang: 'en' })), /remembers the following for this window: the invite, your name/u);
    assert.match(wordsOf(build({ lang: 'en' })), /its list of sites that were allowed to use camera and microphone/u);
  });

  it('claims only what the guideline recommends, and allows for more than two people', () => {
    const words = wordsOf(build());
    assert.ok(words.includes('Die Bausteine empfiehlt die Technische Richtlinie TR-02102-1'));
    assert.ok(!/auf beiden Seiten|für beide Seiten/u.test(words));
  });

  it('says that the site keeps receipts only when the configuration states a period', () => {
    const plain = wordsOf(build());
    assert.ok(plain.includes('Wir bewahren den Beleg nicht auf. Nur Sie haben ihn.'));
    assert.ok(plain.includes('Den Beleg Ihrer Einwilligung bewahren wir nicht auf.'));
    assert.ok(wordsOf(build({ lang: 'en' })).includes('We do not keep the receipt. Only you have it.'));
    const site = { ...given, retention: { receipts: 'P1096D' } };
    const kept = wordsOf(build({}, site));
    assert.ok(
      kept.includes(
        'Wir bewahren den Beleg 1096 Tage auf, um Ihre Einwilligung nachweisen zu können (Art. 6 Abs. 1 Buchst. c und Art. 7 Abs. 1 DSGVO). Ihr Name steht nicht darin.',
      ),
    );
    assert.ok(kept.includes('Den Beleg Ihrer Einwilligung bewahren wir 1096 Tage auf.'));
    assert.ok(!kept.includes('nicht auf'));
    assert.ok(wordsOf(build({ lang: 'en' }, site)).includes('We keep the receipt for 1096 days so that'));
    // Kept for no time is not kept.
    assert.ok(wordsOf(build({}, { ...given, retention: { receipts: 'P0D' } })).includes('Nur Sie haben ihn.'));
    assert.throws(() => parsePublicConfiguration({ ...given, retention: { receipts: 'P3Y' } }), /retention\.receipts/u);
  });

  it('states only what applies: no relay, no other operator, relay only, full names, the host', () => {
    const own = { ...given, countries: [], servers: [given.servers[0]] };
    const plain = wordsOf(build({}, own));
    assert.ok(plain.includes('Alle Server betreibt diese Stelle selbst'));
    assert.ok(!/weiterleite|leitet weiter|Auftragsverarbeitung|Schweiz/u.test(plain));
    assert.ok(wordsOf(build({ policy: POLICIES['anlage-31b'] })).includes('Ihr Name'));
    assert.ok(wordsOf(build({ role: 'host' })).includes('Sie führen das Gespräch nur aus einem geschlossenen Raum'));
    assert.ok(!wordsOf(build({ role: 'host' })).includes('Die beratende Person führt'));
  });

  describe('on countries', () => {
    const abroad = (code: string, accepted: readonly string[] = [code]) => ({
      ...given,
      countries: accepted,
      servers: [{ role: 'signaling', operator: 'Weit weg', country: code }],
    });

    it('[R11] mentions an adequacy decision only where one exists, and refuses other countries', () => {
      for (const code of ADEQUATE)
        assert.ok(!EEA.has(code) && wordsOf(build({}, abroad(code))).includes('Art. 45 DSGVO'));
      for (const code of ['RU', 'CN', 'IN', 'XX'])
        assert.throws(
          () => parsePublicConfiguration(abroad('DE', ['CH', code])),
          { code: 'server-country-refused', message: /\(countries\.1\)/u },
          code,
        );
    });

    it('names the organisations that a limited adequacy decision covers', () => {
      assert.match(wordsOf(build({}, abroad('US'))), /In den USA gilt das nur für .*EU-US Data Privacy Framework/u);
      assert.match(
        wordsOf(build({ lang: 'en' }, abroad('US'))),
        /only to organisations .*EU-US Data Privacy Framework/u,
      );
      assert.match(wordsOf(build({}, abroad('CA'))), /In Kanada gilt das nur für Organisationen, die geschäftlich/u);
      assert.match(wordsOf(build({ lang: 'en' }, abroad('CA'))), /only to commercial organisations/u);
      assert.ok(!/Privacy Framework|Kanada/u.test(wordsOf(build({}, abroad('CH')))));
    });

    it('does not call an EEA member a third country when a site lists it', () => {
      assert.ok(!wordsOf(build({}, abroad('AT'))).includes('Art. 45'));
    });
  });

  it('does not promise to hide the address from the relay itself', () => {
    for (const [lang, summary, question] of [
      [
        'de',
        'Bild und Ton laufen nur über einen Server, der weiterleitet. So erfährt niemand im Gespräch Ihre Internet-Adresse. Der Server selbst sieht sie.',
        'Wir fragen Sie vorher. Ohne Ihr Ja kommt keine Verbindung zustande.',
      ],
      [
        'en',
        'Video and audio go only through a server that forwards them. That way nobody in the conversation learns your internet address. The server itself sees it.',
        'We ask you first. Without your consent there is no connection.',
      ],
    ] as const) {
      const hidden = build({ lang, policy: POLICIES.gewaltschutz });
      assert.equal(hidden.summary.find(({ id }) => id === 'direct')?.text, summary);
      assert.equal(hidden.summary.find(({ id }) => id === 'servers')?.text, question);
      // STUN finds the direct way, which is not taken: its server is not asked and runs nothing on anybody's behalf here.
      assert.ok(!/Peer-to-Peer|peer-to-peer|Rechenhaus Wien|direkten Weges|direct path/u.test(wordsOf(hidden)));
      assert.match(wordsOf(hidden), /Alpenfunk/u);
    }
  });

  it('uses one word for the relay', () => {
    for (const policy of Object.values(POLICIES))
      for (const lang of ['de', 'en'])
        for (const servers of [given.servers, given.servers.slice(0, 2)])
          assert.ok(
            !/Vermittl|vermittel|umgeleitet|\brelay/u.test(wordsOf(build({ policy, lang }, { ...given, servers }))),
          );
  });

  it('has a different hash for every readable difference', async () => {
    const variants = [
      build(),
      build({ lang: 'en' }),
      build({ role: 'host' }),
      build({ policy: POLICIES.gruppe }),
      build({ policy: POLICIES.gewaltschutz }),
      build({}, { ...given, retention: { rooms: 'PT46M' } }),
      build({}, { ...given, operator: { ...given.operator, officer: 'Dr. Meise' } }),
    ];
    const hashes = await Promise.all(variants.map(noticeHash));
    assert.equal(new Set(hashes).size, variants.length);
    assert.equal(await noticeHash(build({ lang: 'de-AT' })), hashes[0]);
  });
});

const textOf = (html: string): string =>
  html
    .replace(/<head>.*<\/head>/su, '')
    .replaceAll(/<[^>]*>/gu, '\n')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

/** What a reader reads of each format. */
const read = {
  html: textOf,
  fragment: textOf,
  md: (md: string): string => md.replaceAll(/^(?:#+|-) /gmu, '').replaceAll(/\\([\\`*_[\]<>#|~&!\-+=.)])/gu, '$1'),
  txt: (txt: string): string => txt.replaceAll(/^(?:- |[=-]+$)/gmu, ''),
} as const;
const lines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

describe('a printed notice', () => {
  for (const format of NOTICE_FORMATS)
    it(`[R2] contains every word of the notice in order, and its hash, when printed as ${format}`, async () => {
      for (const lang of ['de', 'en']) {
        const notice = build({ lang });
        const hash = await noticeHash(notice);
        const printed = lines(read[format](renderNotice(notice, hash, format)));
        assert.deepEqual(printed.slice(0, -1), noticeLines(notice));
        assert.ok(printed.at(-1)?.includes(hash));
      }
    });

  it('has no style, script or document around it when printed as fragment, so that a strict policy allows it', async () => {
    const notice = build({ lang: 'de' });
    const printed = renderNotice(notice, await noticeHash(notice), 'fragment');
    assert.match(printed, /^<article lang="de">\n/u);
    assert.doesNotMatch(printed, /<(?:style|script|head|body|html|link|!doctype)|style=| on[a-z]+=/iu);
  });

  it('never turns a configuration value into markup, a heading, a list or another line', async () => {
    const hostile = fc.stringMatching(/^[<>&"'`*_#[\]()!|~\\\-+=.\d\sa-z\n\r\u2028\u202e]{1,60}[a-z]$/u);
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (name, officer) => {
        const configuration: PublicConfiguration = parsePublicConfiguration({
          operator: { name, officer, country: 'DE' },
          servers: [{ role: 'signaling', operator: name, country: 'DE' }],
        });
        const notice = build({}, configuration);
        const hash = await noticeHash(notice);
        for (const format of NOTICE_FORMATS) {
          const printed = lines(read[format](renderNotice(notice, hash, format)));
          // Plain text has no markup to escape from: a name may begin like an entry there.
          const plain = (all: readonly string[]) => (format === 'txt' ? lines(read.txt(all.join('\n'))) : all);
          assert.deepEqual(plain(printed.slice(0, -1)), plain(noticeLines(notice)));
        }
        const html = renderNotice(notice, hash, 'html');
        const tags = [...html.matchAll(/<\/?([a-z0-9!]+)/gu)].map(([, tag]) => tag);
        const known = 'html head meta title style body main h1 h2 p section ul li footer !doctype'.split(' ');
        assert.deepEqual(
          tags.filter((tag) => !known.includes(tag ?? '')),
          [],
        );
      }),
      { numRuns: 200 },
    );
  });
});
