/** What is checked before the notice: whatever would fail later anyway is found before a person is asked anything. */
import type { Contact, PublicConfiguration } from '../../configuration.ts';
import type { ErrorCode } from '../../errors.ts';
import { failureOf } from '../messages/handler-errors.ts';
import { checkBrowser } from './browser-check.ts';
import { loadConfiguration, loadContact } from './load-configuration.ts';
import { prepareSetup, type RoomOptions, type Setup } from './setup.ts';
import { signalingUrl } from './signaling.ts';
import { checkWorker } from './worker-check.ts';

/**
 * @param stopped as in {@link prepareSetup}
 * @throws {ConsultError} in this order: `insecure-context`, `browser-unsupported`; the codes of the invite and the
 *   configuration; those of {@link signalingUrl}; `worker-blocked`
 */
export async function openSetup(options: RoomOptions, stopped: AbortSignal): Promise<Setup> {
  // First: without a secure context the browser lacks most of what follows.
  checkBrowser();
  const worker = checkWorker(options.workerUrl);
  // Awaited below; another failure may come first.
  worker.catch(() => undefined);
  const setup = await prepareSetup(options, stopped);
  signalingUrl(options.signaling);
  await worker;
  return setup;
}

export interface OpeningFailure {
  readonly code: ErrorCode;
  readonly detail?: string;
  readonly configuration: PublicConfiguration | null;
  /** Null where the configuration is there, or names none. */
  readonly contact: Contact | null;
}

/** Milliseconds to read the operator's other ways in. */
const READ_WITHIN = 5_000;

/** Where the site or the browser is at fault, the operator's other ways of contact are shown if they can be read. */
export async function openingFailure(thrown: unknown, options: RoomOptions): Promise<OpeningFailure> {
  const failure = failureOf(thrown);
  const configuration = await configurationAfter(failure.code, options);
  const contact = configuration ? null : await loadContact(options.config, options.configUrl);
  return { ...failure, configuration, contact };
}

/** Not after a fault of the link or of the configuration itself: what it says is then not relied on. */
async function configurationAfter(
  code: ErrorCode,
  { config, configUrl }: RoomOptions,
): Promise<PublicConfiguration | null> {
  if (code.startsWith('invite-') || code.startsWith('configuration-')) return null;
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), READ_WITHIN));
  return Promise.race([loadConfiguration(config, configUrl).catch(() => null), late]);
}
