/** The doctor's report in words: for the person who runs the server, what is and what to do. */
import type { Finding, Outcome, Verdict } from './findings.ts';

export type ReportLanguage = 'de' | 'en';

type Sentence = (detail: string) => string;

const DE: Readonly<Record<Outcome, Sentence>> = {
  'tls.encrypted': (days) => `Die Seite ist verschlüsselt; das Zertifikat gilt noch ${days} Tage.`,
  'tls.local': () => 'Die Seite liegt auf diesem Rechner. Im Betrieb muss sie über HTTPS erreichbar sein.',
  'tls.plain': () =>
    'Die Seite ist nicht verschlüsselt: Browser geben ihr weder Kamera noch Mikrofon. Richten Sie HTTPS ein.',
  'tls.certificate': (code) => `Browser nehmen das Zertifikat der Seite nicht an (${code}). Erneuern Sie es.`,
  'tls.name': (name) =>
    `Das Zertifikat der Seite gilt für einen anderen Namen als ${name}. Lassen Sie eines für diesen ausstellen.`,
  'tls.issuer': (code) =>
    `Wer das Zertifikat der Seite ausgestellt hat, ist Browsern nicht bekannt (${code}). Fehlt das Zwischenzertifikat (fullchain)? Ein eigener Aussteller gehört in NODE_EXTRA_CA_CERTS, und auf jedes Gerät.`,
  'tls.expiring': (days) => `Das Zertifikat läuft in ${days} Tagen ab. Erneuern Sie es bald, am besten von selbst.`,
  'tls.unreachable': (code) =>
    `Unter dieser Adresse kommt keine verschlüsselte Verbindung zustande (${code}). Läuft der Webserver, und stimmt die Adresse?`,
  'page.found': () => 'Die Seite ist da und enthält einen Raum.',
  'page.missing': (code) =>
    `Die Seite antwortet nicht, wie sie soll (${code}). Stimmt die Adresse, und läuft alles, was dahinter ist?`,
  'page.moved': (address) => `Unter dieser Adresse liegt keine Seite, sie leitet weiter: Prüfen Sie ${address}.`,
  'page.no-room': () =>
    'Die Seite ist da, nennt aber weder <consult-room> noch ein Skript. Ist es die Seite mit dem Raum?',
  'headers.complete': () => 'Die Kopfzeilen der Seite schützen, wie sie sollen.',
  'headers.lacking': (names) =>
    `Der Seite fehlen Kopfzeilen: ${names}. Übernehmen Sie sie aus der Anleitung für Ihren Webserver.`,
  'headers.weak': (values) =>
    `Kopfzeilen der Seite schützen nicht, wie sie sollen: ${values}. Übernehmen Sie sie aus der Anleitung für Ihren Webserver.`,
  'headers.camera-off': (name) =>
    `Die Seite verbietet sich selbst, was ein Gespräch braucht (Permissions-Policy: ${name}).`,
  'csp.strict': () => 'Die Content-Security-Policy lässt nur Eigenes zu.',
  'csp.missing': () => 'Die Seite hat keine Content-Security-Policy. Übernehmen Sie die aus der Anleitung.',
  'csp.loose': (parts) => `Die Content-Security-Policy erlaubt mehr, als sie soll: ${parts}.`,
  'csp.no-signal': (url) => `Die Content-Security-Policy verbietet die Verbindung zu ${url}. Ergänzen Sie connect-src.`,
  'third-parties.none': () => 'Die Seite holt nichts von Dritten.',
  'third-parties.found': (hosts) =>
    `Die Seite holt Teile von anderen: ${hosts}. Legen Sie diese Dateien auf Ihren eigenen Server.`,
  'configuration.valid': (countries) =>
    `Die Konfiguration ist gültig; alle Server sind mit Betreiber und Land genannt (${countries}).`,
  'configuration.missing': (code) =>
    `Unter /config kommt keine Konfiguration (${code}). Leitet Ihr Webserver /config weiter?`,
  'configuration.invalid': (words) => `Die Konfiguration ist nicht gültig: ${words}.`,
  'configuration.country': (paths) =>
    `Ein Server steht in einem Land außerhalb des EWR, das Ihre Konfiguration nicht zulässt (${paths}). Nehmen Sie einen anderen, oder nennen Sie das Land in countries, wenn die Europäische Kommission das Datenschutzniveau dort anerkannt hat.`,
  'configuration.undeclared': (paths) =>
    `Für einen Server fehlt, wer ihn betreibt oder in welchem Land er steht (${paths}). Ergänzen Sie operator und country.`,
  'clock.right': (seconds) => `Die Uhr des Servers geht richtig (${seconds} s Unterschied zu diesem Rechner).`,
  'clock.wrong': (seconds) =>
    `Die Uhr des Servers und die dieses Rechners gehen ${seconds} s auseinander. Stellen Sie beide nach einem Zeitserver.`,
  'clock.unknown': () => 'Der Server nennt keine Uhrzeit; seine Uhr war nicht zu prüfen.',
  'signal.open': () => 'Die Verbindung zur Vermittlung (WebSocket) kommt zustande.',
  'signal.origin-refused': () =>
    'Der Server weist Ihre Seite ab. Starten Sie ihn mit --origin oder --page-origin und der Adresse der Seite.',
  'signal.upgrade-dropped': () =>
    'Ein Webserver davor leitet /signal weiter, aber nicht als WebSocket. Ergänzen Sie Upgrade und Connection.',
  'signal.foreign': () =>
    'Unter /signal antwortet ein anderes Programm. Leitet Ihr Webserver /signal an den Server des Raums weiter?',
  'signal.unreachable': (code) => `Die Vermittlung unter /signal ist nicht zu erreichen (${code}).`,
  'origins.kept-out': () => 'Seiten von Fremden dürfen sich nicht verbinden.',
  'origins.let-in': () =>
    'Auch Seiten von Fremden dürfen sich verbinden. Reicht Ihr Webserver die Kopfzeile Origin unverändert weiter?',
  'origins.unknown': () => 'Ob Seiten von Fremden sich verbinden dürfen, war nicht zu prüfen.',
  'peers.met': () => 'Zwei Probeteilnehmer haben sich in einem Raum getroffen und Nachrichten ausgetauscht.',
  'peers.host-refused': (code) =>
    `Der Probegastgeber konnte keinen Raum öffnen (${code}). Starten Sie den Server mit --origin und genau dieser Adresse.`,
  'peers.host-not-allowed': () =>
    'Räume öffnen dürfen hier nur Ihre eigenen Beratenden (--hosts). Ob sich zwei in einem Raum treffen, war deshalb nicht zu prüfen.',
  'peers.room-expired': (minutes) =>
    `Für den Server war der Proberaum schon abgelaufen: Seine Uhr geht mehr als ${minutes} Minuten vor, oder die dieses Rechners nach. Stellen Sie beide nach einem Zeitserver.`,
  'peers.apart': (code) =>
    `Zwei Probeteilnehmer haben sich nicht getroffen (${code}). Laufen mehrere Server ohne --nats?`,
  'peers.unknown': () => 'Ohne Vermittlung konnten sich keine Probeteilnehmer treffen.',
  'relay.guarded': (url) => `Das Relay ${url} antwortet und weist Unbekannte ab.`,
  'relay.works': (url) => `Das Relay ${url} weist Unbekannte ab und nimmt die Zugangsdaten dieses Servers an.`,
  'relay.open': (url) => `Das Relay ${url} leitet für jeden weiter. Setzen Sie dort use-auth-secret.`,
  'relay.refuses': (what) =>
    `Das Relay lehnt die Zugangsdaten dieses Servers ab: ${what}. Sind Geheimnis und Uhrzeit auf beiden gleich?`,
  'relay.unreachable': (what) => `Das Relay antwortet nicht: ${what}. Läuft es, und lässt die Firewall es durch?`,
  'relay.none': () => 'Es ist kein Relay eingerichtet: Manche Menschen können dann keine Verbindung bekommen.',
  'transparency.answers': () => 'Wer im Raum ist, kann sehen, was der Server über den Raum weiß.',
  'transparency.missing': () =>
    'Was der Server über einen Raum weiß, kann im Raum niemand sehen: Lassen Sie Ihren Webserver auch /transparency weiterreichen.',
  'metrics.hidden': () => 'Die Betriebszahlen sind von außen nicht zu sehen.',
  'metrics.public': () =>
    'Die Betriebszahlen (/metrics) sind für alle zu sehen: Sie verraten, wann jemand in Beratung ist. Sperren Sie sie.',
  'metrics.unknown': (code) =>
    `Ob die Betriebszahlen (/metrics) von außen zu sehen sind, war nicht zu prüfen (${code}).`,
};

const EN: Readonly<Record<Outcome, Sentence>> = {
  'tls.encrypted': (days) => `The page is encrypted; its certificate is valid for ${days} more days.`,
  'tls.local': () => 'The page is on this machine. In operation it has to be reached over HTTPS.',
  'tls.plain': () => 'The page is not encrypted: browsers give it neither camera nor microphone. Set up HTTPS.',
  'tls.certificate': (code) => `Browsers refuse the certificate of the page (${code}). Renew it.`,
  'tls.name': (name) => `The certificate of the page is for another name than ${name}. Have one issued for this.`,
  'tls.issuer': (code) =>
    `Browsers do not know who issued the certificate of the page (${code}). Is the intermediate certificate (fullchain) missing? An issuer of your own goes into NODE_EXTRA_CA_CERTS, and onto every device.`,
  'tls.expiring': (days) => `The certificate expires in ${days} days. Renew it soon, ideally automatically.`,
  'tls.unreachable': (code) =>
    `There is no encrypted connection to this address (${code}). Does the web server run, and is the address right?`,
  'page.found': () => 'The page is there and holds a room.',
  'page.missing': (code) =>
    `The page does not answer as it should (${code}). Is the address right, and does all that is behind it run?`,
  'page.moved': (address) => `There is no page at this address, it leads on: examine ${address}.`,
  'page.no-room': () =>
    'The page is there, but names neither <consult-room> nor a script. Is it the page with the room?',
  'headers.complete': () => 'The headers of the page protect as they should.',
  'headers.lacking': (names) => `The page lacks headers: ${names}. Take them from the guide for your web server.`,
  'headers.weak': (values) =>
    `Headers of the page do not protect as they should: ${values}. Take them from the guide for your web server.`,
  'headers.camera-off': (name) => `The page forbids itself what a call needs (Permissions-Policy: ${name}).`,
  'csp.strict': () => 'The Content-Security-Policy allows nothing foreign.',
  'csp.missing': () => 'The page has no Content-Security-Policy. Take the one from the guide.',
  'csp.loose': (parts) => `The Content-Security-Policy allows more than it should: ${parts}.`,
  'csp.no-signal': (url) => `The Content-Security-Policy forbids the connection to ${url}. Add it to connect-src.`,
  'third-parties.none': () => 'The page loads nothing from third parties.',
  'third-parties.found': (hosts) => `The page loads parts from others: ${hosts}. Put these files on your own server.`,
  'configuration.valid': (countries) =>
    `The configuration is valid; every server is declared with operator and country (${countries}).`,
  'configuration.missing': (code) =>
    `There is no configuration at /config (${code}). Does your web server pass /config on?`,
  'configuration.invalid': (words) => `The configuration is not valid: ${words}.`,
  'configuration.country': (paths) =>
    `A server is in a country outside the EEA that your configuration does not accept (${paths}). Take another one, or list the country in countries if the European Commission has found the protection there adequate.`,
  'configuration.undeclared': (paths) =>
    `For a server it is not said who runs it or in which country it is (${paths}). Add operator and country.`,
  'clock.right': (seconds) => `The server’s clock is right (${seconds} s from this machine’s).`,
  'clock.wrong': (seconds) =>
    `The clocks of the server and of this machine are ${seconds} s apart. Set both from a time server.`,
  'clock.unknown': () => 'The server gives no time; its clock could not be checked.',
  'signal.open': () => 'The connection to the signalling (WebSocket) works.',
  'signal.origin-refused': () =>
    'The server refuses your page. Start it with --origin or --page-origin and the address of the page.',
  'signal.upgrade-dropped': () =>
    'A web server in front passes /signal on, but not as a WebSocket. Add Upgrade and Connection.',
  'signal.foreign': () =>
    'Another program answers at /signal. Does your web server pass /signal on to the server of the room?',
  'signal.unreachable': (code) => `The signalling at /signal cannot be reached (${code}).`,
  'origins.kept-out': () => 'Pages of strangers may not connect.',
  'origins.let-in': () =>
    'Pages of strangers may connect too. Does your web server pass the Origin header on unchanged?',
  'origins.unknown': () => 'Whether pages of strangers may connect could not be checked.',
  'peers.met': () => 'Two trial participants met in a room and exchanged messages.',
  'peers.host-refused': (code) =>
    `The trial host could not open a room (${code}). Start the server with --origin and exactly this address.`,
  'peers.host-not-allowed': () =>
    'Only your own counsellors may open rooms here (--hosts). So it could not be checked whether two people meet in a room.',
  'peers.room-expired': (minutes) =>
    `To the server the trial room had ended already: its clock is more than ${minutes} minutes fast, or this machine’s slow. Set both from a time server.`,
  'peers.apart': (code) => `Two trial participants did not meet (${code}). Do several servers run without --nats?`,
  'peers.unknown': () => 'Without signalling no trial participants could meet.',
  'relay.guarded': (url) => `The relay ${url} answers and refuses strangers.`,
  'relay.works': (url) => `The relay ${url} refuses strangers and takes this server’s credentials.`,
  'relay.open': (url) => `The relay ${url} relays for everyone. Set use-auth-secret there.`,
  'relay.refuses': (what) =>
    `The relay refuses this server’s credentials: ${what}. Are secret and time the same on both?`,
  'relay.unreachable': (what) =>
    `The relay does not answer: ${what}. Does it run, and does the firewall let it through?`,
  'relay.none': () => 'No relay is set up: some people will not get a connection.',
  'transparency.answers': () => 'People in a room can see what the server knows of it.',
  'transparency.missing': () =>
    'Nobody in a room can see what the server knows of it: let your web server pass /transparency on, too.',
  'metrics.hidden': () => 'The operating figures cannot be seen from outside.',
  'metrics.public': () =>
    'The operating figures (/metrics) can be seen by everyone: they tell when someone is in counselling. Block them.',
  'metrics.unknown': (code) =>
    `Whether the operating figures (/metrics) can be seen from outside could not be checked (${code}).`,
};

const WORDS: Readonly<Record<ReportLanguage, Readonly<Record<Outcome, Sentence>>>> = { de: DE, en: EN };
const MARKS: Readonly<Record<Verdict, string>> = { good: '✔', warning: '!', bad: '✘', unknown: '?' };

const END: Readonly<Record<ReportLanguage, (bad: number, warnings: number) => string>> = {
  de: (bad, warnings) =>
    bad + warnings === 0
      ? 'Alles in Ordnung.'
      : `${String(bad)} Fehler, ${String(warnings)} ${warnings === 1 ? 'Hinweis' : 'Hinweise'}.`,
  en: (bad, warnings) =>
    bad + warnings === 0
      ? 'All is well.'
      : `${String(bad)} ${bad === 1 ? 'fault' : 'faults'}, ${String(warnings)} ${warnings === 1 ? 'warning' : 'warnings'}.`,
};

export function reportOf(findings: readonly Finding[], language: ReportLanguage): string {
  const lines = findings.map(
    ({ outcome, verdict, detail = '' }) => `${MARKS[verdict]} ${WORDS[language][outcome](detail)}`,
  );
  const count = (verdict: Verdict): number => findings.filter((one) => one.verdict === verdict).length;
  return [...lines, '', END[language](count('bad'), count('warning') + count('unknown'))].join('\n');
}
