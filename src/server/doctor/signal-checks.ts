/** Checks of the signalling from outside: the WebSocket through the proxy, origins, and two participants who meet. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { random, sha384, u64, utf8 } from '../../e2ee/bytes.ts';
import { generateHostKey, signHost } from '../../e2ee/admission/host-key.ts';
import { roomIdOf } from '../../e2ee/admission/invite-token.ts';
import { toBase64Url, fromBase64Url } from '../../util/base64url.ts';
import { parseServerMessage, type ClientMessage, type ServerMessage } from '../../wire/wire.ts';
import { STRANGER } from '../origins.ts';
import { finding, type Finding } from './findings.ts';
import { codeOf, get, httpOf, TIMEOUT } from './page-checks.ts';

/** A trial participant. */
class Peer {
  readonly #socket: WebSocket;
  readonly #inbox: ServerMessage[] = [];
  #wake: () => void = () => undefined;
  #failure: string | null = null;

  constructor(url: URL, origin: string) {
    this.#socket = new WebSocket(url, { origin, handshakeTimeout: TIMEOUT, followRedirects: false });
    this.#socket.on('message', (data) => {
      try {
        this.#inbox.push(parseServerMessage((data as Buffer).toString()));
        this.#wake();
      } catch {
        // Another program's; a listener must not throw.
        this.#fail('foreign message');
      }
    });
    this.#socket.on('close', (code) => this.#fail(`closed ${String(code)}`));
    this.#socket.on('error', (error) => this.#fail(codeOf(error)));
  }

  /** @throws {Error} with a code of the system, or the status of the refusal */
  async open(): Promise<void> {
    await once(this.#socket, 'open');
  }

  say(message: ClientMessage): void {
    this.#socket.send(JSON.stringify(message));
  }

  async take<T extends ServerMessage['type']>(type: T): Promise<Extract<ServerMessage, { type: T }>> {
    const end = setTimeout(() => this.#fail('timeout'), TIMEOUT);
    try {
      for (;;) {
        const index = this.#inbox.findIndex((message) => message.type === type || message.type === 'error');
        const [found] = index < 0 ? [] : this.#inbox.splice(index, 1);
        if (found?.type === 'error') throw new Error(found.code);
        if (found) return found as Extract<ServerMessage, { type: T }>;
        if (this.#failure !== null) throw new Error(this.#failure);
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      clearTimeout(end);
    }
  }

  close(): void {
    this.#socket.terminate();
  }

  #fail(reason: string): void {
    this.#failure ??= reason;
    this.#wake();
  }
}

/** @param greeting `ping`: also waits for the answer that only our server gives */
async function opens(
  signal: URL,
  origin: string,
  greeting: 'none' | 'ping' = 'none',
): Promise<'open' | 'foreign' | string> {
  const peer = new Peer(signal, origin);
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

export interface Meeting {
  readonly found: Finding;
  /** What the server says the time is, in milliseconds since the epoch; null where nobody met. */
  readonly time: number | null;
}

/** The trial room, as those who know it ask for what the server holds of it. */
interface TrialRoom {
  readonly room: string;
  readonly roomTag: string;
  readonly thumb: string;
  /** Seconds since the epoch. */
  readonly expires: number;
}

/** Seconds until the trial room ends: a server whose clock is wrong by less still opens it, and tells its time. */
const TRIAL = 600;

/** A host and a guest in a room of their own. */
export async function checkPeers(signal: URL, origin: string): Promise<Meeting> {
  const [host, guest] = [new Peer(signal, origin), new Peer(signal, origin)];
  const unmet = (found: Finding): Meeting => ({ found, time: null });
  try {
    await Promise.all([host.open(), guest.open()]);
    const trial = await joinAsHost(host, signal.host).catch((error: unknown) => wordsOf(error));
    if (typeof trial === 'string') return unmet(refusedHost(trial));
    guest.say({ type: 'join', version: 1, role: 'guest', room: trial.room });
    await guest.take('joined');
    await host.take('peer');
    for (const [from, to] of [
      [host, guest],
      [guest, host],
    ] as const) {
      const sent = toBase64Url(random(32));
      from.say({ type: 'send', to: 'everyone', data: sent });
      const { data } = await to.take('message');
      if (data !== sent) throw new Error('changed message');
    }
    return { found: finding('peers.met', 'good'), time: await timeOf(signal, trial) };
  } catch (error: unknown) {
    return unmet(finding('peers.apart', 'bad', wordsOf(error)));
  } finally {
    host.close();
    guest.close();
  }
}

function refusedHost(code: string): Finding {
  // As the operator wants it; whether people meet is not known then.
  if (code === 'host-not-allowed') return finding('peers.host-not-allowed', 'unknown');
  return code === 'room-expired'
    ? finding('peers.room-expired', 'bad', String(TRIAL / 60))
    : finding('peers.host-refused', 'bad', code);
}

/** The account of the room has the time at which it was asked for: that of the server itself, whatever is in front of it. */
async function timeOf(signal: URL, trial: TrialRoom): Promise<number | null> {
  const body = JSON.stringify(trial);
  const answer = await get(new URL('/transparency', httpOf(signal)), { method: 'POST', body }).catch(() => null);
  const said = (await answer?.json().catch(() => null)) as { readonly asked?: unknown } | null | undefined;
  const time = Date.parse(String(said?.asked));
  return Number.isNaN(time) ? null : time;
}

async function joinAsHost(host: Peer, name: string): Promise<TrialRoom> {
  const { privateKey, publicKey } = await generateHostKey();
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
  const [tag, expires] = [random(32), Math.floor(Date.now() / 1000) + TRIAL];
  const id = await roomIdOf(spki, tag, expires);
  const [room, roomTag] = [toBase64Url(id), toBase64Url(tag)];
  host.say({ type: 'join', version: 1, role: 'host', expires, since: 0, spki: toBase64Url(spki), roomTag, room });
  const { nonce } = await host.take('challenge');
  const own = random(32);
  const signed = [utf8(name), id, fromBase64Url(nonce), own, u64(0n)];
  const signature = await signHost(privateKey, 'server auth', signed);
  host.say({ type: 'prove', nonce: toBase64Url(own), signature: toBase64Url(signature) });
  await host.take('joined');
  return { room, roomTag, thumb: toBase64Url(await sha384(spki)), expires };
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown');
