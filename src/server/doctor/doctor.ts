/** Examines a running installation from outside, as a browser of a client would meet it. */
import { parsePublicConfiguration, type PublicConfiguration } from '../../configuration.ts';
import { ConsultError } from '../../errors.ts';
import { checkRelay } from '../relay-check.ts';
import { credentialsFor } from '../turn.ts';
import { finding, type Finding } from './findings.ts';
import { checkHeaders } from './header-checks.ts';
import { checkPage, checkTls, codeOf, get, loadPage } from './page-checks.ts';
import { checkPolicy } from './policy-check.ts';
import { checkOrigins, checkPeers, checkSignal } from './signal-checks.ts';
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
  if (tls.outcome === 'tls.certificate') return [tls];
  const page = await loadPage(url);
  const site = 'outcome' in page ? [page] : [checkPage(page), ...checkHeaders(page), checkPolicy(page, socket)];
  const foreign = 'outcome' in page ? [] : [checkThirdParties(page, [url])];
  const { configuration, findings } = await checkConfiguration(signal, now);
  const reach = await checkSignal(socket, url.origin);
  const meeting =
    reach.outcome === 'signal.open'
      ? [await checkOrigins(socket), await checkPeers(socket, url.origin)]
      : [finding('origins.unknown', 'unknown'), finding('peers.unknown', 'unknown')];
  const relays = configuration ? await checkRelays(configuration, relaySecret, now) : [];
  return [
    tls,
    ...site,
    ...foreign,
    ...findings,
    reach,
    ...meeting,
    ...relays,
    await checkTransparency(signal),
    await checkMetrics(signal),
  ];
}

async function checkConfiguration(
  signal: URL,
  now: () => number,
): Promise<{ readonly configuration: PublicConfiguration | null; readonly findings: readonly Finding[] }> {
  let answer: Response;
  try {
    answer = await get(new URL('/config', httpOf(signal)));
  } catch (error: unknown) {
    return { configuration: null, findings: [finding('configuration.missing', 'bad', codeOf(error))] };
  }
  const clock = checkClock(answer.headers.get('Date'), now());
  try {
    if (answer.status !== 200) throw new SyntaxError(String(answer.status));
    const configuration = parsePublicConfiguration(await answer.json());
    const countries = [...new Set(configuration.servers.map(({ country }) => country))].join(', ');
    return { configuration, findings: [finding('configuration.valid', 'good', countries), clock] };
  } catch (error: unknown) {
    const invalid = error instanceof ConsultError;
    const words = invalid ? error.message : answer.status === 200 ? 'not JSON' : String(answer.status);
    const found = finding(invalid ? 'configuration.invalid' : 'configuration.missing', 'bad', words);
    return { configuration: null, findings: [found, clock] };
  }
}

function checkClock(date: string | null, now: number): Finding {
  const time = Date.parse(date ?? '');
  if (Number.isNaN(time)) return finding('clock.unknown', 'unknown');
  const seconds = Math.round(Math.abs(time - now) / 1000);
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
  const said: unknown = await answer?.json().catch(() => null);
  const answers = typeof said === 'object' && said !== null && 'held' in said;
  return answers ? finding('transparency.answers', 'good') : finding('transparency.missing', 'warning');
}

async function checkMetrics(signal: URL): Promise<Finding> {
  try {
    const answer = await get(new URL('/metrics', httpOf(signal)));
    // A server in front that cannot reach ours now may do so in a minute.
    if (answer.status >= 500) return finding('metrics.unknown', 'unknown', String(answer.status));
    const text = answer.status === 200 ? await answer.text() : '';
    return text.includes('consult_room_') ? finding('metrics.public', 'bad') : finding('metrics.hidden', 'good');
  } catch (error: unknown) {
    return finding('metrics.unknown', 'unknown', codeOf(error));
  }
}

function httpOf(url: URL): URL {
  const http = new URL(url);
  http.protocol = url.protocol.replace('ws', 'http');
  return http;
}
