/** Whether two trial participants meet in a room, and whether the server's clock is right. */
import { random, sha384, u64, utf8 } from '../../e2ee/bytes.ts';
import { generateHostKey, signHost } from '../../e2ee/admission/host-key.ts';
import { roomIdOf } from '../../e2ee/admission/invite-token.ts';
import { fromBase64Url, toBase64Url } from '../../util/base64url.ts';
import { finding, type Finding } from './findings.ts';
import { get, httpOf, jsonOf } from './page-checks.ts';
import { TrialPeer } from './trial-peer.ts';

export interface Meeting {
  readonly found: Finding;
  /** Milliseconds by which the server's clock is ahead of ours; null where nobody met. */
  readonly ahead: number | null;
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
export async function checkMeeting(signal: URL, origin: string, now: () => number): Promise<Meeting> {
  const [host, guest] = [new TrialPeer(signal, origin), new TrialPeer(signal, origin)];
  const unmet = (found: Finding): Meeting => ({ found, ahead: null });
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
    return { found: finding('peers.met', 'good'), ahead: await aheadOf(signal, trial, now) };
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
async function aheadOf(signal: URL, trial: TrialRoom, now: () => number): Promise<number | null> {
  const body = JSON.stringify(trial);
  const answer = await get(new URL('/transparency', httpOf(signal)), { method: 'POST', body }).catch(() => null);
  const said = answer && ((await jsonOf(answer)) as { readonly asked?: unknown } | null);
  const time = Date.parse(String(said?.asked));
  return Number.isNaN(time) ? null : time - now();
}

async function joinAsHost(host: TrialPeer, name: string): Promise<TrialRoom> {
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
