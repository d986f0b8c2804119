/**
 * The one error type of this library and the closed list of its codes.
 *
 * A code is stable and part of the public contract: sites may switch on it. The sentence that people read is looked
 * up by code in `locales/`, never built from the message, so that an error carries no name, address or connection
 * detail.
 */

/**
 * Every code with its meaning. `fatal` codes keep a room from opening or end it, then in the phase `failed`. Three of them may also be told as a
 * problem of a session that continues: `room-full` to a host who admits too many, `replay-recorder-found` under the policy `warn`, and
 * `configuration-mismatch` about the servers of a relay. Only the phase says that a session is over.
 */
export const ERROR_CODES = {
  // The invite
  'invite-missing': { fatal: true, meaning: 'The page was opened without an invite.' },
  'invite-damaged': { fatal: true, meaning: 'The invite is incomplete or was altered.' },
  'invite-expired': { fatal: true, meaning: 'The invite has expired.' },
  'invite-too-long': {
    fatal: true,
    meaning: 'The invite is valid for longer than the policy allows: it is too early, or its lifetime is too long.',
  },
  'host-key-missing': {
    fatal: true,
    meaning: 'The invite is for a host key that is kept in a browser, and this browser does not have it.',
  },
  'invite-foreign': { fatal: true, meaning: 'The invite was made for another site.' },
  'another-invite': {
    fatal: false,
    meaning: 'The page was opened with another invite; nothing was done.',
  },
  // The spoken code
  'code-invalid': { fatal: false, meaning: 'What was typed is not a spoken code: nine letters and digits.' },
  'code-wrong': { fatal: false, meaning: 'The spoken code is not that of this room.' },
  'code-used-up': {
    fatal: false,
    meaning: 'Five wrong codes were typed: this one is void.',
  },
  'code-busy': {
    fatal: false,
    meaning: 'Too many attempts with codes; a later one may succeed.',
  },
  'code-unanswered': {
    fatal: false,
    meaning:
      "The connection broke, or the host's page fell silent, after the code was sent; it is not sent again by itself.",
  },
  // The page and the browser
  'browser-unsupported': {
    fatal: true,
    meaning: 'The browser lacks WebRTC encoded transforms, or another required interface.',
  },
  'insecure-context': { fatal: true, meaning: 'The page was not loaded over HTTPS.' },
  'worker-blocked': {
    fatal: true,
    meaning: "The frame worker could not start; usually the page's content security policy forbids it (`worker-src`).",
  },
  'part-unavailable': {
    fatal: false,
    meaning: 'A part of the library could not be loaded: the network, a file missing from its folder, or the CSP.',
  },
  'tab-duplicated': {
    fatal: true,
    meaning: 'This tab is a copy of one in which the session is running; it stays there.',
  },
  'clock-wrong': {
    fatal: false,
    meaning: "The device's clock differs by ten minutes or more from the site's, which the room goes by.",
  },
  'element-name-taken': {
    fatal: true,
    meaning: 'Other code of the page has defined a tag of this library, which would be rendered inside the room.',
  },
  'replay-recorder-found': { fatal: true, meaning: 'A session replay or analytics recorder runs on the page.' },
  // Who leads
  'hand-over-failed': {
    fatal: false,
    meaning: 'The room could not be handed over: there was no answer, or only the holder of the host link may do it.',
  },
  'hand-over-declined': { fatal: false, meaning: 'The participant does not want to lead the room; the host stays.' },
  'stand-in-ended': {
    fatal: false,
    meaning:
      'The stand-in was removed, or wanted to lead while the host was there: it can no longer lead. The host stays.',
  },
  'stand-in-leads': { fatal: false, meaning: 'The host was lost, and the stand-in that it named leads the room now.' },
  'host-changed': { fatal: false, meaning: 'Another participant leads the room from now on, as its host decided.' },
  'handed-over': {
    fatal: false,
    meaning: 'Another participant leads the room; this page holds the host link, and may take the room back.',
  },
  'you-lead': { fatal: false, meaning: 'This participant leads the room from now on.' },
  // The configuration
  'configuration-unavailable': { fatal: true, meaning: 'The configuration could not be loaded.' },
  'configuration-invalid': {
    fatal: true,
    meaning: 'The configuration does not follow the schema.',
  },
  'configuration-mismatch': {
    fatal: true,
    meaning: 'The page and the signalling server use different configurations.',
  },
  'server-undeclared': { fatal: true, meaning: 'A server has no operator or no country.' },
  'server-country-refused': {
    fatal: true,
    meaning:
      'A server is outside the EEA and the countries that the site lists, or the site lists a country without an adequacy decision.',
  },
  'policy-loosened': { fatal: true, meaning: 'The site loosens a rule that its policy preset fixes.' },
  // The person
  'name-missing': { fatal: false, meaning: 'The policy requires a full name, and none was given.' },
  'changed-meanwhile': {
    fatal: false,
    meaning: 'What was shown when the button was pressed has changed since; nothing was done.',
  },
  'action-failed': { fatal: false, meaning: 'An action failed; `cause` says why.' },
  // Devices
  'camera-missing': { fatal: false, meaning: 'No camera was found.' },
  'camera-denied': { fatal: false, meaning: 'Access to the camera was denied.' },
  'camera-in-use': {
    fatal: false,
    meaning: 'The camera is there and could not be opened; most often another program uses it.',
  },
  'camera-lost': { fatal: false, meaning: 'The camera was unplugged, revoked or stopped by the system.' },
  'camera-silent': {
    fatal: false,
    meaning: 'The camera is open, and the system or the page’s state withholds its picture.',
  },
  'blur-unavailable': {
    fatal: false,
    meaning: 'The requested blur is not available; no own video is sent.',
  },
  'microphone-missing': { fatal: false, meaning: 'No microphone was found.' },
  'microphone-denied': { fatal: false, meaning: 'Access to the microphone was denied.' },
  'microphone-in-use': {
    fatal: false,
    meaning: 'The microphone is there and could not be opened; most often another program uses it.',
  },
  'microphone-lost': { fatal: false, meaning: 'The microphone was unplugged, revoked or stopped by the system.' },
  'microphone-silent': { fatal: false, meaning: 'The microphone is open, and the system mutes it.' },
  'loudspeaker-lost': { fatal: false, meaning: 'The loudspeaker was unplugged, revoked or stopped by the system.' },
  'devices-unavailable': {
    fatal: false,
    meaning: 'For the site: the browser opens no camera or microphone on this page; the detail says why.',
  },
  'screen-denied': { fatal: false, meaning: 'Screen sharing was denied or cancelled.' },
  // Signalling
  'signaling-unreachable': {
    fatal: false,
    meaning: 'The signalling server does not answer; the room retries automatically.',
  },
  'device-offline': { fatal: false, meaning: 'The device has no network; the room retries automatically.' },
  'signaling-busy': {
    fatal: false,
    meaning: 'The signalling server is at a limit and takes no further connection; the room retries automatically.',
  },
  'signaling-address-invalid': {
    fatal: true,
    meaning: 'The signalling address is no WebSocket URL that this page can open.',
  },
  'signaling-mixed-content': {
    fatal: true,
    meaning: 'The page is loaded over HTTPS, and the signalling address is not encrypted.',
  },
  'signaling-foreign': { fatal: true, meaning: 'The signalling address leads to something that is not our server.' },
  'signaling-origin-refused': { fatal: true, meaning: 'The signalling server refuses the origin of this page.' },
  'signaling-upgrade-dropped': {
    fatal: true,
    meaning: 'A proxy in front of the signalling server does not pass WebSockets on.',
  },
  'signaling-policy-blocked': {
    fatal: true,
    meaning: "The page's content security policy blocks the signalling server.",
  },
  'signaling-rejected': { fatal: true, meaning: 'The signalling server refused this client.' },
  'host-not-allowed': { fatal: true, meaning: 'The server does not let this host open rooms.' },
  'room-full': { fatal: true, meaning: 'The room or the server accepts no further connection.' },
  'host-elsewhere': { fatal: true, meaning: 'The host link was opened on another device or window.' },
  'message-invalid': { fatal: false, meaning: 'A message did not follow the protocol and was dropped.' },
  // The group
  'host-not-proven': { fatal: false, meaning: 'A participant claimed to be the host without proof.' },
  'admission-invalid': { fatal: false, meaning: 'The admission breaks a rule of the protocol.' },
  'admission-failed': { fatal: false, meaning: 'A person could not be added to the group.' },
  'refused-by-host': { fatal: true, meaning: 'The host did not admit this person.' },
  'removed-by-host': { fatal: true, meaning: 'The host removed this person.' },
  'group-stale': { fatal: false, meaning: 'No recent message from the host arrived; media is paused.' },
  'group-repaired': {
    fatal: false,
    meaning: 'A participant did not follow the group; it was started again, and everyone rejoins by themselves.',
  },
  // The pair
  'connection-failed': { fatal: false, meaning: 'No direct connection to a participant was possible.' },
  'encryption-unavailable': {
    fatal: false,
    meaning: 'Frame encryption did not start for a participant; nothing was sent.',
  },
  'encryption-broken': {
    fatal: false,
    meaning: 'Frame encryption and the media engine disagree; the connection was closed.',
  },
  'session-description-refused': { fatal: false, meaning: 'A session description broke a rule of the protocol.' },
  'relay-undeclared': { fatal: false, meaning: 'A connection used a relay without consent and was closed.' },
  'relay-credentials-refused': { fatal: false, meaning: 'The server issued no relay credentials.' },
  // The recording guard
  'recording-refused': { fatal: false, meaning: 'Code on the page tried to record and was blocked.' },
  // Programmer mistakes
  'wrong-phase': { fatal: false, meaning: 'The method cannot be called in this phase.' },
  'argument-invalid': { fatal: false, meaning: 'An argument does not have the documented shape.' },
} as const satisfies Record<string, { readonly fatal: boolean; readonly meaning: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Failures that only the site can mend: its developer reads them in the console. */
export const SITE_FAULTS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'insecure-context',
  'worker-blocked',
  'configuration-unavailable',
  'configuration-invalid',
  'configuration-mismatch',
  'server-undeclared',
  'server-country-refused',
  'policy-loosened',
  'signaling-address-invalid',
  'signaling-mixed-content',
  'signaling-foreign',
  'signaling-origin-refused',
  'signaling-upgrade-dropped',
  'signaling-policy-blocked',
]);

/**
 * For developers: the meaning of a code, and what exactly is wrong. The scripts of `dist/cdn/` leave the meanings to the
 * documentation (first-view.config.ts) and say the code.
 */
export function messageOf(code: ErrorCode, detail = ''): string {
  const { meaning }: { readonly meaning: string } = ERROR_CODES[code];
  const said = meaning || code;
  return detail === '' ? said : `${said} (${detail})`;
}

/**
 * An error with a stable {@link ErrorCode}.
 *
 * `message` is English and for developers, see {@link messageOf}; people read the localised sentence of the code.
 * Neither contains personal data.
 */
export class ConsultError extends Error {
  override readonly name = 'ConsultError';
  readonly code: ErrorCode;
  /** What exactly is wrong, for developers; also part of `message`. Empty where there is nothing to add. */
  readonly detail: string;

  constructor(code: ErrorCode, options: { readonly detail?: string; readonly cause?: unknown } = {}) {
    const { detail = '', cause } = options;
    super(messageOf(code, detail), cause === undefined ? {} : { cause });
    this.code = code;
    this.detail = detail;
  }

  get fatal(): boolean {
    return ERROR_CODES[this.code].fatal;
  }
}

/** Converts any thrown value into a {@link ConsultError}; keeps one that already is. */
export function asConsultError(error: unknown, fallback: ErrorCode): ConsultError {
  return error instanceof ConsultError ? error : new ConsultError(fallback, { cause: error });
}
