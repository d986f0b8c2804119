/**
 * Asks the signalling server what it holds of this room (`POST /transparency`). Loaded when someone wants to see it. The server is not
 * trusted with its own account: an answer of another shape is refused, and one that contradicts what this page knows is marked.
 */
import { toBase64Url } from '../../util/base64url.ts';
import type { Setup } from '../setup/setup.ts';
import { isNothing, readAnswer } from './read-answer.ts';
import type { HeldItem, ServerReport } from './held-by-server.ts';

/** Milliseconds. */
const ANSWER_WITHIN = 8_000;
/** Bytes of an answer: of the fullest room it has a quarter of that. */
const ANSWER_LIMIT = 256 * 1024;
/** A proxy says that the server behind it is away, or a limit of it is reached (RFC 9110 §15.6, RFC 6585 §4). */
const PASSING = new Set([429, 500, 502, 503, 504]);

export interface Asking {
  readonly keys: Pick<Setup['keys'], 'roomId' | 'roomTag'>;
  readonly invite: Pick<Setup['invite'], 'thumb' | 'expires'>;
  /** Whether this page has a connection to the server, asked before and after. */
  isOnline(): boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Never rejects.
 *
 * @param signaling the WebSocket's address
 */
export async function askServer(signaling: URL, { keys, invite, isOnline, now }: Asking): Promise<ServerReport> {
  const url = new URL('/transparency', signaling);
  url.protocol = signaling.protocol === 'wss:' ? 'https:' : 'http:';
  const room = toBase64Url(keys.roomId);
  const question = {
    room,
    roomTag: toBase64Url(keys.roomTag),
    // For a room that no host has proved yet.
    thumb: toBase64Url(invite.thumb),
    expires: Math.floor(invite.expires / 1000),
  };
  const wasOnline = isOnline();
  const answer = await ask(url, question);
  if (typeof answer === 'string') return { step: 'unknown', why: answer };
  const isOurs = ({ item }: HeldItem): boolean => item === 'connection';
  const trust = (held: readonly HeldItem[]) =>
    wasOnline && isOnline() && !held.some(isOurs) ? ('lacks-us' as const) : ('plausible' as const);
  if (answer.status === 404) {
    if (isNothing(answer.body)) return { step: 'answered', asked: now(), held: [], trust: trust([]) };
    return { step: 'unknown', why: 'unsupported' };
  }
  const read = readAnswer(answer.body);
  if (read?.room !== room) return { step: 'unknown', why: 'refused' };
  const { asked, held } = read;
  return { step: 'answered', asked, held, trust: trust(held) };
}

async function ask(
  url: URL,
  question: Readonly<Record<string, unknown>>,
): Promise<'unreachable' | 'unsupported' | 'refused' | { readonly status: number; readonly body: unknown }> {
  let text: string | null;
  let status: number;
  try {
    const response = await fetch(url, {
      method: 'POST',
      // As plain text it needs no preflight where the server has another origin.
      body: JSON.stringify(question),
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_WITHIN),
    });
    ({ status } = response);
    text = await textOf(response);
  } catch {
    return 'unreachable';
  }
  if (PASSING.has(status)) return 'unreachable';
  if (text === null) return 'refused';
  return status === 200 || status === 404 ? { status, body: parse(text) } : 'unsupported';
}

/** @returns null for one that is longer than {@link ANSWER_LIMIT} */
async function textOf({ body }: Response): Promise<string | null> {
  if (!body) return '';
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let size = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > ANSWER_LIMIT) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
