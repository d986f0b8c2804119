/** Loads the configuration of the page, and the contact of the operator where the rest of it is wrong. */
import { contactOf, parsePublicConfiguration, type Contact, type PublicConfiguration } from '../../configuration.ts';
import { asConsultError, ConsultError } from '../../errors.ts';
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
  return parsePublicConfiguration(await fetchJson(url, clock, AbortSignal.timeout(CONFIGURATION_TIMEOUT)));
}

/** Milliseconds: more than a slow network needs, and less than a person waits before an empty page. */
const CONFIGURATION_TIMEOUT = 20_000;

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

/** @throws {ConsultError} `configuration-unavailable` */
export async function fetchJson(url: URL, clock?: RoomClock, signal: AbortSignal | null = null): Promise<unknown> {
  try {
    const response = await fetch(url, {
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      signal,
    });
    clock?.read(response);
    if (!response.ok)
      throw new ConsultError('configuration-unavailable', {
        detail: `${String(response.status)}: ${url.origin}${url.pathname}`,
      });
    return await response.json();
  } catch (error: unknown) {
    throw asConsultError(error, 'configuration-unavailable');
  }
}
