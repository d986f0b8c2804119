/**
 * Proves the site's own relay once at start: it must refuse an allocation without credentials and grant one with those
 * that the server issues. Otherwise nobody learns of a wrong secret before a session fails (RFC 8656 §7).
 */
import { createSocket } from 'node:dgram';
import { connect as connectTcp, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { ServerConfiguration } from '../configuration.ts';
import { parseIceUrl, type IceUrl } from '../ice-url.ts';
import type { Advisor } from './advice.ts';
import { parseAddress } from './addresses.ts';
import { credentialsFor } from './turn.ts';
import { parseStunResponse, stunLength, stunRequest, type StunRequest, type StunResponse } from './stun-message.ts';

export type RelayVerdict =
  | { readonly kind: 'works'; readonly relayed: string | null }
  /** No answer; `reason` is a code of the system, or `timeout`. */
  | { readonly kind: 'unreachable'; readonly reason: string }
  /** Grants allocations to anyone. */
  | { readonly kind: 'open' }
  /** Refuses our credentials with a STUN error code. */
  | { readonly kind: 'refuses'; readonly code: number };

export interface RelayCheck {
  readonly url: string;
  readonly username: string;
  readonly credential: string;
  /** Milliseconds for each of the steps; default 5,000. */
  readonly timeout?: number;
  /** Ends the check early. */
  readonly signal?: AbortSignal;
}

const TIMEOUT = 5_000;
/** First retransmission over UDP, in milliseconds; it doubles (RFC 8489 §6.2.1). */
const RETRANSMIT = 500;
const UNAUTHENTICATED = 401;
const STALE_NONCE = 438;

/** Never throws. */
export async function checkRelay(check: RelayCheck): Promise<RelayVerdict> {
  const { url, timeout = TIMEOUT, signal } = check;
  const parsed = parseIceUrl(url);
  if (!parsed) return { kind: 'unreachable', reason: 'invalid URL' };
  const opening = openLine(parsed, timeout);
  try {
    return await unlessAborted(
      opening.then((line) => allocate(line, check)),
      signal,
    );
  } catch (error: unknown) {
    return { kind: 'unreachable', reason: reasonOf(error) };
  } finally {
    opening.then((line) => line.close()).catch(() => undefined);
  }
}

async function allocate(line: StunLine, { username, credential }: RelayCheck): Promise<RelayVerdict> {
  const first = await line.ask(stunRequest('allocate'));
  if (first.error === null) return { kind: 'open' };
  if (first.error !== UNAUTHENTICATED || first.realm === null || first.nonce === null)
    return { kind: 'refuses', code: first.error };
  const { realm } = first;
  let nonce: Buffer = first.nonce;
  const ask = (method: 'allocate' | 'refresh', lifetime?: number): Promise<StunResponse> => {
    const authentication = { username, password: credential, realm, nonce };
    return line.ask(stunRequest(method, { authentication, ...(lifetime === undefined ? {} : { lifetime }) }));
  };
  let second = await ask('allocate');
  if (second.error === STALE_NONCE && second.nonce) {
    nonce = second.nonce;
    second = await ask('allocate');
  }
  if (second.error !== null) return { kind: 'refuses', code: second.error };
  // Ends the allocation, which the relay would keep for ten minutes. Whether that is answered does not matter.
  await ask('refresh', 0).catch(() => undefined);
  return { kind: 'works', relayed: second.relayed };
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new Error('aborted'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Checks every URL of every relay that has a secret, and tells the operator what is wrong. */
export async function proveRelays(
  { servers }: ServerConfiguration,
  { advisor, now, signal }: { readonly advisor: Advisor; readonly now: () => number; readonly signal: AbortSignal },
): Promise<void> {
  const checks = servers.flatMap((server) =>
    server.role === 'relay' && server.secret !== undefined
      ? server.urls.map((url) => ({ url, addresses: server.addresses, secret: server.secret ?? '' }))
      : [],
  );
  await Promise.all(
    checks.map(async ({ url, addresses, secret }) => {
      const { username, credential } = credentialsFor({ urls: [url] }, secret, now());
      const verdict = await checkRelay({ url, username, credential, signal });
      if (!signal.aborted) advise(advisor, url, verdict, addresses);
    }),
  );
}

function advise(advisor: Advisor, url: string, verdict: RelayVerdict, addresses: readonly string[]): void {
  switch (verdict.kind) {
    case 'unreachable':
      return advisor.give('relay-unreachable', `the relay ${url} does not answer (${verdict.reason})`);
    case 'open':
      return advisor.give(
        'relay-open',
        `the relay ${url} grants allocations without credentials; set use-auth-secret in its configuration`,
      );
    case 'refuses':
      return advisor.give('relay-refuses', `the relay ${url} refuses our credentials: ${refusalWords(verdict.code)}`);
    case 'works': {
      const relayed = verdict.relayed === null ? null : (parseAddress(verdict.relayed)?.toString() ?? null);
      const declared = addresses.map((address) => parseAddress(address)?.toString());
      // Without any declared address the server has already said what that means.
      if (relayed === null || addresses.length === 0 || declared.includes(relayed)) return;
      return advisor.give(
        'relay-address',
        `the relay ${url} relays from ${relayed}, which its "addresses" lack; a path over it that claims to be direct is not recognised`,
      );
    }
  }
}

function refusalWords(code: number): string {
  if (code === UNAUTHENTICATED)
    return '401: its static-auth-secret is another one, or its clock differs by more than ten minutes';
  if (code === 486 || code === 508) return `${String(code)}: it has no free allocation`;
  return String(code);
}

/** One transport to a STUN server that carries one request at a time. */
interface StunLine {
  ask(request: StunRequest): Promise<StunResponse>;
  close(): void;
}

async function openLine(url: IceUrl, timeout: number): Promise<StunLine> {
  return url.transport === 'udp' ? udpLine(url, timeout) : streamLine(url, timeout);
}

function udpLine({ host, port }: IceUrl, timeout: number): Promise<StunLine> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIP(host) === 6 ? 'udp6' : 'udp4');
    // A refused datagram is reported between two requests, too.
    socket.on('error', reject);
    // An error of the name lookup comes to the callback, against its type.
    socket.connect(port, host, (error?: unknown) => {
      if (error !== undefined && error !== null) {
        socket.close();
        return reject(error as Error);
      }
      resolve({
        close: () => socket.close(),
        ask: (request) =>
          answered(request, timeout, (answer, fail) => {
            const send = (): void => socket.send(request.bytes);
            let [wait, timer]: [number, ReturnType<typeof setTimeout> | undefined] = [RETRANSMIT, undefined];
            const again = (): void => {
              send();
              wait *= 2;
              timer = setTimeout(again, wait);
            };
            timer = setTimeout(again, wait);
            socket.on('message', answer);
            socket.on('error', fail);
            send();
            return () => {
              clearTimeout(timer);
              socket.off('message', answer);
              socket.off('error', fail);
            };
          }),
      });
    });
  });
}

async function streamLine({ scheme, host, port }: IceUrl, timeout: number): Promise<StunLine> {
  const socket: Duplex =
    scheme === 'turns'
      ? connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), timeout })
      : connectTcp({ host, port, timeout });
  await new Promise<void>((resolve, reject) => {
    socket.once(scheme === 'turns' ? 'secureConnect' : 'connect', () => resolve());
    socket.once('error', reject);
    socket.once('timeout', () => reject(new Error('timeout')));
  }).catch((error: unknown) => {
    socket.destroy();
    throw error;
  });
  return {
    close: () => socket.destroy(),
    ask: (request) =>
      answered(request, timeout, (answer, fail) => {
        let received: Buffer = Buffer.alloc(0);
        const onData = (data: Buffer): void => {
          received = Buffer.concat([received, data]);
          for (let length = stunLength(received); length !== null; length = stunLength(received)) {
            answer(received.subarray(0, length));
            received = received.subarray(length);
          }
        };
        const onClose = (): void => fail(new Error('closed'));
        socket.on('data', onData);
        socket.on('error', fail);
        socket.on('close', onClose);
        socket.write(request.bytes);
        return () => {
          socket.off('data', onData);
          socket.off('error', fail);
          socket.off('close', onClose);
        };
      }),
  };
}

/** Waits for the response with the request's transaction id; others are ignored (RFC 8489 §6.3.3). */
function answered(
  { transaction }: StunRequest,
  timeout: number,
  send: (answer: (bytes: Buffer) => void, fail: (error: Error) => void) => () => void,
): Promise<StunResponse> {
  return new Promise((resolve, reject) => {
    const stop = send(
      (bytes) => {
        const response = parseStunResponse(bytes);
        if (response?.transaction === transaction) finish(() => resolve(response));
      },
      (error) => finish(() => reject(error)),
    );
    const timer = setTimeout(() => finish(() => reject(new Error('timeout'))), timeout);
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      stop();
      settle();
    };
  });
}

/** A code such as `ECONNREFUSED`; TLS and DNS errors have one, too. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error && (error.message === 'timeout' || error.message === 'closed')
    ? error.message
    : 'error';
}
