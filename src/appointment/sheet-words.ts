/** What an appointment sheet says, in German and English: plain words for a person who may be afraid. */
export interface SheetWords {
  readonly heading: string;
  readonly when: string;
  readonly until: (time: string) => string;
  readonly minutes: (count: number) => string;
  readonly link: string;
  readonly linkText: string;
  readonly qr: string;
  readonly code: string;
  readonly codeText: (page: string) => string;
  readonly expect: string;
  readonly expectations: readonly string[];
  readonly trouble: string;
  readonly troubles: readonly string[];
  readonly call: (telephone: string) => string;
  readonly ask: string;
  readonly keep: string;
  readonly print: string;
  readonly calendar: string;
  /** Name of the calendar entry as a file. */
  readonly calendarFile: string;
  /** What is wrong with the values that the page gave. */
  readonly problems: Readonly<Record<SheetProblem, string>>;
  /** Title of the calendar entry: a shared calendar must not say what the appointment is. */
  readonly calendarTitle: string;
}

/** A value of which no sheet can be made. */
export type SheetProblem = 'link' | 'host-link' | 'code' | 'starts' | 'expires' | 'minutes' | 'time-zone';

export type SheetLanguage = 'de' | 'en';

const de: SheetWords = {
  heading: 'Ihr Termin zur Videoberatung',
  when: 'Wann',
  until: (time) => `Der Link gilt bis ${time}.`,
  minutes: (count) => `etwa ${String(count)} Minuten`,
  link: 'So kommen Sie in den Raum',
  linkText: 'Öffnen Sie diesen Link, oder lesen Sie das Bild mit der Kamera Ihres Telefons.',
  qr: 'QR-Code mit Ihrem Link',
  code: 'Oder mit einem Code',
  codeText: (page) => `Öffnen Sie ${page} und tippen Sie diesen Code ein. Er gilt, sobald die Beratung im Raum ist.`,
  expect: 'Was Sie erwartet',
  expectations: [
    'Sie brauchen kein Konto und kein Programm. Ein aktueller Browser genügt: Firefox, Chrome, Edge oder Safari.',
    'Suchen Sie sich einen Ort, an dem Sie ungestört sind. Öffnen Sie den Link ein paar Minuten vorher.',
    'Sie lesen zuerst, wie Ihre Daten geschützt sind, und prüfen Kamera und Mikrofon. Es geht auch ohne Kamera.',
    'Sie sagen, ob noch jemand bei Ihnen im Zimmer ist. Dann warten Sie kurz, bis man Sie hereinlässt.',
    'Das Gespräch ist von Ende zu Ende verschlüsselt. Es wird nichts aufgezeichnet, und Sie können jederzeit gehen.',
  ],
  trouble: 'Wenn etwas nicht klappt',
  troubles: [
    'Der Link öffnet den Raum nicht: Kopieren Sie ihn noch einmal ganz, vom Anfang bis zum Ende.',
    'Bild oder Ton fehlen: Laden Sie die Seite neu. Sie kommen von selbst in das Gespräch zurück.',
    'Die Verbindung reißt ab: Warten Sie einen Moment. Die Seite verbindet sich wieder.',
  ],
  call: (telephone) => `Es geht gar nicht: Rufen Sie uns an, ${telephone}.`,
  ask: 'Es geht gar nicht: Sagen Sie der Beratungsstelle Bescheid. Sie findet mit Ihnen einen anderen Weg.',
  keep: 'Dieses Blatt ist nur für Sie. Soll niemand von dem Termin erfahren, bewahren Sie es gut auf oder vernichten Sie es danach.',
  print: 'Blatt drucken',
  calendar: 'Für den Kalender speichern',
  calendarFile: 'Termin',
  problems: {
    link: 'Zu diesem Blatt fehlt der Link für den Gast, oder er ist nicht vollständig.',
    'host-link': 'Das ist der Link der Beratung. Auf das Blatt gehört der Link für den Gast.',
    code: 'Der Code auf diesem Blatt ist nicht vollständig.',
    starts: 'Die Zeit des Termins ist nicht zu lesen.',
    expires: 'Der Link gilt nur bis vor dem Termin. Legen Sie bitte einen neuen an.',
    minutes: 'Die Dauer des Termins ist nicht zu lesen.',
    'time-zone': 'Die Zeitzone des Termins ist nicht bekannt.',
  },
  calendarTitle: 'Termin',
};

const en: SheetWords = {
  heading: 'Your video counselling appointment',
  when: 'When',
  until: (time) => `The link works until ${time}.`,
  minutes: (count) => `about ${String(count)} minutes`,
  link: 'How to join',
  linkText: 'Open this link, or scan the picture with your phone.',
  qr: 'QR code with your link',
  code: 'Or with a code',
  codeText: (page) => `Open ${page} and type this code. It works once your counsellor is in the room.`,
  expect: 'What to expect',
  expectations: [
    'You don’t need an account or an app. An up-to-date browser is enough: Firefox, Chrome, Edge or Safari.',
    'Find a place where you won’t be disturbed. Open the link a few minutes early.',
    'First you’ll read how your data is protected, and check your camera and microphone. You can join without a camera.',
    'You’ll say whether anyone else is in the room with you. Then you’ll wait a moment until you’re let in.',
    'The call is encrypted from end to end. Nothing is recorded, and you can leave at any time.',
  ],
  trouble: 'If something doesn’t work',
  troubles: [
    'The link doesn’t open the room: copy the whole link again, from beginning to end.',
    'There’s no picture or sound: reload the page. You’ll come back into the call by yourself.',
    'The connection drops: wait a moment. The page will reconnect.',
  ],
  call: (telephone) => `Nothing works: call us on ${telephone}.`,
  ask: 'Nothing works: let the counselling centre know. They’ll find another way with you.',
  keep: 'This sheet is for you only. If nobody should know about your appointment, keep it safe or destroy it afterwards.',
  print: 'Print the sheet',
  calendar: 'Save for the calendar',
  calendarFile: 'appointment',
  problems: {
    link: 'The guest link for this sheet is missing or incomplete.',
    'host-link': 'This is the counsellor’s link. The sheet needs the link for the guest.',
    code: 'The code on this sheet is incomplete.',
    starts: 'The time of the appointment can’t be read.',
    expires: 'The link ends before the appointment. Please make a new one.',
    minutes: 'The length of the appointment can’t be read.',
    'time-zone': 'The time zone of the appointment isn’t known.',
  },
  calendarTitle: 'Appointment',
};

export const SHEET_WORDS: Readonly<Record<SheetLanguage, SheetWords>> = { de, en };
