/** Checks of the signalling from outside: the WebSocket through the proxy, origins, and two participants who meet. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { random, u64, utf8 } from '../../e2ee/bytes.ts';
import { generateHostKey, signHost } from '../../e2ee/admission/host-key.ts';
import { roomIdOf } from '../../e2ee/admission/invite-token.ts';
import { toBase64Url, fromBase64Url } from '../../util/base64url.ts';
import { parseServerMessage, type ClientMessage, type ServerMessage } from '../../wire/wire.ts';
import { finding, type Finding } from './findings.ts';
import { codeOf, get, TIMEOUT } from './page-checks.ts';

/** Nobody's page (RFC 2606 §2). */
const STRANGER = 'https://stranger.invalid';

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
  const plain = new URL(signal);
  plain.protocol = signal.protocol.replace('ws', 'http');
  const answer = await get(plain, { headers: { Origin: origin } }).catch(() => null);
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

/** A host and a guest in a room of their own, which ends a minute later. */
export async function checkPeers(signal: URL, origin: string): Promise<Finding> {
  const [host, guest] = [new Peer(signal, origin), new Peer(signal, origin)];
  try {
    await Promise.all([host.open(), guest.open()]);
    const room = await joinAsHost(host, signal.host).catch((error: unknown) => wordsOf(error));
    if (!room.startsWith('room ')) return finding('peers.host-refused', 'bad', room);
    guest.say({ type: 'join', version: 1, role: 'guest', room: room.slice(5) });
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
    return finding('peers.met', 'good');
  } catch (error: unknown) {
    return finding('peers.apart', 'bad', wordsOf(error));
  } finally {
    host.close();
    guest.close();
  }
}

/** @returns `room ` and the room's id */
async function joinAsHost(host: Peer, name: string): Promise<string> {
  const { privateKey, publicKey } = await generateHostKey();
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
  const [roomTag, expires] = [random(32), Math.floor(Date.now() / 1000) + 60];
  const room = await roomIdOf(spki, roomTag, expires);
  const fields = { spki: toBase64Url(spki), roomTag: toBase64Url(roomTag), room: toBase64Url(room) };
  host.say({ type: 'join', version: 1, role: 'host', expires, since: 0, ...fields });
  const { nonce } = await host.take('challenge');
  const own = random(32);
  const signed = [utf8(name), room, fromBase64Url(nonce), own, u64(0n)];
  const signature = await signHost(privateKey, 'server auth', signed);
  host.say({ type: 'prove', nonce: toBase64Url(own), signature: toBase64Url(signature) });
  await host.take('joined');
  return `room ${toBase64Url(room)}`;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown');
