/**
 * German, the source of truth: its keys are the keys of every language. Sie-form, plain words, short sentences, no
 * gendered roles. Keys are grouped by element; a text with a value is a function.
 */
import type { ErrorCode } from '../errors.ts';

const errors = {
  'error.invite-missing': 'In der Adresse fehlt die Einladung.',
  'error.invite-missing.advice': 'Öffnen Sie bitte den Link noch einmal: den ganzen Link, den Sie bekommen haben.',
  'error.invite-damaged': 'Der Link ist nicht vollständig.',
  'error.invite-damaged.advice':
    'Kopieren Sie den Link noch einmal ganz, vom Anfang bis zum Ende. Oder bitten Sie um einen neuen.',
  'error.invite-expired': 'Die Einladung gilt nicht mehr.',
  'error.invite-expired.advice':
    'Jede Einladung gilt nur für einen Termin. Bitten Sie die Beratungsstelle um einen neuen Link.',
  'error.invite-too-long': 'Für diesen Link ist es noch zu früh.',
  'error.invite-too-long.advice':
    'Öffnen Sie ihn bitte erst kurz vor dem Termin. Geht es auch dann nicht, bitten Sie die Beratungsstelle um einen neuen Link.',
  'error.invite-foreign': 'Die Einladung gehört zu einer anderen Internetseite.',
  'error.invite-foreign.advice': 'Öffnen Sie den Link bitte genau so, wie Sie ihn bekommen haben.',
  'error.another-invite': 'Hier wurde noch einmal ein Link geöffnet.',
  'error.another-invite.advice':
    'Sie bleiben in diesem Raum. Für einen anderen verlassen Sie erst diesen und öffnen den Link dann noch einmal.',
  'error.host-key-missing': 'In diesem Browser fehlt der Schlüssel für Ihren Raum.',
  'error.host-key-missing.advice':
    'Öffnen Sie den Link dort, wo Sie Ihren Schlüssel angelegt haben: auf demselben Gerät, im selben Browser. Geht das nicht mehr, legen Sie einen neuen Schlüssel an, und lassen Sie den Termin neu anlegen.',
  'error.browser-unsupported': 'Dieser Browser kann das Gespräch nicht sicher verschlüsseln.',
  'error.browser-unsupported.advice': 'Bitte nehmen Sie eine aktuelle Version von Firefox, Chrome, Edge oder Safari.',
  'error.insecure-context': 'Die Seite wurde nicht sicher geladen.',
  'error.insecure-context.advice': 'Die Adresse muss mit https beginnen. Bitte sagen Sie der Beratungsstelle Bescheid.',
  'error.worker-blocked': 'Die Verschlüsselung konnte nicht starten.',
  'error.worker-blocked.advice':
    'Die Seite ist nicht richtig eingerichtet. Bitte sagen Sie der Beratungsstelle Bescheid.',
  'error.part-unavailable': 'Ein Teil der Seite konnte nicht geladen werden.',
  'error.part-unavailable.advice':
    'Wir versuchen es weiter. Prüfen Sie bitte Ihre Internetverbindung, oder laden Sie die Seite neu. Geht es auch dann nicht, sagen Sie der Beratungsstelle Bescheid.',
  'error.replay-recorder-found':
    'Auf dieser Seite läuft ein Programm, das Eingaben aufzeichnen kann. Darum öffnet der Raum nicht.',
  'error.replay-recorder-found.advice':
    'Bitte sagen Sie der Beratungsstelle Bescheid. Sie muss das Programm von der Seite nehmen.',
  'error.configuration-unavailable': 'Die Angaben der Beratungsstelle konnten nicht geladen werden.',
  'error.configuration-unavailable.advice': 'Prüfen Sie Ihre Internetverbindung und laden Sie die Seite neu.',
  'error.configuration-invalid': 'Der Raum ist nicht richtig eingerichtet.',
  'error.configuration-invalid.advice': 'Das liegt nicht an Ihnen. Bitte sagen Sie der Beratungsstelle Bescheid.',
  'error.configuration-mismatch':
    'Diese Seite und der Server machen verschiedene Angaben. Darum öffnet der Raum nicht.',
  'error.configuration-mismatch.advice': 'Das liegt nicht an Ihnen. Bitte sagen Sie der Beratungsstelle Bescheid.',
  'error.server-undeclared': 'Für einen Server ist nicht angegeben, wer ihn betreibt. Darum öffnet der Raum nicht.',
  'error.server-undeclared.advice': 'Das liegt nicht an Ihnen. Bitte sagen Sie der Beratungsstelle Bescheid.',
  'error.server-country-refused':
    'Ein Server steht in einem Land, in dem das europäische Datenschutzrecht nicht gilt. Darum öffnet der Raum nicht.',
  'error.server-country-refused.advice': 'Das liegt nicht an Ihnen. Bitte sagen Sie der Beratungsstelle Bescheid.',
  'error.policy-loosened': 'Der Raum ist weniger streng eingestellt, als es hier erlaubt ist. Darum öffnet er nicht.',
  'error.policy-loosened.advice': 'Das liegt nicht an Ihnen. Bitte sagen Sie der Beratungsstelle Bescheid.',
  'error.tab-duplicated': 'Das Gespräch ist schon in einem anderen Fenster offen.',
  'error.tab-duplicated.advice': 'Dort geht es weiter. Dieses Fenster können Sie schließen.',
  'error.clock-wrong': 'Die Uhr Ihres Geräts geht falsch.',
  'error.clock-wrong.advice':
    'Das macht hier nichts: Der Raum richtet sich nach der Uhr der Beratungsstelle. Stellen Sie Datum und Uhrzeit bei Gelegenheit richtig ein.',
  'error.element-name-taken': 'Der Raum ist nicht richtig eingerichtet.',
  'error.element-name-taken.advice': 'Das liegt nicht an Ihnen. Bitte sagen Sie der Beratungsstelle Bescheid.',
  'error.name-missing': 'Es fehlt noch Ihr Name.',
  'error.name-missing.advice': 'In dieser Sprechstunde wird Ihr Vor- und Nachname gebraucht.',
  'error.changed-meanwhile': 'In diesem Moment hat sich etwas geändert.',
  'error.changed-meanwhile.advice':
    'Es ist noch nichts geschehen. Bitte sehen Sie noch einmal hin und entscheiden Sie dann.',
  'error.action-failed': 'Das hat gerade nicht geklappt.',
  'error.action-failed.advice': 'Bitte versuchen Sie es noch einmal.',
  'error.camera-missing': 'Es wurde keine Kamera gefunden.',
  'error.camera-missing.advice': 'Sie können auch ohne Kamera sprechen. Oder schließen Sie eine Kamera an.',
  'error.camera-denied': 'Der Browser darf die Kamera nicht benutzen.',
  'error.camera-denied.advice':
    'Sie können auch ohne Kamera sprechen. Erlauben können Sie die Kamera über das Zeichen neben der Adresse.',
  'error.camera-in-use': 'Die Kamera lässt sich gerade nicht einschalten.',
  'error.camera-in-use.advice':
    'Vielleicht benutzt sie ein anderes Programm: Schließen Sie es und versuchen Sie es noch einmal. Oder sprechen Sie ohne Kamera.',
  'error.camera-lost': 'Ihre Kamera ist nicht mehr da.',
  'error.camera-lost.advice': 'Sie können weitersprechen. Drücken Sie auf „Kamera“, um wieder eine einzuschalten.',
  'error.camera-silent': 'Ihre Kamera gibt gerade kein Bild.',
  'error.camera-silent.advice':
    'Vielleicht ist sie am Gerät verdeckt oder ausgeschaltet, oder dieses Fenster ist nicht zu sehen. Sobald wieder ein Bild kommt, geht es von selbst weiter.',
  'error.devices-unavailable': 'Auf dieser Seite gibt es keine Kamera und kein Mikrofon.',
  'error.devices-unavailable.advice': 'Zuhören und schreiben können Sie auch so.',
  'error.blur-unavailable': 'Ihr Bild ließ sich nicht unscharf machen. Darum ist Ihre Kamera aus.',
  'error.blur-unavailable.advice':
    'Niemand hat Ihr Bild gesehen. Sie können nur mit Ton sprechen oder ohne Unschärfe die Kamera wieder einschalten.',
  'error.microphone-missing': 'Es wurde kein Mikrofon gefunden.',
  'error.microphone-missing.advice':
    'Schließen Sie ein Mikrofon oder Kopfhörer mit Mikrofon an. Zuhören und schreiben können Sie auch ohne.',
  'error.microphone-denied': 'Der Browser darf das Mikrofon nicht benutzen.',
  'error.microphone-denied.advice':
    'Erlauben können Sie es über das Zeichen neben der Adresse. Zuhören und schreiben können Sie auch ohne.',
  'error.microphone-in-use': 'Das Mikrofon lässt sich gerade nicht einschalten.',
  'error.microphone-in-use.advice':
    'Vielleicht benutzt es ein anderes Programm: Schließen Sie es und versuchen Sie es noch einmal.',
  'error.microphone-lost': 'Ihr Mikrofon ist nicht mehr da.',
  'error.microphone-lost.advice':
    'Man hört Sie gerade nicht. Drücken Sie auf „Mikrofon“, um wieder eines einzuschalten. Schreiben können Sie auch so.',
  'error.microphone-silent': 'Ihr Mikrofon ist gerade stumm.',
  'error.microphone-silent.advice':
    'Vielleicht läuft ein Telefongespräch, oder ein Schalter am Gerät ist aus. Sobald wieder Ton kommt, geht es von selbst weiter.',
  'error.loudspeaker-lost': 'Ihr Lautsprecher ist nicht mehr da.',
  'error.loudspeaker-lost.advice':
    'Der Ton kommt jetzt aus einem anderen: Achten Sie darauf, dass niemand mithört. Unter „Kamera und Ton“ können Sie wählen.',
  'error.screen-denied': 'Der Bildschirm wird nicht gezeigt.',
  'error.screen-denied.advice':
    'Wenn Sie ihn zeigen möchten, versuchen Sie es noch einmal und wählen Sie ein Fenster aus.',
  'error.signaling-unreachable': 'Der Server antwortet gerade nicht.',
  'error.signaling-unreachable.advice': 'Der Raum versucht es von selbst weiter. Ein laufendes Gespräch geht weiter.',
  'error.device-offline': 'Ihr Gerät hat gerade keine Internetverbindung.',
  'error.device-offline.advice': 'Sobald sie wieder da ist, geht es von selbst weiter.',
  'error.signaling-busy': 'Auf dem Server ist gerade sehr viel los.',
  'error.signaling-busy.advice': 'Der Raum versucht es von selbst weiter. Sie müssen nichts tun.',
  'error.signaling-address-invalid': 'Der Raum ist nicht richtig eingerichtet.',
  'error.signaling-address-invalid.advice': 'Das liegt nicht an Ihnen. Bitte sagen Sie der Beratungsstelle Bescheid.',
  'error.signaling-mixed-content': 'Der Raum ist nicht sicher eingerichtet. Darum öffnet er nicht.',
  'error.signaling-mixed-content.advice': 'Das liegt nicht an Ihnen. Bitte sagen Sie der Beratungsstelle Bescheid.',
  'error.signaling-foreign': 'Der Raum findet den Server der Beratungsstelle nicht.',
  'error.signaling-foreign.advice': 'Das liegt nicht an Ihnen. Bitte sagen Sie der Beratungsstelle Bescheid.',
  'error.signaling-origin-refused': 'Der Server der Beratungsstelle kennt diese Internetseite nicht.',
  'error.signaling-origin-refused.advice': 'Das liegt nicht an Ihnen. Bitte sagen Sie der Beratungsstelle Bescheid.',
  'error.signaling-upgrade-dropped': 'Der Server der Beratungsstelle lässt keine Gespräche durch.',
  'error.signaling-upgrade-dropped.advice': 'Das liegt nicht an Ihnen. Bitte sagen Sie der Beratungsstelle Bescheid.',
  'error.signaling-policy-blocked': 'Diese Internetseite lässt die Verbindung zum Server der Beratungsstelle nicht zu.',
  'error.signaling-policy-blocked.advice': 'Das liegt nicht an Ihnen. Bitte sagen Sie der Beratungsstelle Bescheid.',
  'error.signaling-rejected': 'Der Server hat die Verbindung abgelehnt.',
  'error.signaling-rejected.advice':
    'Laden Sie die Seite neu. Bleibt es dabei, sagen Sie bitte der Beratungsstelle Bescheid.',
  'error.host-not-allowed': 'Der Server lässt Sie diesen Raum nicht öffnen.',
  'error.host-not-allowed.advice':
    'Melden Sie sich auf Ihrer Seite neu an und öffnen Sie den Raum von dort. Bleibt es dabei, hilft Ihnen die Stelle, die den Server betreibt.',
  'error.room-full': 'Der Raum ist voll.',
  'error.room-full.advice': 'Bitte melden Sie sich bei der Beratungsstelle.',
  'error.host-elsewhere': 'Der Raum wurde auf einem anderen Gerät oder in einem anderen Fenster geöffnet.',
  'error.host-elsewhere.advice':
    'Machen Sie dort weiter. Oder schließen Sie das andere Fenster und laden Sie diese Seite neu.',
  'error.message-invalid': 'Eine Nachricht war nicht lesbar und wurde verworfen.',
  'error.message-invalid.advice': 'Sie müssen nichts tun.',
  'error.host-not-proven': 'Jemand wollte sich als Beratungsstelle ausgeben und konnte es nicht beweisen.',
  'error.host-not-proven.advice': 'Der Raum hat das abgewehrt. Sie müssen nichts tun.',
  'error.admission-invalid': 'Es ließ sich nicht beweisen, dass die Zusage von der Beratungsstelle kommt.',
  'error.admission-invalid.advice':
    'Es wurde nichts übertragen. Laden Sie die Seite neu oder melden Sie sich bei der Beratungsstelle.',
  'error.admission-failed': 'Eine Aufnahme in den Raum hat nicht geklappt.',
  'error.admission-failed.advice':
    'Wer schon im Gespräch ist, bleibt verbunden. Ein neuer Versuch gelingt meist, nachdem die Seite neu geladen wurde.',
  'error.refused-by-host': 'Sie wurden nicht in den Raum gelassen.',
  'error.refused-by-host.advice': 'Das kann ein Versehen sein. Bitte melden Sie sich bei der Beratungsstelle.',
  'error.removed-by-host': 'Sie wurden aus dem Raum genommen.',
  'error.removed-by-host.advice': 'Das kann ein Versehen sein. Bitte melden Sie sich bei der Beratungsstelle.',
  'error.group-stale': 'Die beratende Person ist gerade nicht erreichbar. Bild und Ton sind angehalten.',
  'error.group-stale.advice': 'Es geht von selbst weiter, sobald die Verbindung wieder da ist.',
  'error.group-repaired': 'Eine Verbindung war nicht mehr auf demselben Stand. Der Raum verbindet alle neu.',
  'error.group-repaired.advice': 'Das dauert einen Moment. Niemand muss noch einmal anklopfen.',
  'error.hand-over-failed': 'Die Leitung konnte gerade nicht übergeben werden.',
  'error.hand-over-failed.advice': 'Es bleibt alles, wie es war. Sie können es gleich noch einmal versuchen.',
  'error.hand-over-declined': 'Die gefragte Person möchte gerade nicht leiten.',
  'error.hand-over-declined.advice': 'Es bleibt alles, wie es war.',
  'error.stand-in-ended': 'Die Vertretung ist aufgehoben. Sie leiten das Gespräch weiter.',
  'error.stand-in-ended.advice':
    'Die Person kann den Raum nicht mehr leiten. Wenn Sie eine Vertretung brauchen, bestimmen Sie sie bitte neu.',
  'error.stand-in-leads': 'Ihre Beratung ist nicht mehr erreichbar. Das Gespräch leitet jetzt die Vertretung.',
  'error.stand-in-leads.advice': 'Ihre Beratung hat sie vorher dafür bestimmt. Sie müssen nichts tun.',
  'error.host-changed': 'Das Gespräch leitet jetzt eine andere Person.',
  'error.host-changed.advice': 'Das hat Ihre Beratung so entschieden. Sie müssen nichts tun.',
  'error.handed-over': 'Das Gespräch leitet jetzt eine andere Person.',
  'error.handed-over.advice': 'Unter „Mehr“ bei „Personen“ können Sie die Leitung wieder übernehmen.',
  'error.you-lead': 'Sie leiten jetzt das Gespräch.',
  'error.you-lead.advice': 'Was Sie dafür brauchen, finden Sie unter „Mehr“ bei „Personen“.',
  'error.connection-failed': 'Eine direkte Verbindung war nicht möglich.',
  'error.connection-failed.advice': 'Prüfen Sie Ihre Internetverbindung. Der Raum versucht es weiter.',
  'error.encryption-unavailable': 'Die Verschlüsselung ist nicht gestartet. Es wurde nichts übertragen.',
  'error.encryption-unavailable.advice':
    'Laden Sie die Seite neu. Bleibt es dabei, nehmen Sie bitte einen anderen Browser.',
  'error.encryption-broken': 'Die Verschlüsselung stimmte nicht mehr. Die Verbindung wurde darum getrennt.',
  'error.encryption-broken.advice': 'Laden Sie die Seite neu, um noch einmal zu beginnen.',
  'error.session-description-refused':
    'Eine Nachricht zum Verbindungsaufbau hielt die Regeln nicht ein und wurde abgelehnt.',
  'error.session-description-refused.advice': 'Kommt keine Verbindung zustande, laden Sie bitte die Seite neu.',
  'error.relay-undeclared':
    'Eine Verbindung lief über einen fremden Server, dem niemand zugestimmt hat. Sie wurde getrennt.',
  'error.relay-undeclared.advice': 'Der Raum versucht es direkt weiter. Sie müssen nichts tun.',
  'error.relay-credentials-refused': 'Der Server hat keinen Zugang zur Weiterleitung gegeben.',
  'error.relay-credentials-refused.advice':
    'Der Raum versucht es direkt weiter. Sonst melden Sie sich bitte bei der Beratungsstelle.',
  'error.recording-refused': 'Auf dieser Seite wollte ein Programm aufzeichnen. Das wurde verhindert.',
  'error.recording-refused.advice':
    'Es wurde nichts aufgezeichnet. Sagen Sie der Beratungsstelle bitte trotzdem Bescheid.',
  'error.code-invalid': 'Das ist noch kein vollständiger Code.',
  'error.code-invalid.advice': 'Ein Code hat neun Zeichen in drei Gruppen, zum Beispiel K7M-2QX-9TD.',
  'error.code-wrong': 'Dieser Code stimmt nicht.',
  'error.code-wrong.advice':
    'Bitte vergleichen Sie ihn Zeichen für Zeichen. Nach fünf falschen Versuchen braucht es einen neuen.',
  'error.code-used-up': 'Der Code wurde fünfmal falsch eingegeben und gilt nicht mehr.',
  'error.code-used-up.advice': 'Es braucht einen neuen Code.',
  'error.code-busy': 'Gerade wurde zu oft ein Code versucht.',
  'error.code-busy.advice': 'Bitte warten Sie ein paar Minuten, und versuchen Sie es dann noch einmal.',
  'error.code-unanswered': 'Die Antwort auf den Code ist nicht angekommen.',
  'error.code-unanswered.advice': 'Bitte schicken Sie ihn noch einmal ab. Ob er stimmt, steht noch nicht fest.',
  'error.wrong-phase': 'Das geht gerade nicht.',
  'error.wrong-phase.advice': 'Versuchen Sie es gleich noch einmal.',
  'error.argument-invalid': 'Diese Angabe passt hier nicht.',
  'error.argument-invalid.advice': 'Bitte prüfen Sie, was Sie eingegeben haben.',
} satisfies Record<`error.${ErrorCode}` | `error.${ErrorCode}.advice`, string>;

export const de = {
  ...errors,

  // --- announcements to screen readers
  'announce.hand': (name: string) => `${name} hebt die Hand.`,
  'announce.break': (name: string) => `${name} braucht eine Pause. Nur Sie sehen das.`,
  'announce.phase.notice': 'Bitte lesen Sie die Datenschutz-Information.',
  'announce.phase.devices': 'Kamera und Mikrofon einstellen.',
  'announce.phase.occupants': 'Bitte sagen Sie, wer bei Ihnen im Raum ist.',
  'announce.phase.waiting': 'Sie sind im Warteraum.',
  'announce.phase.connecting': 'Die Verbindung wird aufgebaut.',
  'announce.phase.active': 'Das Gespräch läuft.',
  'announce.phase.paused': 'Kamera und Mikrofon sind aus.',
  'announce.knock': (name: string) => `${name} wartet vor dem Raum.`,
  'announce.joined': (name: string) => `${name} ist dazugekommen.`,
  'announce.joined.several': (names: string) => `${names} sind jetzt dabei.`,
  'announce.server-back': 'Der Server antwortet wieder.',
  'announce.stand-in': (name: string) => `${name} ist jetzt die Vertretung.`,
  'announce.left': (name: string) => `${name} ist gegangen.`,
  'announce.interrupted': (name: string) =>
    `Die Verbindung zu ${name} ist unterbrochen. Sie wird von selbst wieder aufgebaut.`,
  'announce.failed': (name: string) => `Keine Verbindung zu ${name}.`,
  'announce.reconnected': (name: string) => `Die Verbindung zu ${name} ist wieder da.`,
  'announce.declared': (name: string) => `${name} hat gesagt, wer dort im Raum ist. Bitte bestätigen Sie das.`,
  'announce.declared.several': (names: string) =>
    `${names} haben gesagt, wer bei ihnen im Raum ist. Bitte bestätigen Sie das.`,
  'announce.screen': (name: string) => `${name} zeigt den Bildschirm.`,
  'announce.screen-ended': (name: string) => `${name} zeigt den Bildschirm nicht mehr.`,
  'announce.relay-settled': (name: string) =>
    `Die direkte Verbindung zu ${name} ist da. Die Frage nach der Weiterleitung hat sich erledigt.`,
  'announce.relay-without': (name: string) => `Es gibt keine Verbindung mit ${name}.`,
  'announce.chat': (name: string) => `${name} hat etwas geschrieben.`,
  'announce.recorder': (name: string) =>
    `Auf der Seite von ${name} läuft ein Programm, das aufzeichnen kann. Bild und Ton sind angehalten.`,
  'announce.pauses': (name: string) => `${name} macht eine Pause.`,
  'announce.resumes': (name: string) => `${name} ist wieder da.`,
  'announce.microphone.on': (name: string) => `${name} hat das Mikrofon eingeschaltet.`,
  'announce.microphone.off': (name: string) => `${name} hat das Mikrofon ausgeschaltet.`,
  'announce.camera.on': (name: string) => `${name} hat die Kamera eingeschaltet.`,
  'announce.camera.off': (name: string) => `${name} hat die Kamera ausgeschaltet.`,
  'announce.someone-came-in': (name: string) => `Bei ${name} ist jemand hereingekommen. Bild und Ton sind angehalten.`,

  // --- consult-room
  'consult-room.host-word.muted':
    'Ihr Mikrofon wurde von der beratenden Person ausgeschaltet. Sie können es jederzeit wieder einschalten.',
  'consult-room.host-word.unmute-request':
    'Die beratende Person bittet Sie, Ihr Mikrofon einzuschalten. Sie entscheiden selbst.',
  'consult-room.hand-over.now': 'Möchten Sie das Gespräch ab jetzt leiten?',
  'consult-room.hand-over.now.text':
    'Ihre Beratung bittet Sie darum. Sie lassen dann Menschen ein und können das Gespräch für alle beenden. Alle anderen bleiben im Raum und verbinden sich kurz neu.',
  'consult-room.hand-over.stand-in': 'Möchten Sie die Vertretung übernehmen?',
  'consult-room.hand-over.stand-in.text':
    'Ihre Beratung bittet Sie darum. Jetzt ändert sich nichts. Nur wenn ihre Verbindung länger ausfällt, leiten Sie das Gespräch weiter.',
  'consult-room.stand-in.self':
    'Sie sind die Vertretung: Fällt die Verbindung Ihrer Beratung länger aus, leiten Sie das Gespräch weiter.',
  'consult-room.hand-over.accept': 'Ja, übernehmen',
  'consult-room.hand-over.decline': 'Nein, danke',
  'consult-room.host-word.on': 'Mikrofon einschalten',
  'consult-room.host-word.off': 'Aus lassen',
  'consult-room.label': 'Videoraum',
  'consult-room.step': (step: number, of: number) => `Schritt ${String(step)} von ${String(of)}`,
  'consult-room.step.notice': 'Datenschutz',
  'consult-room.step.devices': 'Kamera und Mikrofon',
  'consult-room.step.occupants': 'Ihr Raum',
  'consult-room.in-app.heading': 'Bitte im Browser öffnen',
  'consult-room.in-app.text':
    'Diese Seite ist gerade in einer App geöffnet. Dort gehen Kamera und Mikrofon oft nicht. Kopieren Sie den Link, und öffnen Sie ihn in Ihrem Browser, zum Beispiel in Safari, Chrome oder Firefox.',
  'consult-room.in-app.link': 'Ihr Link',
  'consult-room.in-app.copy': 'Link kopieren',
  'consult-room.in-app.copied.yes': 'Der Link ist kopiert. Fügen Sie ihn in Ihrem Browser oben in die Adresszeile ein.',
  'consult-room.in-app.copied.refused': 'Der Link ist markiert. Halten Sie ihn gedrückt, und wählen Sie „Kopieren“.',
  'consult-room.in-app.continue': 'Trotzdem hier weiter',
  'consult-room.idle.heading': 'Der Raum wird vorbereitet',
  'consult-room.idle.text': 'Einen kleinen Moment bitte. Kamera und Mikrofon sind aus.',
  'consult-room.connecting.heading': 'Gleich geht es los',
  'consult-room.connecting.heading.again': 'Gleich geht es weiter',
  'consult-room.regrouping.text':
    'Die Verbindung wird neu aufgebaut. Das dauert meist nur einen Moment. Sie müssen nichts tun.',
  'consult-room.connecting.text': 'Vorher bestätigen sich alle, wer mit im Raum ist.',
  'consult-room.session.heading': 'Gespräch',
  'consult-room.paused.heading.privacy': 'Pause',
  'consult-room.paused.text.privacy':
    'Ihre Kamera und Ihr Mikrofon sind aus. Niemand sieht oder hört Sie. Nehmen Sie sich die Zeit, die Sie brauchen.',
  'consult-room.paused.resume': 'Gespräch fortsetzen',
  'consult-room.paused.heading.recorder': 'Auf dieser Seite liest ein Programm mit',
  'consult-room.paused.text.recorder':
    'Gerade wurde hier ein Programm gestartet, das Eingaben aufzeichnen kann. Kamera und Mikrofon sind darum auf allen Seiten aus. Läuft es nicht mehr, geht es von selbst weiter. Sonst verlassen Sie bitte den Raum und sagen Sie der Beratungsstelle Bescheid.',
  'consult-room.paused.heading.someone-came-in': 'Es ist jemand hereingekommen',
  'consult-room.paused.text.someone-came-in':
    'Bild und Ton sind zwischen Ihnen und den anderen aus. Niemand sieht oder hört Sie.',
  'consult-room.ended.heading.left': 'Sie haben den Raum verlassen',
  'consult-room.ended.text.left':
    'Kamera und Mikrofon sind aus. Von dem Gespräch ist nichts gespeichert. Möchten Sie zurück? Öffnen Sie Ihren Link noch einmal.',
  'consult-room.ended.heading.host-ended': 'Das Gespräch ist zu Ende',
  'consult-room.ended.text.host-ended':
    'Die beratende Person hat das Gespräch beendet. Kamera und Mikrofon sind aus. Es ist nichts gespeichert.',
  'consult-room.ended.heading.host-lost': 'Die Verbindung ist abgebrochen',
  'consult-room.ended.text.host-lost':
    'Die beratende Person war zu lange nicht erreichbar. Ohne sie bleibt kein Raum offen. Kamera und Mikrofon sind aus.',
  'consult-room.ended.heading.declined-notice': 'Es wurde keine Verbindung aufgebaut',
  'consult-room.ended.text.declined-notice':
    'Sie haben nicht zugestimmt. Das ist in Ordnung. Es wurde nichts übertragen und nichts gespeichert.',
  'consult-room.ended.heading.quick-exit': 'Sie haben den Raum verlassen',
  'consult-room.ended.text.quick-exit': 'Kamera und Mikrofon sind aus.',
  'consult-room.ended.heading.withdrawn': 'Ihre Einwilligung ist widerrufen',
  'consult-room.ended.text.withdrawn':
    'Die Verbindung ist beendet. Kamera und Mikrofon sind aus. Vom Gespräch ist nichts gespeichert.',
  'consult-room.ended.close': 'Sie können dieses Fenster jetzt schließen.',
  'consult-room.failed.heading': 'Der Raum lässt sich nicht öffnen',
  'consult-room.failed.heading.elsewhere': 'Das Gespräch geht woanders weiter',
  'consult-room.failed.heading.expired': 'Die Zeit für diesen Raum ist um',
  'consult-room.failed.heading.refused': 'Gerade klappt es nicht',
  'consult-room.failed.heading.removed': 'Sie sind nicht mehr im Raum',
  'consult-room.failed.reload': 'Seite neu laden',
  'consult-room.alternatives': 'So erreichen Sie uns auch',
  'consult-room.alternatives.telephone': 'Telefon',
  'consult-room.alternatives.email': 'E-Mail',
  'consult-room.alternatives.appointment': 'Einen anderen Termin vereinbaren',
  'consult-room.alternatives.writing': 'Schriftlich beraten werden',
  'consult-room.problem.dismiss': 'Hinweis schließen',
  'consult-room.problem.recording-elsewhere': (name: string) =>
    `Auf der Seite von ${name} wollte ein Programm aufzeichnen. Das wurde verhindert.`,
  'consult-room.problem.recording-elsewhere.advice': 'Es wurde nichts aufgezeichnet. Sprechen Sie es ruhig an.',
  'consult-room.problem.hand-over-declined': (name: string) => `${name} möchte gerade nicht leiten.`,
  'consult-room.problem.stand-in-leads': (name: string) =>
    `Ihre Beratung ist nicht mehr erreichbar. Das Gespräch leitet jetzt ${name}.`,
  'consult-room.problem.host-changed': (name: string) => `Das Gespräch leitet jetzt ${name}.`,
  'consult-room.encrypted': 'Ende-zu-Ende verschlüsselt',
  'consult-room.encrypting': 'Verschlüsselung wird aufgebaut',
  'consult-room.without.heading.ever': 'Es wurde keine Verbindung aufgebaut',
  'consult-room.without.heading.later': 'Es besteht keine Verbindung mehr',
  'consult-room.without.declined.ever':
    'Eine direkte Verbindung war nicht möglich, und jemand hat Nein zur Weiterleitung gesagt. Das ist in Ordnung. Es wurden weder Bild noch Ton übertragen.',
  'consult-room.without.declined.later':
    'Eine direkte Verbindung ist nicht mehr möglich, und jemand hat Nein zur Weiterleitung gesagt. Das ist in Ordnung. Bild und Ton werden nicht mehr übertragen.',
  'consult-room.without.withdrawn.ever':
    'Das Ja zur Weiterleitung wurde zurückgenommen. Das ist in Ordnung. Es wurden weder Bild noch Ton übertragen.',
  'consult-room.without.withdrawn.later':
    'Die Weiterleitung wurde beendet. Das ist in Ordnung. Bild und Ton werden nicht mehr übertragen.',
  'consult-room.without.no-relay.ever':
    'Eine direkte Verbindung war nicht möglich, und eine Weiterleitung gibt es hier nicht. Es wurden weder Bild noch Ton übertragen. Der Raum versucht es weiter, solange Sie hier sind.',
  'consult-room.without.no-relay.later':
    'Die Verbindung ist abgebrochen. Bild und Ton werden nicht mehr übertragen. Der Raum versucht es weiter, solange Sie hier sind.',
  'consult-room.without.blocked.ever':
    'Auch über die Weiterleitung kam keine Verbindung zustande. Es wurden weder Bild noch Ton übertragen. Der Raum versucht es weiter, solange Sie hier sind.',
  'consult-room.without.blocked.later':
    'Die Verbindung ist abgebrochen, auch über die Weiterleitung. Bild und Ton werden nicht mehr übertragen. Der Raum versucht es weiter, solange Sie hier sind.',
  'consult-room.without.try':
    'Oft hilft ein anderes Netz: das WLAN statt des Mobilfunks, oder umgekehrt. Manchmal steht auch ein VPN oder ein Schutzprogramm im Weg.',
  'consult-room.without.leave': 'Sie können den Raum jetzt verlassen.',
  'consult-room.relay.awaited': (name: string) =>
    `Sie haben der Weiterleitung zugestimmt. ${name} muss noch antworten.`,
  'consult-room.relay.silent.heading': 'Die andere Seite überlegt noch',
  'consult-room.relay.silent':
    'Kommt keine Antwort, kommt auch keine Verbindung zustande. Sie können warten, solange Sie möchten, oder uns anders erreichen.',
  'consult-room.relay.granted':
    'Ihre Verbindung darf weitergeleitet werden. Sie können das jederzeit zurücknehmen; dann endet die weitergeleitete Verbindung sofort.',
  'consult-room.relay.withdraw': 'Ja zur Weiterleitung zurücknehmen',
  'consult-room.direct.text': (names: string) =>
    `Zwischen Ihnen und ${names} ist jetzt eine direkte Verbindung möglich, ohne Server dazwischen. Beim Wechsel steht das Bild kurz still.`,
  'consult-room.direct.go': 'Direkt verbinden',
  'consult-room.direct.used.text': (names: string) =>
    `Sie sind mit ${names} jetzt direkt verbunden. Die Weiterleitung steht nur noch bereit, falls das abbricht. Beenden Sie sie, steht das Bild kurz still.`,
  'consult-room.direct.used.go': 'Weiterleitung beenden',
  'consult-room.direct.stay': 'So lassen',
  'consult-room.quality.text': 'Die Verbindung ist gerade schwach. Ohne Ihr Bild wird der Ton besser. Sie entscheiden.',
  'consult-room.quality.audio-only': 'Nur Ton',
  'consult-room.quality.keep': 'So lassen',
  'consult-room.panel.chat': 'Schreiben',
  'consult-room.panel.people': 'Personen',
  'consult-room.panel.devices': 'Kamera und Ton',
  'consult-room.panel.security': 'Sicherheit',
  'consult-room.panel.unread': 'neue Nachricht',
  'consult-room.panel.close': 'Schließen',

  // --- any text that people agree to
  'agreement.altered':
    'Ein Übersetzungsprogramm hat diesen Text verändert. Hier steht er jetzt wieder, wie er gilt. Bitte lesen Sie ihn so, und schalten Sie die Übersetzung für diese Seite aus.',

  // --- privacy-notice
  'privacy-notice.other-language': (language: string) => `Diesen Text gibt es nur in dieser Sprache: ${language}.`,
  'privacy-notice.heading': 'Bevor wir beginnen',
  'privacy-notice.operator': (operator: string) => `Sie sprechen gleich mit: ${operator}.`,
  'privacy-notice.unreadable':
    'Der ganze Text lässt sich hier nicht öffnen. Darum gilt eine Zustimmung nicht. Bitte sagen Sie der Beratungsstelle Bescheid.',
  'privacy-notice.lead': 'Bis Sie zustimmen, ist nur diese Seite geladen: kein Gespräch, keine Kamera, kein Mikrofon.',
  'privacy-notice.full': (minutes: number) => `Alles genau lesen (${String(minutes)} Minuten)`,
  'privacy-notice.print': 'Drucken',
  'privacy-notice.accept': 'Ich stimme zu',
  'privacy-notice.decline': 'Lieber nicht',
  'privacy-notice.voluntary': 'Freiwillig. Sie können jederzeit widerrufen.',

  // --- consent-receipts
  'consent-receipts.heading': 'Ihre Einwilligung',
  'consent-receipts.kept': (n: number) => `Ihre Einwilligung (${n === 1 ? '1 Beleg' : `${String(n)} Belege`})`,
  'consent-receipts.lead':
    'Zu jeder Einwilligung gibt es einen Beleg. Ihr Name steht nicht darin. Speichern Sie ihn, wenn Sie ihn behalten möchten: Er ist fort, sobald Sie diese Seite schließen.',
  'consent-receipts.kind.notice': 'Datenschutz-Information',
  'consent-receipts.kind.no-recording': 'Keine Aufzeichnung',
  'consent-receipts.kind.group-rules': 'Regeln für alle im Gespräch',
  'consent-receipts.kind.relay': 'Weiterleitung',
  'consent-receipts.given': (time: string) => `Zugestimmt am ${time}`,
  'consent-receipts.withdrawn': (time: string) => `Widerrufen am ${time}`,
  'consent-receipts.details': 'Einzelheiten',
  'consent-receipts.controller': 'Verantwortlich',
  'consent-receipts.text': 'Text',
  'consent-receipts.version': (version: string, language: string) => `Fassung ${version}, ${language}`,
  'consent-receipts.hash': 'Prüfsumme des Textes',
  'consent-receipts.record': 'Nummer',
  'consent-receipts.key': 'Kennung für diese Sitzung',
  'consent-receipts.save': 'Belege speichern',
  'consent-receipts.print': 'Drucken',
  'consent-receipts.file': 'einwilligung',
  'consent-receipts.withdraw': 'Einwilligung widerrufen',
  'consent-receipts.withdraw.text': 'Das Gespräch endet dann sofort. Sie brauchen keinen Grund zu nennen.',

  // --- device-check
  'device-check.heading': 'Kamera und Mikrofon',
  'device-check.lead': 'Nur Sie sehen dieses Bild.',
  'device-check.ask.text':
    'Der Browser fragt Sie gleich danach. Sie können auch nur mit Ton sprechen, oder nur zuhören und schreiben.',
  'device-check.asking': 'Bitte erlauben Sie es im Browser …',
  'device-check.name.pseudonym': 'Wie sollen wir Sie nennen?',
  'device-check.name.pseudonym.hint': 'Ein ausgedachter Name genügt. Oder keiner.',
  'device-check.name.full-name': 'Ihr Vor- und Nachname',
  'device-check.name.full-name.hint': 'In dieser Sprechstunde wird Ihr richtiger Name gebraucht.',
  'device-check.choices': 'Geräte und Unschärfe',
  'device-check.camera': 'Kamera',
  'device-check.microphone': 'Mikrofon',
  'device-check.none.camera': 'Ohne Kamera',
  'device-check.none.microphone': 'Ohne Mikrofon',
  'device-menu.heading': 'Kamera, Mikrofon, Lautsprecher',
  'device-menu.loudspeaker': 'Lautsprecher',
  'device-menu.loudspeaker.choose': 'Lautsprecher auswählen',
  'device-check.default': 'Automatisch',
  'device-check.device': (n: number) => `Gerät ${String(n)}`,
  'device-check.preview': 'Ihr eigenes Bild, gespiegelt',
  'device-check.no-picture': 'Kein Bild. Sie sprechen ohne Kamera.',
  'device-check.no-picture.neither': 'Kein Bild.',
  'device-check.blur': 'So sehen die anderen Sie',
  'device-check.blur.off': 'Klar',
  'device-check.blur.background': 'Hintergrund unscharf',
  'device-check.blur.picture': 'Ganzes Bild unscharf',
  'device-check.blur.picture.hint':
    'Ihr Zimmer und Ihr Gesicht sind nicht zu erkennen. Unscharf wird das Bild schon auf Ihrem Gerät.',
  'device-check.blur.background.hint': 'Ihr Gerät macht Ihr Zimmer unscharf. An den Rändern kann etwas zu sehen sein.',
  'device-check.hide': 'Ausblenden',
  'device-check.show': 'Mein Bild zeigen',
  'device-check.hidden': 'Ihr Bild ist ausgeblendet. Die Kamera funktioniert.',
  'device-check.level': 'Lautstärke Ihres Mikrofons',
  'device-check.level.hint': 'Sprechen Sie ein paar Worte. Der Balken bewegt sich, wenn Ihr Mikrofon Sie hört.',
  'device-check.forecast.looking': 'Wir prüfen, ob von hier aus eine direkte Verbindung gelingt …',
  'device-check.forecast.likely': 'Von hier aus gelingt eine direkte Verbindung wahrscheinlich.',
  'device-check.forecast.unlikely': 'Von hier aus gelingt eine direkte Verbindung eher nicht.',
  'device-check.forecast.then.some':
    'Dann fragen wir Sie später, ob ein Server die verschlüsselten Daten weiterleiten darf. Überlegen Sie in Ruhe: Ja und Nein sind gleich gute Antworten. In einem anderen Netz, zum Beispiel im Mobilfunk, gelingt es oft direkt.',
  'device-check.forecast.then.none':
    'In einem anderen Netz, zum Beispiel im Mobilfunk, gelingt es oft. Versuchen können Sie es auch von hier.',
  'device-check.retry': 'Noch einmal versuchen',
  'device-check.continue': 'Weiter',
  'device-check.continue.neither': 'Ohne Kamera und Mikrofon weiter',

  // --- room-occupants-notice
  'room-occupants-notice.heading': 'Sind Sie allein?',
  'room-occupants-notice.lead':
    'Alle sagen vor dem Gespräch, wer bei ihnen im Raum ist. So kann jede Person offen sprechen.',
  'room-occupants-notice.input': 'Wer ist außer Ihnen im Raum?',
  'room-occupants-notice.hint':
    'Eine Rolle genügt, zum Beispiel „meine Schwester“. Nennen Sie einen Namen nur, wenn die Person einverstanden ist. Sind Sie allein, lassen Sie das Feld leer.',
  'room-occupants-notice.add': 'Hinzufügen',
  'room-occupants-notice.remove': (name: string) => `${name} entfernen`,
  'room-occupants-notice.added': (names: string) => `${names} hinzugefügt`,
  'room-occupants-notice.removed': (names: string) => `${names} entfernt`,
  'room-occupants-notice.list': 'Mit Ihnen im Raum',
  'room-occupants-notice.limit': 'Bitte höchstens 12 Personen, jeder Name höchstens 64 Zeichen.',
  'room-occupants-notice.statement': 'Damit erklären Sie:',
  'room-occupants-notice.statement.closed': 'Die Tür ist zu. Niemand sonst hört mit oder sieht auf den Bildschirm.',
  'room-occupants-notice.statement.group': 'Regeln für Gruppen',
  'room-occupants-notice.later': 'Kommt später jemand herein: „Jemand da“ hält Bild und Ton an.',
  'room-occupants-notice.later.key': (key: string) => `Auf der Tastatur: ${key}.`,
  'room-occupants-notice.continue.alone': 'Ich bin allein im Raum',
  'room-occupants-notice.continue.alone.again': 'Ich bin wieder allein',
  'room-occupants-notice.company': 'Es ist noch jemand hier',
  'room-occupants-notice.company.again': 'Jemand bleibt hier',
  'room-occupants-notice.cover': 'Einen Moment bitte',
  'room-occupants-notice.uncover': 'Weiter',
  'room-occupants-notice.continue.people': (names: string) => `Ja, so ist es: ${names}`,
  'room-occupants-notice.me': 'ich',
  'room-occupants-notice.others': 'Die anderen im Gespräch',
  'room-occupants-notice.theirs.alone': (name: string) => `${name} ist allein im Raum.`,
  'room-occupants-notice.theirs.people': (name: string, people: string) =>
    `Bei ${name} sind außerdem im Raum: ${people}.`,
  'room-occupants-notice.theirs.rules': 'Jeder Raum ist geschlossen. Niemand nimmt auf.',
  'room-occupants-notice.theirs.awaited': (name: string) => `${name} hat noch nicht gesagt, wer dort im Raum ist.`,
  'room-occupants-notice.theirs.someone-came-in': (name: string) =>
    `Bei ${name} ist jemand hereingekommen. Bild und Ton sind angehalten, bis es geklärt ist.`,
  'room-occupants-notice.acknowledge': 'Einverstanden',
  'room-occupants-notice.acknowledge.label': (name: string) => `Einverstanden: ${name}`,
  'room-occupants-notice.acknowledged': 'Von Ihnen bestätigt',
  'room-occupants-notice.ours.awaited': (name: string) => `${name} muss Ihre Angabe noch bestätigen.`,
  'room-occupants-notice.ours.acknowledged': (name: string) => `${name} hat Ihre Angabe bestätigt.`,
  'room-occupants-notice.take-out': 'Entfernen …',
  'room-occupants-notice.take-out.label': (name: string) => `Entfernen: ${name}`,
  'room-occupants-notice.take-out.heading': (name: string) => `${name} aus dem Raum nehmen?`,
  'room-occupants-notice.take-out.text':
    'Die Verbindung endet sofort. Die Person kann nur zurückkommen, wenn Sie sie wieder hereinlassen.',
  'room-occupants-notice.take-out.confirm': 'Aus dem Raum nehmen',
  'room-occupants-notice.take-out.cancel': 'Im Raum lassen',
  'room-occupants-notice.again.heading': 'Alles angehalten',
  'room-occupants-notice.again.lead':
    'Niemand sieht oder hört Sie. Lassen Sie sich Zeit. Die anderen bestätigen dann Ihre Antwort.',
  'room-occupants-notice.ours': 'Ihre Angabe',
  'room-occupants-notice.ours.alone': 'Sie sind allein im Raum.',
  'room-occupants-notice.ours.people': (people: string) => `Mit Ihnen im Raum: ${people}.`,

  // --- waiting-room
  'waiting-room.guest.heading': 'Schön, dass Sie da sind',
  'waiting-room.guest.sent': 'Sie werden gleich hereingelassen. Sie müssen nichts tun.',
  'waiting-room.guest.host-absent':
    'Die beratende Person ist noch nicht da. Lassen Sie diese Seite einfach offen. Es geht von selbst weiter.',
  'waiting-room.guest.locked':
    'Der Raum ist gerade geschlossen, damit niemand stört. Sie brauchen nichts zu tun: Sobald er wieder aufgeht, wird nach Ihnen gefragt.',
  'waiting-room.guest.admitted': 'Die Tür ist offen. Die Verbindung wird aufgebaut.',
  'waiting-room.guest.private': 'Noch sieht und hört Sie niemand.',
  'waiting-room.guest.camera.on': 'Ihre Kamera läuft schon.',
  'waiting-room.guest.camera.off': 'Ihre Kamera ist aus.',
  'waiting-room.appointment': (at: string, now: string) => `Termin: ${at} · jetzt ${now}`,
  'waiting-room.host.heading': 'Warteraum',
  'waiting-room.host.empty': 'Es wartet noch niemand.',
  'waiting-room.host.invite': 'Geben Sie den Link nur an die Person weiter, mit der Sie sprechen.',
  'waiting-room.host.copy': 'Gast-Link kopieren',
  'waiting-room.host.link': 'Link für Gäste',
  'waiting-room.admit-all': 'Alle hereinlassen',
  'waiting-room.admit-others': 'Die anderen hereinlassen',
  'waiting-room.host.count': (n: number) => (n === 1 ? '1 Person wartet' : `${String(n)} Personen warten`),
  'waiting-room.elsewhere.heading': 'Der Raum ist schon geöffnet',
  'waiting-room.elsewhere.text':
    'Dieser Raum ist auf einem anderen Gerät oder in einem anderen Fenster geöffnet, oder Ihre Vertretung leitet gerade das Gespräch. Möchten Sie hier weitermachen? Dann leiten Sie wieder von hier.',
  'waiting-room.elsewhere.others':
    'Wer schon im Gespräch ist, steht gleich wieder im Warteraum. Sie lassen alle mit einem Druck herein.',
  'waiting-room.elsewhere.take-over': 'Hier weitermachen',
  'host-mark': 'Beratung',
  'host-mark.resembles': (other: string) => `Achtung: Der Name sieht fast so aus wie „${other}“.`,
  'waiting-room.self-named': 'So nennt sich die Person selbst.',
  'waiting-room.returning': 'War in diesem Gespräch schon dabei',
  'waiting-room.returning.renamed': (name: string) => `War in diesem Gespräch schon dabei, und hieß da „${name}“`,
  'waiting-room.since.now': 'gerade gekommen',
  'waiting-room.since.minutes': (n: number) => (n === 1 ? 'wartet seit 1 Minute' : `wartet seit ${String(n)} Minuten`),
  'waiting-room.admit': 'Hereinlassen',
  'waiting-room.admit.label': (name: string) => `${name} hereinlassen`,
  'waiting-room.refuse': 'Abweisen',
  'waiting-room.refuse.label': (name: string) => `${name} abweisen`,

  // --- participant-grid, participant-tile
  'participant-grid.label': 'Personen im Gespräch',
  'participant-grid.alone': 'Es ist noch niemand sonst im Gespräch.',
  'participant-grid.alone-all': (names: string) =>
    `${names} sind jeweils allein. Jeder Raum ist geschlossen, niemand nimmt auf.`,
  'participant-grid.acknowledge-all': 'Mit allen einverstanden',
  'participant-tile.pin': (name: string) => `${name} groß zeigen`,
  'participant-tile.unpin': (name: string) => `${name} nicht mehr groß zeigen`,
  'participant-tile.hand': 'hebt die Hand',
  'participant-tile.break': 'braucht eine Pause',
  'participant-tile.interpreter': 'dolmetscht',
  'participant-tile.self': 'Sie',
  'participant-tile.screen': (name: string) => `Bildschirm von ${name}`,
  'participant-tile.screen.self': 'Sie zeigen Ihren Bildschirm',
  'participant-tile.camera-off': 'Kamera aus',
  'participant-tile.muted': 'Mikrofon aus',
  'participant-tile.speaking': 'spricht',
  'participant-tile.paused.privacy': 'macht eine Pause',
  'participant-tile.paused.someone-came-in': 'Jemand ist hereingekommen',
  'participant-tile.paused.recorder': 'Dort läuft ein Programm, das aufzeichnen kann. Bild und Ton sind angehalten.',
  'participant-tile.paused.stale': 'Bild und Ton sind angehalten',
  'participant-tile.awaiting': 'Bild und Ton beginnen, wenn beide Seiten bestätigt haben.',
  'participant-tile.connection.none': 'Noch nicht verbunden',
  'participant-tile.connection.connecting': 'Verbindung wird aufgebaut',
  'participant-tile.connection.interrupted': 'Verbindung unterbrochen. Es geht von selbst weiter.',
  'participant-tile.connection.interrupted.short': 'Unterbrochen',
  'participant-tile.connection.failed': 'Keine Verbindung',
  'participant-tile.encryption.broken': 'Verschlüsselung gestört. Verbindung getrennt.',
  'participant-tile.encryption.pending': 'Verschlüsselung wird aufgebaut',
  'participant-tile.relay.declined': 'Kein Bild und kein Ton: Direkt ging es nicht, und weitergeleitet wird nicht.',
  'participant-tile.relay.withdrawn': 'Kein Bild und kein Ton: Die Weiterleitung wurde beendet.',
  'participant-tile.relay.open': 'Noch kein Bild: Die Frage nach der Weiterleitung ist offen.',
  'participant-tile.relay.awaited': 'Noch kein Bild: Die Antwort zur Weiterleitung fehlt noch.',
  'participant-tile.path.direct': 'Direkt verbunden',
  'participant-tile.path.relay': 'Über Weiterleitung verbunden, weiter Ende-zu-Ende verschlüsselt',
  'participant-tile.path.relay.short': 'Weiterleitung',
  'participant-tile.path.direct.short': 'Direkt',
  'participant-tile.quality.weak': 'Schwache Verbindung',
  'participant-tile.sound': 'Ton einschalten',

  // --- call-controls
  'call-controls.hand': 'Hand heben',
  'call-controls.hand.on': 'Ihre Hand ist gehoben. Wieder senken',
  'call-controls.hand.off': 'Hand heben: alle im Raum sehen es',
  'call-controls.break': 'Um Pause bitten',
  'call-controls.break.on': 'Sie haben um eine Pause gebeten. Zurücknehmen',
  'call-controls.break.off': 'Um eine Pause bitten: nur die beratende Person sieht es',
  'call-controls.layout': 'Sprechende groß',
  'call-controls.layout.on': 'Wer spricht, ist groß. Alle gleich groß zeigen',
  'call-controls.layout.off': 'Alle sind gleich groß. Wer spricht, groß zeigen',
  'call-controls.label': 'Steuerung des Gesprächs',
  'call-controls.microphone': 'Mikro',
  'call-controls.microphone.on': 'Mikrofon ist an. Ausschalten',
  'call-controls.microphone.off': 'Mikrofon ist aus. Einschalten',
  'call-controls.camera': 'Kamera',
  'call-controls.camera.on': 'Kamera ist an. Ausschalten',
  'call-controls.camera.off': 'Kamera ist aus. Einschalten',
  'call-controls.share': 'Zeigen',
  'call-controls.share.on': 'Sie zeigen Ihren Bildschirm. Beenden',
  'call-controls.share.off': 'Bildschirm zeigen',
  'call-controls.pause': 'Pause',
  'call-controls.pause.label': 'Pause machen: Kamera und Mikrofon aus',
  'call-controls.more': 'Mehr',
  'call-controls.more.label': 'Mehr Möglichkeiten',
  'call-controls.someone-came-in': 'Jemand da',
  'call-controls.someone-came-in.label': 'Jemand da: Bild und Ton zwischen Ihnen und allen anderen anhalten',
  'call-controls.someone-came-in.key': (key: string) =>
    `Jemand da: Bild und Ton zwischen Ihnen und allen anderen anhalten (Taste ${key})`,
  'call-controls.blur': 'Weichzeichnen',
  'call-controls.blur.on': 'Ihr Bild ist unscharf. Wieder klar zeigen',
  'call-controls.blur.background': 'Ihren Hintergrund unscharf machen',
  'call-controls.blur.picture': 'Ihr ganzes Bild unscharf machen',
  'call-controls.self-view': 'Mein Bild',
  'call-controls.self-view.on': 'Mein Bild ausblenden',
  'call-controls.self-view.off': 'Mein Bild zeigen',
  'call-controls.leave': 'Gehen',
  'call-controls.leave.label': 'Gehen: den Raum verlassen',
  'call-controls.leave.host': 'Beenden',
  'call-controls.leave.host.label': 'Beenden: das Gespräch beenden',
  'call-controls.end.heading': 'Gespräch für alle beenden?',
  'call-controls.end.text': 'Ohne Sie bleibt der Raum nicht offen. Für alle anderen endet das Gespräch auch.',
  'call-controls.end.confirm': 'Für alle beenden',
  'call-controls.end.cancel': 'Im Gespräch bleiben',

  // --- spoken code
  'spoken-code.read': 'Code vorlesen',
  'spoken-code.text':
    'Lesen Sie diesen Code am Telefon vor. Ihr Gegenüber gibt ihn auf dieser Seite ein, statt einen Link zu öffnen.',
  'spoken-code.wrong': (wrong: number, most: number) =>
    `Falsch eingegeben: ${String(wrong)}-mal. Nach dem ${String(most)}. Mal gilt der Code nicht mehr.`,
  'spoken-code.unavailable': 'Gerade gibt es keinen Code.',
  'spoken-code.new': 'Neuen Code machen',
  'room-code.heading': 'Haben Sie einen Code?',
  'room-code.text':
    'Hat man Ihnen am Telefon einen Code genannt, geben Sie ihn hier ein. Erst dann fragt diese Seite den Server der Beratungsstelle.',
  'room-code.label': 'Ihr Code',
  'room-code.enter': 'Weiter',
  'room-code.stop': 'Abbrechen',
  'room-code.checking': 'Einen Moment bitte.',
  'room-code.compare': 'Dauert es lange, vergleichen Sie bitte die ersten drei Zeichen.',

  // --- room-invite
  'room-invite.code': 'Oder lesen Sie diesen Code am Telefon vor. Er gilt, während Sie im Raum sind.',
  'room-invite.host.heading': 'Ihr Link',
  'room-invite.host.text':
    'Damit öffnen Sie den Raum und lassen andere herein. Geben Sie ihn nicht weiter: Wer ihn hat, führt das Gespräch.',
  'room-invite.host.open': 'Meinen Raum öffnen',
  'room-invite.guest.heading': 'Link für Ihren Gast',
  'room-invite.guest.text':
    'Diesen Link geben Sie weiter. Er gilt für diesen einen Termin. Ihr Gast braucht kein Konto.',
  'room-invite.guest.open': 'Als Gast öffnen',
  'room-invite.sheet': 'Blatt für Ihren Gast',
  'room-invite.host.kept':
    'Damit öffnen Sie den Raum in dem Browser, in dem Ihr Schlüssel liegt. Anderswo öffnet der Link keinen Raum.',
  'room-invite.public.heading': 'Für Ihre Terminvergabe',
  'room-invite.public.text':
    'Geben Sie diesen Text an die Stelle, die Ihre Termine anlegt. Mit ihm lassen sich Links anlegen, aber keine Räume öffnen: Das geht nur in diesem Browser.',
  'room-invite.copy.public': 'Text für die Terminvergabe kopieren',
  'room-invite.until': (time: string) => `Gilt bis ${time}.`,
  'room-invite.copy': 'Kopieren',
  'room-invite.copy.guest': 'Gast-Link kopieren',
  'room-invite.copy.host': 'Eigenen Link kopieren',
  'room-invite.copied': 'Kopiert',
  'room-invite.copy.failed':
    'Das Kopieren ist hier nicht erlaubt. Markieren Sie den Link und kopieren Sie ihn von Hand.',
  'room-invite.qr': 'QR-Code mit dem Link für Ihren Gast',
  'room-invite.qr.hint': 'Mit der Kamera des Telefons lesen',

  // --- host-tools
  'host-tools.heading': 'Ihre Gruppe',
  'host-tools.people': 'Personen im Raum',
  'host-tools.lock': 'Raum abschließen',
  'host-tools.lock.on': 'Niemand Neues kann anklopfen. Wer schon da war, darf zurückkommen.',
  'host-tools.lock.off': 'Der Raum ist offen: Wer den Link hat, kann anklopfen.',
  'host-tools.mute-everyone': 'Alle stumm schalten',
  'host-tools.mute-everyone.text': 'Einschalten kann sich jede Person nur selbst.',
  'host-tools.end': 'Für alle beenden',
  'host-tools.end.heading': 'Gespräch für alle beenden?',
  'host-tools.end.text': 'Für alle im Raum ist das Gespräch dann vorbei.',
  'host-tools.end.confirm': 'Für alle beenden',
  'host-tools.hand-over': 'Leitung übergeben',
  'host-tools.hand-over.text':
    'Wir fragen zuerst nach. Nach einem Ja verbinden sich alle kurz neu, niemand muss noch einmal anklopfen. Sie bleiben im Raum und können die Leitung jederzeit wieder übernehmen.',
  'host-tools.hand-over.confirm': 'Ja, fragen',
  'host-tools.stand-in': 'Vertretung',
  'host-tools.stand-in.text':
    'Wir fragen zuerst nach. Nach einem Ja ändert sich jetzt nichts. Erst wenn Ihre Verbindung länger ausfällt, leitet diese Person das Gespräch weiter.',
  'host-tools.hand-over.withdraw': 'Doch nicht',
  'host-tools.take-back': 'Leitung wieder übernehmen',
  'host-tools.take-back.text':
    'Sie haben die Leitung abgegeben. Wenn Sie sie wieder übernehmen, verbinden sich alle kurz neu.',
  'host-tools.cancel': 'Zurück',
  'host-tools.mute': 'Stumm schalten',
  'host-tools.ask-unmute': 'Um Ton bitten',
  'host-tools.interpreter': 'Dolmetscht',
  'host-tools.remove': 'Entfernen',
  'host-tools.remove.text':
    'Die Person verlässt den Raum sofort und hört und sieht nichts mehr. Wenn sie wieder anklopft, werden Sie gefragt.',
  'host-tools.remove.confirm': 'Entfernen',
  'host-tools.hand': 'hebt die Hand',
  'host-tools.break': 'braucht eine Pause',
  'host-tools.mute.label': (name: string) => `${name} stumm schalten`,
  'host-tools.ask-unmute.label': (name: string) => `${name} um Ton bitten`,
  'host-tools.interpreter.label': (name: string) => `${name} dolmetscht`,
  'host-tools.remove.label': (name: string) => `${name} aus dem Raum entfernen`,
  'host-tools.hand-over.label': (name: string) => `Leitung übergeben an ${name}`,
  'host-tools.hand-over.heading': (name: string) => `Leitung an ${name} übergeben?`,
  'host-tools.stand-in.label': (name: string) => `${name} als Vertretung`,
  'host-tools.stand-in.heading': (name: string) => `${name} als Vertretung bestimmen?`,
  'host-tools.hand-over.asked': (name: string) => `Wir haben ${name} gefragt und warten auf die Antwort.`,
  'host-tools.remove.heading': (name: string) => `${name} aus dem Raum entfernen?`,

  // --- safety-code
  'safety-code.heading': 'Sicherheitscode',
  'safety-code.compared': 'Verglichen und gleich',
  'safety-code.not-compared': 'Verschlüsselt, noch nicht verglichen',
  'safety-code.text': 'Lesen Sie sich die Zahlen gegenseitig vor. Sind sie bei allen gleich, ist niemand dazwischen.',
  'safety-code.people': (count: number, names: string) => `${String(count)} Personen: ${names}`,
  'safety-code.you': 'Sie',
  'safety-code.confirm': 'Die Zahlen sind gleich',
  'safety-code.undo': 'Doch nicht verglichen',
  'safety-code.differ.summary': 'Und wenn die Zahlen verschieden sind?',
  'safety-code.differ.text':
    'Dann sprechen Sie nicht weiter. Verlassen Sie beide den Raum und verabreden Sie auf einem anderen Weg einen neuen Termin. Die Zahlen ändern sich, wenn jemand dazukommt oder geht; vergleichen Sie dann neu.',

  // --- connection-report
  'connection-report.heading': 'Ihre Verbindung',
  'connection-report.path.direct': (name: string) => `Mit ${name}: direkt, ohne Umweg über andere Rechner.`,
  'connection-report.path.relay': (name: string) =>
    `Mit ${name}: über eine Weiterleitung, der Sie beide zugestimmt haben.`,
  'connection-report.path.none': (name: string) => `Mit ${name}: noch nicht verbunden.`,
  'connection-report.encryption':
    'Bild, Ton und Text sind Ende-zu-Ende verschlüsselt. Nur die Personen in diesem Raum können sie entschlüsseln.',
  'connection-report.details': 'Technische Einzelheiten',
  'connection-report.suite': 'Verfahren',
  'connection-report.epoch': 'Wievielter gemeinsamer Schlüssel',
  'connection-report.frames': 'Bilder und Ton',
  'connection-report.encrypted': 'Verschlüsselt gesendet',
  'connection-report.decrypted': 'Entschlüsselt empfangen',
  'connection-report.dropped': 'Verworfen',
  'connection-report.dropped.unauthenticated': '… weil nicht echt oder beschädigt',
  'connection-report.dropped.malformed': '… weil nicht verschlüsselt',
  'connection-report.dropped.unknownKey': '… weil der Schlüssel nicht oder nicht mehr gilt',
  'connection-report.dropped.waitedTooLong': '… weil der neue Schlüssel noch nicht da war',
  'connection-report.dropped.noKey': '… vor dem Senden, weil es noch keinen Schlüssel gab',
  'connection-report.repeated': 'Doppelt angekommen und übergangen',
  'connection-report.transport': 'Darunter verschlüsselt der Browser die Verbindung noch ein zweites Mal:',
  'connection-report.dtls': 'DTLS',
  'connection-report.srtp': 'SRTP',
  'connection-report.codecs': 'Codecs',
  'connection-report.round-trip': 'Laufzeit hin und zurück',

  // --- server-report
  'server-report.heading': 'Was der Server gerade hat',
  'server-report.lead': 'Der Server bringt nur die Geräte zusammen. Namen, Bild, Ton und Geschriebenes bekommt er nie.',
  'server-report.open': 'Jetzt nachsehen',
  'server-report.asking': 'Wir fragen den Server …',
  'server-report.no-server': 'An diesem Gespräch ist kein Server beteiligt.',
  'server-report.nothing': 'Der Server hat nichts zu diesem Gespräch.',
  'server-report.unreachable': 'Der Server antwortet gerade nicht. Wir fragen weiter.',
  'server-report.unsupported':
    'Dieser Server kann noch nicht sagen, was er hat. Die Beratungsstelle kann ihn erneuern.',
  'server-report.refused':
    'Der Server hat etwas geantwortet, das nicht zu diesem Gespräch passt. Deshalb zeigen wir es nicht.',
  'server-report.lacks-us':
    'Der Server nennt Ihre Verbindung nicht, obwohl sie besteht. Diese Auskunft ist also nicht vollständig.',
  'server-report.held.room': 'Dass es diesen Raum gibt, unter einer zufälligen Nummer',
  'server-report.held.host-proof': 'Wer den Raum leiten darf: ein Prüfwert, kein Name',
  'server-report.held.connection-host': 'Die Verbindung der Beratung',
  'server-report.held.connection-guest': (count: number) =>
    count === 1 ? 'Eine Verbindung als Gast' : `${String(count)} Verbindungen als Gast`,
  'server-report.held.admitted-keys': (count: number) =>
    count === 1
      ? 'Der Schlüssel eines Geräts, das in den Raum darf'
      : `Die Schlüssel von ${String(count)} Geräten, die in den Raum dürfen`,
  'server-report.held.relay-nonce': (count: number) =>
    count === 1 ? 'Eine Einmal-Nummer für die Weiterleitung' : `${String(count)} Einmal-Nummern für die Weiterleitung`,
  'server-report.held.code': 'Die ersten drei Zeichen des Codes zum Vorlesen',
  'server-report.held.code-connection': (count: number) =>
    count === 1 ? 'Eine Verbindung über den Code' : `${String(count)} Verbindungen über den Code`,
  'server-report.held.announcement': (who: string) =>
    `Dass er einem System von ${who} gemeldet hat: Der Raum ist offen. Mehr nicht`,
  'server-report.held.host-token': 'Ein Prüfwert des Ausweises, mit dem die Beratung den Raum geöffnet hat',
  'server-report.held.latest-host': 'Wann die Leitung zuletzt gewechselt hat, ohne Namen',
  'server-report.held.other': (what: string) => `Etwas, das diese Seite nicht kennt: ${what}`,
  'server-report.since': (time: string) => `Seit ${time} Uhr`,
  'server-report.deleted': (time: string) => `Wird gelöscht: spätestens ${time} Uhr`,
  'server-report.deleted.closed': (time: string) =>
    `Wird gelöscht, sobald die Verbindung endet, spätestens ${time} Uhr`,
  'server-report.address':
    'Das alles steht nur in seinem Arbeitsspeicher. Solange eine Verbindung besteht, kennt er auch ihre Internet-Adresse.',
  'server-report.asked': (time: string) => `Stand ${time} Uhr. Solange die Liste offen ist, fragen wir immer wieder.`,

  // --- room-chat
  'room-chat.heading': 'Schreiben',
  'room-chat.empty': 'Hier können Sie sich schreiben. Nichts davon wird gespeichert.',
  'room-chat.input': 'Ihre Nachricht',
  'room-chat.send': 'Senden',
  'room-chat.newest': 'Neue Nachricht ansehen',
  'room-chat.you': 'Sie',
  'room-chat.late': 'Wird noch zugestellt',
  'room-chat.missed': 'Vielleicht nicht angekommen',
  'room-chat.again': 'Erneut senden',

  // --- relay-consent-dialog
  'relay-consent-dialog.heading': 'Darf weitergeleitet werden?',
  'relay-consent-dialog.text': (name: string) =>
    `Eine direkte Verbindung zu ${name} gelingt gerade nicht. Wir können die verschlüsselten Daten über einen Server weiterleiten.`,
  'relay-consent-dialog.always.heading': 'Darf Ihre Adresse verborgen werden?',
  'relay-consent-dialog.always': (name: string) =>
    `Bei einer direkten Verbindung sähe der Rechner von ${name} Ihre Internet-Adresse. Aus ihr lässt sich manchmal schließen, wo Sie sind. Läuft alles über einen Server, der weiterleitet, bleibt Ihre Adresse auf der anderen Seite verborgen.`,
  'relay-consent-dialog.operator': (operator: string, country: string) =>
    `Den Server betreibt ${operator} (${country}).`,
  'relay-consent-dialog.sees':
    'Er sieht die Internet-Adressen von Ihnen beiden, wann Sie sprechen und wie viele Daten fließen.',
  'relay-consent-dialog.never': 'Er sieht und hört niemals, worum es geht: Alles bleibt Ende-zu-Ende verschlüsselt.',
  'relay-consent-dialog.both': 'Beide Seiten müssen zustimmen. Ihr Gegenüber erfährt nur Ja oder Nein.',
  'relay-consent-dialog.withdraw':
    'Sie können Ihr Ja jederzeit zurücknehmen: im Gespräch unter „Mehr“ bei „Sicherheit“. Dann endet die Weiterleitung sofort.',
  'relay-consent-dialog.free':
    'Nein ist eine gute Antwort. Dann kommt über das Video keine Verbindung zustande, und Sie können uns anders erreichen. Solange Sie überlegen, versuchen wir es weiter direkt.',
  'relay-consent-dialog.always.free':
    'Nein ist eine gute Antwort. Dann kommt über das Video gar keine Verbindung zustande, auch keine direkte, und Sie können uns anders erreichen. Lassen Sie sich Zeit.',
  'relay-consent-dialog.accept': 'Ja, weiterleiten',
  'relay-consent-dialog.decline': 'Nein, nicht weiterleiten',

  // --- quick-exit
  'quick-exit.button': 'Sofort weg',
  'quick-exit.hint':
    'Oder dreimal die Escape-Taste drücken. Im Verlauf des Browsers kann die Adresse dieser Seite stehen bleiben.',

  // --- recording-guard
  'recording-guard.heading': 'Keine Aufzeichnung',
  'recording-guard.text': 'Bild und Ton beginnen erst, wenn beide Seiten das erklärt haben: Niemand zeichnet auf.',
  'recording-guard.own': 'Sie haben es erklärt.',
  'recording-guard.agreed': (name: string) => `${name} hat es erklärt.`,
  'recording-guard.awaited': (name: string) => `${name} hat es noch nicht erklärt.`,
  'recording-guard.refused': 'Etwas auf dieser Seite wollte aufzeichnen. Das wurde verhindert.',
  'recording-guard.limits':
    'Diese Seite sperrt die bekannten Wege, auf denen Programme in ihr aufzeichnen könnten, und sagt es allen, wenn eines es versucht. Über jedem Bild steht blass, wer es sieht: So lässt sich erkennen, von wem ein abgefilmtes Bild stammt.',
  'recording-guard.limits.not':
    'Ein Programm auf dem Gerät, eine Erweiterung des Browsers oder eine zweite Kamera im Zimmer kann keine Internetseite verhindern. Darum versprechen alle einander, nicht aufzuzeichnen.',
};

/** Every text of the library. Another language `satisfies Texts`. */
export type Texts = typeof de;
