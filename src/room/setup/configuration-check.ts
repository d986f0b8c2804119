/** Makes sure that a signalling server on another origin declares the same configuration: people agree to what the page shows them. */
import { parsePublicConfiguration, type PublicConfiguration } from '../../configuration.ts';
import { asConsultError, ConsultError, ERROR_CODES, type ErrorCode } from '../../errors.ts';
import { Backoff } from '../../signaling/backoff.ts';
import type { SignalingDiagnosis } from '../../signaling/diagnosis.ts';
import { LateDiagnosis } from '../../signaling/late-diagnosis.ts';
import { fetchJson } from './load-configuration.ts';

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
  const declared = ({ operator, servers, retention, webhooks }: PublicConfiguration): string =>
    JSON.stringify([operator, servers, retention, webhooks]);
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
  const diagnosis = o.diagnosis ?? new LateDiagnosis(o.signaling);
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
