/**
 * Whether a direct connection is likely from here [R7]: so that people can decide calmly beforehand. Only the site's declared STUN servers
 * are asked, never a relay and nobody else; nothing is sent to the other side, which is not there yet. What the other side's network does
 * cannot be known, so the best answer is «likely».
 *
 * A direct path needs UDP to the outside and an address that the other side can reach (RFC 8445 §5.1.1.2): a STUN server sees the one
 * that our router keeps for us. A router that keeps another for every server (RFC 4787 §4.1, «address-dependent mapping») shows itself
 * where two servers are asked from one socket. No answer at all means that UDP is held back.
 */
export type Forecast = 'likely' | 'unlikely' | 'unknown';

/** What is read of a gathered candidate (RFC 8839 §5.1). */
export interface Gathered {
  readonly type: string;
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  /** Where the server was asked from; empty where the browser does not tell. */
  readonly base: string;
}

export interface Gathering {
  readonly candidates: readonly Gathered[];
  /** `answered`: it ended by itself, and no server was silent. */
  readonly servers: 'answered' | 'silent';
}

/**
 * Routers answer within a second; a server that is silent for longer is not reached. Browsers themselves go on asking for some ten seconds,
 * which nobody should wait for in front of a form.
 */
const PATIENCE = 4_000;

/** Pure: what the gathered candidates mean. */
export function forecastOf({ candidates, servers }: Gathering): Forecast {
  const udp = candidates.filter(({ protocol }) => protocol === 'udp');
  const mapped = udp.filter(({ type }) => type === 'srflx');
  if (mapped.some((one) => mapped.some((other) => isMappedAnew(one, other)))) return 'unlikely';
  if (mapped.length > 0) return 'likely';
  // A server that answered and saw the very address we see ourselves: no router is in between, and browsers leave the double out.
  return servers === 'answered' && udp.length > 0 ? 'likely' : 'unlikely';
}

/** One socket, two servers, two ports: the third, which is the other person, will get a third. */
function isMappedAnew(one: Gathered, other: Gathered): boolean {
  return one.base !== '' && one.base === other.base && one.address === other.address && one.port !== other.port;
}

export interface ForecastOptions {
  readonly stun: readonly { readonly urls: readonly string[] }[];
  readonly signal: AbortSignal;
  /** Milliseconds; for tests. */
  readonly patience?: number;
}

/** Never throws; `unknown` where no server is declared, or where it was stopped. */
export async function forecast(o: ForecastOptions): Promise<Forecast> {
  const urls = o.stun.flatMap((server) => server.urls).filter((url) => /^stuns?:/u.test(url));
  if (urls.length === 0 || o.signal.aborted) return 'unknown';
  const gathered = await gather(urls, o.signal, o.patience ?? PATIENCE);
  return gathered ? forecastOf(gathered) : 'unknown';
}

async function gather(urls: readonly string[], signal: AbortSignal, patience: number): Promise<Gathering | null> {
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
    // A data channel alone: no camera, no microphone, nothing that could be sent.
    pc.createDataChannel('forecast');
    await pc.setLocalDescription();
    if ((await completed(pc, signal, patience)) === 'waited') servers = 'silent';
    return signal.aborted ? null : { candidates, servers };
  } catch {
    // A browser that refuses an address or a port of the configuration tells nothing about the way.
    return null;
  } finally {
    pc?.close();
  }
}

function completed(pc: RTCPeerConnection, signal: AbortSignal, patience: number): Promise<'complete' | 'waited'> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('waited'), patience);
    const settle = (): void => {
      if (pc.iceGatheringState !== 'complete' && !signal.aborted) return;
      clearTimeout(timer);
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
