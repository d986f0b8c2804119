/**
 * What a room needs before it asks a person anything: the invite, the configuration, the policy, and the record of a
 * reload. Until the notice is accepted, only the configuration of the page's own origin is loaded (invariant 1).
 */
import { parsePublicConfiguration, type PublicConfiguration } from '../../configuration.ts';
import { loadNoticeText } from '../../consent/notice.ts';
import { deriveRoom, parseInvite, type Invite, type RoomKeys } from '../../e2ee/admission/invite-token.ts';
import { ConsultError } from '../../errors.ts';
import { LONGEST_GRACE, resolvePolicy, type Policy, type PolicyName } from '../../policy.ts';
import { loadConfiguration } from './load-configuration.ts';
import { RoomClock } from './room-clock.ts';
import { part } from '../../util/part.ts';
import { TabLock } from './tab-lock.ts';
import { loadRecord } from './load-record.ts';
import { clearRecord } from './record-storage.ts';
import type { ReloadRecord } from './reload-record.ts';

/** A token of the site's backend, or what fetches one: asked at each connection, so that the token may be short. */
export type HostToken = string | (() => string | Promise<string>);

export interface RoomOptions {
  /**
   * WebSocket URL, default `/signal` of the page's origin; or `broadcast:` for pages of one browser, without a server.
   */
  readonly signaling?: string;
  /** A token, or a fragment that contains one. */
  readonly invite?: string;
  /** The pseudonym to start with. */
  readonly name?: string;
  /** The configuration itself; where it is missing, `configUrl` is fetched. */
  readonly config?: unknown;
  /** URL on the page's origin, default `/config`. */
  readonly configUrl?: string;
  /**
   * A token of the site's backend that lets this host open the room, where the server admits only such hosts. A
   * function is asked at each connection, so that the token may be short.
   */
  readonly hostToken?: HostToken;
  /** One of the presets, instead of the configuration's. */
  readonly policy?: PolicyName;
  /**
   * BCP 47, default `de`: language of a participant's default name, and of a relay receipt where `answerRelay` gives no
   * language.
   */
  readonly lang?: string;
  /** A same-origin copy of the frame worker, for a CSP that forbids `blob:`. */
  readonly workerUrl?: string;
}

export interface Setup {
  readonly invite: Invite;
  readonly keys: RoomKeys;
  /** The invite as text, for the reload record. */
  readonly token: string;
  readonly hostToken: HostToken | null;
  readonly configuration: PublicConfiguration;
  readonly policy: Policy;
  readonly record: ReloadRecord | null;
  /** The site's time, by which the room opens and ends. */
  readonly clock: RoomClock;
  /** Held while a session runs, so that a duplicate of the tab cannot take it over. */
  readonly lock: TabLock;
}

/**
 * @param stopped aborted when the room is discarded meanwhile: from then on the record belongs to another room and is
 *   left alone
 * @throws {ConsultError} any code of the invite or the configuration
 */
export async function prepareSetup(options: RoomOptions, stopped: AbortSignal): Promise<Setup> {
  const offered = options.invite ?? (await loadRecord(LONGEST_GRACE))?.invite ?? '';
  // A damaged link is reported before anything is loaded from the site. Whether it has expired depends on the site's
  // clock.
  const { expires } = await parseInvite(offered, { origin: location.origin, now: 0 });
  const clock = new RoomClock();
  const configuration = await loadInTime(options, clock, expires);
  stopped.throwIfAborted();
  const policy = policyFor(configuration, options.policy);
  checkLifetime(expires, policy, clock.now());
  // Only the policy says how long a record is valid; an older one is deleted together with its invite.
  const found = await loadRecord(policy.graceSeconds);
  const token = options.invite ?? found?.invite ?? '';
  const invite = await withKeptKey(await parseInvite(token, { origin: location.origin, now: clock.now() }));
  stopped.throwIfAborted();
  // Another link starts another session, whatever was recorded.
  const record = found?.invite === token ? found : null;
  if (found && !record) clearRecord();
  const lock = new TabLock(record?.tab);
  if (record && !(await lock.acquire())) {
    stopped.throwIfAborted();
    // This tab's copy; the other tab has its own.
    clearRecord();
    throw new ConsultError('tab-duplicated');
  }
  const { hostToken = null } = options;
  return { invite, token, hostToken, configuration, policy, record, clock, lock, keys: await deriveRoom(invite) };
}

const loadKeyStore = part(() => import('../../e2ee/admission/host-key-store.ts'));

/** Takes the host key out of this browser where the invite does not contain it (protocol.md §15). */
async function withKeptKey(invite: Invite): Promise<Invite> {
  if (invite.role !== 'host' || invite.hostKey) return invite;
  const { findHostKey } = await loadKeyStore();
  const { key, spki } = await findHostKey(invite.thumb);
  return { ...invite, hostKey: key, hostSpki: spki };
}

/** Loads the configuration and sets the clock. A link that has expired is reported first, whatever else is wrong. */
async function loadInTime(options: RoomOptions, clock: RoomClock, expires: number): Promise<PublicConfiguration> {
  try {
    const [configuration] = await Promise.all([
      loadConfiguration(options.config, options.configUrl, clock),
      // Without it the notice is in German, and says so.
      loadNoticeText(options.lang ?? 'de').catch(() => undefined),
      // With a given configuration nothing is fetched that would carry the site's time.
      ...(options.config === undefined || options.config === null ? [] : [clock.set()]),
    ]);
    return configuration;
  } catch (error: unknown) {
    if (expires <= clock.now()) throw new ConsultError('invite-expired');
    throw error;
  }
}

/**
 * A page may choose another preset than the configuration does; the configuration's rules are then checked against that
 * preset.
 */
function policyFor(configuration: PublicConfiguration, chosen: PolicyName | undefined): Policy {
  if (chosen === undefined) return resolvePolicy(configuration);
  return resolvePolicy(parsePublicConfiguration({ ...configuration, policy: chosen }));
}

/** Milliseconds by which the clocks of a person and of the server may differ. */
const CLOCK_SLACK = 60 * 60 * 1000;

/**
 * One invite per appointment: a link must not open a room for weeks. A link with a long lifetime is refused until its
 * remaining lifetime fits the policy.
 *
 * @throws {ConsultError} `invite-too-long`
 */
function checkLifetime(expires: number, { inviteHours }: Policy, now: number): void {
  if (expires - now > inviteHours * 60 * 60 * 1000 + CLOCK_SLACK) throw new ConsultError('invite-too-long');
}
