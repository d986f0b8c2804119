/**
 * What a room needs before anybody is asked anything: the invite, the configuration, the policy. Until the notice is accepted
 * nothing but the configuration of the page's own origin is loaded (invariant 1).
 */
import { parsePublicConfiguration, type PublicConfiguration } from '../../configuration.ts';
import { deriveRoom, parseInvite, type Invite, type RoomKeys } from '../../e2ee/admission/invite-token.ts';
import { FrameCipher } from '../../e2ee/frames/frame-worker-client.ts';
import { asConsultError, ConsultError } from '../../errors.ts';
import { LONGEST_GRACE, resolvePolicy, type Policy, type PolicyName } from '../../policy.ts';
import { clearRecord, loadRecord, type ReloadRecord } from './reload-record.ts';

export interface RoomOptions {
  /** WebSocket URL, default `/signal` of the page's origin; or `broadcast:` for pages of one browser, without a server. */
  readonly signaling?: string;
  /** A token, or a fragment that holds one. */
  readonly invite?: string;
  /** The pseudonym to start with. */
  readonly name?: string;
  readonly config?: unknown;
  /** Default `/config`. */
  readonly configUrl?: string;
  readonly policy?: PolicyName;
  /** BCP 47: of the word that stands for somebody without a name, and of a relay's receipt where `answerRelay` names no language. */
  readonly lang?: string;
  /** A same-origin copy of the frame worker, where a CSP forbids `blob:`. */
  readonly workerUrl?: string;
}

export interface Setup {
  readonly invite: Invite;
  readonly keys: RoomKeys;
  /** As it came, for the record that a reload needs. */
  readonly token: string;
  readonly configuration: PublicConfiguration;
  readonly policy: Policy;
  readonly record: ReloadRecord | null;
}

/**
 * @param stopped aborted where the room is let go meanwhile: from then on the record is another room's, and left alone
 * @throws {ConsultError} any code of the invite or the configuration
 */
export async function prepareSetup(options: RoomOptions, stopped: AbortSignal): Promise<Setup> {
  const offered = options.invite ?? loadRecord(LONGEST_GRACE)?.invite ?? '';
  // What is wrong with the link is said before anything is asked of the site.
  const { expires } = await parseInvite(offered, { origin: location.origin });
  const configuration = await loadConfiguration(options);
  stopped.throwIfAborted();
  const policy = policyFor(configuration, options.policy);
  checkLifetime(expires, policy);
  // Only the policy says how long a record is good for; the invite in an older one goes with it.
  const found = loadRecord(policy.graceSeconds);
  const token = options.invite ?? found?.invite ?? '';
  const invite = await parseInvite(token, { origin: location.origin });
  stopped.throwIfAborted();
  // A new link is a new beginning, whatever was there before.
  const record = found?.invite === token ? found : null;
  if (found && !record) clearRecord();
  return { invite, token, configuration, policy, record, keys: await deriveRoom(invite) };
}

/** The page may choose another preset than the configuration, for one of several rooms; its rules and its needs are checked anew. */
function policyFor(configuration: PublicConfiguration, chosen: PolicyName | undefined): Policy {
  if (chosen === undefined) return resolvePolicy(configuration);
  return resolvePolicy(parsePublicConfiguration({ ...configuration, policy: chosen }));
}

/** People's clocks are wrong, and the server's may be ahead of theirs. */
const CLOCK_SLACK = 60 * 60 * 1000;

/**
 * One invite per appointment: an old link must not open a room for weeks, and a new one opens it when the time has come.
 *
 * @throws {ConsultError} `invite-too-long`
 */
function checkLifetime(expires: number, { inviteHours }: Policy): void {
  if (expires - Date.now() > inviteHours * 60 * 60 * 1000 + CLOCK_SLACK) throw new ConsultError('invite-too-long');
}

async function loadConfiguration({ config, configUrl = '/config' }: RoomOptions): Promise<PublicConfiguration> {
  if (config !== undefined && config !== null) return parsePublicConfiguration(config);
  const url = new URL(configUrl, location.href);
  // Before the notice is accepted nothing foreign is asked, not even for a configuration.
  if (url.origin !== location.origin)
    throw new ConsultError('configuration-invalid', { detail: 'config-url: another origin' });
  return parsePublicConfiguration(await fetchJson(url));
}

async function fetchJson(url: URL): Promise<unknown> {
  try {
    const response = await fetch(url, { credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer' });
    if (!response.ok) throw new ConsultError('configuration-unavailable', { detail: String(response.status) });
    return await response.json();
  } catch (error: unknown) {
    throw asConsultError(error, 'configuration-unavailable');
  }
}

/** @throws {ConsultError} `insecure-context`, `browser-unsupported` */
export function checkBrowser(): void {
  if (!isSecureContext) throw new ConsultError('insecure-context');
  if (typeof RTCPeerConnection === 'undefined' || !FrameCipher.supported) throw new ConsultError('browser-unsupported');
}

/**
 * Where the signalling server is on another origin than the page, it serves a configuration of its own; people were shown the
 * page's, so the two must say the same.
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
    // No answer says nothing about what the server would have answered: that one is asked again.
    const { code } = asConsultError(error, 'configuration-unavailable');
    const unanswered = code === 'configuration-unavailable';
    throw new ConsultError(unanswered ? 'signaling-unreachable' : 'configuration-mismatch', { cause: error });
  }
  const told = ({ operator, servers, retention }: PublicConfiguration): string =>
    JSON.stringify([operator, servers, retention]);
  if (told(theirs) !== told(shown)) throw new ConsultError('configuration-mismatch');
}
