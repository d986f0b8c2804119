/**
 * Forecasts whether a direct connection is likely from here [R7], so that people can decide calmly before a session.
 * It queries only the site's declared STUN servers, never a relay, and sends nothing to the other side. The other
 * side's network is unknown, so the best answer is `likely`.
 *
 * A direct path needs outgoing UDP and an address that the other side can reach (RFC 8445 §5.1.1.2): a STUN server
 * sees the one that our router maps us to. A router with another mapping for every server (RFC 4787 §4.1,
 * address-dependent mapping) is recognised when two servers are queried from one socket. No answer at all means that
 * UDP is blocked.
 */
import { patience } from '../util/patience.ts';

export type Forecast = 'likely' | 'unlikely' | 'unknown';

/** The fields in use of a gathered candidate (RFC 8839 §5.1). */
export interface Gathered {
  readonly type: string;
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  /** Address and port that the server was queried from; empty where the browser does not reveal it. */
  readonly base: string;
}

export interface Gathering {
  readonly candidates: readonly Gathered[];
  /** `answered`: gathering completed and every server answered. */
  readonly servers: 'answered' | 'silent';
}

/**
 * Milliseconds. Servers answer within a second; one that is silent for longer is unreachable. Browsers keep trying
 * for some ten seconds, too long to wait in front of a form.
 */
const TIMEOUT = 4_000;

/** Pure: interprets the gathered candidates. */
export function forecastOf({ candidates, servers }: Gathering): Forecast {
  const udp = candidates.filter(({ protocol }) => protocol === 'udp');
  const mapped = udp.filter(({ type }) => type === 'srflx');
  if (mapped.some((one) => mapped.some((other) => isMappedPerServer(one, other)))) return 'unlikely';
  if (mapped.length > 0) return 'likely';
  // The server answered and saw our own address: there is no router in between, and browsers leave the duplicate out.
  return servers === 'answered' && udp.length > 0 ? 'likely' : 'unlikely';
}

/** One socket and two servers got two ports: the other participant will get a third. */
function isMappedPerServer(one: Gathered, other: Gathered): boolean {
  return one.base !== '' && one.base === other.base && one.address === other.address && one.port !== other.port;
}

export interface ForecastOptions {
  readonly stun: readonly { readonly urls: readonly string[] }[];
  readonly signal: AbortSignal;
  /** Milliseconds; for tests. */
  readonly timeout?: number;
}

/** Never throws; `unknown` where no server is declared, or the forecast was aborted. */
export async function forecast(o: ForecastOptions): Promise<Forecast> {
  const urls = o.stun.flatMap((server) => server.urls).filter((url) => /^stuns?:/u.test(url));
  if (urls.length === 0 || o.signal.aborted) return 'unknown';
  const gathered = await gather(urls, o.signal, o.timeout ?? TIMEOUT);
  return gathered ? forecastOf(gathered) : 'unknown';
}

async function gather(urls: readonly string[], signal: AbortSignal, timeout: number): Promise<Gathering | null> {
  const candidates: Gathered[] = [];
  let servers: Gathering['servers'] = 'answered';
  let pc: RTCPeerConnection | undefined;
  try {
    pc = new RTCPeerConnection({ iceServers: [{ urls: [...urls] }] });
    pc.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate && candidate.candidate !== '') candidates.push(read(candidate));
    });
    // 701: the server could not be reached (webrtc-pc §4.8.2).
    pc.addEventListener('icecandidateerror', () => {
      servers = 'silent';
    });
    // A data channel makes the browser gather candidates without camera or microphone.
    pc.createDataChannel('forecast');
    await pc.setLocalDescription();
    if ((await completed(pc, signal, timeout)) === 'waited') servers = 'silent';
    return signal.aborted ? null : { candidates, servers };
  } catch {
    // The browser refused a server of the configuration: nothing is known about the path.
    return null;
  } finally {
    pc?.close();
  }
}

function completed(pc: RTCPeerConnection, signal: AbortSignal, timeout: number): Promise<'complete' | 'waited'> {
  return new Promise((resolve) => {
    const stop = patience(timeout, () => resolve('waited'));
    const settle = (): void => {
      if (pc.iceGatheringState !== 'complete' && !signal.aborted) return;
      stop();
      resolve('complete');
    };
    pc.addEventListener('icegatheringstatechange', settle);
    signal.addEventListener('abort', settle, { once: true });
    settle();
  });
}

function read({ type, protocol, address, port, relatedAddress, relatedPort }: RTCIceCandidate): Gathered {
  const told = relatedAddress && relatedPort ? `${relatedAddress}:${String(relatedPort)}` : '';
  return { type: type ?? '', protocol: protocol ?? '', address: address ?? '', port: port ?? 0, base: told };
}
