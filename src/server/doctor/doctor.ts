/** Examines a running installation from outside, as a browser of a client would meet it. */
import { parsePublicConfiguration, type PublicConfiguration } from '../../configuration.ts';
import { ConsultError } from '../../errors.ts';
import { checkRelay } from '../relay-check.ts';
import { credentialsFor } from '../turn.ts';
import { finding, type Finding } from './findings.ts';
import { checkHeaders } from './header-checks.ts';
import { checkMeeting } from './meeting-check.ts';
import { checkPage, checkTls, codeOf, get, httpOf, jsonOf, loadPage, textOf } from './page-checks.ts';
import { checkPolicy } from './policy-check.ts';
import { checkOrigins, checkSignal } from './signal-checks.ts';
import { checkThirdParties } from './third-parties.ts';

export interface DoctorOptions {
  /** The page that holds the room. */
  readonly page: URL;
  /** Default: `/signal` of the page's origin. */
  readonly signal?: URL;
  /** The relays' secret; without it the doctor only sees that relays refuse strangers. */
  readonly relaySecret?: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** Seconds by which clocks may differ: relay credentials are good for ten minutes. */
const CLOCK = { right: 60, usable: 300 };

/** Never throws; what cannot be checked is a finding, too. */
export async function examine({
  page: url,
  signal: given,
  relaySecret,
  now = Date.now,
}: DoctorOptions): Promise<readonly Finding[]> {
  const signal = given ?? new URL('/signal', url);
  const socket = new URL(signal);
  socket.protocol = signal.protocol.replace('http', 'ws');
  const tls = await checkTls(url);
  // No browser goes on from here.
  if (tls.verdict === 'bad' && tls.outcome !== 'tls.plain') return [tls];
  const page = await loadPage(url);
  // All the rest would be about an address that nobody stays at.
  if ('outcome' in page && page.outcome === 'page.moved') return [page];
  const site = 'outcome' in page ? [page] : [checkPage(page), ...checkHeaders(page), checkPolicy(page, socket)];
  const foreign = 'outcome' in page ? [] : [checkThirdParties(page, [url])];
  const { configuration, found, ahead } = await checkConfiguration(signal, now);
  const reach = await checkSignal(socket, url.origin);
  const isOpen = reach.outcome === 'signal.open';
  const origins = isOpen ? await checkOrigins(socket) : finding('origins.unknown', 'unknown');
  const meeting = isOpen
    ? await checkMeeting(socket, url.origin, now)
    : { found: finding('peers.unknown', 'unknown'), ahead: null };
  const relays = configuration ? await checkRelays(configuration, relaySecret, now) : [];
  return [
    tls,
    ...site,
    ...foreign,
    found,
    // A web server in front may write a date of its own.
    checkClock(meeting.ahead ?? ahead),
    reach,
    origins,
    meeting.found,
    ...relays,
    await checkTransparency(signal),
    await checkMetrics(signal),
  ];
}

/** @returns also by how many milliseconds the web server's clock is ahead of ours; null where it says no time */
async function checkConfiguration(
  signal: URL,
  now: () => number,
): Promise<{
  readonly configuration: PublicConfiguration | null;
  readonly found: Finding;
  readonly ahead: number | null;
}> {
  let answer: Response;
  try {
    answer = await get(new URL('/config', httpOf(signal)));
  } catch (error: unknown) {
    return { configuration: null, found: finding('configuration.missing', 'bad', codeOf(error)), ahead: null };
  }
  const said = Date.parse(answer.headers.get('Date') ?? '');
  const ahead = Number.isNaN(said) ? null : said - now();
  try {
    if (answer.status !== 200) throw new SyntaxError(String(answer.status));
    const configuration = parsePublicConfiguration(JSON.parse(await textOf(answer)));
    const countries = [...new Set(configuration.servers.map(({ country }) => country))].join(', ');
    return { configuration, found: finding('configuration.valid', 'good', countries), ahead };
  } catch (error: unknown) {
    return { configuration: null, found: wrongConfiguration(error, answer.status), ahead };
  }
}

function wrongConfiguration(error: unknown, status: number): Finding {
  if (!(error instanceof ConsultError))
    return finding('configuration.missing', 'bad', status === 200 ? 'not JSON' : String(status));
  const { code, detail } = error;
  if (code === 'server-country-refused') return finding('configuration.country', 'bad', detail);
  return finding(code === 'server-undeclared' ? 'configuration.undeclared' : 'configuration.invalid', 'bad', detail);
}

/** @param ahead milliseconds; null where nothing is known */
function checkClock(ahead: number | null): Finding {
  if (ahead === null) return finding('clock.unknown', 'unknown');
  const seconds = Math.round(Math.abs(ahead) / 1000);
  if (seconds <= CLOCK.right) return finding('clock.right', 'good', String(seconds));
  return finding('clock.wrong', seconds <= CLOCK.usable ? 'warning' : 'bad', String(seconds));
}

async function checkRelays(
  { servers }: PublicConfiguration,
  secret: string | undefined,
  now: () => number,
): Promise<readonly Finding[]> {
  const urls = servers.flatMap((server) => (server.role === 'relay' ? server.urls : []));
  if (urls.length === 0) return [finding('relay.none', 'warning')];
  return Promise.all(
    urls.map(async (url) => {
      // Any secret but the right one: the relay has to refuse what is signed with it.
      const { username, credential } = credentialsFor({ urls: [url] }, secret ?? crypto.randomUUID(), now());
      const verdict = await checkRelay({ url, username, credential });
      switch (verdict.kind) {
        case 'unreachable':
          return finding('relay.unreachable', 'bad', `${url} (${verdict.reason})`);
        case 'open':
          return finding('relay.open', 'bad', url);
        case 'refuses':
          if (secret === undefined && verdict.code === 401) return finding('relay.guarded', 'good', url);
          return finding('relay.refuses', 'bad', `${url} (${String(verdict.code)})`);
        case 'works':
          // Without the secret it took what nobody could know.
          return secret === undefined ? finding('relay.open', 'bad', url) : finding('relay.works', 'good', url);
      }
    }),
  );
}

/** Asks without a room: the server answers that it holds nothing, and a web server that does not pass the question on answers with a page. */
async function checkTransparency(signal: URL): Promise<Finding> {
  const body = '{}';
  const answer = await get(new URL('/transparency', httpOf(signal)), { method: 'POST', body }).catch(() => null);
  const said = answer && (await jsonOf(answer));
  const answers = typeof said === 'object' && said !== null && 'held' in said;
  return answers ? finding('transparency.answers', 'good') : finding('transparency.missing', 'warning');
}

async function checkMetrics(signal: URL): Promise<Finding> {
  try {
    const answer = await get(new URL('/metrics', httpOf(signal)));
    // A server in front that cannot reach ours now may do so in a minute.
    if (answer.status >= 500) return finding('metrics.unknown', 'unknown', String(answer.status));
    const text = answer.status === 200 ? await textOf(answer) : '';
    return text.includes('consult_room_') ? finding('metrics.public', 'bad') : finding('metrics.hidden', 'good');
  } catch (error: unknown) {
    return finding('metrics.unknown', 'unknown', codeOf(error));
  }
}
