/**
 * Loads the configuration of the page, and makes sure that a signalling server on another origin declares the same:
 * people agree to what the page shows them.
 */
import { contactOf, parsePublicConfiguration, type Contact, type PublicConfiguration } from '../../configuration.ts';
import { asConsultError, ConsultError, ERROR_CODES, type ErrorCode } from '../../errors.ts';
import { Backoff } from '../../signaling/backoff.ts';
import { SignalingDiagnosis } from '../../signaling/diagnosis.ts';
import type { RoomClock } from './room-clock.ts';

/**
 * Only the page's own origin is contacted: until the notice is accepted, nothing else may be loaded (invariant 1).
 *
 * @param config the configuration itself; where it is missing, `configUrl` is fetched
 * @param clock reads the time of the site from its answer
 * @throws {ConsultError} `configuration-invalid`, `configuration-unavailable`, and the codes of {@link
 *   parsePublicConfiguration}
 */
export async function loadConfiguration(
  config: unknown,
  configUrl = '/config',
  clock?: RoomClock,
): Promise<PublicConfiguration> {
  if (config !== undefined && config !== null) return parsePublicConfiguration(config);
  const url = new URL(configUrl, location.href);
  if (url.origin !== location.origin)
    throw new ConsultError('configuration-invalid', { detail: 'config-url: another origin' });
  return parsePublicConfiguration(await fetchJson(url, clock));
}

/** Milliseconds: a failure is not held back for long. */
const CONTACT_TIMEOUT = 3_000;

/** The contact of the operator after a failure, from the page's own origin; null where there is none to read. Never rejects. */
export async function loadContact(config: unknown, configUrl = '/config'): Promise<Contact | null> {
  try {
    const url = new URL(configUrl, location.href);
    if (config === undefined || config === null)
      return url.origin === location.origin
        ? contactOf(await fetchJson(url, undefined, AbortSignal.timeout(CONTACT_TIMEOUT)))
        : null;
    return contactOf(config);
  } catch {
    return null;
  }
}

/**
 * Compares what the page showed with the configuration of the signalling server. On one origin there is only one
 * configuration.
 *
 * @throws {ConsultError} `configuration-mismatch`, `signaling-unreachable`
 */
export async function compareConfigurations(signaling: URL, shown: PublicConfiguration): Promise<void> {
  if (signaling.host === location.host) return;
  const url = new URL('/config', signaling);
  url.protocol = signaling.protocol === 'wss:' ? 'https:' : 'http:';
  let theirs: PublicConfiguration;
  try {
    theirs = parsePublicConfiguration(await fetchJson(url));
  } catch (error: unknown) {
    // A server that does not answer may still agree: the caller tries again.
    const unanswered = asConsultError(error, 'configuration-unavailable').code === 'configuration-unavailable';
    throw new ConsultError(unanswered ? 'signaling-unreachable' : 'configuration-mismatch', { cause: error });
  }
  const declared = ({ operator, servers, retention }: PublicConfiguration): string =>
    JSON.stringify([operator, servers, retention]);
  if (declared(theirs) !== declared(shown)) throw new ConsultError('configuration-mismatch');
}

const NO_CONFIG = 'the signalling server answers, but its /config cannot be read';

export interface ConfigurationMatchOptions {
  readonly signaling: URL;
  readonly shown: PublicConfiguration;
  /** Stops waiting once the person has left. */
  readonly signal: AbortSignal;
  readonly backoff?: Backoff;
  /** Finds out why the server does not answer. */
  readonly diagnosis?: Pick<SignalingDiagnosis, 'next' | 'close'>;
  onUnreachable(problem: { readonly code: ErrorCode; readonly detail: string }): void;
}

/**
 * Waits until the signalling server declares the same configuration as the page. A server that does not answer is
 * reported once for each cause and retried with backoff, unless only the site can mend it.
 *
 * @throws {ConsultError} `configuration-mismatch`; the codes of {@link SignalingDiagnosis} where the cause is settled;
 *   `signaling-unreachable` once the signal is aborted
 */
export async function awaitMatchingConfiguration(o: ConfigurationMatchOptions): Promise<void> {
  // On one origin there is nothing to compare, and the channel makes its own diagnosis.
  if (o.signaling.host === location.host) {
    if (o.signal.aborted) throw new ConsultError('signaling-unreachable');
    return;
  }
  const diagnosis = o.diagnosis ?? new SignalingDiagnosis(o.signaling);
  try {
    await matching(o, diagnosis);
  } finally {
    diagnosis.close();
  }
}

async function matching(o: ConfigurationMatchOptions, diagnosis: Pick<SignalingDiagnosis, 'next'>): Promise<void> {
  const backoff = o.backoff ?? new Backoff();
  const reported = new Set<ErrorCode>();
  for (;;) {
    try {
      await compareConfigurations(o.signaling, o.shown);
      // The person may have left meanwhile; then nothing may be opened any more.
      if (o.signal.aborted) throw new ConsultError('signaling-unreachable');
      return;
    } catch (error: unknown) {
      const unanswered = error instanceof ConsultError && error.code === 'signaling-unreachable';
      if (!unanswered || o.signal.aborted) throw error;
      const { code, detail, outlook } = await diagnosis.next();
      if (o.signal.aborted) throw error;
      // That it answers a plain request says nothing about upgrades here: only its configuration is missing.
      const isMissing = code === 'signaling-upgrade-dropped';
      if (outlook === 'settled' && !isMissing) throw new ConsultError(code, { detail });
      const problem = isMissing ? { code: 'signaling-unreachable' as const, detail: NO_CONFIG } : { code, detail };
      // A fault of the site is reported when it is certain.
      if (!ERROR_CODES[problem.code].fatal && !reported.has(problem.code)) o.onUnreachable(problem);
      reported.add(problem.code);
      await pause(backoff.next(), o.signal);
      if (o.signal.aborted) throw error;
    }
  }
}

async function fetchJson(url: URL, clock?: RoomClock, signal: AbortSignal | null = null): Promise<unknown> {
  try {
    const response = await fetch(url, {
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      signal,
    });
    clock?.read(response);
    if (!response.ok) throw new ConsultError('configuration-unavailable', { detail: String(response.status) });
    return await response.json();
  } catch (error: unknown) {
    throw asConsultError(error, 'configuration-unavailable');
  }
}

/** Resolves after some milliseconds, or as soon as the signal is aborted. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
