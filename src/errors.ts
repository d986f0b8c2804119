/**
 * The one error type of this library and the closed list of its codes.
 *
 * A code is stable and part of the public contract: sites may switch on it. The sentence people read is looked up by
 * code in `locales/` and never built from the message, so that no name, address or description of a connection can
 * travel in an error.
 */

/** Every code, with what it means. `fatal` codes end the session; the others are shown beside a running one. */
export const ERROR_CODES = {
  // The invite
  'invite-missing': { fatal: true, meaning: 'The page was opened without an invite.' },
  'invite-damaged': { fatal: true, meaning: 'The invite is incomplete or was altered.' },
  'invite-expired': { fatal: true, meaning: 'The time for which the invite was made is over.' },
  'invite-too-long': {
    fatal: true,
    meaning:
      'The invite works for longer than the policy lets a room be open: it is too early, or was made for too long.',
  },
  'invite-foreign': { fatal: true, meaning: 'The invite was made for another site.' },
  // The page and the browser
  'browser-unsupported': {
    fatal: true,
    meaning: 'The browser lacks WebRTC encoded transforms, or another required interface.',
  },
  'insecure-context': { fatal: true, meaning: 'The page was not loaded over HTTPS.' },
  'worker-blocked': {
    fatal: true,
    meaning: 'The frame worker could not start; most often the CSP lacks worker-src blob:.',
  },
  'replay-recorder-found': { fatal: true, meaning: 'A session replay or analytics recorder runs in the page.' },
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
      'A server stands outside the EEA and the countries the site lists, or the site lists one without an adequacy decision.',
  },
  'policy-loosened': { fatal: true, meaning: 'The site loosens a rule that its policy preset fixes.' },
  // The person
  'name-missing': { fatal: false, meaning: 'This policy asks for a full name, and none was given.' },
  'action-failed': { fatal: false, meaning: 'What the person wanted to do did not work; `cause` says why.' },
  // Devices
  'camera-missing': { fatal: false, meaning: 'No camera was found.' },
  'camera-denied': { fatal: false, meaning: 'The camera was not allowed.' },
  'camera-in-use': { fatal: false, meaning: 'Another program uses the camera.' },
  'blur-unavailable': {
    fatal: false,
    meaning: 'The own picture could not be softened as wanted; nothing of it is sent.',
  },
  'microphone-missing': { fatal: false, meaning: 'No microphone was found.' },
  'microphone-denied': { fatal: false, meaning: 'The microphone was not allowed.' },
  'microphone-in-use': { fatal: false, meaning: 'Another program uses the microphone.' },
  'screen-denied': { fatal: false, meaning: 'Sharing the screen was not allowed or was cancelled.' },
  // Signalling
  'signaling-unreachable': { fatal: false, meaning: 'The signalling server does not answer; tried again by itself.' },
  'signaling-rejected': { fatal: true, meaning: 'The signalling server refused this client.' },
  'room-full': { fatal: true, meaning: 'The room, or the server, takes no further connection.' },
  'host-elsewhere': { fatal: true, meaning: 'The host link was opened on another device or window.' },
  'message-invalid': { fatal: false, meaning: 'A message did not follow the protocol and was dropped.' },
  // The group
  'host-not-proven': { fatal: false, meaning: 'Somebody claimed to be the host and could not prove it.' },
  'admission-invalid': { fatal: false, meaning: 'The admission did not prove to come from the host.' },
  'refused-by-host': { fatal: true, meaning: 'The host did not admit this person.' },
  'removed-by-host': { fatal: true, meaning: 'The host removed this person.' },
  'group-stale': { fatal: false, meaning: 'No sign of life from the host reached us; media is paused.' },
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
  'relay-undeclared': { fatal: false, meaning: 'A path led over a relay without consent and was closed.' },
  'relay-credentials-refused': { fatal: false, meaning: 'The server issued no relay credentials.' },
  // The recording guard
  'recording-refused': { fatal: false, meaning: 'Code in the page tried to record and was refused.' },
  // Programmer mistakes
  'wrong-phase': { fatal: false, meaning: 'The method cannot be called in this phase.' },
  'argument-invalid': { fatal: false, meaning: 'An argument is not of the documented shape.' },
} as const satisfies Record<string, { readonly fatal: boolean; readonly meaning: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/**
 * An error with a stable {@link ErrorCode}.
 *
 * `message` is English and for developers; people read the localised sentence of the code. Neither carries personal data.
 */
export class ConsultError extends Error {
  override readonly name = 'ConsultError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, options: { readonly detail?: string; readonly cause?: unknown } = {}) {
    const { detail, cause } = options;
    super(
      detail ? `${ERROR_CODES[code].meaning} (${detail})` : ERROR_CODES[code].meaning,
      cause === undefined ? {} : { cause },
    );
    this.code = code;
  }

  get fatal(): boolean {
    return ERROR_CODES[this.code].fatal;
  }
}

/** Turns anything thrown into a {@link ConsultError}, keeping one that already is. */
export function asConsultError(error: unknown, fallback: ErrorCode): ConsultError {
  return error instanceof ConsultError ? error : new ConsultError(fallback, { cause: error });
}
