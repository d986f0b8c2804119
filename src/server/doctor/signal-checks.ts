/** Checks of the signalling from outside: the WebSocket through the proxy, and which pages it lets in. */
import { STRANGER } from '../origins.ts';
import { finding, type Finding } from './findings.ts';
import { codeOf, get, httpOf } from './page-checks.ts';
import { TrialPeer } from './trial-peer.ts';

/** @param greeting `ping`: also waits for the answer that only our server gives */
async function opens(
  signal: URL,
  origin: string,
  greeting: 'none' | 'ping' = 'none',
): Promise<'open' | 'foreign' | string> {
  const peer = new TrialPeer(signal, origin);
  try {
    await peer.open();
  } catch (error: unknown) {
    peer.close();
    // ws: "Unexpected server response: 403"
    return /response: (\d+)/u.exec(error instanceof Error ? error.message : '')?.[1] ?? codeOf(error);
  }
  try {
    if (greeting === 'ping') {
      peer.say({ type: 'ping' });
      await peer.take('pong');
    }
    return 'open';
  } catch {
    return 'foreign';
  } finally {
    peer.close();
  }
}

export async function checkSignal(signal: URL, origin: string): Promise<Finding> {
  const result = await opens(signal, origin, 'ping');
  if (result === 'open') return finding('signal.open', 'good');
  if (result === 'foreign') return finding('signal.foreign', 'bad');
  const answer = await get(httpOf(signal), { headers: { Origin: origin } }).catch(() => null);
  // Our own server answers in our own words; anything else is a server that knows no `/signal`.
  if (answer?.headers.get('Consult-Room') !== 'signal') return finding('signal.unreachable', 'bad', result);
  return answer.status === 403
    ? finding('signal.origin-refused', 'bad')
    : finding('signal.upgrade-dropped', 'bad', result);
}

export async function checkOrigins(signal: URL): Promise<Finding> {
  const result = await opens(signal, STRANGER);
  if (result === '403') return finding('origins.kept-out', 'good');
  return result === 'open' ? finding('origins.let-in', 'bad') : finding('origins.unknown', 'unknown', result);
}
